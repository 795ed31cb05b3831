"""What a column holds: ranked guesses from its name, comment, type and the shapes of its values.

Two questions are asked in turn. `sense` reads the column alone: does its name say a kind whatever the table
(`email`), or only in a row of a person (`city`)? `guesses` then knows whose the row is and decides. Values are seen
only as `shapes.Shape`, so no sentence made here can hold one.

Clauses: 2.2.
Law: APPI Art. 2(1), APPI Art. 2(3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from chikai.sources import names
from chikai.sources.catalogue import Column
from chikai.sources.shapes import Shape
from chikai.sources.themes import Subject
from chikai.sources.vocabulary import (
    HEADS,
    JAPANESE_COLUMNS,
    JAPANESE_TAILS,
    JAPANESE_WHOLE,
    LIKELY_PHRASES,
    SURE_PHRASES,
    TECHNICAL,
)

NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind (or `-`) that a column may hold, how sure we are from 0 to 1, and why in one sentence."""

    kind: str
    confidence: float
    because: str


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


@dataclass(frozen=True, slots=True)
class Row:
    """Whose the row is, as far as a column must know it."""

    subject: Subject
    whose: str
    identity: bool = False
    links: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    prefix: str = ""
    siblings: frozenset[str] = field(default=frozenset())


def _read(phrase: str) -> tuple[str, ...]:
    """A phrase as columns are read: canonical words in the singular."""
    return names.stem(names.words(phrase))


_SURE: Final = {_read(phrase): kind for phrase, kind in SURE_PHRASES.items()}
_LIKELY: Final = tuple((kind, frozenset(map(_read, phrases))) for kind, phrases in LIKELY_PHRASES)
_TECHNICAL: Final = frozenset(map(_read, TECHNICAL))
_HEADS: Final = {names.singular(word): head for word, head in HEADS.items()}
# Words too bare to say anything at the end of a longer name: `prop_key`, `status_code`.
_BARE: Final = frozenset(
    "key code data value other hash source identifier line link point image screen client auth provider external "
    "remote digest rate option show hide allow title config ui history method action request view label place site host".split()
)
# A number in one of these is money wherever the word stands.
_MONEY: Final = frozenset(
    "price amount total subtotal tax cost fee discount balance charge refund salary wage paid sale revenue gross net "
    "debit credit payment shipping freight commission deposit spent sum".split()
)
_TRACE: Final = frozenset(
    "detail info other data url keyword error object json param query description representation".split()
)
_CLOCK: Final = frozenset(
    "time created updated date registered login access visit seen started added expires".split()
)
_CLOCK_ENDS: Final = frozenset(
    "created updated start end finish added open close completed submitted posted expires login access visit seen "
    "time date registered modified stamp".split()
)
_PREFERENCE: Final = frozenset(
    "notify notification newsletter subscribe digest receive optin opt mailing marketing accepts show hide allow "
    "autosubscribe preference setting dark theme wants privacy unsubscribe consent accept discoverable display keep".split()
)
# Words behind a phrase that leave it what it is: `phone_work`, `email_lower`, `address_line`.
_NEUTRAL: Final = frozenset(
    "lower upper normalized canonical work home business primary secondary raw text value other alt main private "
    "office mobile old new encrypted enc plain hex bin string full short local line kanji roman en ja jp hash "
    "hashed digest url filename file path extra second third alternative default current last first previous original "
    "unconfirmed pending encoded html md mobilephone perso pro assistant number info address daytime evening day "
    "ciphertext no clean ext bidx index name of hashed cooked shown published confirm attr v".split()
)
_TEXT: Final = frozenset({"text", "json", "other", "bytes"})
# Where a kind can be stored at all; kinds not named here may have any type.
_TYPES: Final = {
    "email": {"text", "json", "other", "bytes"}, "name": {"text", "json", "bytes"}, "kana": {"text"},
    "nickname": {"text", "bytes"}, "photo": {"text", "bytes", "json"}, "contact": {"text", "json"},
    "address": {"text", "json", "integer", "bytes"}, "postal_code": {"text", "integer"},
    "credential": {"text", "bytes", "json", "uuid", "other"}, "ip": {"text", "integer", "bytes", "other", "json"},
    "user_agent": {"text", "json"}, "company": {"text"}, "workplace": {"text"}, "free_text": {"text", "json"},
    "message": {"text", "bytes", "json"}, "content": {"text", "bytes", "json"}, "note": {"text", "json"},
    "file": {"text", "bytes", "json"}, "cookie_id": {"text", "uuid", "bytes"}, "relation": {"text"},
    "phone": {"text", "integer", "other", "json", "decimal"}, "card": {"text", "integer", "json", "date"},
    "birth_date": {"date", "timestamp", "text", "integer", "decimal", "json"}, "bank": {"text", "json"},
    "gender": {"text", "integer", "boolean", "other"}, "location": {"text", "decimal", "json", "other"},
    "attribute": {"text", "integer", "decimal", "json", "boolean", "other"}, "id_document": {"text"},
    "attendance": {"text", "integer", "decimal", "json", "boolean"}, "headcount": {"integer", "decimal", "text"},
    "payment": {"text", "decimal", "integer", "json", "other"}, "usage": {"text", "json", "integer", "decimal", "other", "date", "timestamp", "time"},
    "settings": {"text", "json", "integer", "boolean", "other", "bytes"},
}  # fmt: skip

