"""Verbs: the only writers. Each returns the event that proves what it did, and the ledger keeps both or neither.

`@action` checks the role, opens one transaction, runs the verb, and appends the events that it returns. A verb that
returns nothing does not type-check. A refusal rolls back, keeps its own event, and goes on to the caller.

Clauses: 1.1.
Law: APPI Art. 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from django.db import transaction

from chikai import clock
from chikai.errors import NotAllowed, Refused
from chikai.ledger.events import Event
from chikai.web.actions import feed, ledger, subject_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from chikai.web.models.staff import Staff

Evidence = TypeVar("Evidence", bound="Event | tuple[Event, ...]")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `staff:7`, `command` (someone with a shell on the server) or `work` (our own worker)."""

    name: str
    roles: frozenset[str] = frozenset()

    def holds(self, roles: tuple[str, ...]) -> bool:
        """Whether the actor may do what asks for one of these roles."""
        return self.name in ("command", "work") or not roles or bool(self.roles & set(roles))


COMMAND: Final = Actor("command")
WORK: Final = Actor("work")
# A person who acts on their own data; the subject of the event says which one.
PERSON: Final = Actor("person", frozenset({"person"}))


def of_staff(staff: Staff) -> Actor:
    """The actor behind a signed-in member of staff."""
    return Actor(f"staff:{staff.pk}", frozenset(staff.roles))


def action(
    *roles: str,
) -> Callable[
    [Callable[Concatenate[Actor, P], Evidence]], Callable[Concatenate[Actor, P], Evidence]
]:
    """Make a verb of a function: its first argument is the actor, who must hold one of `roles` (none: anybody)."""

    def make(
        verb: Callable[Concatenate[Actor, P], Evidence],
    ) -> Callable[Concatenate[Actor, P], Evidence]:
        def run(by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Evidence:
            if not by.holds(roles):
                raise _not_allowed(by, verb.__name__, roles)
            try:
                with transaction.atomic(), subject_keys.kept(), feed.kept():
                    evidence = verb(by, *args, **kwargs)
                    ledger.append(by.name, evidence, clock.now())
            except Refused as refusal:
                if isinstance(refusal.evidence, Event):
                    with transaction.atomic():
                        ledger.append(by.name, refusal.evidence, clock.now())
                raise
            return evidence

        return update_wrapper(run, verb)

    return make


def _not_allowed(by: Actor, verb: str, roles: tuple[str, ...]) -> NotAllowed:
    with transaction.atomic():
        ledger.append(by.name, Event("staff.refused", {"verb": verb}), clock.now())
    return NotAllowed(
        f"`{verb}` needs the role {' or '.join(f'`{role}`' for role in roles)}",
        "ask a colleague who holds it, or an officer to give it to you",
    )
