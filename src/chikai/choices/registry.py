"""The toggles that a policy offers to a person, each with a bit of its own for ever.

A bit keeps its meaning: a new edition adds bits at the end and retires others, and no person's row is rewritten. A
suspension that comes back in a later edition comes back with its old bit, so that a person's stop still stands; a consent
that comes back gets a new one, so that an old yes never answers a new question.

Clauses: 5, 8.
Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 27(1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, get_args

from chikai import canon
from chikai.choices import reading
from chikai.errors import BadInput, WrongState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chikai.policy.document import Document, Purpose

Unit = Literal["held", "item", "purpose", "cell", "consent", "may"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
COLUMN: Final = 63  # a signed 64-bit column holds so many toggles


@dataclass(frozen=True, slots=True)
class Toggle:
    """One thing that a person may decide; bit `bit` of their choices says whether it is set.

    `refs` says about what: a data item (category), a purpose, a cell (purpose, category), a consent (recipient, purpose), or
    `may` (service, digest of the edition, then each `purpose` or `purpose/category` that the edition added).
    `default` is the state of somebody who is not known to us: held, and nothing else.
    """

    bit: int
    unit: Unit
    refs: tuple[str, ...] = ()
    default: bool = False
    retired: bool = False

    @property
    def is_wanted(self) -> bool:
        """Whether a use that needs this toggle wants it set: a consent, where a suspension must be clear."""
        return self.unit in ("consent", "may")

    def covers(self, service: str, purpose: str, category: str = "") -> bool:
        """Whether this `may` stands before a service's purpose, or before one category in it."""
        reach = f"{purpose}/{category}" if category else purpose
        return self.unit == "may" and self.refs[0] == service and reach in self.refs[2:]


# Where a toggle of each unit names what it is about.
_PLACES: Final[Mapping[str, Mapping[str, int]]] = {
    "purpose": {"purpose": 0, "cell": 0, "consent": 1},
    "item": {"item": 0, "cell": 1},
    "recipient": {"consent": 0},
}
HELD: Final = Toggle(0, "held", (), default=True)


@dataclass(frozen=True, slots=True)
class Unrelated:
    """A use that an edition added and that nobody could expect: older persons must agree first.

    An empty category means the whole purpose at this service. An officer decides it when the edition is compared.
    """

    service: str
    purpose: str
    category: str = ""


@dataclass(frozen=True)
class Registry:
    """Every toggle that was ever given, in the order of its bits, and the editions that were allocated."""

    toggles: tuple[Toggle, ...] = (HELD,)
    editions: tuple[str, ...] = ()

    @cached_property
    def _live(self) -> Mapping[tuple[Unit, tuple[str, ...]], Toggle]:
        return {(t.unit, t.refs): t for t in self.toggles if not t.retired}

    def find(self, unit: Unit, *refs: str) -> Toggle:
        """The toggle in force for a unit; WrongState when the edition was not allocated."""
        toggle = self._live.get((unit, refs))
        if toggle is None:
            said = " x ".join(refs) or unit
            raise WrongState(f"no toggle is in force for `{unit}` `{said}`", "allocate the edition")
        return toggle

    def offers(self, unit: Unit, *refs: str) -> bool:
        """Whether a toggle is in force for a unit."""
        return (unit, refs) in self._live

    def about(self, kind: str, id_: str) -> tuple[Toggle, ...]:
        """Every toggle, retired ones too, by which a person chooses about a purpose, an item or a recipient."""
        place = _PLACES.get(kind, {})
        return tuple(t for t in self.toggles if t.unit in place and t.refs[place[t.unit]] == id_)

    def in_force(self) -> tuple[Toggle, ...]:
        """The toggles that are not retired, in the order of their bits."""
        return tuple(self._live.values())

    def before(self, service: str, purpose: str, category: str = "") -> tuple[Toggle, ...]:
        """The `may` toggles that stand before a service's purpose, or before one category in it."""
        return tuple(t for t in self._mays if t.covers(service, purpose, category))

    @cached_property
    def _mays(self) -> tuple[Toggle, ...]:
        return tuple(t for t in self.toggles if t.unit == "may" and not t.retired)

    def at_registration(self, service: str) -> tuple[int, ...]:
        """The bits that registration under the newest edition sets: its notice named every use of today."""
        # Art. 21(1), 17(2): who was told of the purpose at acquisition is bound by it from the start.
        return tuple(t.bit for t in self._mays if t.refs[0] == service)

    @cached_property
    def wanted(self) -> int:
        """The bits of all consents that were ever given a toggle."""
        return sum(1 << t.bit for t in self.toggles if t.is_wanted)

    def allocate(self, policy: Document, unrelated: Iterable[Unrelated] = ()) -> Registry:
        """The registry with this edition in force: new bits at the end, what it no longer offers retired.

        `unrelated` are the uses of this edition that need consent from those who came before it. They are never retired
        by an edition: if the use goes and comes back, the same persons are still unasked.
        """
        offered = [*dict.fromkeys([*units(policy), *_mays(policy, unrelated)])]
        keep = set(offered)
        toggles = [
            toggle
            if toggle.unit in ("held", "may") or toggle.retired
            else replace(toggle, retired=(toggle.unit, toggle.refs) not in keep)
            for toggle in self.toggles
        ]
        known = {(t.unit, t.refs): t for t in toggles if not (t.retired and t.is_wanted)}
        for unit, refs in offered:
            old = known.get((unit, refs))
            if old is None:
                toggles.append(Toggle(len(toggles), unit, refs))
            elif old.retired:
                toggles[old.bit] = replace(old, retired=False)
        editions = (*(e for e in self.editions if e != policy.digest), policy.digest)
        return Registry(tuple(toggles), editions)

    def as_json(self) -> dict[str, object]:
        """A plain form, for `from_json`."""
        listed = [[t.bit, t.unit, list(t.refs), t.retired] for t in self.toggles]
        return {"format": 1, "editions": list(self.editions), "toggles": listed}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Registry:
        """Read `as_json` again; BadInput when a bit does not stand in its place."""
        toggles = []
        for place, row in enumerate(reading.a_list(data.get("toggles"), "the registry")):
            bit, unit, refs, retired = reading.a_list(row, "a toggle")
            if bit != place or unit not in UNITS or (bit == 0) != (unit == "held"):
                raise BadInput(
                    f"the registry has no sound toggle at bit `{place}`", "restore the registry"
                )
            held = unit == "held"
            toggles.append(
                Toggle(
                    place,
                    unit,
                    reading.texts(refs, "a toggle's refs"),
                    held,
                    reading.flag(retired, "retired"),
                )
            )
        return cls(tuple(toggles), reading.texts(data.get("editions"), "the editions"))

    @cached_property
    def digest(self) -> str:
        """`sha256:...` of the plain form."""
        return canon.digest(self.as_json())


