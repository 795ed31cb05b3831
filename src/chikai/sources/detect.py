"""What a column holds: ranked guesses from its name, comment, type and the shapes of its values.

`columns` has read the name alone; `guesses` also knows whose the row is, and decides. Values are seen only as
`shapes.Shape`, so no sentence made here can hold one.

Clauses: 2.2.
Law: APPI Art. 2(1), APPI Art. 2(3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from chikai.sources import names
from chikai.sources.catalogue import Column
from chikai.sources.columns import TECHNICAL_NAMES, TYPES, Sense, name_words, says, sense
from chikai.sources.shapes import Shape
from chikai.sources.themes import Subject

NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind (or `-`) that a column may hold, how sure we are from 0 to 1, and why in one sentence."""

    kind: str
    confidence: float
    because: str


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


# A number in one of these is money wherever the word stands.
_MONEY: Final = frozenset(
    "price amount total subtotal tax cost fee discount balance charge refund salary wage paid sale revenue gross net "
    "debit bonus quota rate credit payment shipping freight commission deposit spent sum".split()
)
_TRACE: Final = frozenset(
    "path detail info other data url keyword error object json param query description representation".split()
)
_CLOCK: Final = frozenset(
    "time created updated date registered login access visit seen started added expires".split()
)
_CLOCK_ENDS: Final = frozenset(
    "created updated start end finish added open close completed submitted posted expires login access visit seen "
    "time date registered modified stamp activity contact".split()
)
# Times of the row itself, of its validity or of a check: bookkeeping, even in a person's row.
_BOOKKEEPING: Final = frozenset(
    "created updated deleted added add inserted expire expires expired expiry expiration verified confirmed voided "
    "retired archived write entered issued locked synced processed validity".split()
)
_MADE_WHEN: Final = frozenset("created added add at on date time unix timestamp".split())
_KEPT_WHEN: Final = (
    "登録日",
    "更新日",
    "作成日",
    "削除日",
    "変更日",
    "有効期限",
    "登録時",
    "更新時",
    "作成時",
)
_PREFERENCE: Final = frozenset(
    "notify notification newsletter subscribe digest receive optin opt mailing marketing accepts show hide allow "
    "autosubscribe preference setting dark theme wants privacy unsubscribe consent accept discoverable display keep".split()
)
# Which kinds a name may mean in a row of a person, by what the table is about; the first that fits wins.
_ORDER: Final = {
    "organisation": "company name address contact",
    "settings": "settings",
    "note": "note free_text content name",
    "attendance": "attendance content free_text message usage settings",
    "credential": "credential ip user_agent cookie_id nickname free_text settings",
    "address": "name email relation address company photo contact location workplace free_text payment attribute",
    "message": "email message name free_text file content contact company usage attribute note nickname photo ip user_agent cookie_id",
    "booking": "name address payment free_text message content location note settings company",
    "commerce": "payment address name company note free_text message card settings attribute content location",
    "log": "usage email user_agent ip cookie_id free_text message nickname name address location cookie_id settings",
    "membership": "relation settings free_text attendance usage name nickname message address company attribute payment",
    "profile": "name nickname relation settings address contact company workplace photo free_text location attribute attendance usage content payment note",
    "identity": "name nickname note settings address company workplace contact photo free_text location credential payment attribute usage content relation headcount file",
    "content": "content free_text message name nickname location address contact note ip user_agent file usage photo attribute settings",
    "shared": "content free_text message note file",
    "maybe shared": "content free_text message note file",
}  # fmt: skip
_ORDER_ELSE: Final = "name nickname ip user_agent cookie_id address content free_text message credential payment usage settings company attribute note relation file contact location attendance"
_DEFAULT: Final = {
    "booking": "content", "settings": "settings", "note": "note", "attendance": "attendance", "message": "message",
    "commerce": "payment", "log": "usage", "profile": "attribute", "identity": "attribute", "content": "content",
    "shared": "content", "maybe shared": "content",
}  # fmt: skip


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
    if column.type == "integer" and own.words[:1] == ("default",):
        return Guess(NOTHING, 0.8, "it is the key of a choice")
    if "card" in row.subject.words and own.words == ("token",):
        return Guess("card", 0.8, "it stands for a payment card")
    kind, confidence, because = says(column, row.prefix, row.subject.words)
    if kind == "nickname" and own.words in (("login",), ("handle",)) and column.type != "text":
        kind = ""
    if column.name in row.links or column.name in row.keys:
        if kind in _KEPT or (kind and column.type == "text" and row.identity):
            return Guess(kind, 0.8, because)
        if kind in ("credential", "cookie_id") and column.type != "integer":
            return Guess(kind, 0.7, because)
        cookie = "session" in own.words or (
            own.words == ("sid",) and "session" in names.stem(row.subject.words[-1:])
        )
        if column.type in ("text", "bytes") and cookie and own.head == "id":
            return Guess("cookie_id", 0.7, "it is the identifier that a session's cookie holds")
        return Guess(NOTHING, 0.97, "it is a key that only links rows")
    if kind:
        kind, confidence = _refined(kind, confidence, own, row)
        return Guess(kind, confidence, because)
    if "card" in row.subject.words and own.words[-1:] in (
        ("expiry",),
        ("expire",),
        ("expires",),
        ("token",),
        ("expiration",),
    ):
        return Guess("card", 0.8, "it is part of a payment card")
    if column.type == "boolean":
        return _flag(own, row)
    if column.type in ("date", "timestamp", "time") or (
        column.type == "integer" and _is_clock(own)
    ):
        return _moment(own, row)
    return _likely(column, own, row) or _by_type(column, own, row)


