"""What belongs to a request beside its course: what was asked, who asks for whom, papers, messages, and what is left out.

Words of the person and of the desk are sealed with the person's key; a paper is sealed with a key of its own, which is
destroyed when the request is decided.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 36, APPI Art. 37(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.db import models

from chikai.rights import carrying, handing
from chikai.web.models.people import Person
from chikai.web.models.rights import Request

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


class AskedQuerySet(models.QuerySet["Asked"]):
    """Named questions to what was asked."""

    def on_paper(self, requests: Iterable[Request]) -> set[UUID]:
        """Of these requests, those whose answer is printed and handed over."""
        some = [r for r in requests if r.kind in carrying.PACKAGED]
        rows = self.filter(request__in=some).values_list("request", "form") if some else ()
        forms = dict(rows)
        return {
            r.pk
            for r in some
            if handing.is_on_paper(
                forms.get(r.pk, "file"), r.channel, has_address=r.reply_to is not None
            )
        }


class Asked(models.Model):
    """What one request asks. `sealed` holds the fields that the person filled in; `reason` and `agency` are ids of the rules.

    `agent` is the sealed name and address of who acts for the person, and `by` they themselves where they asked on a page,
    `by_through` the links that they came through;
    `receives` says that their document lets them receive the answer. `person_to` is the sealed address at which the person
    was told of it. `put_off` counts extensions; `why` is the sealed
    reason of the last one. `fee_yen` is what the policy charged when it was asked, and
    `fee_paid_on` the day on which somebody at the desk noted that it came.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="asked")
    sealed = models.BinaryField(null=True)
    form = models.CharField(max_length=10, default="file")
    reason = models.CharField(max_length=20, default="")
    agency = models.CharField(max_length=12, default="")
    agent = models.BinaryField(null=True)
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    by_through = models.JSONField(null=True)
    receives = models.BooleanField(default=False)
    person_to = models.BinaryField(null=True)
    paper_seen_at = models.DateTimeField(null=True)
    paper_seen_by = models.CharField(max_length=40, default="")
    fee_yen = models.PositiveIntegerField(default=0)
    fee_paid_on = models.DateField(null=True)
    fee_noted_by = models.CharField(max_length=40, default="")
    put_off = models.PositiveSmallIntegerField(default=0)
    why = models.BinaryField(null=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        db_table = "request_asked"

    @property
    def shows_answer(self) -> bool:
        """Whether who acts for the person reads the answer: a statutory agent, or one whose mandate says so."""
        return self.agency == "statutory" or self.receives


ASKERS: Final = ("person", "agent")


class Message(models.Model):
    """One message of the thread of a request, sealed; `by` is `person`, `agent` or who wrote it at the desk.

    `through` are the links that a person came through who wrote it: None where nobody kept them, empty where by now
    nobody can say which of two who were parted wrote it.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="messages")
    by = models.CharField(max_length=40)
    through = models.JSONField(null=True)
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "request_message"
        ordering: ClassVar = ["pk"]

    @property
    def is_ours(self) -> bool:
        """Whether the desk wrote it."""
        return self.by not in ASKERS


def unanswered() -> models.QuerySet[Request]:
    """Open requests in whose thread the person, or who acts for them, wrote last."""
    last = Message.objects.filter(request=models.OuterRef("pk")).order_by("-pk").values("by")[:1]
    open_ = Request.objects.open().annotate(last_writer=models.Subquery(last))
    return open_.filter(last_writer__in=ASKERS)


class Review(models.Model):
    """What an officer decided about a gathered disclosure. `words` are blacked out, sealed with the request's own key.

    `left` names tables and columns that stay back; the ground and the text of it stand with the request.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="review")
    words = models.BinaryField()
    left = models.JSONField(default=list)
    redacted = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "request_review"


class Telling(models.Model):
    """A recipient who holds what a request corrected or erased, and is to be told. `items` are ids of data items."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="tellings")
    recipient = models.CharField(max_length=100)
    name = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=40, default="")

    class Meta:
        db_table = "request_telling"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "recipient"], name="one_telling_a_recipient")
        ]


class PaperQuerySet(models.QuerySet["Paper"]):
    """Named questions to the papers."""

    def kept(self) -> Self:
        """Papers that were not erased."""
        return self.filter(erased_at=None)

    def of_person(self, person: Person) -> Self:
        """The papers of a person's requests."""
        return self.filter(request__in=Request.objects.of_person(person).values("pk"))


class Paper(models.Model):
    """A document that was handed in. Its own key stands in the table of subjects' keys under this id.

    `through` are the links that the person came through who handed it in: None where the desk or an agent
    did, empty where by now nobody can say which of two who were parted it was.
    """

    id = models.UUIDField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="papers")
    media = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sealed = models.BinaryField(null=True)
    through = models.JSONField(null=True)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        db_table = "request_paper"
        ordering: ClassVar = ["at", "pk"]


class ProposedRefusal(models.Model):
    """What one officer wants to refuse a request with, until a second one confirms it; `text` is sealed."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20)
    text = models.BinaryField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "request_proposed_refusal"