# Which kinds a name may mean in a row of a person, by what the table is about; the first that fits wins.
_ORDER: Final = {
    "settings": "settings",
    "note": "note free_text content name",
    "attendance": "attendance content free_text message usage settings",
    "credential": "credential ip user_agent cookie_id nickname",
    "address": "name address company contact location workplace free_text payment attribute",
    "message": "message name free_text file content contact company usage attribute note nickname photo ip user_agent cookie_id",
    "commerce": "payment address name company note free_text message card settings credential attribute",
    "log": "usage user_agent ip cookie_id free_text message nickname name address location cookie_id settings",
    "membership": "relation settings free_text attendance usage name nickname message address company attribute payment",
    "profile": "name nickname settings address contact company workplace photo free_text location attribute attendance usage content payment note",
    "identity": "name nickname note settings address company workplace contact photo free_text location credential payment attribute usage content relation headcount",
    "content": "content free_text message name nickname location address contact note ip user_agent file usage photo attribute settings",
    "shared": "content free_text message note file",
    "maybe shared": "content free_text message note file",
    "organisation": "company name address contact",
}  # fmt: skip
_ORDER_ELSE: Final = "name nickname ip user_agent cookie_id address free_text message content credential payment usage settings company attribute note file contact location attendance"
_DEFAULT: Final = {
    "settings": "settings", "note": "note", "attendance": "attendance", "credential": "credential", "message": "message",
    "commerce": "payment", "log": "usage", "profile": "attribute", "identity": "attribute", "content": "content",
    "shared": "content", "maybe shared": "content", "address": "address",
}  # fmt: skip


