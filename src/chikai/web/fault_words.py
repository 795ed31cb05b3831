"""What an error says, in the language of the page.

Errors are written once, in English, where they arise; pages look their sentences up like every other text. Numbers and
names in backticks become `%(a)s`, `%(b)s` in the order in which they stand; names that follow each other, as in a list,
are one. What stands behind a colon is looked up phrase by phrase. A sentence that nobody translated stays English,
rather than being lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext

if TYPE_CHECKING:
    from chikai.errors import ChikaiError

_PARTS: Final = re.compile(r"`[^`]*`(?:(?: |, | or )`[^`]*`)*|\d+(?:-\d+)*")
_BETWEEN: Final = re.compile(r"(?<=`)(, | or )(?=`)")
_NAMES: Final = "abcdefgh"


def said(error: ChikaiError) -> str:
    """What happened and what to do, as two sentences."""
    return " ".join(sentence(text) for text in (error.what, error.do) if text)


def sentence(text: str) -> str:
    """One sentence of an error or a note, with its beginning and its end."""
    text, colon, lines = text.partition(":\n")
    found = _known(text) or _with_phrases(text)
    if not found:
        whole = f"{text[:1].upper()}{text[1:]}"
        return whole + (f"{colon}{lines}" if lines else "" if whole.endswith("?") else ".")
    return (found if found.endswith(("。", ".")) else f"{found}。") + (
        f"\n{lines}" if lines else ""
    )


def _known(text: str) -> str:
    """The translation of a text; empty where it has none."""
    exact = gettext(text)
    if exact != text:
        return exact
    parts = _PARTS.findall(text)
    if not parts or len(parts) > len(_NAMES):
        return ""
    names = iter(_NAMES)
    pattern = _PARTS.sub(lambda _: f"%({next(names)})s", text)
    known = gettext(pattern)
    if known == pattern:
        return ""
    listed = (_BETWEEN.sub(lambda _: "、", part) for part in parts)
    return known % dict(zip(_NAMES, listed, strict=False))


def _with_phrases(text: str) -> str:
    """A sentence such as `it lacks: one thing, another`; empty where some piece has no translation."""
    head, colon, tail = text.partition(": ")
    said = [_known(piece) for piece in (head, *tail.split(", "))] if colon else [""]
    return f"{said[0]}：{'、'.join(said[1:])}" if all(said) else ""
