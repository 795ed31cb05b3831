"""The clauses of two editions, each beside the one that it was: by its words first, and by its number last.

A clause that was put in therefore does not make all that follow it look changed.

Clauses: 8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chikai.policy import marks
from chikai.policy.document import LANGUAGES, Clause, Document, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chikai.policy.document import Language

# What an import leaves to be written, such as the other language of each clause.
_OPEN: Final = re.compile(r"【要記入：[^】]*】[.。]?")
ALIKE: Final = 0.5  # the least likeness of two wordings of one clause
NAMELESS: Final[dict[str, Text]] = {
    "": Text(),
    "scope": Text("前文", "Preamble"),
    "date": Text("日付", "Dates"),
}
# The id of a clause in the old and in the new edition; an empty one where an edition lacks it.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of both editions, or of one of them."""

    old: Clause | None
    new: Clause | None

    @property
    def place(self) -> Place:
        """Its two ids."""
        return (self.old.id if self.old else "", self.new.id if self.new else "")

    @property
    def is_changed(self) -> bool:
        """Whether a reader of either language sees other words."""
        return self.old is None or self.new is None or said(self.old) != said(self.new)

    @property
    def is_only_layout(self) -> bool:
        """Whether only spaces, breaks and the width of signs differ."""
        return (
            self.old is not None
            and self.new is not None
            and all(
                marks.plain(a) == marks.plain(b)
                for a, b in zip(said(self.old), said(self.new), strict=True)
            )
        )

    def marks(self, language: Language) -> tuple[marks.Mark, ...]:
        """Heading and body of both, compared in one language."""
        return marks.between(*(whole(clause, language) for clause in (self.old, self.new)))


def called(clause: Clause | None) -> Text:
    """How people name a clause: its printed number, or what it is where it has none."""
    if clause is None:
        return NAMELESS[""]
    if clause.number:
        # A folder joins `第3条` and `2` by a point, which nobody prints.
        number = re.sub(r"(?<=[条項号章節])\.(?=[0-9])", "", clause.number)
        return Text(number, number)
    return NAMELESS.get(clause.kind, Text(clause.id, clause.id))


def anchor(place: Place) -> str:
    """One word for the place of a pair, for addresses within a page."""
    return "-".join(dict.fromkeys(filter(None, place)))


def said(clause: Clause) -> tuple[str, ...]:
    """Everything that a clause says, in both languages; what is still to be written says nothing."""
    texts = (clause.heading.ja, clause.body.ja, clause.heading.en, clause.body.en)
    return tuple(_OPEN.sub("", text) for text in texts)


def whole(clause: Clause | None, language: Language) -> str:
    """Heading and body of a clause in one language; empty where there is none."""
    if clause is None:
        return ""
    return "\n".join(filter(None, (clause.heading.in_(language), clause.body.in_(language))))


@lru_cache(maxsize=8)
def pairs(old: Document, new: Document) -> tuple[Pair, ...]:
    """The clauses of both editions in the order of the new one, those that were taken out where they stood.

    Kept for the next who asks: one page of two editions asks several times, and comparing them takes half a second.
    """
    found = _matched(old.clauses, new.clauses)
    taken = set(found.values())
    made: list[Pair] = []
    gone = iter([*old.clauses, None])
    waiting = next(gone)
    for place, clause in enumerate(new.clauses):
        was = found.get(place)
        if was is not None:
            # What was taken out before this clause's old place is told before it.
            while waiting is not None and old.clauses.index(waiting) <= was:
                if old.clauses.index(waiting) not in taken:
                    made.append(Pair(waiting, None))
                waiting = next(gone)
        made.append(Pair(None if was is None else old.clauses[was], clause))
    while waiting is not None:
        if old.clauses.index(waiting) not in taken:
            made.append(Pair(waiting, None))
        waiting = next(gone)
    return tuple(made)


def _matched(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    """For each place in the new edition its place in the old: same words first, then same id, then like words."""
    found: dict[int, int] = {}
    left = list(range(len(old)))

    def take(same: Callable[[Clause, Clause], bool]) -> None:
        for place, clause in enumerate(new):
            if place in found:
                continue
            was = next((i for i in left if same(old[i], clause)), None)
            if was is not None:
                found[place] = was
                left.remove(was)

    take(lambda a, b: a.id == b.id and said(a) == said(b))
    take(lambda a, b: said(a) == said(b))
    take(lambda a, b: a.id == b.id and _alike(a, b) >= ALIKE)
    for place, clause in enumerate(new):
        if place in found or not left:
            continue
        score, was = max((_alike(old[i], clause), -i) for i in left)
        if score >= ALIKE:
            found[place] = -was
            left.remove(-was)
    # A clause with another text under the same number is the same clause written anew.
    take(lambda a, b: a.id == b.id)
    return found


def _alike(old: Clause, new: Clause) -> float:
    return max(
        marks.likeness(*texts)
        for lang in LANGUAGES
        if all(texts := [marks.plain(_OPEN.sub("", whole(one, lang))) for one in (old, new)])
        or lang == "ja"
    )
