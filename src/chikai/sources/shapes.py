"""What the values of a column look like. Values come in, shares go out: no value is kept, shown or written.

Patterns run on at most 400 characters a value and hold no nested repetition, so hostile rows cannot stall a scan.

Clauses: 2.2.
Law: APPI Art. 2(2).
"""

from __future__ import annotations

import ipaddress
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chikai.sources import columns, names

_MOST: Final = 400  # characters of a value that are looked at
_FIRST: Final = 12  # values by which a test is given up
_ENOUGH: Final = 40  # values that are parsed as telephone numbers, which is slow
_FEWEST: Final = 5  # values below which a share says nothing
_EMAIL: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}\.[A-Za-z]{2,24}")
_POSTAL: Final = re.compile(r"〒?[0-9]{3}-?[0-9]{4}")
_PHONE: Final = re.compile(r"\+?[0-9(][0-9()\- ]{8,18}")
_KANA: Final = re.compile(
    r"[ァ-ヶー・]{2,12}(?: [ァ-ヶー・]{1,12})?|[ぁ-ゖー]{2,12} [ぁ-ゖー]{1,12}"
)
_PERSON_JA: Final = re.compile(r"[一-龥々ヶ]{1,4} [一-龥々ぁ-ゖァ-ヶー]{1,4}")
_PASSWORD: Final = re.compile(
    r"\$2[abxy]?\$[0-9]{2}\$.{53}|\$argon2(?:id|i|d)\$.{20,380}|\$[PH]\$.{31}|pbkdf2_sha(?:1|256)\$.{20,380}|\$[156]\$.{20,380}|\{S?SHA(?:256|512)?\}.{20,380}"
)
_AGENT: Final = re.compile(
    r"Mozilla/[0-9.]{3,6} \(|(?:Opera|curl|okhttp|Dalvik|Wget|python-requests)/[0-9.]{1,9}"
)
_HEX_ID: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_DIGITS_12: Final = re.compile(
    r"(?<![0-9])[0-9]{12}(?![0-9])|(?<![0-9])[0-9]{4}[- ][0-9]{4}[- ][0-9]{4}(?![0-9\- ])"
)
_LONG_NUMBER: Final = re.compile(r"[0-9][0-9\- ]{10}")
_CARD: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{4}[- ]?){3}[0-9]{1,4}(?![0-9])|(?<![0-9])3[47][0-9]{2}[- ]?[0-9]{6}[- ]?[0-9]{5}(?![0-9])"
)
_BIN: Final = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|35(?:2[89]|[3-8])|3(?:0[0-5]|[689])|6(?:011|5|4[4-9])"
)
PREFECTURES: Final = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 "
    "三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
).split()
# Keys of a JSON value that name personal items; read through the same vocabulary as columns.
_PERSONAL: Final = frozenset(
    "name kana email phone address birth_date gender postal_code card_number ip".split()
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What most values look like: a kind with its confidence and a sentence, and what free text holds within.

    `inside` names kinds whose values stand within longer text (`mynumber`, `card_number`, `email`).
    """

    kind: str = ""
    confidence: float = 0.0
    because: str = ""
    inside: tuple[str, ...] = ()
    seen: int = 0


def is_my_number(digits: str) -> bool:
    """Whether 12 digits carry the check digit of a My Number.

    Source of the rule: Order for Enforcement of the My Number Act, Art. 8, and its ministerial order, Art. 5.
    """
    if len(digits) != 12 or not digits.isascii() or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    total = sum(
        int(d) * w for d, w in zip(digits[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)
    )
    rest = total % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def is_card_number(digits: str) -> bool:
    """Whether digits have the length and first digits of a payment card and pass Luhn (ISO/IEC 7812-1)."""
    if not 14 <= len(digits) <= 16 or not _BIN.match(digits):
        return False
    doubled = [int(d) for d in digits]
    for at in range(len(doubled) - 2, -1, -2):
        doubled[at] = doubled[at] * 2 - 9 if doubled[at] > 4 else doubled[at] * 2
    return sum(doubled) % 10 == 0


def is_phone(text: str) -> bool:
    """Whether a text is a valid number in Japan, or with its country's code."""
    if not _PHONE.fullmatch(text) or (text.isdecimal() and not text.startswith("0")):
        return False
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, "JP")))
    except phonenumbers.NumberParseException:
        return False


def _is_ip(text: str) -> bool:
    if not 3 <= len(text) <= 49 or (text.count(".") != 3 and ":" not in text):
        return False
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _digits(text: str) -> str:
    return text.replace("-", "").replace(" ", "")


# In order: the first whose share is high enough is what the column holds.
_TESTS: Final[tuple[tuple[str, str, Callable[[str], bool], float], ...]] = (
    ("email", "e-mail addresses", lambda t: _EMAIL.fullmatch(t) is not None, 0.97),
    ("credential", "digests of passwords", lambda t: _PASSWORD.fullmatch(t) is not None, 0.97),
    ("user_agent", "names of browsers", lambda t: _AGENT.match(t) is not None, 0.95),
    ("ip", "IP addresses", _is_ip, 0.95),
    ("card_number", "card numbers with a right check digit", lambda t: is_card_number(_digits(t)), 0.97),
    ("mynumber", "My Numbers with a right check digit", lambda t: is_my_number(_digits(t)), 0.97),
    ("phone", "telephone numbers", is_phone, 0.93),
    ("address", "addresses that begin with a prefecture", lambda t: t.startswith(tuple(PREFECTURES)), 0.95),
    ("name", "names of persons in kanji", lambda t: _PERSON_JA.fullmatch(t) is not None, 0.85),
)  # fmt: skip


