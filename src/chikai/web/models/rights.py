"""Requests of persons: where each stands, the steps that carry it out, the approvals, and the notices that it gave.

No name, no address and no word of the person stands here in the clear: `note`, `text`, `plan` and `reply_to` are
sealed, the first two with the person's key, the others with the request's own key.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from chikai.rights import request as rules
from chikai.rights.handing import ACTION as HAND_OVER
from chikai.rights.request import Status
from chikai.web.models.people import Candidate, Person, everybody, everybody_of
from chikai.web.models.staff import Staff
from chikai.web.models.work import Job

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

LONGEST_WAIT: Final = timedelta(hours=1)  # between two attempts of a step
# The steps that are places; the others make something, or change a place after the decision.
PLACES: Final = ("read", "count", "look", "tally", "records", "manual", "nothing")
BY_HAND: Final = (
    "by_hand"  # in `found` of a step: the tables whose rows no program of ours changes there
)
LEASE: Final = timedelta(seconds=3)  # renewed each second: a dead worker is followed within five


def is_free(now: datetime) -> Q:
    """Whether no worker has a row; a lease that ends further away than any is given was written by a clock that had jumped."""
    return Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_until__gt=now + 4 * LEASE)


class RequestCount(models.Model):
    """How many numbers of a year were given out; a number is never given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "request_count"


class RequestQuerySet(models.QuerySet["Request"]):
    """Named questions to the requests."""

    def open(self) -> Self:
        """Requests that are neither answered nor refused nor withdrawn, the earliest deadline first."""
        return self.filter(state__in=rules.OPEN).order_by("due_on", "number")

    def of_person(self, person: Person) -> Self:
        """Requests of a person and of everybody who was found to be them, newest first."""
        return self.filter(person__in=everybody([person.pk])).order_by("-arrived_at", "-number")

    def acted_by(self, person: Person) -> Self:
        """Requests that a person asked for somebody else, newest first."""
        mine = self.filter(asked__by__in=everybody([person.pk]), between=None)
        return mine.exclude(person__in=everybody([person.pk])).order_by("-arrived_at", "-number")

    def shown_to(self, person: Person) -> Self:
        """Those of them that are surely theirs: not the ones of which an officer has to say first who asked."""
        return self.of_person(person).filter(between=None)

    def due(self, now: datetime) -> Self:
        """Open requests with something to do by the worker at this moment."""
        # A moment further away than the longest wait was written by a clock that had jumped.
        far = now + LONGEST_WAIT
        come = Q(steps__not_before__lte=now) | Q(steps__not_before__gt=far)
        ready = Q(come, steps__state__in=("todo", "doing", "verify"))
        open_ = Q(steps__state__in=("todo", "doing", "verify", "failed", "manual"))
        going = self.filter(state__in=("gathering", "acting"))
        idle = going.exclude(pk__in=going.filter(open_).values("pk")).values("pk")
        waited = self.filter(state="review", approve_after__lte=now).values("pk")
        stepping = going.filter(ready).values("pk")
        planless = self.filter(state="identified").values("pk")
        wanted = Q(pk__in=stepping) | Q(pk__in=idle) | Q(pk__in=waited) | Q(pk__in=planless)
        return self.filter(wanted).order_by("due_on", "number")

    def takeable(self, now: datetime) -> Self:
        """Due requests that no worker has at this moment."""
        return self.due(now).filter(is_free(now))

    def awaiting_approval(self) -> Self:
        """Requests that an officer has to decide, the earliest deadline first."""
        return self.filter(state="review").order_by("due_on", "number")

    def waiting_for_person(self) -> Self:
        """Requests that wait for the person's answer."""
        return self.filter(state="waiting_for_person").order_by("due_on", "number")

    def near(self, today: date) -> Self:
        """Open requests that are near their end, and of which officers were not told yet."""
        return self.open().filter(hurry_on__lte=today)

    def erased(self) -> Self:
        """Answered erasures of everything whose persons' keys are still there."""
        return self.filter(whole=True, state="answered", forgotten_at=None)

    def forgettable(self, today: date) -> Self:
        """Those of them whose days are over, whose notices are settled, and of whom nothing waits.

        While a registration may be theirs as well, an officer has to say so first: afterwards nobody could. What they
        asked after the erasure stays until it is answered, and until its package could be fetched.
        """
        unsent = Outbox.objects.filter(request=OuterRef("pk"), state="todo")
        asked = Job.objects.filter(verb="follow", state__in=("todo", "running"))
        over = self.erased().filter(~Exists(unsent), forget_on__lt=today, between=None)
        persons = everybody_of(over.values_list("person", flat=True))
        if not persons or asked.exists():  # somebody was just found to be an erased person
            return over.none()
        busy = _busy({id_ for ids in persons.values() for id_ in ids}, today)
        calm = [id_ for id_, ids in persons.items() if not ids & busy]
        return over.filter(person__in=calm).order_by("forget_on", "number")

    def expired(self, now: datetime) -> Self:
        """Answered requests whose package may no longer be fetched, and still lies there; one that is to be printed stays."""
        printing = Step.objects.filter(action=HAND_OVER, state="manual").values("request")
        ended = self.filter(state="answered", expires_at__lte=now, expired_at=None)
        return ended.exclude(pk__in=printing)


