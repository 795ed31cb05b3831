"""What the page of a person's switches shows: each line with its state, and which services have heard of a change.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from chikai.choices import suspension
from chikai.gate.meaning import clause_about
from chikai.policy import stored
from chikai.policy.document import Stop, Text
from chikai.web.models.choices import Choice, Copy, in_force
from chikai.web.models.people import Person
from chikai.web.models.policy import Edition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from chikai.choices.registry import Toggle
    from chikai.choices.suspension import Switch
    from chikai.policy.document import Recipient, Service

_SILENT: Final = Text()
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
    effect: Text = _SILENT
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
    """What a page says as "4 of 4 places": `n` counts services with a running copy, `k` those whose every running copy knows `v`."""

    v: int
    k: int
    n: int
    places: tuple[Place, ...]

    @property
    def everywhere(self) -> bool:
        """Whether each running copy knows it."""
        return self.k == self.n

    @property
    def unconnected(self) -> tuple[Place, ...]:
        """The services that never asked the gate: they are not stopped by a press."""
        return tuple(place for place in self.places if place.state == "not_connected")


def choices_of(person: UUID) -> tuple[Line, ...]:
    """Every switch of a person under the edition in force: everything, each purpose with its cells, each data item.

    Agreements stand at the end: each recipient that receives data by consent, for each purpose.
    """
    found, edition = in_force(), Edition.objects.current()
    if found is None or edition is None:
        return ()
    registry, document = found[0], stored.document(bytes(edition.canonical))
    since = Choice.objects.since(Person.resolve(person).id)
    clause = clause_about(document, "suspension")
    view = _View(since, clause, {p.id: p.clause for p in document.purposes})
    lines = [view.line(switch) for switch in suspension.switches(document, registry)]
    names: dict[str, Recipient] = {r.id: r for r in document.recipients}
    purposes: dict[str, Text] = {p.id: p.name for p in document.purposes}
    for toggle in registry.in_force():
        if toggle.unit == "consent":
            recipient, purpose = toggle.refs
            lines.append(view.consent(toggle, names[recipient], purposes[purpose]))
    return tuple(lines)


@dataclass(frozen=True)
class _View:
    """A person's toggles, for the lines that are made of them."""

    since: Mapping[int, datetime]
    clause: str
    clauses: Mapping[str, str]

    def line(self, switch: Switch, wider: str = "") -> Line:
        """One switch with its cells. What a wider stop holds is not shown as stopped itself."""
        toggle = switch.toggle
        if toggle is None:
            return Line("", switch.name, "law", is_stopped=False, law=switch.law)
        unit = unit_of(toggle)
        stopped_at = self.since.get(toggle.bit)
        held_by = wider or ("everything" if 0 in self.since and toggle.bit else "")
        inner = unit if stopped_at and toggle.bit else held_by
        return Line(
            unit,
            switch.name,
            switch.stop,
            is_stopped=stopped_at is not None,
            since=stopped_at,
            effect=switch.effect,
            clause=self.clauses.get(toggle.refs[0], self.clause) if toggle.refs else self.clause,
            held_by=held_by,
            cells=tuple(self.line(cell, inner) for cell in switch.cells),
        )

    def consent(self, toggle: Toggle, recipient: Recipient, purpose: Text) -> Line:
        """An agreement that the person may give or take back."""
        given_at = self.since.get(toggle.bit)
        name = Text(f"{recipient.name.ja}：{purpose.ja}", f"{recipient.name.en}: {purpose.en}")
        return Line(
            unit_of(toggle),
            name,
            "switch",
            is_stopped=given_at is None,
            since=given_at,
            clause=recipient.clause,
        )


def unit_of(toggle: Toggle) -> str:
    """The text that names a toggle's unit."""
    if toggle.unit == "held":
        return "everything"
    return f"{toggle.unit}:{'/'.join(toggle.refs)}"


def acknowledged(v: int, now: datetime) -> Acknowledged:
    """Who has heard of feed number `v`.

    A copy that did not ask within the policy's bound refuses every use by itself, so it does not count as running.
    """
    found, edition = in_force(), Edition.objects.current()
    if found is None or edition is None:
        return Acknowledged(v, 0, 0, ())
    bound = timedelta(seconds=found[1].fresh_seconds)
    copies: dict[str, list[Copy]] = {}
    for copy in Copy.objects.all():
        copies.setdefault(copy.service, []).append(copy)
    places = tuple(
        _place(service, copies.get(service.id, []), v, now - bound)
        for service in stored.document(bytes(edition.canonical)).services
    )
    running = [place for place in places if place.state in ("heard", "waiting")]
    return Acknowledged(v, sum(p.state == "heard" for p in running), len(running), places)


def _place(service: Service, copies: list[Copy], v: int, since: datetime) -> Place:
    running = [copy for copy in copies if copy.heard_at > since]
    state: State = "heard" if all(copy.v >= v for copy in running) else "waiting"
    if not running:
        state = "not_running" if copies else "not_connected"
    last = max((copy.heard_at for copy in copies), default=None)
    known = min((copy.v for copy in running or copies), default=0)
    return Place(service.id, service.name, state, known, last)
