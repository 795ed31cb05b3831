"""Looking up what an error says: the one way of pages and of the command line, which brings its own catalogue.

Numbers and names in backticks become `%(a)s`, `%(b)s` in the order in which they stand; names that follow each other, as
in a list, are one. What stands behind a colon is looked up phrase by phrase, what stands in lines below is kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS: Final = re.compile(r"`[^`]*`(?:(?: |, | or )`[^`]*`)*|\d+(?:-\d+)*")
_BETWEEN: Final = re.compile(r"(?<=`)(, | or )(?=`)")
_NAMES: Final = "abcdefgh"


def found(text: str, look: Callable[[str], str]) -> str:
    """One sentence as the catalogue has it; empty where it has none."""
    return _known(text, look) or _with_phrases(text, look)


def _known(text: str, look: Callable[[str], str]) -> str:
    """The translation of a text; empty where it has none."""
    exact = look(text)
    if exact != text:
        return exact
    parts = _PARTS.findall(text)
    if not parts or len(parts) > len(_NAMES):
        return ""
    names = iter(_NAMES)
    pattern = _PARTS.sub(lambda _: f"%({next(names)})s", text)
    known = look(pattern)
    if known == pattern:
        return ""
    listed = (_BETWEEN.sub(lambda _: "、", part) for part in parts)
    return known % dict(zip(_NAMES, listed, strict=False))


def _with_phrases(text: str, look: Callable[[str], str]) -> str:
    """A sentence such as `it lacks: one thing, another`; empty where some piece has no translation."""
    head, colon, tail = text.partition(": ")
    said = [_known(piece, look) for piece in (head, *tail.split(", "))] if colon else [""]
    return f"{said[0]}：{'、'.join(said[1:])}" if all(said) else ""