def _busy(people: Collection[UUID], today: date) -> set[UUID]:
    """Those of these persons of whom something waits: a request, an answer that may be fetched, or a doubt."""
    later = Q(whole=True, state="answered", forgotten_at=None, forget_on__gte=today)
    fetched = Q(state="answered", expired_at=None) & ~Q(package_digest="")
    mine = Q(person__in=people) | Q(between__in=people)
    rows = Request.objects.filter(mine, Q(state__in=rules.OPEN) | later | fetched)
    doubts = Candidate.objects.standing(Q(a__person__in=people), Q(b__person__in=people))
    found = [*rows.values_list("person", "between")]
    found += doubts.values_list("a__person", "b__person")
    return {id_ for pair in found for id_ in pair if id_ is not None}


class Request(models.Model):
    """One request. `number` is what people read; `back` is the state that it left to wait for the person.

    `hurry_on` is the day on which officers are told that it is near its end; None once they were.
    `whole` marks an erasure of everything; `forget_on` is the last day before the person's own keys are destroyed,
    which was at `forgotten_at`.
    `decision_no` counts decisions, so that each is told once. `key` stands in the table of subjects' keys under this id.
    `through` are the links that it was asked through, None where nobody can say. `between` names a second person whose
    request it may be just as well, since the two were taken for one when it arrived; until an officer knows, nobody is
    shown it and nothing of it is carried out.
    `claim` names the taking of the worker that has it until `lease_until`; `takings` counts those that ended badly.
    `in_force` is the digest of the policy when a worker locked the row; empty where nobody has asked.
    `made_in` is the digest of the session that asked from a mailbox which says nothing of who reads it; empty elsewhere.
    """

    in_force: str = ""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default="received", db_index=True)
    back = models.CharField(max_length=20, default="")
    channel = models.CharField(max_length=10, default="portal")
    evidence = models.CharField(max_length=10, default="")
    made_in = models.CharField(max_length=64, default="")
    language = models.CharField(max_length=2, default="ja")
    entered_by = models.CharField(max_length=40)
    assigned = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+")
    arrived_at = models.DateTimeField()
    due_on = models.DateField(db_index=True)
    hurry_on = models.DateField(null=True, db_index=True)
    note = models.BinaryField(null=True)
    reply_to = models.BinaryField(null=True)
    plan = models.BinaryField(null=True)
    plan_digest = models.CharField(max_length=71, default="")
    edition = models.CharField(max_length=71, default="")
    approve_after = models.DateTimeField(null=True)
    decision_no = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, default="")
    ground = models.CharField(max_length=20, default="")
    text = models.BinaryField(null=True)
    is_reviewed = models.BooleanField(default=False)
    package_digest = models.CharField(max_length=71, default="")
    package_rows = models.PositiveIntegerField(default=0)
    package_file = models.CharField(max_length=40, default="package")
    claim = models.UUIDField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    takings = models.PositiveSmallIntegerField(default=0)
    whole = models.BooleanField(default=False)
    forget_on = models.DateField(null=True, db_index=True)
    forgotten_at = models.DateTimeField(null=True)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followers"
    )
    links = models.JSONField(null=True)
    through = models.JSONField(null=True)
    between = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        db_table = "request"

    def status(self) -> Status:
        """How far it is: places done of all, those that are still open, and what comes next."""
        every = self.steps.all()
        steps = [s for s in every if s.action in PLACES]
        last = [s for s in every if s.state != "done"]
        waiting = [s for s in steps if s.state != "done"]
        return Status(
            self.state,
            len(steps) - len(waiting),
            len(steps),
            tuple(s.name for s in waiting),
            rules.next_of(
                self.state,
                manual=bool(waiting) and all(s.state == "manual" for s in waiting),
                stalled=any(s.state == "failed" for s in waiting),
                handing=bool(last) and all(s.action == HAND_OVER for s in last),
            ),
        )

    def ready(self, now: datetime) -> bool:
        """Whether its package may be fetched."""
        return bool(
            self.state == "answered"
            and self.package_digest
            and self.expired_at is None
            and self.expires_at is not None
            and now < self.expires_at
        )


