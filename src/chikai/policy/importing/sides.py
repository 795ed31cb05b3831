"""Whether a Japanese and an English text say the same of one company: who is reached where, the day, and how many clauses.

Names of companies are written otherwise in the other language, so that the ways to reach them are compared: the first
name of a domain, a telephone number with or without +81, a postal code. Two texts of which no such fact is the same,
and two things differ, are those of different companies; what else differs is only said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import contact, days, tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chikai.policy.importing.lines import Line

_KANA: Final = re.compile(r"[ぁ-んァ-ヶ]")
_LATIN: Final = re.compile(r"[A-Za-z]{2}")
_DOMAIN: Final = re.compile(
    r"(?:@|https?://)(?:www\.)?(?P<host>[a-z0-9.-]+\.[a-z]{2,})", re.IGNORECASE
)
# What stands in a domain behind the name that somebody chose.
_SUFFIX: Final = re.compile(r"(?:\.(?:co|or|ne|ac|go|gr|ed|lg))?\.[a-z]{2,}$")
_REACH: Final = ("domain", "telephone", "postal code")
_ENOUGH: Final = 2


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing that the two texts say otherwise: what it is, and the words of the Japanese and of the English text."""

    what: str
    ja: str
    en: str

    def __str__(self) -> str:
        """`domain `a` and `b``."""
        return f"{self.what} `{self.ja}` and `{self.en}`"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the sides say otherwise, and whether they are the texts of different companies."""

    differ: tuple[Differs, ...] = ()
    are_of_two: bool = False

    @property
    def said(self) -> str:
        """What differs, in one line."""
        return ", ".join(str(one) for one in self.differ)


def is_japanese(part: Sequence[Line]) -> bool:
    """Whether a part is in Japanese."""
    text = "".join(line.shadow for line in part[:200])
    return len(_KANA.findall(text)) * 20 > len(text)


def is_english(part: Sequence[Line]) -> bool:
    """Whether a part is in English."""
    text = "".join(line.shadow for line in part[:200])
    return not _KANA.search(text) and len(_LATIN.findall(text)) * 6 > len(text)


def compared(documents: Sequence[Sequence[Line]], dated: Sequence[Line]) -> Compared:
    """The Japanese beside the English documents of a text; `dated` are the lines apart that only name a day."""
    ja = [one for one in documents if is_japanese(one)]
    en = [one for one in documents if is_english(one)]
    if not ja or not en:
        return Compared()
    said, other = (_facts(side, _dated(side, documents, dated)) for side in (ja, en))
    both = [what for what in said if said[what] and other[what]]
    found = [what for what in both if said[what].isdisjoint(other[what])]
    reach = [what for what in _REACH if what in both]
    two = bool(reach) and set(reach) <= set(found) and len(found) >= _ENOUGH
    differ = (Differs(what, min(said[what]), min(other[what])) for what in found)
    return Compared(tuple(differ), two)


def _dated(
    side: Sequence[Sequence[Line]], documents: Sequence[Sequence[Line]], dated: Sequence[Line]
) -> Iterator[Line]:
    """The lines with a day that stand in the documents of one side."""
    for line in dated:
        before = [
            one for one in documents if (one[0].file, one[0].start) <= (line.file, line.start)
        ]
        same = [one for one in before or documents[:1] if one[0].file == line.file]
        if any(one is (same or before or documents)[-1] for one in side):
            yield line


def _facts(side: Sequence[Sequence[Line]], dated: Iterable[Line]) -> dict[str, set[str]]:
    """What one side says of each thing that can be compared."""
    lines = [line for one in side for line in one]
    every = [*lines, *dated]
    files = [""] * (max(line.file for line in every) + 1)
    on = [day.on for day in days.named(every, files) if day.on]
    hosts = (match["host"].lower() for line in lines for match in _DOMAIN.finditer(line.shadow))
    said = contact.of(lines, (), "")
    return {
        "domain": {_SUFFIX.sub("", host).rpartition(".")[2] for host in hosts},
        "telephone": {re.sub(r"^(?:81|0)", "", re.sub(r"\D", "", said.phone))} - {""},
        "postal code": {said.postal_code} - {""},
        "last day": {max(on).isoformat()} if on else set(),
        "number of clauses": {str(sum(len(tree.grown(one)) - 1 for one in side))},
    }