@lru_cache(maxsize=65536)
def sense(column: str, prefix: str = "") -> Sense:
    """Read the name of a column; `prefix` is a first word that all columns of its table share."""
    if names.JAPANESE.search(column):
        return _japanese(column)
    found = _read(names.without_prefix(column, prefix)) or _read(column)
    if (
        found
        and found[0] in ("num", "nb", "number", "count", "total")
        and len(found) > 1
        and found[-1] not in ("amount", "price")
    ):
        return Sense(found, head="count", likely=frozenset({"usage"}))
    if found and found[0] in ("attr", "attribute", "mapping", "cached", "map"):
        return Sense(found, head="enum")
    kind, phrase, tail = _sure(found)
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
    import unicodedata

    name = unicodedata.normalize("NFKC", column)
    found = names.words(name)
    if name in JAPANESE_WHOLE:
        return Sense(found, JAPANESE_WHOLE[name], name)
    best = (0, "", "")
    for kind, text in JAPANESE_COLUMNS:
        for part in text.split():
            if part in name and len(part) > best[0]:
                best = (len(part), kind, part)
    length, kind, part = best
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
    if (
        own.sure
        and not _spoiled(own, column)
        and column.type in _TYPES.get(own.sure, {column.type})
    ):
        return own.sure, 0.9, f"its name says `{own.phrase}`"
    if column.comment and len(column.comment) < 200:
        told = sense(column.comment[:40], "")
        if (
            told.sure
            and not _spoiled(told, column)
            and column.type in _TYPES.get(told.sure, {column.type})
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
            found.sure == "gender" or found.phrase in ("prefecture", "blood type", "nationality")
        )
    return bool(found.head)


def guesses(column: Column, row: Row, shape: Shape | None = None) -> tuple[Guess, ...]:
    """Everything that a column may hold, the likeliest first; never empty."""
    found = [g for g in (_by_values(column, row, shape), _by_name(column, row)) if g is not None]
    if len(found) == 2 and found[0].kind == found[1].kind:
        both = Guess(
            found[0].kind,
            max(found[0].confidence, found[1].confidence, 0.97),
            f"{found[1].because}, and {found[0].because}",
        )
        return (both,)
    return tuple(sorted(found, key=lambda g: -g.confidence))


def _by_values(column: Column, row: Row, shape: Shape | None) -> Guess | None:
    if shape is None or shape.kind == "" or row.whose == "none":
        return None
    if column.name in row.links or column.name in row.keys:
        return None
    return Guess(shape.kind, shape.confidence, shape.because)


def _by_name(column: Column, row: Row) -> Guess:
    if row.whose == "none":
        return _nobody(column, row)
    own = sense(column.name, row.prefix)
    kind, confidence, because = says(column, row.prefix, row.subject.words)
    if kind == "nickname" and own.words in (("login",), ("handle",)) and column.type != "text":
        kind = ""
    if column.name in row.links or column.name in row.keys:
        if kind in _KEPT or (kind and column.type == "text" and row.identity):
            return Guess(kind, 0.8, because)
        if kind in ("credential", "cookie_id") and column.type != "integer":
            return Guess(kind, 0.7, because)
        if column.type in ("text", "bytes") and "session" in own.words and own.head == "id":
            return Guess("cookie_id", 0.7, "it is the identifier that a session's cookie holds")
        return Guess(NOTHING, 0.97, "it is a key that only links rows")
    if kind:
        kind, confidence = _refined(kind, confidence, own, row)
        return Guess(kind, confidence, because)
    if column.type == "boolean":
        return _flag(own, row)
    if column.type in ("date", "timestamp", "time") or (
        column.type == "integer" and _is_clock(own)
    ):
        return _moment(row)
    return _likely(column, own, row) or _by_type(column, own, row)


# Kinds that a linking column may hold itself: an address by which rows are joined, a key of a list about the person.
_KEPT: Final = frozenset({"email", "phone", "gender", "address", "mynumber", "attribute", "health"})


def _is_clock(own: Sense) -> bool:
    """Whether an integer holds a moment (seconds since 1970), as in Moodle and phpBB."""
    if not own.words:
        return False
    last = own.words[-1]
    return own.head == "time" or (
        last in _CLOCK_ENDS and (len(own.words) == 1 or bool(_CLOCK & set(own.words)))
    )


def _refined(kind: str, confidence: float, own: Sense, row: Row) -> tuple[str, float]:
    """A kind that its neighbours change: a login beside a full name, a login that is an act."""
    if kind == "nickname" and own.words == ("login",) and row.subject.about("log"):
        return kind, 0.6
    return kind, confidence