class StepQuerySet(models.QuerySet["Step"]):
    """Named questions to the steps."""

    def of_each(self, requests: Collection[UUID]) -> dict[UUID, list[Step]]:
        """The steps of each of these requests in their order."""
        found: dict[UUID, list[Step]] = {id_: [] for id_ in requests}
        for step in self.filter(request__in=found).order_by("ord") if found else ():
            found[step.request_id].append(step)
        return found

    def by_hand(self) -> Self:
        """Steps that wait for people: what is searched, changed or handed over, while the request is not closed."""
        printed = Q(action=HAND_OVER, request__state="answered")  # the mailbox was dead
        return self.filter(Q(request__state__in=("gathering", "acting")) | printed, state="manual")


class Step(models.Model):
    """One place that is asked, or one thing that is made. `source` names the place and `name` what pages call it.

    `action` is read, count, look, tally, records, hand, nothing, manual, pdf, package, hand_over, erase, correct or stop; `state` todo, doing, verify, done, failed or manual. A step that
    failed too often is `manual` or `failed`: somebody looks at it; `asked_at` is when whoever does it by hand was written to. `plan_digest` is the map that the plan was made for.
    `file` is the sealed file that it wrote, under a name that no other taking writes; `found` holds counts by table.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    ord = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=100)
    service = models.CharField(max_length=100, default="")
    action = models.CharField(max_length=10)
    plan_digest = models.CharField(max_length=71, default="")
    state = models.CharField(max_length=10, default="todo")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=71, default="")
    file = models.CharField(max_length=40, default="")
    found = models.JSONField(default=dict)
    fault = models.TextField(default="")
    do = models.TextField(default="")
    note = models.BinaryField(null=True)
    asked_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=40, default="")

    objects = StepQuerySet.as_manager()

    class Meta:
        db_table = "request_step"
        ordering: ClassVar = ["ord"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "ord"], name="one_step_a_place")
        ]

    @property
    def name(self) -> str:
        """What pages call it."""
        return self.source


class Approval(models.Model):
    """One officer's approval of a request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="approvals")
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "request_approval"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "by"], name="one_approval_each")
        ]


class OutboxQuerySet(models.QuerySet["Outbox"]):
    """Named questions to the notices."""

    def of_person(self, person: Person) -> Self:
        """The notices of a person's requests, newest first."""
        requests = Request.objects.shown_to(person).values("pk")
        return self.filter(request__in=requests).order_by("-made_at")

    def unsent(self, now: datetime) -> Self:
        """Notices whose mail has not gone, and whose time has come; one that no page shows yet waits for the officer's word."""
        held = Request.objects.filter(pk=OuterRef("request"), between__isnull=False)
        waiting = self.filter(~Exists(held), sent_at=None, state="todo", not_before__lte=now)
        return waiting.order_by("made_at")

    def takeable(self, now: datetime) -> Self:
        """Unsent notices that no worker has at this moment."""
        return self.unsent(now).filter(is_free(now))


class Outbox(models.Model):
    """One notice to the person: shown in the portal as this row, and sent by mail once.

    `trying_at` is noted before the mail goes; when it is there and `sent_at` is not, the mail may have gone, and
    `perhaps_twice` says so after the next attempt. `state` is todo, sent, no_address or failed; what no mail could carry
    staff say themselves, and note by which way, on which day (`told_...`).
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20)
    decision_no = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()
    trying_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    perhaps_twice = models.BooleanField(default=False)
    claim = models.UUIDField(null=True, db_index=True)
    lease_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="todo")
    told_way = models.CharField(max_length=10, default="")
    told_on = models.DateField(null=True)
    told_by = models.CharField(max_length=40, default="")

    objects = OutboxQuerySet.as_manager()

    class Meta:
        db_table = "request_outbox"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "kind", "decision_no"], name="one_notice_a_decision"
            )
        ]