# Kinds that a linking column may hold itself: an address by which rows are joined, a key of a list about the person.
_KEPT: Final = frozenset({"email", "phone", "gender", "address", "mynumber", "attribute", "health"})


def _is_clock(own: Sense) -> bool:
    """Whether an integer holds a moment (seconds since 1970), as in Moodle and phpBB."""
    if not own.words:
        return False
    last = own.words[-1]
    if own.words in (("last", "post"), ("last", "active"), ("last", "search"), ("last", "seen")):
        return True
    return own.head == "time" or (
        last in _CLOCK_ENDS and (len(own.words) == 1 or bool(_CLOCK & set(own.words)))
    )


def _refined(kind: str, confidence: float, own: Sense, row: Row) -> tuple[str, float]:
    """A kind that its neighbours change: a login beside a full name, a login that is an act."""
    persons = ("identity", "profile", "log", "message", "membership", "credential")
    if kind == "nickname" and own.words == ("display", "name") and not row.identity:
        return (kind, confidence) if row.subject.about(*persons) else ("content", 0.6)
    banks = _BANKS & row.siblings or {"bank", "payroll", "account"} & set(row.subject.words)
    if kind == "bank" and own.phrase == "account number" and not banks:
        return ("payment" if row.subject.about("commerce") else "attribute"), 0.6
    if (
        kind == "cookie_id"
        and own.words == ("fingerprint",)
        and "key" in {*row.siblings, *row.subject.words}
    ):
        return "credential", 0.7
    if kind == "nickname" and own.words == ("login",) and row.subject.about("log"):
        return kind, 0.6
    return kind, confidence


def _flag(own: Sense, row: Row) -> Guess:
    if row.subject.about("attendance") and not own.head and own.words not in TECHNICAL_NAMES:
        return Guess("attendance", 0.6, "it says whether the person came or passed")
    wish = bool(_PREFERENCE & set(own.words)) or "settings" in own.whole
    if wish and (row.identity or row.subject.about("profile", "settings", "identity")):
        return Guess("settings", 0.75, "it is a yes or no that the person chooses")
    if row.subject.about("settings") and row.whose == "person":
        return Guess("settings", 0.6, "it is a yes or no in a person's settings")
    return Guess(NOTHING, 0.85, "it is a technical yes or no")


def _moment(own: Sense, row: Row) -> Guess:
    if row.whose == "person" and row.subject.about("commerce") and _PAID & set(own.words):
        return Guess("payment", 0.75, "it is the day of a payment")
    if _BOOKKEEPING & set(own.words) or any(part in own.words[-1] for part in _KEPT_WHEN):
        if row.subject.about("log") and row.whose == "person" and set(own.words) <= _MADE_WHEN:
            return Guess("usage", 0.7, "it is when the person did what the log tells")
        return Guess(NOTHING, 0.8, "it says when the row was kept, not what the person did")
    if row.whose in ("person", "unknown"):
        return Guess("usage", 0.8, "it is a time in a person's row: when that person did something")
    return Guess(NOTHING, 0.6, "it is a time of shared work, which stands without its author")


def _likely(column: Column, own: Sense, row: Row) -> Guess | None:
    """A kind that the name may mean in this row, by the order of the table's theme."""
    return _dealt(column, own, row) or _special(column, own, row) or _by_order(column, own, row)


