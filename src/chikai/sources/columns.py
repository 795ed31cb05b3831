"""A column read by itself: what its name or comment says whatever table it stands in.

`sense` tells the kinds that a name says for sure (`email`) from those that it may mean in a row of a person (`city`),
and what its last word makes of it: `email_type` is no address.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from chikai.sources import names
from chikai.sources.catalogue import Column
from chikai.sources.vocabulary import (
    HEADS,
    JAPANESE_COLUMNS,
    JAPANESE_TAILS,
    JAPANESE_WHOLE,
    LIKELY_PHRASES,
    SURE_PHRASES,
    TECHNICAL,
)


@dataclass(frozen=True, slots=True)
class Sense:
    """What a column's name says by itself.

    `sure` is a kind that stands in any table, `likely` the kinds that are possible in a row of a person, `head` what
    its last word makes of it (`id`, `time`, `flag`, `count`, `enum` or nothing).
    """

    words: tuple[str, ...]
    sure: str = ""
    phrase: str = ""
    head: str = ""
    likely: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()


def name_words(phrase: str) -> tuple[str, ...]:
    """A phrase as columns are read: canonical words in the singular."""
    return names.stem(names.words(phrase))


_SURE: Final = {name_words(phrase): kind for phrase, kind in SURE_PHRASES.items()}
_LIKELY: Final = tuple(
    (kind, frozenset(map(name_words, phrases))) for kind, phrases in LIKELY_PHRASES
)
TECHNICAL_NAMES: Final = frozenset(map(name_words, TECHNICAL))
_HEADS: Final = {names.singular(word): head for word, head in HEADS.items()}
# Words too bare to say anything at the end of a longer name: `prop_key`, `status_code`.
_BARE: Final = frozenset(
    "key code data value other hash source identifier line link point image screen client auth provider external "
    "remote to from cc bcc recipient digest rate option show hide allow title config ui history method action request view label place site host".split()
)
# Words behind a phrase that leave it what it is: `phone_work`, `email_lower`, `address_line`.
_NEUTRAL: Final = frozenset(
    "image lower upper normalized canonical work home business primary secondary raw text value other alt main private "
    "office mobile old new encrypted enc plain hex bin string full short local line kanji roman en ja jp hash "
    "hashed digest url filename file path extra second third alternative default current last first previous original "
    "unconfirmed pending encoded html md mobilephone perso pro assistant number info address daytime evening day "
    "ciphertext no clean ext bidx index name of hashed caps to from cc bcc cooked shown published confirm attr v".split()
)
# Where a kind can be stored at all; kinds not named here may have any type.
TYPES: Final = {
    "email": {"text", "json", "other", "bytes"}, "name": {"text", "json", "bytes"}, "kana": {"text"},
    "nickname": {"text", "bytes"}, "photo": {"text", "bytes", "json"}, "contact": {"text", "json"},
    "address": {"text", "json", "integer", "bytes"}, "postal_code": {"text", "integer"},
    "credential": {"text", "bytes", "json", "uuid", "other"}, "ip": {"text", "integer", "bytes", "other", "json"},
    "user_agent": {"text", "json"}, "company": {"text"}, "workplace": {"text"}, "free_text": {"text", "json"},
    "message": {"text", "bytes", "json"}, "content": {"text", "bytes", "json"}, "note": {"text", "json"},
    "file": {"text", "bytes", "json", "other"}, "cookie_id": {"text", "uuid", "bytes"}, "relation": {"text"},
    "phone": {"text", "integer", "other", "json", "decimal"}, "card": {"text", "integer", "json", "date"},
    "birth_date": {"date", "timestamp", "text", "integer", "decimal", "json"}, "bank": {"text", "json", "integer"},
    "gender": {"text", "integer", "boolean", "other"}, "location": {"text", "decimal", "json", "other"},
    "attribute": {"text", "integer", "decimal", "json", "boolean", "other"}, "id_document": {"text"},
    "attendance": {"text", "integer", "decimal", "json", "boolean"}, "headcount": {"integer", "decimal", "text"},
    "payment": {"text", "decimal", "integer", "json", "other"}, "usage": {"text", "json", "integer", "decimal", "other", "date", "timestamp", "time"},
    "settings": {"text", "json", "integer", "boolean", "other", "bytes"},
}  # fmt: skip


@lru_cache(maxsize=65536)
def sense(column: str, prefix: str = "") -> Sense:
    """Read the name of a column; `prefix` is a first word that all columns of its table share."""
    if names.JAPANESE.search(column):
        return _japanese(column)
    found = name_words(names.without_prefix(column, prefix)) or name_words(column)
    if (
        found
        and found[0] in ("num", "nb", "number", "count", "total")
        and len(found) > 1
        and found[-1] not in ("amount", "price")
    ):
        return Sense(found, head="count", likely=frozenset({"usage"}))
    if found and found[0] in ("attr", "attribute", "mapping", "cached", "map"):
        return Sense(found, head="enum")
    if len(found) > 1 and found[0] == "id" and found not in _SURE:
        return Sense(
            (*found[1:], "id"), head="id", sure=_SURE.get(found[1:], ""), phrase=" ".join(found[1:])
        )
    kind, phrase, tail = _sure(found)
    if not kind and found[:1] == ("ip",) and len(found) < 5 and _HEADS.get(found[-1], "") == "":
        kind, phrase, tail = "ip", "ip", ()
    if found[-2:] == ("by", "name"):
        kind, phrase, tail = "name", "by name", ()
    head = _HEADS.get(found[-1], "") if found and (tail or not kind) else ""
    if head == "name kind":
        return Sense(found, head="enum")
    if tail and not head and not set(tail) <= _NEUTRAL:
        kind = ""
    likely, whole = set(), set()
    for candidate, phrases in _LIKELY:
        if found in phrases:
            whole.add(candidate)
        if any(found[at:] in phrases and found[at:] != found[-1:] for at in range(len(found))) or (
            found[-1:] in phrases and not set(found[-1:]) & _BARE
        ):
            likely.add(candidate)
    return Sense(found, kind, phrase, head, frozenset(likely), frozenset(whole))


def _sure(found: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """The phrase that ends last (and is longest) in a name, its kind, and the words behind it."""
    for end in range(len(found), 0, -1):
        for start in range(max(0, end - 4), end):
            kind = _SURE.get(found[start:end])
            if kind:
                return kind, " ".join(found[start:end]), found[end:]
    return "", "", ()


def _japanese(column: str) -> Sense:
    name = unicodedata.normalize("NFKC", column)
    found = names.words(name)
    if name in JAPANESE_WHOLE:
        return Sense(found, JAPANESE_WHOLE[name], name)
    best = (0, 0, "", "")  # head-final: the part that ends last, of those the longest
    for kind, text in JAPANESE_COLUMNS:
        for part in text.split():
            at = name.rfind(part)
            if at >= 0:
                best = max(best, (at + len(part), len(part), kind, part), key=lambda b: b[:2])
    _, length, kind, part = best
    rest = name[name.rfind(part) + length :] if part else name
    head = ""
    for candidate, tails in JAPANESE_TAILS:
        if any(rest.endswith(tail) for tail in tails.split()):
            head = candidate
            break
    soft = {
        "content",
        "message",
        "usage",
        "payment",
        "settings",
        "file",
        "free_text",
        "photo",
        "attendance",
        "note",
    }
    if kind in soft:
        return Sense(found, "", part, head, frozenset({kind}), frozenset({kind}))
    return Sense(found, kind, part, head)


def says(column: Column, prefix: str = "", table: tuple[str, ...] = ()) -> tuple[str, float, str]:
    """The kind that a column's name or comment says whatever the table; its confidence and why; or ("", 0, "")."""
    own = sense(column.name, prefix)
    if (
        own.words in _VALUES
        and column.type == "text"
        and (kind := _BY_TABLE.get(table[-2:]) or _BY_TABLE.get(table[-1:]))
    ):
        return kind, 0.85, f"it is the value in a table of `{' '.join(table)}`"
    if own.sure in ("name", "kana") and {
        "company",
        "shop",
        "store",
        "organization",
        "corporate",
    } & set(own.words):
        return "company", 0.8, "its name says that it is a body's"
    if own.sure and not _spoiled(own, column) and column.type in TYPES.get(own.sure, {column.type}):
        return own.sure, 0.9, f"its name says `{own.phrase}`"
    if column.comment and len(column.comment) < 200:
        told = sense(column.comment[:40], "")
        if (
            told.sure
            and not _spoiled(told, column)
            and column.type in TYPES.get(told.sure, {column.type})
        ):
            return told.sure, 0.85, f"its comment says `{told.phrase}`"
    return "", 0.0, ""


