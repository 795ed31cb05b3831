"""Verbs of a person's choices: stopping a use, letting it go on, and answering a question.

A unit is text: `everything`, `purpose:guidance`, `item:email` or `cell:guidance/email`. Stop and resume cost the
same, and neither asks why.

Clauses: 5, 8.
Law: APPI Art. 35(1), APPI Art. 35(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.ledger.events import Event
from chikai.web.actions import Actor, action

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from chikai.choices.consent import Answer


@action("person", "desk")
def stop(by: Actor, person: UUID, unit: str) -> Event:
    """Stop a unit now. The event's facts are `unit` and `v`, the number of the feed that says it to the services.

    RequestRefused where a law asks for the use. A second press changes nothing: its event says `again` and the newest number.
    """
    raise NotImplementedError


@action("person", "desk")
def resume(by: Actor, person: UUID, unit: str) -> Event:
    """Let a unit go on, as easily as it was stopped."""
    raise NotImplementedError


@action("person", "desk")
def answer_consent(by: Actor, answer: Answer) -> Event:
    """Keep how a person answered a question whose words were shown; `choices.consented` or `choices.withdrew`."""
    raise NotImplementedError


@action()
def register_keys(
    by: Actor, service: str, records: Sequence[Mapping[str, object]]
) -> tuple[Event, ...]:
    """Take what a service handed over: registrations, uses, refusals. A record that was taken before changes nothing."""
    raise NotImplementedError