def look(values: Iterable[object], column: str = "") -> Shape:
    """The shape of some values of one column. `column` is its name, which settles what values alone leave open."""
    given = [value for value in values if value is not None and value != ""]
    texts = [
        unicodedata.normalize("NFKC", str(v)[:_MOST]).strip() for v in given if isinstance(v, str)
    ]
    if len(texts) < _FEWEST:
        return _dates(given) if len(given) >= _FEWEST else Shape(seen=len(given))
    distinct = len(set(texts)) / len(texts)
    for kind, what, test, confidence in _TESTS:
        first = texts[:_FIRST]
        if sum(map(test, first)) < len(first) * 0.5:
            continue  # most columns fail most tests: a few values show it
        looked = texts[:_ENOUGH] if test is is_phone else texts
        share = sum(map(test, looked)) / len(looked)
        # One value in eight or ten passes a check digit by chance, so numbers need nearly all of them.
        if share >= (0.95 if kind in ("card_number", "mynumber") else 0.8):
            return Shape(
                kind,
                confidence,
                f"{share:.0%} of the sampled values look like {what}",
                seen=len(texts),
            )
    return _weaker(texts, column, distinct)


def _weaker(texts: Sequence[str], column: str, distinct: float) -> Shape:
    """Shapes that need the name's consent: seven digits, kana, keys; then long text."""
    named = " ".join(names.words(column)) + column

    def share(pattern: re.Pattern[str]) -> float:
        return sum(pattern.fullmatch(t) is not None for t in texts) / len(texts)

    if share(_POSTAL) >= 0.8 and (any("-" in t or "〒" in t for t in texts) or "postal" in named):
        return Shape(
            "postal_code",
            0.9,
            f"{share(_POSTAL):.0%} of the sampled values look like postal codes",
            seen=len(texts),
        )
    if share(_KANA) >= 0.8 and distinct > 0.5 and any(" " in t for t in texts):
        return Shape(
            "kana", 0.85, "the sampled values look like readings of names", seen=len(texts)
        )
    if any(
        word in named for word in ("session", "cookie", "visitor", "device", "fingerprint")
    ) and (share(_HEX_ID) >= 0.8 or share(_UUID) >= 0.8):
        return Shape(
            "cookie_id", 0.8, "the sampled values look like random identifiers", seen=len(texts)
        )
    inside = tuple(sorted({kind for text in texts for kind in within(text)}))
    keys = {kind for text in texts[:50] for kind in _keys(text)}
    if keys:
        return Shape("", 0.0, "", tuple(sorted(keys | set(inside))), len(texts))
    mean = sum(map(len, texts)) / len(texts)
    sentences = sum(t.count("。") + t.count(". ") + t.count("\n") for t in texts) / len(texts)
    if mean > 60 and sentences >= 0.5:
        return Shape("", 0.0, f"free text of {mean:.0f} characters on average", inside, len(texts))
    return Shape(inside=inside, seen=len(texts))


def _dates(given: Sequence[object]) -> Shape:
    """Dates without a time whose years spread as births do: most between 10 and 100 years ago, none ahead."""
    days = [v for v in given if isinstance(v, date) and not isinstance(v, datetime)]
    if len(days) < max(_FEWEST, len(given) * 0.8):
        return Shape(seen=len(given))
    last = max(days).year
    years = sorted(day.year for day in days)
    old = sum(year < 2008 for year in years) / len(years)
    if years[0] > 1900 and last - years[0] >= 20 and old > 0.7 and len(set(days)) > len(days) * 0.8:
        return Shape(
            "birth_date", 0.7, "the sampled dates are spread as dates of birth are", seen=len(given)
        )
    return Shape(seen=len(given))


def within(text: str) -> frozenset[str]:
    """Kinds of guarded content that stand inside a longer text: My Numbers (R-39), card numbers (R-40), addresses."""
    found = set()
    # `\b` never matches between kanji and digits, so the borders are spelled out in the patterns.
    text = text[:_MOST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "@" not in text and _LONG_NUMBER.search(text) is None:
        return frozenset()
    if any(is_my_number(_digits(m.group())) for m in _DIGITS_12.finditer(text)):
        found.add("mynumber")
    if any(is_card_number(_digits(m.group())) for m in _CARD.finditer(text)):
        found.add("card_number")
    at = text.find("@")
    if at > 0 and _EMAIL.search(text[max(0, at - 64) : at + 200]):
        found.add("email")
    return frozenset(found)


def _keys(text: str) -> frozenset[str]:
    """Kinds that the keys of a JSON object name."""
    if not text.startswith(("{", "[")) or len(text) >= _MOST:
        return frozenset()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return frozenset()
    first = value[0] if isinstance(value, list) and value else value
    keys = first if isinstance(first, dict) else {}
    return frozenset(columns.sense(str(key)[:60]).sure for key in keys) & _PERSONAL
