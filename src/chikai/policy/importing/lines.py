"""The lines of a text as a reader sees them: where each stands in the source, and its shadow for matching.

The shadow has the signs of the source one for one: full-width letters, digits and brackets become half-width, and the
radicals that PDF files print in place of common characters become those characters. Nothing is ever matched on
anything else, so every place that a rule finds is a place in the source.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LIKE: Final = {
    **{0xFF01 + i: 0x21 + i for i in range(94)},
    **dict.fromkeys((0x3000, 0xA0, 0x09, 0x2003, 0x2002, 0x202F, 0xFEFF, 0x200B), 0x20),
    **dict.fromkeys((0x2010, 0x2011, 0x2212, 0xFE63), 0x2D),
    0xFF61: 0x3002,
    0xFF64: 0x3001,
    **{
        code: ord(plain)
        for low, high in ((0x2E80, 0x2FE0), (0xF900, 0xFB00))
        for code in range(low, high)
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1
    },
}
_SHARPS: Final = re.compile(r"(#{1,6}) +")
_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,80})\1[::]?$")
_SLANTED: Final = re.compile(r"(\*|_)(?![*_\s])([^*_。]{2,40})(?<!\s)\1$")
_UNDERLINE: Final = re.compile(r"(=|-){3,}$")
_RULE: Final = re.compile(r"([-=_*~─━―…・]\s?){3,}$")
_PAGE_NUMBER: Final = re.compile(r"(-\s*)?\d{1,3}(\s*-|\s*/\s*\d{1,3}(ページ)?|\s*ページ)?$")
_OF_ONE_WORD: Final = re.compile(r"[^\x00-\x7f][A-Za-z]{1,12}\n[a-z]{1,12}[^\x00-\x7f]")
_LONG_RULE: Final = 5
_MANY: Final = 8
BOLD: Final = 7
SLANTED: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or several that a page or a column cut: `start` to `end` is its place in the source of `file`.

    `level` is 1-6 for a heading of the markup 7 for a line in bold and 8 for one in italics; `blank` counts the empty lines before it;
    `page` says that a page began there, and `ruled` that a rule stands above it; `hard` that the markup itself ends the line, so that nothing is joined to it.
    """

    file: int
    start: int
    end: int
    number: int
    indent: int
    text: str
    shadow: str
    level: int = 0
    blank: int = 0
    page: bool = False
    hard: bool = False
    ruled: bool = False
    breaks: tuple[tuple[str, int, int], ...] = ()

    def joined(self, other: Line, why: str, gap: str | None = None) -> Line:
        """This line with the next one, which goes on amid the sentence."""
        latin = self.shadow[-1:].isascii() and other.shadow[:1].isascii()
        # In Japanese `C` and `ookieにより` are one word; English parts its words with blanks.
        latin = (
            latin
            and other.shadow[:1] not in ")]"
            and not _OF_ONE_WORD.search(f"{self.shadow[-24:]}\n{other.shadow[:24]}")
        )
        if gap is None:
            gap = " " if latin and self.shadow and other.shadow else ""
        return replace(
            self,
            end=other.end,
            text=self.text + gap + other.text,
            shadow=self.shadow + gap + other.shadow,
            hard=other.hard,
            breaks=(*self.breaks, (why, self.end, other.start), *other.breaks),
        )

    def after(self, signs: int) -> Line:
        """The line without its first signs."""
        text, shadow = self.text[signs:], self.shadow[signs:]
        lead = len(shadow) - len(shadow.lstrip())
        return replace(self, text=text[lead:].rstrip(), shadow=shadow[lead:].rstrip())


def shadow(text: str) -> str:
    """The text for matching, sign for sign."""
    return text.translate(_LIKE)


def read(text: str, file: int, *, hard: bool = False) -> list[Line]:
    """The lines of a text that hold words, with the headings of its markup told apart."""
    found: list[Line] = []
    start, blank, page, ruled = 0, 0, False, False
    for raw, at, number in _raw(text):
        page = page or "\f" in text[start:at] or "\f" in raw
        start = at
        line = _line(raw, at, number, file)
        if line is None:
            blank += 1
            continue
        if found and not blank and _UNDERLINE.match(line.shadow) and not found[-1].level:
            found[-1] = replace(found[-1], level=1 if line.shadow[0] == "=" else 2)
            continue
        if _RULE.match(line.shadow) or (page and _PAGE_NUMBER.match(line.shadow)):
            blank += 1
            ruled = ruled or len(line.shadow) >= _LONG_RULE
            continue
        found.append(replace(line, blank=blank, page=page, ruled=ruled, hard=hard))
        blank, page, ruled = 0, False, False
    return list(_without_page_numbers(found))