def categories_of(policy: Document, purpose: Purpose) -> tuple[str, ...]:
    """What any service uses for a purpose, in the policy's order."""
    used = {c for service in policy.services for c in purpose.categories_at(service.id)}
    return tuple(c.id for c in policy.categories if c.id in used)


def units(policy: Document) -> Iterator[tuple[Unit, tuple[str, ...]]]:
    """What the policy lets a person decide, beside holding everything.

    Each purpose but those that a law asks for; each cell of it; each data item that such a purpose uses; and, for each
    recipient that receives data by consent, each purpose.
    """
    stoppable = [p for p in policy.purposes if p.stop != "law"]
    used = set[str]()
    for purpose in stoppable:
        categories = categories_of(policy, purpose)
        used.update(categories)
        yield "purpose", (purpose.id,)
        yield from (("cell", (purpose.id, category)) for category in categories)
    yield from (("item", (category.id,)) for category in policy.categories if category.id in used)
    for recipient in policy.recipients:
        if recipient.kind == "consent":  # Art. 27(1): the person's prior consent
            yield from (("consent", (recipient.id, purpose)) for purpose in recipient.purposes)


def _mays(
    policy: Document, unrelated: Iterable[Unrelated]
) -> Iterator[tuple[Unit, tuple[str, ...]]]:
    """One bit for each service with an unrelated change in this edition."""
    reach: dict[str, list[str]] = {}
    for change in unrelated:
        purpose = policy.purpose(change.purpose)
        granted = purpose.categories_at(change.service) if purpose else ()
        if not granted or (change.category and change.category not in granted):
            raise BadInput(
                f"the edition does not grant `{change.purpose}` to `{change.service}` as said",
                "name a use that this edition adds",
            )
        word = f"{change.purpose}/{change.category}" if change.category else change.purpose
        reach.setdefault(change.service, []).append(word)
    for service in sorted(reach):
        yield "may", (service, policy.digest, *sorted(set(reach[service])))


def columns(bits: int, toggles: int) -> tuple[int, ...]:
    """Choices cut into signed 64-bit columns b0, b1, ...: as many as `toggles` need, each below 2**63."""
    mask = (1 << COLUMN) - 1
    count = max(1, -(-toggles // COLUMN))
    return tuple(bits >> COLUMN * n & mask for n in range(count))


def column_of(bit: int) -> tuple[str, int]:
    """The column of a bit and its mask there: 64 is the second bit of `b1`."""
    return f"b{bit // COLUMN}", 1 << bit % COLUMN
