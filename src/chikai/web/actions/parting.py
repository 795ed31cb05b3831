"""What was asked while two persons were taken for one goes to who asked it, once they are found to be two.

Most of it needs no moving: a request stands with who held the registrations that it was asked through, and somebody who
was merged away takes it along. What came through a single registration that now stands alone is handed over, its words
sealed anew. Where nobody can say who asked, nothing is carried out and nothing is shown to either, until an officer says.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 37(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import F, Q

from chikai.errors import BadInput, WrongState
from chikai.people.parting import whose
from chikai.rights import request as rules
from chikai.web import held_file, packages, wake
from chikai.web.actions import Actor, action, rights, unasked
from chikai.web.models import Approval, Link, Merge, Person, Request
from chikai.web.models.by_hand import ByHand
from chikai.web.models.correcting import Proposal
from chikai.web.models.people import hold_persons
from chikai.web.models.portal import HeldIndex, PortalSession
from chikai.web.models.rights_asked import Asked, Message, Paper, ProposedRefusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from chikai.ledger.events import Event
    from chikai.people.parting import Side


WRITES: Final = ("erase", "correct")


@dataclass(frozen=True, slots=True)
class Parting:
    """Two who were taken for one (`together`: all their ids): the links that went `back` to `gone`, and those that `rest` with `kept`."""

    together: Collection[UUID]
    kept: UUID
    gone: UUID
    back: Collection[int]
    rest: Collection[int]
    since: datetime
    is_alone: bool = False  # one registration was taken out, and no merge says who came with it


def give_back(two: Parting) -> dict[str, int]:
    """Give what was asked since then to its own side, within the transaction of the verb that parts two.

    How many requests were `given_back`, and of how many an officer has to say first who asked: `unsure`.
    """
    given = unsure = 0
    kept, gone = two.kept, two.gone
    _forget_both(two)
    theirs = Request.objects.filter(person__in=two.together, forgotten_at=None)
    rows = theirs.filter(Q(arrived_at__gte=two.since) | Q(person__in=_came_along(two)))
    for request in rows.select_for_update(of=("self",)).order_by("pk"):
        side = _side(request, two)
        holder = Person.resolve(request.person_id).pk
        if side == "unknown":
            _hold(request, other=gone if holder == kept else kept)
            unsure += 1
            continue
        wanted = gone if side == "gone" else kept
        if holder != wanted:
            hand_over(request, wanted)
        given += wanted == gone
    _follow_agents(two)
    return {"given_back": given, "unsure": unsure}


def _follow_agents(two: Parting) -> None:
    """Let what somebody asked for another stay with who they are now; a merge that is undone says so by itself."""
    if not two.is_alone:
        return
    acted = Asked.objects.filter(by__in=two.together, by_through__isnull=False)
    for asked in acted.select_for_update():
        if whose(asked.by_through, two.back, two.rest) == "gone":
            Asked.objects.filter(pk=asked.pk).update(by=two.gone)


def _came_along(two: Parting) -> list[UUID]:
    """Who was unknown, asked perhaps before the one registration was there, and goes along with it."""
    back = Link.objects.filter(pk__in=two.back if two.is_alone else (), source=Link.NOWHERE)
    return [UUID(key) for key in back.values_list("key", flat=True)]


def _side(request: Request, two: Parting) -> Side:
    """Whose a request is; of somebody unknown who was joined at no one registration nobody can say it."""
    through = _through(request)
    if two.is_alone and not request.through:
        rest = Link.objects.filter(pk__in=two.rest).exclude(source=Link.NOWHERE)
        mine = Merge.objects.filter(undone_at=None, at_link__isnull=False)
        named = mine.filter(Q(gone=request.person_id) | Q(kept=request.person_id)).exists()
        if rest.exists() and not named:
            return "unknown"
    return whose(through, two.back, two.rest)


def _through(request: Request) -> list[int]:
    """The links that a request was asked through; of who was unknown when they asked, the one that was made for them then."""
    made = Link.objects.filter(source=Link.NOWHERE, key=str(request.person_id))
    found = made.filter(since=request.arrived_at).values_list("pk", flat=True)
    return request.through or [*found]


def _forget_both(two: Parting) -> None:
    """Let go of what was read or counted of both as of one: for their pages, and for where an answer goes."""
    # A worker that is about to keep such a thing looks again after this, or has kept it by now.
    hold_persons(two.together)
    for request in Request.objects.open().filter(person__in=two.together):
        packages.drop_whom(request.pk)
    for session in PortalSession.objects.filter(person__in=two.together):
        held_file.drop(session.pk)
    HeldIndex.objects.filter(person__in=two.together).delete()
    theirs = Request.objects.filter(person__in=two.together, arrived_at__gte=two.since)
    # Who comes from a service says no address: it was read from the rows.
    theirs.filter(channel="service", state__in=rules.OPEN).update(reply_to=None)
    # Nobody kept through which link these were written or handed in.
    written = Message.objects.filter(request__person__in=two.together, by="person")
    written.filter(at__gte=two.since, through__isnull=True).update(through=[])
    handed = Paper.objects.kept().filter(request__person__in=two.together, at__gte=two.since)
    agents = Asked.objects.exclude(agency="").values("request")
    handed.filter(through__isnull=True).exclude(request__in=agents).update(through=[])


@action("officer")
def say_who_asked(by: Actor, request: Request, person: UUID) -> Event:
    """Say which of two persons asked a request that came while they were taken for one; it then goes on, or stays closed."""
    request = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.between_id is None:
        raise WrongState("it is clear already whose request this is", "nothing is left to say")
    here, other = Person.resolve(request.person_id).pk, Person.resolve(request.between_id).pk
    wanted = Person.resolve(person).pk
    if wanted not in (here, other):
        raise BadInput("that is neither of the two", "choose one of the two persons")
    if wanted != here:
        hand_over(request, wanted)
    Request.objects.filter(pk=request.pk).update(between=None)
    out = unasked.take_out((here, other))
    wake.after_commit()  # its notices may go now
    return rights.event_of("rights.asker_found", request, moved=wanted != here, left_out=out)


def _hold(request: Request, other: UUID) -> None:
    """Let nothing of a request go on, and show it to neither; what was written in a place already stays written."""
    Request.objects.filter(pk=request.pk).update(between=other)
    if request.state not in rules.OPEN:
        return
    # Without an identity no worker takes it up; what was begun is searched and approved anew.
    Approval.objects.filter(request=request).delete()
    # What was looked at was both persons'; what was written already stays noted until it is planned anew.
    request.steps.exclude(action__in=WRITES, state__in=("verify", "done")).delete()
    Request.objects.filter(pk=request.pk).update(
        state="received", back="", evidence="", is_reviewed=False, approve_after=None
    )
    wake.after_commit()


def hand_over(request: Request, person: UUID) -> None:
    """Let a request be another person's: its words are sealed with their key, its plan is made anew."""
    words = [
        (row, field, name, rights.open_bytes_for_person(request, name, bytes(sealed)))
        for row, field, name in _sealed(request)
        if (sealed := getattr(row, field))
    ]
    request.person_id = person
    for row, field, name, data in words:
        sealed = rights.seal_bytes_for_person(request, name, data)
        type(row)._default_manager.filter(pk=row.pk).update(**{field: sealed})  # noqa: SLF001  Django documents it
        setattr(row, field, sealed)
    Request.objects.filter(pk=request.pk).update(person=person)


def _sealed(request: Request) -> Iterator[tuple[Any, str, str]]:
    """Every field of a request that the person's key seals, with the name that it is bound to."""
    yield from ((request, field, field) for field in ("note", "reply_to", "text"))
    for asked in Asked.objects.filter(request=request):
        yield asked, "sealed", "asked"
        yield asked, "agent", "agent"
        yield asked, "person_to", "person_to"
        yield asked, "why", f"extension {asked.put_off}"
    for nth, message in enumerate(request.messages.order_by("pk"), 1):
        yield message, "sealed", f"message {nth}"
    for step in request.steps.all():
        yield step, "note", f"step {step.ord}"
    for seen in ByHand.objects.filter(step__request=request).annotate(ord=F("step__ord")):
        yield seen, "note", f"step {seen.ord}"
        yield seen, "proof", f"proof {seen.ord}"
    for proposal in Proposal.objects.filter(step__request=request).annotate(ord=F("step__ord")):
        yield proposal, "told", f"told {proposal.ord}"
    for refused in ProposedRefusal.objects.filter(request=request):
        yield refused, "text", "refusal"
