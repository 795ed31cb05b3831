"""Who acts for the person of a request: they follow what they asked, and the person is told that they ask.

Whoever acts sees this one request and nothing else of the person; the answer only as a statutory agent, or where the
mandate says so. The person is told when staff have found the document right and know whose registration it is.

Clauses: 6.
Law: APPI Art. 37(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import clock
from chikai.ledger.events import Event
from chikai.web import wake
from chikai.web.actions import askers
from chikai.web.models import Asked, Outbox, Person

if TYPE_CHECKING:
    from chikai.web.models import Request


def is_by_agent(request: Request) -> bool:
    """Whether somebody acts for the person of a request."""
    asked = asked_of(request)
    return asked is not None and bool(asked.agency)


def asked_of(request: Request) -> Asked | None:
    """What was asked, and by whom; None where there was nothing to keep."""
    return getattr(request, "asked", None)


def acts_in(request: Request, person: Person) -> bool:
    """Whether a person acts in a request for somebody else."""
    asked, mine = asked_of(request), Person.resolve(person.pk)
    by = asked.by_id if asked is not None else None
    return by is not None and Person.resolve(by) == mine != Person.resolve(request.person_id)


def is_asker(request: Request, person: Person) -> bool:
    """Whether a request is this person's, or one that they asked for somebody else."""
    mine = Person.resolve(request.person_id) == Person.resolve(person.pk)
    return mine or acts_in(request, person)


def tell_person(request: Request) -> tuple[Event, ...]:
    """Tell the person once that somebody asks in their name, when the document was found right and they are known."""
    asked = Asked.objects.filter(request=request).exclude(agency="").first()
    if asked is None or asked.paper_seen_at is None or not request.evidence:
        return ()
    there = Outbox.objects.filter(request=request, kind="named").exists()
    if there or askers.is_unknown(request.person):
        return ()
    now = clock.now()
    Outbox.objects.create(request=request, kind="named", made_at=now, not_before=now)
    wake.after_commit()
    facts = {"number": request.number, "agency": asked.agency}
    return (Event("rights.agent_named", {**facts}, subject=request.person_id),)
