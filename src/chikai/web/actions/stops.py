"""The verb of the worker that turns the switches of approved requests: the same as the person's own press.

The fence and the switch stand in one transaction: a worker that was overtaken stops nothing. What was turned already, and
still stands so, is not turned again.

Clauses: 5, 6.
Law: APPI Art. 35(3), APPI Art. 35(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.web.actions import Actor, action, choices, feed
from chikai.web.actions.sets import update_each
from chikai.web.models import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.ledger.events import Event
    from chikai.web.actions.steps import Hold


@action("work")
def stop_units(by: Actor, steps: Sequence[Step], *, hold: Hold) -> tuple[Event, ...]:
    """Stop what the steps name, for the requests that are still the caller's. `found` keeps the number of the feed."""
    feed.hold()
    rows = hold("acting")
    events: list[Event] = []
    mine = [step for step in steps if step.request_id in rows]
    erased = [s for s in mine if rows[s.request_id].whole and "v" not in s.found]
    if erased:
        of = {rows[s.request_id].person_id: s for s in erased}
        said = choices.stop_everything({p: rows[s.request_id].number for p, s in of.items()})
        for person, event in said.items():
            of[person].found = {"v": event.facts["v"]}
        update_each(Step, ("found",), ((s.pk, (s.found,)) for s in of.values()))
        events += said.values()
    for step in (s for s in mine if s not in erased):
        request = rows[step.request_id]
        if "v" in step.found and choices.stands_stopped(request.person_id, step.source):
            continue
        event = choices.turn(request.person_id, step.source, is_stop=True, number=request.number)
        step.found = {"v": event.facts["v"]}
        Step.objects.filter(pk=step.pk).update(found=step.found)
        events.append(event)
    return tuple(events)