def page_numbers(text: str, file: int, found: Sequence[Line]) -> list[Line]:
    """The lines of a text that were read as the number of a page, and so are not among those that were found."""
    known = {line.start for line in found}
    every = (_line(raw, at, number, file) for raw, at, number in _raw(text))
    return [
        line
        for line in every
        if line and line.start not in known and _PAGE_NUMBER.match(line.shadow)
    ]


def without_margin(found: Sequence[Line]) -> list[Line]:
    """The lines with their indents counted from the margin of the text, which says nothing."""
    margin = min((line.indent for line in found), default=0)
    return [replace(line, indent=line.indent - margin) for line in found]


def evened(found: Sequence[Line]) -> list[Line]:
    """The lines of a page with one level for its headings where a few of a higher one stand amid the many.

    A page whose `<h5>` headings go on below a run of `<h2>` chose its levels by their looks.
    """
    levels = [(at, line.level) for at, line in enumerate(found) if 0 < line.level < BOLD]
    said = [level for _, level in levels[1:]]
    usual = max(set(said), key=said.count, default=0)
    higher = [i for i, level in enumerate(said) if level < usual]
    amid = bool(higher) and higher[-1] - higher[0] + 1 == len(higher) and said[0] == usual
    if not amid or said.count(usual) <= len(higher) * 2 or said[-1] < usual:
        return list(found)
    raised = {levels[1:][i][0] for i in higher}
    return [replace(line, level=usual) if at in raised else line for at, line in enumerate(found)]


def single_spaced(found: Sequence[Line]) -> list[Line]:
    """The lines of a text with blank lines below every line, where only more of them say something."""
    between = [line.blank for line in found[1:] if not line.page]
    least = min(between, default=0)
    more = sum(blank > least for blank in between)
    cut = sum(
        not sentences.stops(a.shadow)
        and (sentences.unfinished(a.shadow) or sentences.amid(b.shadow))
        for a, b in itertools.pairwise(found)
    )
    # Where all stand equally far apart, each line is a paragraph, unless many sentences go on from line to line.
    if not least or max(more, cut) * _MANY < len(between):
        return list(found)
    return [replace(line, blank=-((least - line.blank) // (least + 1))) for line in found]


def _raw(text: str) -> Iterator[tuple[str, int, int]]:
    """The physical lines with their places and numbers; a page that ends amid a line parts it."""
    start = 0
    for number, raw in enumerate(text.split("\n"), 1):
        at = 0
        parts = raw.split("\f") if raw.strip("\f \t") else [raw]
        for part in parts:
            if part.strip() or len(parts) == 1:
                yield part, start + at, number
            at += len(part) + 1
        start += len(raw) + 1


def _without_page_numbers(found: list[Line]) -> Iterator[Line]:
    """A number alone at the end of a page is the number of the page."""
    paged = any(line.page for line in found)
    for here, line in enumerate(found):
        ends = found[here + 1].page if here + 1 < len(found) else paged
        if ends and _PAGE_NUMBER.match(line.shadow):
            continue
        yield line


def _line(raw: str, start: int, number: int, file: int) -> Line | None:
    raw_shadow = shadow(raw.replace("\f", " "))
    words = raw_shadow.strip()
    if not words:
        return None
    first = len(raw_shadow) - len(raw_shadow.lstrip())
    last = first + len(words)
    indent, level = _width(raw[:first]), 0
    if sharps := _SHARPS.match(raw_shadow, first):
        level, first = len(sharps[1]), sharps.end()
        closed = raw_shadow[first:last].rstrip("# ")
        last = first + len(closed)
    if slanted := _SLANTED.match(raw_shadow[first:last]):
        first, last, level = first + 1, first + 1 + len(slanted[2]), level or SLANTED
    elif bold := _BOLD.match(raw_shadow[first:last]):
        first, last = first + 2, first + 2 + len(bold[2])
        level = level or BOLD
    if first >= last:
        return None
    return Line(
        file,
        start + first,
        start + last,
        number,
        indent,
        raw[first:last],
        raw_shadow[first:last],
        level,
    )


def _width(space: str) -> int:
    return sum(2 if sign == "\u3000" else 4 if sign == "\t" else 1 for sign in space)
