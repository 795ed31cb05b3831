"""What the page of a person's switches shows: each line with its state, and which services have heard of a change.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chikai.policy.document import Stop, Text

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

# heard: every running copy knows it. waiting: one does not yet. not_running: it ran before, and its copies are past
# their time, so they use nothing. not_connected: no copy ever asked.
State = Literal["heard", "waiting", "not_running", "not_connected"]


@dataclass(frozen=True, slots=True)
class Line:
    """One switch. `unit` goes into `stop` and `resume`; it is empty where a law asks for the use, and `law` names it.

    `effect` is what ends, in the policy's own words. `held_by` says that a wider stop stops it too. A consent is stopped
    while it is not given.
    """

    unit: str
    name: Text
    kind: Stop
    is_stopped: bool
    since: datetime | None = None
    effect: Text = Text()
    law: str = ""
    clause: str = ""
    held_by: str = ""
    cells: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A service of the policy, and whether its copies have heard of a number of the feed."""

    service: str
    name: Text
    state: State
    v: int = 0
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """"`k` of `n` places": `n` counts services with a running copy, `k` those whose every running copy knows `v`."""

    v: int
    k: int
    n: int
    places: tuple[Place, ...]


def choices_of(person: UUID) -> tuple[Line, ...]:
    """Every switch of a person under the edition in force: everything, each purpose with its cells, each data item."""
    raise NotImplementedError


def acknowledged(v: int, now: datetime) -> Acknowledged:
    """Who has heard of feed number `v`."""
    raise NotImplementedError
