"""Two published editions compared, as pages show it: each change with what it asks, each clause side by side.

What an officer decided about a change is taken from the preparation of the edition, from its announcement, and from the
questions that it asks; a change that nobody decided about says so. Editions never change, so a comparison is kept.

Clauses: 8.
Law: APPI Art. 17(2), APPI Art. 21(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from chikai.policy import change, pairing, stored
from chikai.web.actions import policy_announce
from chikai.web.models import Announcement, Edition, Preparation, PreparedNotice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chikai.policy.change import Change, Decision, Needs
    from chikai.policy.document import Document, Language
    from chikai.policy.marks import Mark
    from chikai.policy.pairing import Pair, Place

KEPT = 32  # comparisons that a process keeps


@dataclass(frozen=True, slots=True)
class Row:
    """A changed clause: its numbers, what its change asks, and its words before and after in one language."""

    anchor: str
    old_number: str
    new_number: str
    marks: tuple[Mark, ...]
    needs: tuple[Needs, ...]
    is_numbered: bool
    is_added: bool
    is_ended: bool

    @property
    def is_other_tongue(self) -> bool:
        """Whether the words of this language are the same, and only the other language's differ."""
        return all(mark.kind == "same" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Fold:
    """Clauses that follow each other and did not change: each with its number and its words."""

    clauses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that a page about two documents shows."""

    changes: tuple[Change, ...]
    blocks: tuple[Row | Fold, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The changed clauses alone."""
        return tuple(block for block in self.blocks if isinstance(block, Row))

    @property
    def groups(self) -> list[tuple[Change, ...]]:
        """The changes that follow each other, are of one kind and ask for the same."""
        same = groupby(self.changes, key=lambda c: (c.kind, c.needs, c.duties))
        return [tuple(group) for _, group in same]

    @property
    def counts(self) -> dict[Needs, int]:
        """How many changes need what, of those that some do."""
        found = {needs: sum(c.needs == needs for c in self.changes) for needs in change.NEEDS}
        return {needs: number for needs, number in found.items() if number}

    @property
    def asks_consent(self) -> bool:
        """Whether some change needs a person's consent."""
        return any(c.needs == "consent" for c in self.changes)


def editions(old: Edition, new: Edition, language: Language) -> Compared:
    """Two editions, with what was decided about each change between them."""
    found, pairs = _between(old.digest, new.digest)
    passed = Edition.objects.filter(number__gt=old.number, number__lte=new.number).only(
        "pk", "digest", "number"
    )
    unrelated = frozenset[str]().union(
        *(policy_announce.asked_of(edition.digest) for edition in passed)
    )
    told = PreparedNotice.objects.filter(edition__in=[e.pk for e in passed])
    answers = {
        **{
            d.about: d.answer
            for row in told.exclude(announcement=None)
            for d in row.made_decisions()
        },
        **Preparation.objects.answers(passed),
    }
    changes = change.decided(
        found, related=_announced(passed), unrelated=unrelated, answers=answers
    )
    return _compared(changes, pairs, language)


def documents(
    old: Document, new: Document, language: Language, *, decisions: Iterable[Decision] = ()
) -> Compared:
    """A draft against what is in force, with what was decided so far."""
    answers = {one.about: one.answer for one in decisions}
    changes = change.decided(change.between(old, new), answers=answers)
    return _compared(changes, pairing.pairs(old, new), language)


@lru_cache(maxsize=KEPT)
def _between(old: str, new: str) -> tuple[tuple[Change, ...], tuple[Pair, ...]]:
    first, second = (
        stored.document(bytes(Edition.objects.get(digest=digest).canonical))
        for digest in (old, new)
    )
    return change.between(first, second), pairing.pairs(first, second)


def _announced(passed: Iterable[Edition]) -> frozenset[str]:
    """What an officer named as expected when an edition was announced."""
    rows = Announcement.objects.filter(edition__in=[e.pk for e in passed])
    return frozenset(
        c["refs"][0]
        for row in rows
        for c in row.changes
        if c["needs"] == "notice" and c["refs"] and c["kind"] in change.ASKED
    )


def _compared(changes: tuple[Change, ...], pairs: tuple[Pair, ...], language: Language) -> Compared:
    asked: dict[Place, list[Needs]] = {}
    for one in changes:
        if one.kind != "numbering":
            for place in one.places:
                asked.setdefault(place, []).append(one.needs)
    blocks: list[Row | Fold] = []
    for is_changed, group in groupby(pairs, key=lambda pair: pair.is_changed):
        if is_changed:
            blocks += [
                _row(pair, language, (*dict.fromkeys(asked.get(pair.place, ())),)) for pair in group
            ]
        else:
            blocks.append(Fold(tuple(_same(pair, language) for pair in group)))
    return Compared(change.folded(changes), tuple(blocks))


def _same(pair: Pair, language: Language) -> tuple[str, str]:
    return pairing.called(pair.new).in_(language), pairing.whole(pair.new, language)


def _row(pair: Pair, language: Language, needs: tuple[Needs, ...]) -> Row:
    return Row(
        anchor=pairing.anchor(pair.place),
        old_number=pairing.called(pair.old).in_(language),
        new_number=pairing.called(pair.new).in_(language),
        marks=pair.marks(language),
        needs=needs,
        is_numbered=any(c is not None and bool(c.number) for c in (pair.old, pair.new)),
        is_added=pair.old is None,
        is_ended=pair.new is None,
    )
