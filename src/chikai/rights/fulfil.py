"""What a request asks of each source: the plan, and whether what came back is what was planned.

The plan names every source of the installation. One that has no map, or that nobody can reach, stays in it with the
reason, so that an answer can never pass over a place in silence.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from chikai.errors import Disagrees

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from chikai.sources.map import Map
    from chikai.sources.protocol import Keys

Standing = Literal["asked", "nothing", "no_map", "manual", "by_hand", "unreachable"]


@dataclass(frozen=True, slots=True)
class Step:
    """One source of the plan. `keys` are the person's local keys there, by identity table; empty when none is linked.

    `doubts` counts registrations there that may be the person's too, which no officer has decided.
    """

    source: str
    service: str
    standing: Standing
    keys: Keys = field(default_factory=dict)
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Every source, in the order of the installation, for one person."""

    person: UUID
    steps: tuple[Step, ...]

    @property
    def asked(self) -> tuple[Step, ...]:
        """The steps that read something."""
        return tuple(step for step in self.steps if step.standing == "asked")


def plan(
    person: UUID,
    services: Mapping[str, str],
    keys: Mapping[str, Keys],
    maps: Mapping[str, Map],
    manual: frozenset[str] = frozenset(),
    doubts: Mapping[str, int] | None = None,
) -> Plan:
    """The plan to disclose one person: `services` names the service of every source, in order."""
    steps = []
    for source, service in services.items():
        standing: Standing = "asked"
        if source in manual:
            standing = "manual"
        elif source not in maps:
            standing = "no_map"
        elif not keys.get(source):
            standing = "nothing"
        waiting = (doubts or {}).get(source, 0)
        steps.append(Step(source, service, standing, keys.get(source, {}), waiting))
    return Plan(person, tuple(steps))


def compare(source: str, counted: Mapping[str, int], read: Mapping[str, int]) -> None:
    """Disagrees when a table gave another number of rows than it counted within the same picture."""
    for table in sorted(set(counted) | set(read)):
        if counted.get(table, 0) != read.get(table, 0):
            raise Disagrees(
                f"table `{table}` counted {counted.get(table, 0)} rows and gave {read.get(table, 0)}",
                "run `chikai map drift` and try again; nothing was handed out",
                source,
            )