def _flag(own: Sense, row: Row) -> Guess:
    wish = bool(_PREFERENCE & set(own.words)) or "settings" in own.whole
    if wish and (row.identity or row.subject.about("profile", "settings", "identity")):
        return Guess("settings", 0.75, "it is a yes or no that the person chooses")
    if row.subject.about("settings") and row.whose == "person":
        return Guess("settings", 0.6, "it is a yes or no in a person's settings")
    return Guess(NOTHING, 0.85, "it is a technical yes or no")


def _moment(row: Row) -> Guess:
    if row.whose in ("person", "unknown"):
        return Guess("usage", 0.8, "it is a time in a person's row: when that person did something")
    return Guess(NOTHING, 0.6, "it is a time of shared work, which stands without its author")


def _likely(column: Column, own: Sense, row: Row) -> Guess | None:
    """A kind that the name may mean in this row, by the order of the table's theme."""
    located = {"city", "postal", "street", "county", "prefecture"} & row.siblings
    if (
        own.words in (("state",), ("zone",), ("region",), ("area",), ("district",))
        and located - set(own.words)
        and column.type == "text"
    ):
        return Guess("address", 0.85, "it stands beside the other parts of an address")
    if (
        row.subject.about("credential")
        and "credential" in own.whole
        and column.type in ("text", "bytes", "json")
    ):
        return Guess(
            "credential", 0.75, "in a table of credentials, this is the secret or its identifier"
        )
    if (
        "card" in row.subject.words
        and column.type in ("text", "integer")
        and {"month", "year", "name", "brand", "number"} & set(own.words)
    ):
        return Guess("card", 0.8, "it is part of a payment card")
    if (
        own.head == "id"
        and column.type == "text"
        and row.subject.about("commerce")
        and _DEALS & set(own.words)
    ):
        return Guess("payment", 0.65, "it is a number of this payment at a third party")
    if column.type != "json" and (own.words in _TECHNICAL or _read(column.name) in _TECHNICAL):
        return Guess(NOTHING, 0.8, "its name is that of a technical column")
    if row.subject.about("profile") and own.words in (
        ("value",),
        ("data",),
        ("meta", "value"),
        ("field", "value"),
    ):
        return Guess("attribute", 0.7, "it is the value in a table of a person's attributes")
    if (
        own.words == ("name",)
        and own.words != ("value",)
        and "value" in row.siblings
        and not row.identity
    ):
        return Guess(NOTHING, 0.7, "it names what stands in the value beside it")
    if row.subject.about("log") and own.words[-1] in _TRACE and column.type in ("text", "json"):
        return Guess("usage", 0.7, "it is a detail of what the person did")
    if (
        row.identity
        and column.type == "text"
        and own.words[-1] in ("style", "theme", "view", "format", "layout")
    ) or (own.words[-2:] == ("sort", "order") and column.type == "text"):
        return Guess("settings", 0.6, "it is how the person wants to see things")
    if (
        column.type == "integer"
        and own.words[-1] in ("amount", "price", "fee", "cost", "tax", "discount", "balance")
        and not own.head
    ):
        return Guess("payment", 0.7, "it is a sum of money in a person's row")
    if column.type == "decimal" and (_MONEY & set(own.words) or row.subject.about("commerce")):
        return Guess("payment", 0.75, "it is a sum of money in a person's row")
    order: list[str] = []
    for theme, text in _ORDER.items():
        if theme in row.subject.themes or (theme == "identity" and row.identity):
            order.extend(text.split())
    known = order or _ORDER_ELSE.split()
    for whole in (True, False):
        for kind in known:
            hit = kind in (own.whole if whole else own.likely)
            if not hit or column.type not in _TYPES.get(kind, {column.type}):
                continue
            if own.head and not whole:
                continue
            if kind == "address" and column.type == "integer":
                continue
            if (
                kind == "usage"
                and column.type in ("integer", "decimal")
                and not (row.identity or row.subject.about("profile", "log"))
            ):
                continue
            if (
                kind == "attribute"
                and column.type in ("integer", "decimal")
                and not (row.identity or row.subject.about("profile"))
            ):
                continue
            if (
                kind == "content"
                and not whole
                and row.subject.about("commerce", "address", "identity")
                and own.words[-1] not in ("content", "body", "text")
            ):
                continue
            if kind == "name" and not _names_person(own, row):
                continue
            confidence = 0.75 if whole else 0.6
            if (
                kind == "name"
                and row.identity
                and "full" in row.siblings
                and own.words == ("name",)
            ):
                kind = "nickname"
            return Guess(kind, confidence, f"in a row of this kind, its name says `{kind}`")
    return None


