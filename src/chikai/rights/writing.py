"""How values are written for people and machines: JSON, and CSV that a spreadsheet opens without harm.

CSV is UTF-8 with a byte order mark and CRLF, every field quoted: without the mark, Excel reads Japanese as Shift_JIS. A
field that begins like a formula gets an apostrophe in front, and so does text of digits alone with a leading zero that a
spreadsheet would cut.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTE_ORDER_MARK: Final = "\ufeff"
# A spreadsheet runs what begins with these; a tab or a line break in front does not stop it.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


PLAIN: Final = frozenset({str, int, bool, type(None)})  # what JSON holds as it is


def plain_row(row: Mapping[str, object]) -> Mapping[str, object]:
    """A row as JSON holds it; most rows are so already."""
    if PLAIN.issuperset(map(type, row.values())):
        return row
    return {key: value if type(value) in PLAIN else plain(value) for key, value in row.items()}


def plain(value: object) -> object:
    """A value as JSON holds it: numbers stay exact as text where JSON would round them, bytes become base64."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | timedelta | float):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return "base64:" + base64.b64encode(bytes(value)).decode()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return str(value)


def as_text(value: object) -> str:
    """A value as a person reads it in one cell."""
    ready = value if type(value) is str else plain(value)
    if ready is None:
        return ""
    if isinstance(ready, str):
        return ready
    return json.dumps(ready, ensure_ascii=False)


def csv_field(value: object, *, exact: bool = False) -> str:
    """One quoted field that no spreadsheet takes for a formula; `exact` says that a text is a number."""
    if value is None:
        return '""'
    if type(value) is int:
        return f'"{value}"'
    text = as_text(value)
    number = exact or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))
    risky = text.startswith(FORMULA_STARTS) and not number
    padded = (
        not exact
        and isinstance(value, str)
        and len(text) > 1
        and text[0] == "0"
        and text.isdecimal()
    )
    guarded = f"'{text}" if risky or padded else text
    return '"' + guarded.replace('"', '""') + '"'


def csv_line(values: Iterable[object]) -> str:
    """One line of CSV with its CRLF."""
    return ",".join(csv_field(value) for value in values) + "\r\n"


def csv_row(row: Mapping[str, object], numbers: frozenset[str] = frozenset()) -> str:
    """One line of CSV; `numbers` are the columns whose texts are numbers."""
    return ",".join(csv_field(v, exact=k in numbers) for k, v in row.items()) + "\r\n"


def json_line(value: object) -> str:
    """A value as JSON in one line."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def json_text(value: object) -> str:
    """A value as JSON for people to read: UTF-8, indented."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2)
