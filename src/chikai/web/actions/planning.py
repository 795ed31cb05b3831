"""Verbs that plan a request anew: after a step stopped for good, or when another thing came to be known as the person's.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 35(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chikai import clock
from chikai.errors import WrongState
from chikai.rights import carrying
from chikai.rights import request as rules
from chikai.web import wake
from chikai.web.actions import Actor, action, rights
from chikai.web.actions.grown import narrowed, outgrown, read_plan, seal_plan
from chikai.web.models import Approval, Proposal, Request, Step
from chikai.web.models.people import keys_of_each

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from chikai.ledger.events import Event
    from chikai.web.actions.steps import Hold


@action("desk", "officer")
def plan_again(by: Actor, request: Request) -> Event:
    """Let the worker plan anew: after a map was adopted, or a step stopped for good."""
    request = _locked(request)
    rules.move("gather", request.state)
    if not Step.objects.filter(request=request, state__in=("failed", "manual")).exists():
        raise WrongState("no step of this request has stopped", "wait for its end")
    Request.objects.filter(pk=request.pk).update(state="identified")
    wake.after_commit()
    return rights.event_of("rights.resumed", request, state="identified")


@action("desk", "officer")
def look_at_more(by: Actor, request: Request) -> Event:
    """Look anew at the places where what is known as the person's has changed; what was approved is approved anew."""
    request = _locked(request)
    rules.move("look_again", request.state)
    places = outgrown([request], {request.pk: rights.key_of(request)}).get(request.pk)
    if not places:
        raise WrongState("what is known as the person's is as it was", "go on")
    return _look(request, places)


@action("work")
def look_at_grown(by: Actor, grown: Mapping[UUID, set[str]], *, hold: Hold) -> tuple[Event, ...]:
    """Look at the places of these requests that have grown, instead of answering."""
    rows = hold("acting")
    return tuple(_look(rows[id_], places) for id_, places in grown.items() if id_ in rows)


def begin_anew(requests: Iterable[Request]) -> None:
    """Search anew what was planned for two who were taken for one; within the transaction of the verb that parts them.

    Of a change that was begun only the places are searched that nothing was written in; what was approved is approved
    anew, and a worker asks before it commits whether it still may.
    """
    for request in requests:
        written = request.steps.filter(
            action__in=("erase", "correct"), state__in=("verify", "done")
        )
        begun = {*written.values_list("source", flat=True)} if request.state == "acting" else set()
        if begun:
            found = outgrown([request], {request.pk: rights.key_of(request)}).get(request.pk, set())
            if places := found - begun:
                _look(request, places)
            continue
        waits = request.state == "waiting_for_person"
        now = {"back": "identified"} if waits else {"state": "identified"}
        Approval.objects.filter(request=request).delete()
        Request.objects.filter(pk=request.pk).update(**now, is_reviewed=False, approve_after=None)
    wake.after_commit()


def _look(request: Request, places: Collection[str]) -> Event:
    """Back to the search, in these places only; what was done elsewhere stays done."""
    request.state = rules.move("look_again", request.state)
    key = rights.key_of(request)
    plan = read_plan(request, key)
    today = narrowed(request, keys_of_each([request.person_id])[request.person_id])
    plan |= {s: {t: [*k] for t, k in today.get(s, {}).items()} for s in places}
    request.plan = seal_plan(request, key, plan)
    request.is_reviewed, request.approve_after = False, None
    request.save(update_fields=["state", "plan", "is_reviewed", "approve_after"])
    steps = request.steps.filter(source__in=places)
    steps.filter(ord__gte=rights.BEHIND).delete()
    asks = carrying.ASKED.get(request.kind, "look")
    Proposal.objects.filter(step__in=steps).delete()
    new: Any = {"not_before": clock.now(), "attempts": 0, "done_at": None, "rows": 0, "found": {}}
    steps.filter(action__in=(asks, "nothing")).update(
        **new, action=asks, state="todo", fault="", do=""
    )
    none = [place for place in places if not any(plan[place].values())]
    steps.filter(action=asks, source__in=none).update(action="nothing", state="done")
    request.steps.filter(action__in=carrying.MADE).delete()
    Approval.objects.filter(request=request).delete()
    wake.after_commit()
    return rights.event_of("rights.resumed", request, state=request.state)


def _locked(request: Request) -> Request:
    return Request.objects.select_for_update().get(pk=request.pk)
