"""Which choices of persons go on under an edition that is about to come, and the ids under which they do.

Clauses: 5, 8.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chikai.policy import carried, stored
from chikai.web.models import Edition
from chikai.web.models.choices import Choice, in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from chikai.policy.carried import Break, Pair
    from chikai.policy.document import Document


@dataclass(frozen=True, slots=True)
class Doubt:
    """A break that a publication would make, and how many persons have chosen about what breaks."""

    about: Break
    persons: int

    @property
    def is_certain(self) -> bool:
        """Whether the thing goes on in the same words under another id, which only the old id mends."""
        return self.about.is_moved and self.about.is_same_words

    @property
    def sentence(self) -> str:
        """What is wrong, as an error says it."""
        one = self.about
        was, now = one.old.ja or one.old.en, one.new.ja or one.new.en
        if one.is_moved:
            return f"`{was}` had the id `{one.id}`, and `{now}` has the id `{one.now}`"
        return f"the id `{one.id}` named `{was}`, and names `{now}`"


def under_known_ids(
    document: Document, *, apart: Collection[str] = ()
) -> tuple[Document, tuple[Pair, ...]]:
    """A document under the ids of the edition in force, and how its things were paired; as it is before the first one."""
    old = Edition.objects.document()
    if old is None:
        return document, ()
    return carried.over(old, document, used=_used(), apart=apart)


def undecided(pairs: Iterable[Pair], decided: Collection[str]) -> tuple[Pair, ...]:
    """The pairs of things that are only worded alike, about which somebody has chosen, and nobody has decided."""
    return tuple(
        one
        for one in pairs
        if not one.is_sure and one.id not in decided and chosen(one.kind, one.id)
    )


def doubts(document: Document, *, same: Collection[str] = ()) -> tuple[Doubt, ...]:
    """Where choices would pair with something else, were this document published now."""
    old = Edition.objects.document()
    found = carried.breaks(old, document, same=same) if old else ()
    return tuple(Doubt(one, chosen(one.kind, one.id)) for one in found)


def chosen(kind: str, id_: str) -> int:
    """How many persons have chosen about a purpose, an item or a recipient."""
    known = in_force()
    bits = [t.bit for t in known[0].about(kind, id_)] if known else []
    return Choice.objects.filter(bit__in=bits).values("person").distinct().count()


def _used() -> set[str]:
    """Every id that an edition or a toggle ever had."""
    return {*_of_editions(), *_of_toggles()}


def _of_editions() -> Iterator[str]:
    for row in Edition.objects.only("canonical"):
        one = stored.document(bytes(row.canonical))
        for things in (one.services, one.categories, one.purposes, one.recipients):
            yield from (thing.id for thing in things)


def _of_toggles() -> Iterator[str]:
    known = in_force()
    for toggle in known[0].toggles if known else ():
        yield from toggle.refs