def _dealt(column: Column, own: Sense, row: Row) -> Guess | None:
    """Numbers and sums of what a person bought, and parts of a card."""
    if (
        row.subject.about("commerce")
        and own.words in {("number",), ("plan",)}
        and column.type in {"text", "integer"}
    ):
        return Guess("payment", 0.7, "it is the number or the plan of what the person bought")
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
    if (
        column.type == "integer"
        and own.words[-1] in ("amount", "price", "fee", "cost", "tax", "discount", "balance")
        and not own.head
    ):
        return Guess("payment", 0.7, "it is a sum of money in a person's row")
    if column.type == "decimal" and (_MONEY & set(own.words) or row.subject.about("commerce")):
        return Guess("payment", 0.75, "it is a sum of money in a person's row")
    return None


def _special(column: Column, own: Sense, row: Row) -> Guess | None:
    """Names that their table or their neighbours make plain."""
    if row.subject.about("organisation") and own.words == ("name",) and column.type == "text":
        return Guess("company", 0.8, "it names a company or body")
    if (
        own.words[-1] in ("prefix", "suffix")
        and column.type == "text"
        and {"first", "last"} & row.siblings
        and (
            len(own.words) == 1
            or own.words[-2] in ("customer", "name", "billing", "shipping", "member")
        )
    ):
        return Guess("name", 0.75, "it stands beside the other parts of a name")
    if own.words in (("session", "id"), ("sid",), ("sess", "id")) and column.type in (
        "text",
        "bytes",
    ):
        return Guess("cookie_id", 0.7, "it is the identifier that a session's cookie holds")
    placed = own.words in (("position",), ("title",)) or own.words[-1] == "position"
    if column.type == "text" and placed:
        if row.identity and own.words == ("title",) and (column.length or 255) <= 10:
            return Guess("name", 0.7, "a title so short is the form of address")
        if row.identity or (
            own.words[-1] == "position" and row.subject.about("profile", "address")
        ):
            return Guess(
                "workplace", 0.7, "in a row of a person, it is what that person is called at work"
            )
    if own.words == ("alias",) and not (row.identity or row.subject.about("identity", "profile")):
        return Guess(NOTHING, 0.6, "it is another name of a thing")
    if own.words in (("language",), ("locale",)) and not (
        row.identity or row.subject.about("identity", "profile", "commerce", "settings", "booking")
    ):
        return Guess(NOTHING, 0.6, "it is the language of a thing")
    if (
        {"address", "billing", "shipping", "mailing", "delivery", "home"} & set(own.words[:-1])
        and own.words[-1] in ("state", "zone", "region", "area", "district", "county")
        and column.type == "text"
    ):
        return Guess("address", 0.85, "it is part of an address")
    located = {
        "=city",
        "=postal",
        "=street",
        "=street address",
        "=county",
        "=prefecture",
        "=address",
    } & row.siblings
    if (
        own.words in (("state",), ("zone",), ("region",), ("area",), ("district",))
        and located
        and column.type == "text"
    ):
        return Guess("address", 0.85, "it stands beside the other parts of an address")
    if own.phrase == "満足度" and column.type in ("integer", "decimal"):
        return Guess("free_text", 0.6, "it is an answer that the person gave")
    return _secret(column, own, row) or _chosen(column, own, row)


def _secret(column: Column, own: Sense, row: Row) -> Guess | None:
    """What opens an account, and the technical names that may not be read as anything else."""
    if (
        row.subject.about("credential")
        and "credential" in own.whole
        and column.type in ("text", "bytes", "json")
    ):
        return Guess(
            "credential", 0.75, "in a table of credentials, this is the secret or its identifier"
        )
    if column.type != "json" and (
        own.words in TECHNICAL_NAMES or name_words(column.name) in TECHNICAL_NAMES
    ):
        return Guess(NOTHING, 0.8, "its name is that of a technical column")
    if own.words[-1] == "token" and own.head == "" and column.type in ("text", "bytes"):
        return Guess("credential", 0.7, "whoever has it may do what the person may do")
    if own.words[-1:] == ("duration",) and column.type in ("integer", "decimal"):
        return Guess("usage", 0.65, "it is how long the person did something")
    return None


