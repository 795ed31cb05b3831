"""What an error says, in the language of the page.

Errors are written once, in English, where they arise; pages look their sentences up like every other text. Numbers and
names in backticks become `%(a)s`, `%(b)s` in the order in which they stand. A sentence that nobody translated stays
English, rather than being lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext

if TYPE_CHECKING:
    from chikai.errors import ChikaiError

_PARTS: Final = re.compile(r"`[^`]*`|\d+(?:-\d+)*")
_NAMES: Final = "abcdefgh"


def said(error: ChikaiError) -> str:
    """What happened and what to do, as two sentences."""
    return " ".join(_sentence(text) for text in (error.what, error.do) if text)


def _sentence(text: str) -> str:
    found = _in_words(text)
    if found == text:
        return f"{text[:1].upper()}{text[1:]}."
    return found if found.endswith(("。", ".")) else f"{found}。"


def _in_words(text: str) -> str:
    exact = gettext(text)
    if exact != text:
        return exact
    parts = _PARTS.findall(text)
    if not parts or len(parts) > len(_NAMES):
        return text
    names = iter(_NAMES)
    pattern = _PARTS.sub(lambda _: f"%({next(names)})s", text)
    known = gettext(pattern)
    return known % dict(zip(_NAMES, parts, strict=False)) if known != pattern else text
