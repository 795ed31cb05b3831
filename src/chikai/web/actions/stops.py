"""The verb of the worker that turns the switches of approved requests: the same as the person's own press.

The fence and the switch stand in one transaction: a worker that was overtaken stops nothing. What was turned already, and
still stands so, is not turned again. An erasure of everything stops every use with its decision, before any step.

Clauses: 5, 6.
Law: APPI Art. 35(3), APPI Art. 35(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.web.actions import Actor, action, choices, feed
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
    for step in mine:
        request = rows[step.request_id]
        if "v" in step.found and choices.stands_stopped(request.person_id, step.source):
            continue
        event = choices.turn(request.person_id, step.source, is_stop=True, number=request.number)
        step.found = {"v": event.facts["v"]}
        Step.objects.filter(pk=step.pk).update(found=step.found)
        events.append(event)
    return tuple(events)
