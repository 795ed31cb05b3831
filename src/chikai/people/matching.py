"""Who is the same person: the rule, over the links that carry one and the same address.

Two links are one person when both services proved that the person reads the address, unless

1. the address stands proved on two keys of one identity table: several people read that mailbox;
2. the names disagree: then two people may share it, or one has changed a name;
3. an officer found that people who would be joined are not one.

What is not joined and might be one is a doubt, for an officer. An equal name alone is nothing at all.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

Reason = Literal["shared_mailbox", "names_differ", "unverified", "parted", "said"]
REASONS: Final[tuple[Reason, ...]] = (
    "shared_mailbox",
    "names_differ",
    "unverified",
    "parted",
    "said",  # somebody said the address or the number at the desk; no sync finds such a pair
)

# An officer sees from so many pairs that a mailbox is shared; a placeholder address on 100,000 rows shows no more.
PAIRS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """A link that carries the address: where it stands, whether it is proved, the digest of its name, whose it is.

    `new` says that the link's person was made in this very run: nobody was ever told of that person.
    """

    link: int
    place: tuple[str, str]
    key: str
    verified: bool
    name: bytes | None
    person: str
    new: bool = False

    @property
    def order(self) -> tuple[tuple[str, str], str]:
        """Where it stands, so that no result depends on the order of reading."""
        return self.place, self.key


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two links that may be one person, and why nobody joined them. `a` has the smaller number."""

    reason: Reason
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one address says: sets of links that are one person each, and doubts."""

    same: tuple[tuple[Claim, ...], ...] = ()
    doubts: tuple[Doubt, ...] = ()


def judge(claims: Iterable[Claim]) -> Verdict:
    """Judge the links that carry one address. Each set in `same` has at least two persons in it."""
    group = sorted(claims, key=lambda claim: claim.order)
    proved = [claim for claim in group if claim.verified]
    places = {claim.place for claim in proved}
    unproved = _unproved(group, proved)
    if len(places) < len(proved):
        return Verdict((), (*_star("shared_mailbox", proved[0], proved[1:]), *unproved))
    names = {claim.name for claim in proved if claim.name is not None}
    if len(names) <= 1:
        return Verdict(_several([proved]), unproved)
    by_name: dict[bytes, list[Claim]] = defaultdict(list)
    for claim in proved:
        if (
            claim.name is not None
        ):  # a link without a name agrees with both names, so it joins neither
            by_name[claim.name].append(claim)
    first = proved[0]
    others = [claim for claim in proved[1:] if claim.name is None or claim.name != first.name]
    return Verdict(
        _several(list(by_name.values())), (*_star("names_differ", first, others), *unproved)
    )


def _several(sets: Sequence[list[Claim]]) -> tuple[tuple[Claim, ...], ...]:
    """The sets that hold more than one person."""
    return tuple(tuple(one) for one in sets if len({claim.person for claim in one}) > 1)


def _unproved(group: Sequence[Claim], proved: Sequence[Claim]) -> tuple[Doubt, ...]:
    """Doubts about links whose address nobody proved, each against the first proved link, or the first of all."""
    if len(proved) == len(group):
        return ()
    first = proved[0] if proved else group[0]
    rest = [c for c in group if not c.verified and c is not first and c.place != first.place]
    return _star("unverified", first, rest)


def _star(reason: Reason, first: Claim, others: Iterable[Claim]) -> tuple[Doubt, ...]:
    pairs = (other for other in others if other.person != first.person)
    found: list[Doubt] = []
    for other in pairs:
        if len(found) == PAIRS_SHOWN:
            break
        found.append(Doubt(reason, min(first.link, other.link), max(first.link, other.link)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Joining:
    """Persons that become one: the oldest stays. Ids are UUIDv7 in hexadecimal, so the smallest is the oldest."""

    kept: str
    gone: tuple[str, ...]


def join(
    same: Iterable[AbstractSet[str]], apart: Iterable[tuple[str, str]]
) -> tuple[tuple[Joining, ...], frozenset[str]]:
    """Join sets of persons that overlap; returns the joinings, and the persons that an officer's finding kept apart.

    When two persons that would become one were found not to be one, nobody of that whole chain is joined: it is not
    for us to choose which of its members is the exception.
    """
    root: dict[str, str] = {}

    def top(person: str) -> str:
        root.setdefault(person, person)
        while root[person] != person:
            root[person] = root[root[person]]
            person = root[person]
        return person

    for persons in same:
        first, *rest = sorted(persons)
        for person in rest:
            low, high = sorted((top(first), top(person)))
            root[high] = low
    blocked = {top(a) for a, b in apart if a in root and b in root and top(a) == top(b)}
    members: dict[str, list[str]] = defaultdict(list)
    for person in sorted(root):
        members[top(person)].append(person)
    joined = tuple(
        Joining(kept, tuple(p for p in persons if p != kept))
        for kept, persons in sorted(members.items())
        if kept not in blocked and len(persons) > 1
    )
    return joined, frozenset(p for kept in blocked for p in members[kept])


def parted(group: Sequence[Claim]) -> tuple[Doubt, ...]:
    """Doubts about a set of links that an officer's finding kept from being joined."""
    first, *rest = sorted(group, key=lambda claim: claim.order)
    return _star("parted", first, rest)


def is_believed(rows: int, before: int) -> bool:
    """Whether an identity table that had `before` rows and now shows `rows` was read whole.

    A table that is suddenly empty, or has lost more than half, is more often a wrong connection than so many people.
    """
    return rows * 2 >= before and (rows > 0 or before == 0)
