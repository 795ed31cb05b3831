"""Words that know where each of their signs stands in the file that they come from.

What is read is not the file: line ends are evened, tags go, entities become their signs. Every such change is made on
`Placed` words, so the places go with the signs, and `Outline.origin` can say of any span of the read text what stretch of
the file it is. A sign that the reading itself put in (`# `, ` | `) has the place of the sign after it, and no length.
"""

from __future__ import annotations

import html
import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LINE_ENDS: Final = re.compile(r"\r\n?")
_OWN_LINES: Final = re.compile(r"\r\n?|\n")
_ENTITY: Final = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_NOWHERE: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Words, and of each sign where it starts and ends in the file; -1 for one that stands nowhere in it."""

    words: str
    starts: array[int]
    ends: array[int]

    @classmethod
    def of(cls, text: str) -> Placed:
        """A text as the file has it."""
        return cls(text, array("l", range(len(text))), array("l", range(1, len(text) + 1)))

    @classmethod
    def made(cls, words: str) -> Placed:
        """Words that the file does not have."""
        nowhere = array("l", [_NOWHERE]) * len(words)
        return cls(words, nowhere, nowhere)

    @classmethod
    def joined(cls, parts: Iterable[Placed], between: str = "") -> Placed:
        """Some words after each other."""
        all_, gap = list(parts), cls.made(between)
        starts, ends = array("l"), array("l")
        for at, part in enumerate(all_):
            if at:
                starts += gap.starts
                ends += gap.ends
            starts += part.starts
            ends += part.ends
        return cls(between.join(part.words for part in all_), starts, ends)

    def __getitem__(self, part: slice) -> Placed:
        return Placed(self.words[part], self.starts[part], self.ends[part])

    def __len__(self) -> int:
        return len(self.words)

    def stripped(self, signs: str | None = None) -> Placed:
        """The words without blanks, or these signs, at both ends."""
        start = len(self) - len(self.words.lstrip(signs))
        return self[start : max(start, len(self.words.rstrip(signs)))]

    def split(self, at: str) -> Iterator[Placed]:
        """The words between these."""
        start = 0
        for piece in self.words.split(at):
            yield self[start : start + len(piece)]
            start += len(piece) + len(at)

    def sub(self, pattern: re.Pattern[str], said: str | Callable[[re.Match[str]], str]) -> Placed:
        """The words with others for what matches, which stand where that stood."""
        parts: list[Placed] = []
        last = 0
        for match in pattern.finditer(self.words):
            start, end = match.span()
            new = said if isinstance(said, str) else said(match)
            parts += [self[last:start], self._instead(start, end, new)]
            last = end
        return Placed.joined([*parts, self[last:]]) if parts else self

    def _instead(self, start: int, end: int, new: str) -> Placed:
        """Other words in the place of some."""
        if start == end:
            return Placed.made(new)
        if len(new) == end - start:
            return Placed(new, self.starts[start:end], self.ends[start:end])
        one = array("l", [self.starts[start]]), array("l", [self.ends[end - 1]])
        return Placed(new, one[0] * len(new), one[1] * len(new))

    def unescaped(self, said: str, at: int) -> Placed:
        """What the parser of a page said of the words from here on, in which entities may stand for signs."""
        if self.words.startswith(said, at) and "&" not in said:
            return self[at : at + len(said)]
        parts: list[Placed] = []
        made = 0
        while made < len(said):
            plain = self.words.find("&", at)
            plain = (len(self) if plain < 0 else plain) - at
            if plain and self.words.startswith(run := said[made : made + plain], at):
                parts.append(self[at : at + len(run)])
                made, at = made + len(run), at + len(run)
                continue
            entity = _ENTITY.match(self.words, at)
            new = html.unescape(entity[0]) if entity else said[made]
            if entity is None or not new or not said.startswith(new, made):
                entity, new = None, said[made]  # the parser took it for none
            end = entity.end() if entity else at + 1
            known = at < len(self)
            parts.append(self._instead(at, end, new) if known else Placed.made(new))
            made, at = made + len(new), end
        return Placed.joined(parts)


def of_file(text: str) -> Placed:
    """The text of a file with the line ends that are read, without the mark of its byte order."""
    placed = Placed.of(text).sub(_LINE_ENDS, "\n")
    return placed[1:] if text.startswith("\ufeff") else placed


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where the signs of a read text stand in its file, and where the lines of the file begin."""

    starts: array[int]
    ends: array[int]
    lines: array[int]

    @classmethod
    def of(cls, read: Placed, file: str) -> Origin:
        """The places of what was read in a file."""
        starts, ends = array("l", read.starts), array("l", read.ends)
        for at in range(len(ends)):
            if ends[at] == _NOWHERE:
                ends[at] = ends[at - 1] if at else 0
        for at in range(len(starts) - 1, -1, -1):
            if starts[at] == _NOWHERE:
                starts[at] = starts[at + 1] if at + 1 < len(starts) else len(file)
        lines = array("l", [0, *(match.end() for match in _OWN_LINES.finditer(file))])
        return cls(starts, ends, lines)

    def place(self, start: int, end: int) -> tuple[int, int, int]:
        """The stretch of the file that holds these signs, and its line."""
        if start >= len(self.starts):
            first = last = max(self.ends, default=0)
        elif start >= end:
            first = last = self.starts[start]
        else:
            # A cell that stands beside several rows is read again in each.
            first = min(self.starts[start:end])
            last = max(self.ends[start:end])
        last = max(first, last)
        return first, last, bisect_right(self.lines, first)
