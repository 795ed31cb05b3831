"""Where the words of a reading that is no clause stand: title, operator and desk, and how sure they are."""

from __future__ import annotations

import functools
import re
from array import array
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from chikai.policy.importing.lines import shadow
from chikai.policy.outline import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.outline import Outline

# What may stand between the signs of a number or a name, and is not told.
_BETWEEN: Final = re.compile(r"[\s|]")
_OWN: Final = frozenset({"desk", "complaint", "controller", "procedure", "rights"})
_BESIDE, _ALONE, _NOWHERE = (
    0.9,
    0.75,
    0.5,
)  # in a clause of the operator, elsewhere, or not in these words


def title(outline: Outline) -> tuple[float, Span | None]:
    """How sure the title is, and where it stands."""
    found = _found(outline, outline.title, ())
    return (_BESIDE if found else _NOWHERE), found


def contact(outline: Outline) -> Iterator[tuple[str, float, Span | None]]:
    """Of each word on the operator and its desk, how sure it is and where it stands first."""
    near = [node.span for node in outline.walk() if node.kind in _OWN]
    for key, said in asdict(outline.contact).items():
        if said and key != "clause":
            found = _found(outline, said, near)
            beside = found and any(_holds(one, found) for one in near)
            yield key, (_BESIDE if beside else _ALONE if found else _NOWHERE), found


def preamble(outline: Outline) -> tuple[float, Span | None]:
    """How sure the words before the first article are, and where they stand where one file holds them."""
    before = [node for node in outline.nodes if node.id.startswith("pre")]
    if not before:
        return 1.0, None
    sure = min(node.confidence for node in before)
    first, last = before[0].span, before[-1].span
    if first.file != last.file:
        return sure, None
    return sure, Span(first.start, last.end, first.line, first.file)


def _found(outline: Outline, said: str, near: Sequence[Span]) -> Span | None:
    """The first place of some words, in these stretches before all others."""
    sign = _BETWEEN.sub("", shadow(said))
    if not sign:
        return None
    for name, text in outline.sources:
        dense, kept = _dense(text)
        places = [match.start() for match in re.finditer(re.escape(sign), dense)]
        spans = [_span(name, text, kept[at], kept[at + len(sign) - 1] + 1) for at in places[:20]]
        beside = (one for one in spans if any(_holds(whole, one) for whole in near))
        if found := next(beside, spans[0] if spans else None):
            return found
    return None


@functools.lru_cache(maxsize=2)
def _dense(text: str) -> tuple[str, Sequence[int]]:
    """The signs of a text without what may stand between them, and the place of each."""
    seen = shadow(text)
    kept = array("l", (at for at, one in enumerate(seen) if not _BETWEEN.match(one)))
    return "".join(seen[at] for at in kept), kept


def _span(name: str, text: str, start: int, end: int) -> Span:
    return Span(start, end, text.count("\n", 0, start) + 1, name)


def _holds(whole: Span, one: Span) -> bool:
    return whole.file == one.file and whole.start <= one.start and one.end <= whole.end