_VALUES: Final = frozenset(
    {("address",), ("value",), ("data",), ("email", "address"), ("number",), ("email",), ("phone",)}
)
_BY_TABLE: Final = {
    ("email", "address"): "email", ("email",): "email", ("user", "email"): "email",
    ("contact", "field"): "contact", ("phone", "number"): "phone", ("phone", "device"): "phone", ("phone",): "phone",
}  # fmt: skip


def _spoiled(found: Sense, column: Column) -> bool:
    """Whether the last word, or the type, makes a phrase mean something else: `email_type`, `phone_verified`."""
    if column.type == "boolean" and found.sure != "gender":
        return True
    if column.type in ("date", "timestamp", "time"):
        return found.sure not in ("birth_date", "card")
    if found.words and found.words[0] in (
        "is",
        "has",
        "can",
        "show",
        "hide",
        "allow",
        "notify",
        "require",
        "send",
        "use",
        "show",
    ):
        return True
    if found.head == "id":
        # The key of a lookup list about the person says what the list says: `sex_id`, `pref_id`.
        return not (
            (found.sure == "id_document" and column.type == "text")
            or found.sure == "gender"
            or found.phrase in ("prefecture", "blood type", "nationality")
        )
    if found.words[-1:] == ("code",) and found.sure in (
        "special_care",
        "gender",
        "health",
        "address",
    ):
        return False
    return bool(found.head)
