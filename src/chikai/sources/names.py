"""Identifiers as words: `wp_users.userEmail2` is (user, email), whatever the house style of a database.

A name is read in four steps: NFKC, break at signs and at camelCase, cut compounds that were written without a break
(`userid`, `postcode`) along known words, and put synonyms, abbreviations and romanised Japanese into one form.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from chikai.sources.vocabulary import ALIASES, LEXICON, PLURALS, UNCOUNTABLE

_SIGN: Final = re.compile(r"[\W_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DIGITS: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々]")
# Pieces so short that they may only close or open a compound: `userid`, `createdby`, `lastip`.
_SHORT: Final = frozenset({"id", "ip", "by", "at", "on", "no", "to", "ua", "is"})
_LONGEST: Final = 120  # an identifier beyond this is cut: databases allow 63 to 128 characters


@lru_cache(maxsize=65536)
def words(identifier: str) -> tuple[str, ...]:
    """The words of an identifier in lower case and canonical form; numbers are dropped (`tel01` is a phone)."""
    text = unicodedata.normalize("NFKC", identifier)[:_LONGEST]
    if text.isupper():
        text = text.lower()
    found: list[str] = []
    for part in _SIGN.split(text):
        for piece in _CAMEL.split(part):
            for token in [piece.lower()] if piece.lower() in ALIASES else _DIGITS.split(piece):
                if token and not token.isdecimal():
                    found.extend(_cut(token.lower()))
    return _joined(tuple(found))


def _joined(found: tuple[str, ...]) -> tuple[str, ...]:
    """Put neighbours and single words into canonical form: (e, mail) and (mail) are (email)."""
    out: list[str] = []
    at = 0
    while at < len(found):
        for span in (3, 2, 1):
            known = ALIASES.get(" ".join(found[at : at + span]))
            if known is not None and at + span <= len(found):
                out.extend(known.split())
                at += span
                break
        else:
            out.append(found[at])
            at += 1
    return tuple(out)


@lru_cache(maxsize=65536)
def _cut(token: str) -> tuple[str, ...]:
    """Cut a compound along known words; a token that does not divide completely stays whole."""
    if len(token) < 5 or token in LEXICON or token in ALIASES or singular(token) in LEXICON:
        return (token,)
    best: list[tuple[str, ...] | None] = [()] + [None] * len(token)
    for end in range(2, len(token) + 1):
        for start in range(max(0, end - 14), end - 1):
            before, piece = best[start], token[start:end]
            if before is None or len(before) > 3 or not _is_piece(piece):
                continue
            now = best[end]
            if now is None or len(before) + 1 < len(now):
                best[end] = (*before, piece)
    return best[-1] or (token,)


def _is_piece(piece: str) -> bool:
    if piece in _SHORT:
        return True
    if piece in ("age", "race", "sex", "pin", "pan", "nom", "bio"):
        return False  # `coverage` is no age
    return len(piece) > 2 and (
        piece in LEXICON or piece in ALIASES or (len(piece) > 4 and singular(piece) in LEXICON)
    )


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """The singular of an English noun, near enough to compare `categories` with `category_id`."""
    if word in PLURALS:
        return PLURALS[word]
    if word in UNCOUNTABLE or len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith(("ss", "us", "is")):
        return word
    return word[:-1]


def stem(found: Iterable[str]) -> tuple[str, ...]:
    """The words with each in the singular."""
    return tuple(singular(word) for word in found)


def table_prefix(tables: Iterable[str]) -> frozenset[str]:
    """First words that most tables share (`wp`, `mdl`, `oc`), which say nothing about any of them.

    A prefix is a house prefix when more than half of at least four tables begin with it and it is not a word that
    names one of them, or when it is a known mark of a kind of table (`tbl`, `dtb`, `mst`).
    """
    rest = {tuple(_raw(table.rpartition(".")[2])) for table in tables}
    total = max(len(rest), 1)
    shared: set[str] = set()
    for _ in range(2):  # `hs_hr_employee` has two
        first = Counter(found[0] for found in rest if len(found) > 1)
        whole = {found[0] for found in rest if len(found) == 1}
        new = {
            word
            for word, n in first.items()
            if n >= 4
            and word not in whole
            and (n > total / 2 or (n > total / 5 and _is_mark(word)))
        }
        shared |= new
        rest = {found[1:] if len(found) > 1 and found[0] in new else found for found in rest}
    return frozenset(shared | {"tbl", "tb", "dtb", "mtb", "mst", "trn", "t", "m", "tab"})


def _is_mark(word: str) -> bool:
    """Whether a word means nothing by itself, as the short mark of a part of an application does."""
    return len(word) <= 5 and word.isascii() and word not in LEXICON and word not in ALIASES


def _raw(identifier: str) -> tuple[str, ...]:
    text = _CAMEL.sub("_", unicodedata.normalize("NFKC", identifier)[:_LONGEST])
    return tuple(part.lower() for part in _SIGN.split(text) if part)


def table_words(table: str, prefixes: frozenset[str]) -> tuple[str, ...]:
    """The words of a table's name without schema and house prefix, in the singular."""
    name = table.rpartition(".")[2]
    raw = _raw(name)
    while len(raw) > 1 and raw[0] in prefixes:
        # The identifier itself is cut, so that camelCase behind the prefix is still seen.
        name = re.sub(
            r"^[\W_]*" + re.escape(raw[0]) + r"[\W_]*", "", name, count=1, flags=re.IGNORECASE
        )
        raw = raw[1:]
    return stem(words(name or table))


def column_prefix(columns: Iterable[str], table: tuple[str, ...]) -> str:
    """A first word that the columns of one table share (`rev_` in MediaWiki), or an empty string."""
    firsts = Counter[str]()
    total = 0
    for column in columns:
        total += 1
        found = _raw(column)
        if len(found) > 1:
            firsts[found[0]] += 1
    if not firsts or total < 3:
        return ""
    word, n = firsts.most_common(1)[0]
    named = bool(table) and (
        word in table or table[-1].startswith(word) or "".join(table).startswith(word)
    )
    mark = n >= 2 and n >= total * 0.55 and _is_mark(word) and singular(word) not in LEXICON
    return word if n >= total * 0.9 or (n >= total * 0.5 and named) or mark else ""


def without_prefix(identifier: str, prefix: str) -> str:
    """The identifier behind its table's own prefix; whole where nothing would be left."""
    if not prefix:
        return identifier
    raw = _raw(identifier)
    if len(raw) < 2 or raw[0] != prefix:
        return identifier
    return (
        re.sub(
            r"^[\W_]*" + re.escape(prefix) + r"[\W_]*", "", identifier, count=1, flags=re.IGNORECASE
        )
        or identifier
    )
