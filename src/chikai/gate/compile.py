"""The policy and its toggles compiled to a table: for each use two integers, `need` and `want`.

A use is a service, a purpose and perhaps a recipient. It is allowed for a person if and only if `choices & need == want`.
`need` and `want` stand for everything that the use is granted; a caller that takes fewer categories narrows it.
What the policy does not grant has no row. The table has one canonical byte form and a digest.

Clauses: 1.1, 5.
Law: APPI Art. 18(1).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from chikai import canon
from chikai.choices import reading
from chikai.choices.registry import UNITS, Unit
from chikai.errors import BadInput, UseRefused
from chikai.gate.meaning import Reason, clause_about

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chikai.choices.registry import Registry, Toggle
    from chikai.policy.document import Document, Purpose, Recipient

HELD_BIT: Final = 1
FRESH_SECONDS: Final = 60
_REASONS: Final[tuple[Unit | Literal["quarantined"], ...]] = (*UNITS, "quarantined")


@dataclass(frozen=True, slots=True)
class Part:
    """A category of a use, and the toggles that matter only because of it."""

    category: str
    need: int
    want: int


@dataclass(frozen=True, slots=True)
class Use:
    """A use that the policy grants. `base_*` holds whatever the categories; `vital` uses go on when freshness is lost."""

    service: str
    purpose: str
    recipient: str
    clause: str
    base_need: int
    base_want: int
    parts: tuple[Part, ...]
    need: int
    want: int
    vital: bool = False

    def only(self, categories: Collection[str]) -> Use:
        """The same use with fewer categories; UseRefused for one that it is not granted."""
        parts = tuple(part for part in self.parts if part.category in categories)
        if not parts or len(parts) != len(set(categories)):
            known = ", ".join(f"`{part.category}`" for part in self.parts)
            raise UseRefused(
                f"`{self.service}` is not granted that for `{self.purpose}`", f"it may use {known}"
            )
        return made(self, parts)


def made(use: Use, parts: tuple[Part, ...]) -> Use:
    """A use with `need` and `want` joined from its parts."""
    need, want = use.base_need, use.base_want
    for part in parts:
        need, want = need | part.need, want | part.want
    who = (use.service, use.purpose, use.recipient, use.clause)
    return Use(*who, use.base_need, use.base_want, parts, need, want, use.vital)


@dataclass(frozen=True)
class Table:
    """Every use of a policy, or of one service. `reasons` says of each bit what it is and which clause it serves.

    `at_registration` holds, by service, the bits that registration sets. Past `fresh_seconds` without news a copy refuses.
    """

    policy: str
    registry: str
    edition: str
    not_granted: str
    uses: tuple[Use, ...]
    reasons: Mapping[int, Reason]
    at_registration: Mapping[str, tuple[int, ...]]
    fresh_seconds: int = FRESH_SECONDS

    @cached_property
    def index(self) -> dict[str, dict[str, dict[str, Use]]]:
        """Uses by service, purpose and recipient (empty: nobody)."""
        found: dict[str, dict[str, dict[str, Use]]] = {}
        for use in self.uses:
            found.setdefault(use.service, {}).setdefault(use.purpose, {})[use.recipient] = use
        return found

    def find(self, service: str, purpose: str, recipient: str = "") -> Use | None:
        """The row of a use; None when the policy does not grant it."""
        return self.index.get(service, {}).get(purpose, {}).get(recipient)

    def use(self, service: str, purpose: str, recipient: str = "") -> Use:
        """The row of a use; UseRefused with what is near it when the policy does not grant it."""
        found = self.find(service, purpose, recipient)
        if found is not None:
            return found
        purposes = self.index.get(service, {})
        if service not in self.index:
            what, near = f"no use is granted to a service `{service}`", _near(service, self.index)
        elif purpose not in purposes:
            what = f"the policy does not let `{service}` use anything for `{purpose}`"
            near = _near(purpose, purposes)
        else:
            what = f"`{service}` may not hand anything to `{recipient}` for `{purpose}`"
            near = _near(recipient, filter(None, purposes[purpose]))
        raise UseRefused(what, near, f"clause {self.not_granted}" if self.not_granted else "")

    def of(self, service: str) -> Table:
        """What one service is given: its own uses, and no more toggles than they need."""
        uses = tuple(use for use in self.uses if use.service == service)
        need = HELD_BIT
        for use in uses:
            need |= use.need
        reasons = {bit: self.reasons[bit] for bit in reading.bits_in(need)}
        mine = {service: self.at_registration.get(service, ())}
        head = (self.policy, self.registry, self.edition, self.not_granted)
        return Table(*head, uses, reasons, mine, self.fresh_seconds)

    def as_json(self) -> dict[str, object]:
        """A plain form, for `from_json`; integers stand as the lists of their bits."""
        listed = reading.bits_in
        return {
            "format": 1,
            "policy": self.policy,
            "registry": self.registry,
            "edition": self.edition,
            "not_granted": self.not_granted,
            "fresh_seconds": self.fresh_seconds,
            "uses": [
                {
                    "service": use.service,
                    "purpose": use.purpose,
                    "recipient": use.recipient,
                    "clause": use.clause,
                    "vital": use.vital,
                    "need": listed(use.base_need),
                    "want": listed(use.base_want),
                    "parts": [[p.category, listed(p.need), listed(p.want)] for p in use.parts],
                }
                for use in self.uses
            ],
            "reasons": [[b, r.unit, r.refs, r.clause] for b, r in sorted(self.reasons.items())],
            "at_registration": dict(self.at_registration),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Table:
        """Read `as_json` again; BadInput when it is another format or is not sound."""
        if data.get("format") != 1:
            raise BadInput("the table is of another format", "update chikai in this service")
        head = tuple(
            reading.text(data.get(name), f"the table's `{name}`")
            for name in ("policy", "registry", "edition", "not_granted")
        )
        uses = tuple(_use(row) for row in reading.a_list(data.get("uses"), "the table's uses"))
        reasons = dict(_reason(r) for r in reading.a_list(data.get("reasons"), "the reasons"))
        given = reading.an_object(data.get("at_registration"), "`at_registration`")
        bits = {name: reading.numbers(value, "its bits") for name, value in given.items()}
        fresh = reading.number(data.get("fresh_seconds"), "`fresh_seconds`")
        return cls(head[0], head[1], head[2], head[3], uses, reasons, bits, fresh)

    @cached_property
    def digest(self) -> str:
        """`sha256:...` of the canonical bytes."""
        return canon.digest(self.as_json())


def quarantined(table: Table, bit: int) -> Table:
    """The table of a service whose database was restored: each use, a vital one too, wants a bit that nobody can have.

    `bit` is one that the registry has given to no toggle. A copy that hears of another table takes it with a snapshot.
    """
    lacking = 1 << bit
    uses = tuple(
        made(
            replace(use, base_need=use.base_need | lacking, base_want=use.base_want | lacking),
            use.parts,
        )
        for use in table.uses
    )
    why = Reason("quarantined", (), table.reasons[0].clause)
    return replace(table, uses=uses, reasons={**table.reasons, bit: why})


def compile_table(
    policy: Document,
    registry: Registry,
    *,
    vital: Collection[tuple[str, str]] = (),
    fresh_seconds: int = FRESH_SECONDS,
) -> Table:
    """Compile every use of a policy. `vital` names uses (service, purpose) that go on when freshness is lost."""
    uses = []
    for service in policy.services:
        for purpose in policy.purposes:
            is_vital = (service.id, purpose.id) in vital
            granted = purpose.categories_at(service.id)
            for recipient in (None, *policy.recipients):
                reach = granted
                if recipient is not None:
                    handed = recipient.categories if purpose.id in recipient.purposes else ()
                    reach = tuple(c for c in granted if c in handed)
                parts = tuple(
                    _part(registry, service.id, purpose, category.id)
                    for category in policy.categories
                    if category.id in reach
                )
                if parts:
                    row = _compiled(registry, service.id, purpose, recipient, is_vital=is_vital)
                    uses.append(made(row, parts))
    return Table(
        policy.digest,
        registry.digest,
        policy.edition,
        clause_about(policy, "purposes"),
        tuple(uses),
        {toggle.bit: _reason_of(policy, toggle) for toggle in registry.in_force()},
        {service.id: registry.at_registration(service.id) for service in policy.services},
        fresh_seconds,
    )


def _reason_of(policy: Document, toggle: Toggle) -> Reason:
    """What a bit says, and the clause that it serves."""
    if toggle.unit == "consent":
        clause = next((r.clause for r in policy.recipients if r.id == toggle.refs[0]), "")
    else:
        clause = clause_about(policy, "change" if toggle.unit == "may" else "suspension")
    return Reason(toggle.unit, toggle.refs, clause)


def _mask(toggles: Iterable[Toggle]) -> int:
    bits = 0
    for toggle in toggles:
        bits |= 1 << toggle.bit
    return bits


def _compiled(
    registry: Registry,
    service: str,
    purpose: Purpose,
    recipient: Recipient | None,
    *,
    is_vital: bool,
) -> Use:
    """What matters for a use whatever its categories."""
    suspensions = HELD_BIT
    if purpose.stop != "law":
        suspensions |= 1 << registry.find("purpose", purpose.id).bit
    wanted = _mask(registry.before(service, purpose.id))
    if recipient is not None and recipient.kind == "consent":  # Art. 27(1)
        wanted |= 1 << registry.find("consent", recipient.id, purpose.id).bit
    name = recipient.id if recipient is not None else ""
    clause = recipient.clause if recipient is not None else purpose.clause
    need = suspensions | wanted
    return Use(service, purpose.id, name, clause, need, wanted, (), need, wanted, is_vital)


def _part(registry: Registry, service: str, purpose: Purpose, category: str) -> Part:
    """What matters because of one category."""
    suspensions = 0
    if purpose.stop != "law":
        suspensions = 1 << registry.find("item", category).bit
        suspensions |= 1 << registry.find("cell", purpose.id, category).bit
    wanted = _mask(registry.before(service, purpose.id, category))
    return Part(category, suspensions | wanted, wanted)


def _use(value: object) -> Use:
    row = reading.an_object(value, "a use")
    who = [reading.text(row.get(n), n) for n in ("service", "purpose", "recipient", "clause")]
    need, want = reading.bits(row.get("need"), "need"), reading.bits(row.get("want"), "want")
    parts = []
    for each in reading.a_list(row.get("parts"), "a use's parts"):
        category, needs, wants = reading.a_list(each, "a part")
        parts.append(
            Part(
                reading.text(category, "a category"),
                reading.bits(needs, "need"),
                reading.bits(wants, "want"),
            )
        )
    vital = reading.flag(row.get("vital"), "vital")
    bare = Use(who[0], who[1], who[2], who[3], need, want, (), need, want, vital)
    use = made(bare, tuple(parts))
    if not use.base_need & HELD_BIT or use.want & (HELD_BIT | ~use.need) or not parts:
        raise BadInput("a use of the table lets held persons through", "take a new table")
    return use


def _reason(value: object) -> tuple[int, Reason]:
    bit, unit, refs, clause = reading.a_list(value, "a reason")
    if unit not in _REASONS:
        raise BadInput("a reason of the table is of an unknown unit", "update chikai")
    why = Reason(unit, reading.texts(refs, "refs"), reading.text(clause, "a clause"))
    return reading.number(bit, "a bit"), why


def _near(word: str, known: Iterable[str]) -> str:
    there = list(known)
    near = difflib.get_close_matches(word, there, 3)
    if near:
        return f"did you mean {', '.join(f'`{name}`' for name in near)}?"
    return (
        f"known are {', '.join(f'`{name}`' for name in there)}" if there else "nothing is granted"
    )
