"""What a table is about, read from its name: persons, an organisation, a master list, a log, an order ...

A table's name is head-final in English and in Japanese: `customer_groups` are groups, 会員履歴 is a history. So the
longest known phrase at the end of the name decides, and one phrase may carry several themes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from chikai.sources import names
from chikai.sources.vocabulary import JAPANESE_GENERIC, JAPANESE_TABLES, THEMES

# Last words that say only "this is a table": the word before them is the head.
GENERIC: Final = frozenset(
    "entity table master info information data list base main record tbl detail details field flat index basic meta gen general m t".split()
)
# Human nouns that in business software often name a body, so a bare `name` column proves no person.
BODIES: Final = frozenset(
    "supplier vendor partner shipper account client agent tenant provider owner seller".split()
)
# Persons whom a service's own users enter: a `user_id` in their row is who entered them.
OUTSIDERS: Final = frozenset(
    "contact lead client prospect supplier vendor candidate applicant visitor guest partner recipient subscriber "
    "person passenger adherent socpeople donor actor friend relative".split()
)
STAFF: Final = frozenset(
    "staff employee administrator operator agent backend salesperson manager".split()
)
SUBJECTS: Final = frozenset(
    "customer member patient student guest subscriber client donor passenger borrower adherent".split()
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A table's name as words, its head word and its themes."""

    words: tuple[str, ...]
    head: str
    themes: frozenset[str]

    def about(self, *themes: str) -> bool:
        """Whether the table is about one of these themes."""
        return not self.themes.isdisjoint(themes)


@lru_cache(maxsize=4096)
def subject(table: str, prefixes: frozenset[str]) -> Subject:
    """Read a table's name."""
    name = unicodedata.normalize("NFKC", table)
    if names.JAPANESE.search(name):
        return _japanese(name, prefixes)
    found = names.table_words(name, prefixes)
    trimmed = found[:-2] if found[-2:] == ("field", "data") and len(found) > 2 else found
    while len(trimmed) > 1 and trimmed[-1] in GENERIC:
        if _themes_at(trimmed) and not (
            trimmed[-1] == "data" and trimmed[-2] not in THEMES["identity"]
        ):
            break
        trimmed = trimmed[:-1]
    themes = _themes_at(trimmed)
    if not themes and {"session", "token", "password", "mfa", "otp", "oauth", "factor"} & set(
        trimmed
    ):
        themes = frozenset({"credential"})
    if themes & {"log"} and {"email", "message", "sms"} & set(trimmed[:-1]):
        themes |= {"message"}
    if not themes and len(trimmed) > 1 and trimmed[0] in THEMES["identity"] and trimmed != found:
        themes = frozenset({"profile"})
    return Subject(found, trimmed[-1] if trimmed else "", themes)


def _themes_at(found: tuple[str, ...]) -> frozenset[str]:
    for span in (3, 2, 1):
        if span <= len(found):
            phrase = " ".join(found[-span:])
            themes = frozenset(theme for theme, phrases in THEMES.items() if phrase in phrases)
            if themes:
                return themes
    return frozenset()


def _japanese(name: str, prefixes: frozenset[str]) -> Subject:
    best = (-1, 0, "", "")
    tail = next((part for part in JAPANESE_GENERIC if name.endswith(part) and name != part), "")
    inner = name.removesuffix(tail)  # 顧客マスタ holds customers
    for theme, text in JAPANESE_TABLES:
        for part in text.split():
            at = inner.rfind(part)
            if at >= 0:
                best = max(best, (at + len(part), len(part), theme, part))
    if not best[2] and tail.startswith("マスタ"):
        best = (0, 0, "master", tail)
    themes = frozenset({best[2]}) if best[2] else frozenset[str]()
    return Subject(names.table_words(name, prefixes), best[3], themes)
