"""Verbs by which a request is taken back: the person's own press, and what the desk writes down of a call or a letter.

Who did it is kept. While two are taken for one, the one can take back what the other asked; once they are parted, the one
who lost it is told.

Clauses: 6.
Law: APPI Art. 37(1), APPI Art. 37(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai import clock
from chikai.errors import BadInput
from chikai.rights import request as rules
from chikai.web.actions import Actor, acting, action
from chikai.web.actions.grown import refuse_unsure
from chikai.web.actions.rights import close, event_of, tell
from chikai.web.models import Request, TakenBack
from chikai.web.models.rights_asked import ASKERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.ledger.events import Event
    from chikai.web.models import Person

WAYS: Final = ("phone", "post", "counter")
BY_PERSON, BY_AGENT = ASKERS


@action("person")
def withdraw_request(
    by: Actor, request: Request, *, person: Person, through: Sequence[int] | None = None
) -> Event:
    """Take a request back, before it is decided. They are told, in case it was another. `through` are the links that they came through."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    if not acting.is_asker(request, person):
        raise BadInput("this is not a request of yours", "choose one of your own")
    acts = acting.acts_in(request, person)
    _take_back(request)
    TakenBack.objects.create(
        request=request,
        by=BY_AGENT if acts else BY_PERSON,
        through=list(through) if through and not acts else None,
        at=clock.now(),
    )
    return event_of("rights.withdrawn", request)


@action("desk", "officer")
def record_withdrawal(by: Actor, request: Request, *, way: str, checked: bool) -> Event:
    """Write down that the person takes a request back, by phone, by post or at the counter; only once staff checked who they are."""
    if way not in WAYS:
        raise BadInput(
            "this is no way in which a request is taken back", f"name one of {', '.join(WAYS)}"
        )
    if not checked:
        raise BadInput("nobody has checked who takes it back", "check it first, then write it down")
    request = Request.objects.select_for_update().get(pk=request.pk)
    refuse_unsure(request)
    _take_back(request)
    evidence = "officer"
    TakenBack.objects.create(
        request=request, by=by.name, way=way, evidence=evidence, at=clock.now()
    )
    return event_of("rights.withdrawn", request, way=way, evidence=evidence)


def _take_back(request: Request) -> None:
    request.state = rules.move("withdraw", request.state)
    request.save(update_fields=["state"])
    close(request)
    if request.reply_to is not None:
        tell(request, "withdrawn", clock.now())
