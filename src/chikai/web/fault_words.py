"""What an error says, in the language of the page.

Errors are written once, in English, where they arise; pages look their sentences up like every other text. A sentence
that nobody translated stays English, rather than being lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chikai.web import sentences

if TYPE_CHECKING:
    from chikai.errors import ChikaiError


def said(error: ChikaiError) -> str:
    """What happened and what to do, as two sentences."""
    return " ".join(sentence(text) for text in (error.what, error.do) if text)


def sentence(text: str) -> str:
    """One sentence of an error or a note, with its beginning and its end."""
    text, colon, lines = text.partition(":\n")
    found = sentences.found(text, gettext)
    if not found:
        whole = f"{text[:1].upper()}{text[1:]}"
        return whole + (f"{colon}{lines}" if lines else "" if whole.endswith("?") else ".")
    return (found if found.endswith(("。", ".")) else f"{found}。") + (
        f"\n{lines}" if lines else ""
    )
