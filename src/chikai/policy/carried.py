"""The ids of an edition carried over to the next one that was begun from a text, and where an id would mean another thing.

What persons chose stands under ids. An import counts purposes and items as they stand, so that a purpose put in before
others would take the id of the next, and with it everybody's stop. What has the same words keeps its id; what only has
like words is one thing where a person says so; and what is new gets an id that nothing had before.

Clauses: 5, 8.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from chikai.policy import counterparts, marks, widened
from chikai.policy.counterparts import ALIKE, Ids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chikai.policy.counterparts import Named
    from chikai.policy.document import Document, Text

Kind = Literal["service", "item", "purpose", "recipient"]
# What a person can choose about.
_CHOSEN: Final[tuple[Kind, ...]] = ("purpose", "item", "recipient")
# `お名前`, `ご住所`, `ご本人`; `おもちゃ` and `ごみ` stay whole.
_POLITE: Final = re.compile(r"[おご](?=[一-龠々])")
_FOR: Final = re.compile(r"(?:の|する)?ため(?:に)?$")


@dataclass(frozen=True, slots=True)
class Pair:
    """A thing of either edition, or of both: `id` is the one that it has in the new edition, `likeness` that of its names.

    Without `old` it is new; without `new` it has gone.
    """

    kind: Kind
    id: str
    old: Text | None
    new: Text | None
    likeness: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the names are the same, or there is nothing to pair."""
        return self.old is None or self.new is None or self.likeness == 1.0

    @property
    def is_same_bare(self) -> bool:
        """Whether both names are the same but for politeness and the ending `のため`: nobody need look for a difference."""
        if self.old is None or self.new is None:
            return False
        return bool(bare(self.old)) and bare(self.old) == bare(self.new)


@dataclass(frozen=True, slots=True)
class Break:
    """An id under which a person's choice would come to stand for something else, or a thing that leaves it behind.

    `id` had the name `old`; in the new edition it names `new`, or `new` has the id `now` instead.
    """

    kind: Kind
    id: str
    old: Text
    new: Text
    now: str

    @property
    def is_moved(self) -> bool:
        """Whether the thing itself goes on under another id."""
        return self.id != self.now

    @property
    def is_same_words(self) -> bool:
        """Whether both names are the same."""
        return plain(self.old) == plain(self.new)


def plain(name: Text) -> str:
    """A name without what a layout adds."""
    return marks.plain(name.ja or name.en)


def bare(name: Text) -> str:
    """A name without layout, without お and ご before a word, and without the ending `のため` or `ため`."""
    return _POLITE.sub("", _FOR.sub("", plain(name).rstrip("。．.、")))


def over(
    old: Document, new: Document, *, used: Collection[str] = (), apart: Collection[str] = ()
) -> tuple[Document, tuple[Pair, ...]]:
    """The new document under the ids of the old one, and how things were paired.

    `used` are ids that any edition had; nothing new takes one. `apart` are ids of the old edition whose thing has gone,
    whatever is worded like it.
    """
    known = {*used, *_every_id(old)}
    made: dict[Kind, Mapping[str, str]] = {}
    pairs: list[Pair] = []
    for kind, was, now in _kinds(old, new):
        made[kind], found = _carried(kind, was, now, known, apart)
        pairs += found
    ids = Ids(made["service"], made["item"], made["purpose"], made["recipient"])
    return counterparts.with_ids(new, ids), tuple(pairs)


def breaks(old: Document, new: Document, *, same: Collection[str] = ()) -> tuple[Break, ...]:
    """Where choices would pair with another purpose, item or recipient than the one that persons saw.

    `same` are ids that a person found to name one thing in both editions, or two things, as the editions have it.
    """
    return tuple(
        one
        for kind, was, now in _kinds(old, new)
        if kind in _CHOSEN
        for one in _breaks(kind, was, now)
        if one.id not in same or (one.is_moved and one.is_same_words)
    )


def _kinds(old: Document, new: Document) -> Iterator[tuple[Kind, Sequence[Named], Sequence[Named]]]:
    yield "service", old.services, new.services
    yield "item", old.categories, new.categories
    yield "purpose", old.purposes, new.purposes
    yield "recipient", old.recipients, new.recipients


def _every_id(one: Document) -> Iterator[str]:
    for _, things, _ in _kinds(one, one):
        yield from (thing.id for thing in things)


def _carried(
    kind: Kind,
    old: Sequence[Named],
    new: Sequence[Named],
    known: set[str],
    apart: Collection[str],
) -> tuple[dict[str, str], list[Pair]]:
    """What each id of the new edition becomes, and the pairs behind it."""
    found = counterparts.matched(old, new, anew=True)
    back = {now: was for was, now in found.items() if old[was].id not in apart}
    made: dict[str, str] = {}
    pairs: list[Pair] = []
    for at, one in enumerate(new):
        was = old[back[at]] if at in back else None
        made[one.id] = was.id if was else _fresh(one.id, kind, known)
        known.add(made[one.id])
        like = _likeness(was, one) if was else 0.0
        pairs.append(Pair(kind, made[one.id], was.name if was else None, one.name, like))
    stays = set(back.values())
    pairs += (Pair(kind, one.id, one.name, None) for n, one in enumerate(old) if n not in stays)
    return made, pairs


def _likeness(one: Named, other: Named) -> float:
    words = plain(one.name), plain(other.name)
    return 1.0 if words[0] == words[1] else min(widened.likeness(*words), 0.99)


def _fresh(id_: str, kind: Kind, known: Collection[str]) -> str:
    """An id that no edition had: its own, or the next that counts."""
    number = 1
    while id_ in known:
        id_, number = f"{kind}_{number}", number + 1
    return id_


def _breaks(kind: Kind, old: Sequence[Named], new: Sequence[Named]) -> Iterator[Break]:
    by_id = {str(one.id): one for one in new}
    before = {one.id for one in old}
    by_words = {plain(one.name): one for one in reversed(new)}
    come = [one for one in new if one.id not in before]
    for was in old:
        here, words = by_id.get(was.id), plain(was.name)
        if here is not None and (plain(here.name) == words or not counterparts.is_made(was.id)):
            continue  # an id that a person gave says so by itself
        moved = by_words.get(words)
        if moved is None and here is None:
            scored = [(_likeness(was, one), one.id) for one in come]
            score, id_ = max(scored, default=(0.0, ""))
            moved = by_id[id_] if score >= ALIKE else None
        if now := moved or here:
            yield Break(kind, was.id, was.name, now.name, now.id)