def _names_person(own: Sense, row: Row) -> bool:
    """Whether `name` in this row is the name of a person and not of a thing."""
    if own.words == ("name",):
        beside = {"kana", "email", "phone", "postal"} & row.siblings
        return (
            row.identity
            or bool(beside)
            or row.subject.about("identity", "profile", "address", "message", "membership")
        )
    if own.words in (("author",), ("contact",), ("poster",), ("legal",), ("initial",)):
        return True
    return own.words[-1] != "name" or (row.identity and own.words[0] in row.subject.words)


def _by_type(column: Column, own: Sense, row: Row) -> Guess:
    if (
        row.identity
        and own.head != "id"
        and column.type in ("text", "integer")
        and _PREFERENCE & set(own.words)
    ):
        return Guess("settings", 0.6, "it is something that the person chooses")
    plural = column.type == "integer" and names.words(column.name)[-1:] != own.words[-1:]
    if (
        (row.subject.head == "stat" or (row.identity and plural))
        and column.type == "integer"
        and own.head != "id"
        and row.whose == "person"
    ):
        return Guess("usage", 0.65, "it counts what the person did")
    if own.head == "count" or column.type == "integer":
        if (
            (row.identity or row.subject.about("profile", "identity"))
            and (own.head == "count" or "usage" in own.likely)
            and not _MEASURES & set(own.words)
        ):
            return Guess("usage", 0.65, "it counts what the person did")
        return Guess(NOTHING, 0.75, "it is a number that says nothing about a person")
    if own.head in ("id", "enum", "flag"):
        return Guess(NOTHING, 0.7, f"its last word makes it a technical column ({own.head})")
    if column.type in ("decimal", "uuid"):
        return Guess(NOTHING, 0.5, "it is a bare number or key")
    default = next((_DEFAULT[t] for t in _ORDER if t in row.subject.themes and t in _DEFAULT), "")
    if (
        column.type in ("text", "json", "bytes")
        and default
        and (row.whose == "person" or default == "content")
    ):
        long = column.type != "text" or column.length is None or column.length > 100
        if long:
            return Guess(default, 0.45, "it can hold long text, and this is what such rows hold")
        return Guess(
            default if row.identity else NOTHING, 0.35, "only its type and its table speak"
        )
    if (
        not row.subject.themes
        and row.whose == "person"
        and column.type == "text"
        and (column.length or 1000) > 255
    ):
        return Guess("content", 0.4, "it can hold long text of the person")
    return Guess(NOTHING, 0.45, "nothing in its name, comment or type speaks of a person")


_DEALS: Final = frozenset(
    "gateway transaction charge payment stripe receipt paypal customer external invoice".split()
)
_MEASURES: Final = frozenset("file width height size length max min limit level rate".split())


_PLACES: Final = frozenset(
    "department branch location store shop site inbox domain realm instance office warehouse facility venue info".split()
)


def _nobody(column: Column, row: Row) -> Guess:
    own = sense(column.name, row.prefix)
    if (
        row.subject.about("organisation")
        and row.subject.head not in _PLACES
        and column.type == "text"
        and (own.words == ("name",) or own.whole & {"company"} or own.sure == "company")
    ):
        return Guess("company", 0.6, "it names a company or body")
    return Guess(NOTHING, 0.8, "its table holds no row of a person")
