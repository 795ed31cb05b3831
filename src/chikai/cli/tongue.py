"""The language in which commands speak to people: `CHIKAI_LANG`, else the locale's; Japanese or English.

What errors say is looked up in the catalogue of the pages, without Django. A sentence that nobody translated stays English.
"""

from __future__ import annotations

import os
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai.web import sentences

if TYPE_CHECKING:
    import argparse

    from chikai.policy.document import Language

VARIABLE: Final = "CHIKAI_LANG"
_FROM: Final = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")  # the first that says anything decides
_CATALOGUE: Final = Path(__file__).parents[1] / "web" / "locale"


def language() -> Language:
    """The language of this process."""
    said = next(filter(None, map(os.environ.get, _FROM)), "")
    return "ja" if said.lower().startswith("ja") else "en"


def option(parser: argparse.ArgumentParser) -> None:
    """Give a command `--language`, by default that of the process; errors follow it too."""
    parser.add_argument(
        "--language",
        dest="tongue",
        choices=("ja", "en"),
        help=f"ja or en (default: {VARIABLE}, else the locale)",
    )


def both(ja: str, en: str) -> str:
    """Of two wordings the one in the language of this process."""
    return ja if language() == "ja" else en


def sentence(text: str) -> str:
    """A sentence of an error or a note in the language of this process."""
    if language() == "en":
        return text
    head, colon, lines = text.partition(":\n")
    found = sentences.found(head, _catalogue().gettext)
    return f"{found}{'：' if colon else ''}{colon[1:]}{lines}" if found else text


@cache
def _catalogue() -> NullTranslations:
    return translation("django", _CATALOGUE, ["ja"], fallback=True)
