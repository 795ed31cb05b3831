"""Two wordings of one clause side by side: what stayed, what was taken out, what was put in.

Japanese is compared sign by sign and Latin words whole; a stay of one sign between two changes is taken into them, so
that a reader sees phrases and no crumbs. Very long texts are compared line by line, which bounds the time.

Clauses: 8.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["same", "removed", "added"]
_TOKENS: Final = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
_LINES: Final = re.compile(r"[^\n。]*[\n。]?")
LARGEST: Final = 4_000_000  # of the product of both lengths, in tokens
CRUMB: Final = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of text, and whether both wordings have it."""

    kind: Kind
    text: str


def between(old: str, new: str) -> tuple[Mark, ...]:
    """The marks whose `same` and `removed` runs give the old text, `same` and `added` the new one."""
    first, second = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(first) * len(second) > LARGEST:
        first, second = (list(filter(None, _LINES.findall(text))) for text in (old, new))
    if len(first) * len(second) > LARGEST:
        return tuple(_runs([("", old, new)]))
    return tuple(_runs(_swept(list(_steps(first, second)))))


def plain(text: str) -> str:
    """A text without what a layout adds: width of signs, spaces, line breaks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def likeness(old: str, new: str) -> float:
    """How alike two texts are, from 0 to 1; an upper bound where they are too long to compare."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    quick = matcher.real_quick_ratio()
    if quick < 0.4 or len(old) * len(new) > LARGEST:
        return quick
    quick = matcher.quick_ratio()
    return quick if quick < 0.4 else matcher.ratio()


# One step of a comparison: what both have, what only the old has, what only the new has.
_Step = tuple[str, str, str]


def _steps(first: Sequence[str], second: Sequence[str]) -> Iterator[_Step]:
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "".join(first[a:b]), "", ""
        else:
            yield "", "".join(first[a:b]), "".join(second[c:d])


def _swept(steps: list[_Step]) -> list[_Step]:
    """The steps with every crumb that stands between two changes taken into them."""
    made: list[_Step] = []
    for place, (same, gone, come) in enumerate(steps):
        crumb = 0 < len(same) <= CRUMB and 0 < place < len(steps) - 1
        if same and not crumb:
            made.append((same, "", ""))
        elif made and not made[-1][0]:
            _, before, after = made[-1]
            made[-1] = ("", before + same + gone, after + same + come)
        else:
            made.append(("", same + gone, same + come))
    return made


def _runs(steps: list[_Step]) -> Iterator[Mark]:
    for same, gone, come in steps:
        if same:
            yield Mark("same", same)
        if gone:
            yield Mark("removed", gone)
        if come:
            yield Mark("added", come)
