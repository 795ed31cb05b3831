"""Verbs of an answer on paper: choosing it, opening the package to print it, and noting that it was handed over.

The request counts as answered with the note, and not before. Each opening is an entry: paper is the one way on which
staff see what a person is given.

Clauses: 1.2, 6.
Law: APPI Art. 33(1), APPI Art. 33(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai import clock
from chikai.errors import WrongState
from chikai.rights import carrying, handing
from chikai.rights import request as rules
from chikai.web import wake
from chikai.web.actions import Actor, action
from chikai.web.actions.rights import event_of
from chikai.web.models import Asked, Request, Step

if TYPE_CHECKING:
    from datetime import date

    from chikai.ledger.events import Event

PARTS: Final = ("page", "letter")


@action("desk", "officer")
def choose_paper(by: Actor, request: Request) -> Event:
    """Note that the person wants the answer on paper, or that no page opens it to them.

    Until the approval it is free to say. Of a package that may still be fetched it makes a task of the desk.
    """
    request = Request.objects.select_for_update().get(pk=request.pk)
    asked, _ = Asked.objects.get_or_create(request=request)
    fetched = request.ready(clock.now())
    if request.kind not in carrying.PACKAGED or not (fetched or request.state in rules.UNDECIDED):
        raise WrongState("the form of this answer is settled", "look at the request")
    there = request.steps.filter(action=handing.ACTION).exists()
    if there or (asked.form == "paper" and not fetched):
        raise WrongState("it is handed over on paper already", "nothing is to be done")
    asked.form = "paper"
    asked.save(update_fields=["form"])
    if fetched:
        make_task(request)
    return event_of("rights.paper_chosen", request)


def make_task(request: Request) -> None:
    """Let the desk print a package that was made, and hand it over."""
    Step.objects.create(
        request=request,
        ord=max(step.ord for step in request.steps.all()) + 1,
        source=handing.ACTION,
        action=handing.ACTION,
        state="manual",
        not_before=clock.now(),
    )


@action("desk", "officer")
def open_to_print(by: Actor, request: Request, *, part: str) -> Event:
    """Record that staff opened a package to print it; WrongState before it is made, and after it was handed over."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    if part not in PARTS:
        raise WrongState("a package has no such part", f"name one of {', '.join(PARTS)}")
    _waiting(request)
    return event_of("rights.opened_to_print", request, part=part)


@action("desk", "officer")
def hand_over(by: Actor, request: Request, *, way: str, on: date) -> Event:
    """Note that the paper went by post or was handed over at the counter, on this day: the request is answered with it."""
    request, now = Request.objects.select_for_update().get(pk=request.pk), clock.now()
    step = _waiting(request)
    decided = request.decided_at or request.arrived_at
    handing.check(way, on, decided_on=clock.day_in_japan(decided), today=clock.day_in_japan(now))
    Step.objects.filter(pk=step.pk).update(
        state="done", found={"way": way, "on": on.isoformat()}, done_at=now, done_by=by.name
    )
    wake.after_commit()
    return event_of("rights.handed_over", request, way=way, on=on.isoformat())


def _waiting(request: Request) -> Step:
    """The step that waits for the desk, where the package is there to be printed."""
    steps = {step.action: step for step in request.steps.all()}
    step, made = steps.get(handing.ACTION), steps.get("package")
    if step is None or step.state != "manual":
        raise WrongState("nothing of this request waits to be handed over", "look at the request")
    if made is None or made.state != "done" or request.expired_at is not None:
        raise WrongState("the package is not there", "wait until it is made")
    return step