def _chosen(column: Column, own: Sense, row: Row) -> Guess | None:
    """Settings, files, values of attributes and details of a log."""
    if own.words in (("params",), ("props",), ("param",), ("prop",)) and row.identity:
        return Guess("settings", 0.6, "it is how the person has set things")
    if own.words in (("preference",), ("setting",)) and column.type in ("text", "json"):
        return Guess("settings", 0.75, "it is how the person wants to have it")
    if (
        _FILES & set(own.words)
        and own.head == ""
        and column.type in ("text", "bytes")
        and not row.subject.about("log")
    ):
        return Guess("file", 0.75, "it is a file or the name of one")
    if row.subject.about("profile") and own.words in (
        ("value",),
        ("data",),
        ("meta", "value"),
        ("field", "value"),
    ):
        return Guess("attribute", 0.7, "it is the value in a table of a person's attributes")
    if own.words == ("name",) and "value" in row.siblings and not row.identity:
        return Guess(NOTHING, 0.7, "it names what stands in the value beside it")
    if row.subject.about("log") and own.words[-1] in _TRACE and column.type in ("text", "json"):
        return Guess("usage", 0.7, "it is a detail of what the person did")
    if (
        row.identity
        and column.type == "text"
        and own.words[-1] in ("style", "theme", "view", "format", "layout")
    ) or (own.words[-2:] == ("sort", "order") and column.type == "text"):
        return Guess("settings", 0.6, "it is how the person wants to see things")
    return None


def _by_order(column: Column, own: Sense, row: Row) -> Guess | None:
    """The first kind that fits, in the order of the table's themes."""
    order: list[str] = []
    for theme, text in _ORDER.items():
        if theme in row.subject.themes or (theme == "identity" and row.identity):
            order.extend(text.split())
    known = order or _ORDER_ELSE.split()
    for whole in (True, False):
        for kind in known:
            hit = kind in (own.whole if whole else own.likely)
            if not hit or column.type not in TYPES.get(kind, {column.type}):
                continue
            if (own.head and not whole) or not _fits(kind, column, own, row, whole=whole):
                continue
            if (
                row.subject.about("note")
                and len(row.subject.words) > 1
                and kind in ("content", "free_text")
            ):
                kind = "note"
            bought = own.words[-1] in ("name", "sku", "title", "label", "variant")
            if (
                kind == "content"
                and bought
                and row.subject.about("commerce")
                and len(row.subject.words) > 1
            ):
                kind = "payment"
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


def _fits(kind: str, column: Column, own: Sense, row: Row, *, whole: bool) -> bool:
    """Whether a kind that a name may mean can stand in this row and in this type."""
    number = column.type in ("integer", "decimal")
    if kind == "address" and column.type == "integer":
        return False
    if kind == "credential" and own.words == ("certificate",):
        return row.subject.about("credential")
    if kind == "usage" and number:
        return row.identity or row.subject.about("profile", "log")
    if kind == "attribute" and number:
        return row.identity or row.subject.about("profile")
    if kind == "content" and not whole and row.subject.about("commerce", "address", "identity"):
        return own.words[-1] in ("content", "body", "text")
    if kind == "name":
        return _names_person(own, row)
    mine = row.identity or row.subject.about("identity", "profile", "address", "organisation")
    return mine or (kind, own.words[-1]) not in _OF_THINGS


def _names_person(own: Sense, row: Row) -> bool:
    """Whether `name` in this row is the name of a person and not of a thing."""
    if own.words == ("name",):
        if row.subject.about("organisation"):
            return False
        beside = {"kana", "email", "phone", "postal", "birth", "gender"} & row.siblings
        return (
            row.identity
            or bool(beside)
            or row.subject.about("identity", "profile", "address", "membership")
        )
    if (
        own.words[-1] == "name"
        and {"=email", "=phone"} & row.siblings
        and own.words[0] == "partner"
    ):
        return True
    if own.words[0] in ("signed", "common"):
        return True
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
    if column.type == "text" and (column.length or 1000) > 100:
        # In the corpus one in three of these held something of the person: to say `-` would hide it.
        return Guess(NOTHING, 0.3, "nothing in its name says what a text of this length holds")
    return Guess(NOTHING, 0.45, "nothing in its name, comment or type speaks of a person")


# Addresses and pictures that belong to the thing in the row, where the row is no person.
_OF_THINGS: Final = frozenset(
    {
        ("contact", "url"),
        ("contact", "uri"),
        ("contact", "link"),
        ("photo", "icon"),
        ("photo", "thumbnail"),
    }
)
_BANKS: Final = frozenset("bank iban routing branch swift bic holder".split())
_FILES: Final = frozenset("file filename attachment blob".split())
_DEALS: Final = frozenset(
    "gateway transaction charge payment stripe receipt paypal customer external invoice".split()
)
_PAID: Final = frozenset("paid payment billing billed due refunded".split())
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
