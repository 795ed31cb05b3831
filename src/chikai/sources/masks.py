"""What stands where a person's value stood: made from a secret, the same for the same person, known again as ours.

A mask is a name and a seal over that name. The name comes from what the value belonged to, so that columns which an
edge joins still meet; nobody without the secret can make either, and nobody can go back. Because of the seal a later
check tells a mask from a value without knowing what stood there. Short texts, and numbers that must be unique, hold
less of both.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from chikai.errors import MapError
from chikai.sources.catalogue import Column
from chikai.sources.values import Value, fitted

_WORD: Final = "erased-"
_NAME, _SEAL = 12, 8  # hexadecimal digits of a mask that has room
_MAIL: Final = "@erased.invalid"
# A date that no living person has and every database takes.
_LONG_AGO: Final = datetime(1900, 1, 1)  # noqa: DTZ001  its column says whether it has a zone
_NEUTRAL: Final[Mapping[str, Value]] = {
    "date": _LONG_AGO.date(),
    "timestamp": _LONG_AGO,
    "time": time(0),
    "integer": 0,
    "decimal": Decimal(0),
    "boolean": False,
    "json": {},
    "bytes": b"",
}


def mask(
    secret: bytes, seed: tuple[object, ...], column: Column, *, email: bool, unique: bool
) -> Value:
    """The value that stands in a column from now on; `seed` says what it belonged to.

    Raises:
        MapError: no replacement is known for the type, and the column cannot be empty.
    """
    name = hmac.new(secret, repr(seed).encode(), hashlib.sha256).digest()
    match column.type:
        case "text":
            return _text(secret, name.hex(), column.length, email=email)
        case "uuid":
            return _uuid(secret, name[:6])
        case "integer" | "decimal" if unique:
            number = _number(secret, name, wide=_wide(column))
            return number if column.type == "integer" else Decimal(number)
        case "bytes" if unique:
            return name[:8] + _seal(secret, name[:8])[:8]
        case _ if column.nullable:
            return None
        case known if known in _NEUTRAL:
            return _NEUTRAL[known]
    raise MapError(
        f"column `{column.name}` has a type for which no replacement is known, and cannot be empty",
        'Delete the row (`erase = "delete"` for each column) or keep the column.',
    )


def is_mask(secret: bytes, value: Value, column: Column, *, unique: bool) -> bool:
    """Whether what stands in a column is nothing, or what `mask` put there, and no value of a person."""
    if value is None:
        return True
    try:
        held = fitted(value, column.type)
    except ValueError:
        return False
    match held:
        case str():
            return column.type == "text" and _is_text(secret, held, column.length)
        case UUID():
            return held == _uuid(secret, held.bytes[:6])
        case bytes() if unique:
            return len(held) == 16 and held[8:] == _seal(secret, held[:8])[:8]
        case int() | Decimal() if unique and not isinstance(held, bool):
            return _is_number(secret, held, wide=_wide(column))
    if column.nullable:
        return False  # it would be empty
    if isinstance(held, datetime):  # a server in another zone moves it by some hours
        return abs(held.replace(tzinfo=None) - _LONG_AGO) < timedelta(days=2)
    return held == _NEUTRAL.get(column.type, ...)


def _seal(secret: bytes, name: bytes) -> bytes:
    return hmac.new(secret, b"mask\x00" + name, hashlib.sha256).digest()


def _text(secret: bytes, name: str, length: int | None, *, email: bool) -> str:
    long = _WORD + name[:_NAME] + _seal(secret, name[:_NAME].encode()).hex()[:_SEAL]
    for word in (long + _MAIL if email else long, long):
        if length is None or len(word) <= length:
            return word
    return _short(secret, name, length or 0)


def _short(secret: bytes, name: str, length: int) -> str:
    own = name[: -(-length // 2)]
    return own + _seal(secret, own.encode()).hex()[: length - len(own)]


def _is_text(secret: bytes, held: str, length: int | None) -> bool:
    word = held.removesuffix(_MAIL)
    if word.startswith(_WORD) and len(word) == len(_WORD) + _NAME + _SEAL:
        name = word[len(_WORD) :][:_NAME]
        return word == _text(secret, name, None, email=False)
    # As long as the column is, and no longer than what a long mask needs.
    fills = length is not None and len(held) == length < len(_WORD) + _NAME + _SEAL
    return not held or (fills and held == _short(secret, held, len(held)))


def _uuid(secret: bytes, name: bytes) -> UUID:
    return UUID(bytes=name + _seal(secret, name)[:10], version=8)


def _wide(column: Column) -> bool:
    """Whether an integer of eight bytes fits: what a number's mask may use."""
    raw = column.raw.lower()
    return column.type == "integer" and ("big" in raw or "int8" in raw)


def _number(secret: bytes, name: bytes, *, wide: bool) -> int:
    own, seal = (40, 22) if wide else (20, 11)
    named = int.from_bytes(name[:8], "big") >> (64 - own)
    return named << seal | _sealed(secret, named, seal)


def _is_number(secret: bytes, held: int | Decimal, *, wide: bool) -> bool:
    seal = 22 if wide else 11
    named = int(held) >> seal
    return held >= 0 and int(held) & ((1 << seal) - 1) == _sealed(secret, named, seal)


def _sealed(secret: bytes, named: int, bits: int) -> int:
    return int.from_bytes(_seal(secret, str(named).encode())[:4], "big") >> (32 - bits)
