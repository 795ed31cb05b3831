"""A value in the type of its column: what comes from a form or a link, and what a database keeps in its own way.

Links and forms hold text, and SQLite and MariaDB keep dates, truth and numbers as they can. Both sides are brought
to one Python value for each column type, so that every source gives the same answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from chikai.sources.catalogue import ColumnType

Value = object
_BIGGEST: Final = 2**63 - 1
_TRUE: Final = ("1", "true", "t", "yes")
_FALSE: Final = ("0", "false", "f", "no")


def fitted(value: Value, type_: ColumnType) -> Value:
    """The value as a column of this type holds it; None stays None.

    Raises:
        ValueError: no such value can stand in the column. The message does not hold the value.
    """
    if value is None:
        return None
    try:
        return _FITS[type_](value) if type_ in _FITS else value
    except (ValueError, TypeError, OverflowError, InvalidOperation, json.JSONDecodeError):
        raise ValueError(f"does not fit a column of type {type_}") from None


def all_fitted(values: tuple[Value, ...], type_: ColumnType) -> tuple[Value, ...]:
    """Those of the values that a column of this type can hold, once each: the others stand in no row."""
    found: dict[Value, None] = {}
    for value in values:
        try:
            fit = fitted(value, type_)
        except ValueError:
            continue
        if fit is not None:
            found[fit] = None
    return tuple(found)


def tidied(value: Value, type_: ColumnType) -> Value:
    """What a database gave, in Python; a value that is not of its column's type stays as it is."""
    try:
        return fitted(value, type_)
    except ValueError:
        return value


def tidied_row(
    row: tuple[Value, ...], places: Sequence[tuple[int, ColumnType]]
) -> tuple[Value, ...]:
    """A row of which the values at these places are tidied."""
    if not places:
        return row
    values = list(row)
    for place, type_ in places:
        values[place] = tidied(values[place], type_)
    return tuple(values)


def digest(value: Value, salt: bytes | None = None) -> str:
    """A value as a text that tells nothing of it to whoever cannot guess it; salted, so two of one value differ."""
    salt = secrets.token_bytes(12) if salt is None else salt
    kind = "" if value is None else "number" if isinstance(value, int | Decimal) else "value"
    text = str(Decimal(value).normalize()) if isinstance(value, int | Decimal) else str(value)
    found = hashlib.sha256(b"\x00".join((salt, kind.encode(), text.encode()))).hexdigest()
    return f"{salt.hex()}${found}"


def is_of(digest_: str, value: Value) -> bool:
    """Whether a digest is of this value."""
    salt = bytes.fromhex(digest_.partition("$")[0])
    return hmac.compare_digest(digest(value, salt), digest_)


def needs_tidying(type_: ColumnType) -> bool:
    """Whether drivers give values of this type in different ways."""
    return type_ in {"boolean", "date", "time", "timestamp", "decimal", "uuid", "json"}


def _integer(value: Value) -> int:
    if isinstance(value, float | Decimal) and value != int(value):
        raise ValueError
    if isinstance(value, str) and not value.strip().lstrip("+-").isascii():
        raise ValueError
    number = int(value)  # type: ignore[call-overload]  # anything else raises, as it should
    if abs(number) > _BIGGEST:
        raise ValueError
    return int(number)


def _decimal(value: Value) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _text(value: Value) -> str:
    if isinstance(value, bytes):
        return value.decode()
    if "\x00" in (text := str(value)):  # PostgreSQL holds none, and no key of ours does
        raise ValueError
    return text


def _bytes(value: Value) -> bytes:
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, str):
        return bytes.fromhex(value)
    raise ValueError


def _boolean(value: Value) -> bool:
    if isinstance(value, bool | int) and value in {0, 1}:
        return bool(value)
    if isinstance(value, bytes) and value in {b"\x00", b"\x01"}:  # MariaDB's bit(1)
        return value == b"\x01"
    word = str(value).lower()
    if word not in _TRUE + _FALSE:
        raise ValueError
    return word in _TRUE


def _date(value: Value) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _time(value: Value) -> time:
    if isinstance(value, timedelta):  # what PyMySQL makes of a time
        return (datetime(1900, 1, 1) + value).time()  # noqa: DTZ001  a time of day has no zone
    return value if isinstance(value, time) else time.fromisoformat(str(value))


def _timestamp(value: Value) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  the column has no zone either
    return datetime.fromisoformat(str(value))


def _uuid(value: Value) -> UUID:
    if isinstance(value, UUID):
        return value
    return UUID(bytes=value) if isinstance(value, bytes) else UUID(str(value))


def _json(value: Value) -> Value:
    return json.loads(value) if isinstance(value, str | bytes) else value


_FITS: Final[dict[ColumnType, Callable[[Value], Value]]] = {
    "integer": _integer,
    "decimal": _decimal,
    "text": _text,
    "bytes": _bytes,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "timestamp": _timestamp,
    "uuid": _uuid,
    "json": _json,
}
