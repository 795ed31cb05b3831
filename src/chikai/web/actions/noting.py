"""Verbs by which the desk notes what happened outside of it: a person was told without mail, a fee came, a package
was made by a command.

Nothing waits for either. They stand on the page of the request and in the ledger, so that nobody has to remember them.

Clauses: 6.
Law: APPI Art. 33(3), APPI Art. 38(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action
from chikai.web.actions.rights import event_of
from chikai.web.models import Asked, Outbox, Request

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

WAYS: Final = ("phone", "post", "counter", "service")
UNSENT: Final = ("no_address", "failed")


def is_untold(request: Request) -> bool:
    """Whether no mail could carry the answer, and nobody has told the person in another way yet."""
    return request.notices.filter(kind="answered", state__in=UNSENT, told_on=None).exists()


@action("desk", "officer")
def note_told(by: Actor, notice: Outbox, *, way: str, on: date) -> Event:
    """Note that the person was told of a notice that no mail could carry, by which way and on which day."""
    row = Outbox.objects.select_for_update().select_related("request").get(pk=notice.pk)
    if row.state not in UNSENT or row.told_on is not None:
        raise WrongState("this notice needs no note", "it was sent, or somebody noted it already")
    if way not in WAYS:
        raise BadInput("this is no way of telling somebody", f"name one of {', '.join(WAYS)}")
    _check_day(on, row.request)
    Outbox.objects.filter(pk=row.pk).update(told_way=way, told_on=on, told_by=by.name)
    said = {"notice": row.kind, "way": way, "on": on.isoformat()}
    return event_of("rights.told", row.request, **said)


@action("desk", "officer")
def note_fee(by: Actor, request: Request, *, on: date) -> Event:
    """Note that the fee of a request came on this day."""
    row = Asked.objects.select_for_update().filter(request=request).first()
    if row is None or not row.fee_yen or row.fee_paid_on is not None:
        raise WrongState("no fee of this request is open", "nothing is to be noted")
    _check_day(on, request)
    Asked.objects.filter(pk=row.pk).update(fee_paid_on=on, fee_noted_by=by.name)
    return event_of("rights.fee_paid", request, yen=row.fee_yen, on=on.isoformat())


def _check_day(on: date, request: Request) -> None:
    if not clock.day_in_japan(request.arrived_at) <= on <= clock.day_in_japan(clock.now()):
        raise BadInput(
            "the day lies before the request or after today", "write the day on which it was"
        )


@action("officer", "desk")
def record_disclosure(
    by: Actor,
    person: UUID,
    *,
    number: str,
    package: str,
    edition: str,
    rows: int,
    sources: int,
    redacted: int | None = None,
) -> Event:
    """Record that a package with this digest was made about a person; it holds no value of the package.

    `redacted` counts the words that an officer who read the free text blacked out; None where there was none to read.
    """
    facts: dict[str, str | int | bool | None] = {
        "number": number,
        "package": package,
        "edition": edition,
        "rows": rows,
        "sources": sources,
        "redacted": redacted,
    }
    return Event("rights.disclosed", facts, subject=person)
