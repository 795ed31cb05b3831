"""Spreadsheets as grids of plain values, from files that nobody vouches for.

XLSX is opened within bounds (a small file can unpack to gigabytes), its formulas are never worked out: the value that
the spreadsheet program stored is read, and a formula without one stays as its text. CSV is read in the encodings that
Japanese offices write: UTF-8, Shift_JIS as Windows has it (cp932), EUC-JP, ISO-2022-JP.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput, ConfigError

if TYPE_CHECKING:
    from pathlib import Path

Cell = str | int | float | bool | date | None

LARGEST_FILE: Final = 20 * 2**20
LARGEST_UNPACKED: Final = 80 * 2**20
MOST_PARTS: Final = 2_000
MOST_SHEETS: Final = 60
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 300
LONGEST_CELL: Final = 32_767  # what Excel itself holds in a cell

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_DELIMITERS: Final = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows as they stand, and which cells were merged (row, column, last row, last column, from 0)."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    epoch_1904: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of a file, and how it was read: `xlsx`, or the encoding and the delimiter of a CSV."""

    how: str
    sheets: tuple[Sheet, ...]


def read(path: Path) -> Workbook:
    """The sheets of an XLSX or CSV file; BadInput when it is neither, too large, protected or empty."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadInput("this is not a file", "name an .xlsx or .csv file", str(path))
        if size > LARGEST_FILE:
            raise BadInput(
                f"the file is larger than {LARGEST_FILE // 2**20} MB",
                "split it, or remove pictures and hidden sheets",
                str(path),
            )
        data = path.read_bytes()
    except OSError as fault:
        reason = (
            "there is no such file"
            if isinstance(fault, FileNotFoundError)
            else "the file cannot be read"
        )
        raise BadInput(reason, "check the path and its rights", str(path)) from None
    if not data.strip():
        raise BadInput("the file is empty", "save the register again", str(path))
    if data.startswith(_OLE):
        raise _protected_or_old(data, path)
    if data.startswith(b"PK"):
        return _xlsx(data, path)
    return _csv(data, path)


def _protected_or_old(data: bytes, path: Path) -> BadInput:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return BadInput(
            "the file is protected by a password", "save a copy without the password", str(path)
        )
    return BadInput("this is the old .xls format", "save it as .xlsx or as CSV", str(path))


def _not_xlsx(path: Path) -> BadInput:
    return BadInput(
        "the file is no readable .xlsx",
        "open it in the spreadsheet program and save it anew",
        str(path),
    )


def _xlsx(data: bytes, path: Path) -> Workbook:
    try:
        import openpyxl
    except ImportError:
        raise ConfigError(
            "reading .xlsx needs the extra `server`",
            "install `chikai[server]`, or save the file as CSV",
        ) from None
    has_formulas = check_parts(data, path)
    try:
        stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        written = (
            openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
            if has_formulas
            else None
        )
    except Exception:  # openpyxl raises whatever its parser met; what it met may quote a cell
        raise _not_xlsx(path) from None
    if len(stored.worksheets) > MOST_SHEETS:
        raise BadInput(f"the file has more than {MOST_SHEETS} sheets", "split it", str(path))
    sheets = []
    for sheet in stored.worksheets:
        other = written[sheet.title] if written is not None else None
        sheets.append(_sheet(sheet, other, path, epoch_1904=stored.epoch.year == 1904))
    return Workbook("xlsx", tuple(sheets))


def check_parts(data: bytes, path: Path) -> bool:
    """Refuse a bomb before anything is unpacked; whether a sheet holds formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
                raise BadInput(
                    f"the file unpacks to more than {LARGEST_UNPACKED // 2**20} MB",
                    "remove empty formatted rows and pictures, or save the sheet as CSV",
                    str(path),
                )
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise _not_xlsx(path)
            return any(
                b"<f" in archive.read(part)
                for part in parts
                if part.filename.startswith("xl/worksheets/")
            )
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise _not_xlsx(path) from None
    except Exception as fault:
        if isinstance(fault, BadInput):
            raise
        raise _not_xlsx(path) from None


def _sheet(sheet: object, written: object | None, path: Path, *, epoch_1904: bool) -> Sheet:
    from openpyxl.worksheet.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)
    rows: dict[int, dict[int, Cell]] = {}
    formulas = set()
    for (row, column), cell in sorted(sheet._cells.items()):  # noqa: SLF001  iter_rows makes every empty cell
        value = _plain(cell.value)
        if value is None and isinstance(written, Worksheet):
            formula = written._cells.get((row, column))  # noqa: SLF001
            if formula is not None and formula.data_type == "f":
                value = str(getattr(formula.value, "text", formula.value))[:LONGEST_CELL]
                formulas.add((row - 1, column - 1))
        if value is not None:
            if column > MOST_COLUMNS:
                raise BadInput(
                    f"the sheet `{sheet.title}` has more than {MOST_COLUMNS} columns",
                    "remove columns that are no part of the register",
                    str(path),
                )
            rows.setdefault(row - 1, {})[column - 1] = value
    if len(rows) > MOST_ROWS:
        raise BadInput(
            f"the sheet `{sheet.title}` has more than {MOST_ROWS:,} rows", "split it", str(path)
        )
    height = max(rows, default=-1) + 1
    width = max((max(cells) for cells in rows.values()), default=-1) + 1
    grid = tuple(
        tuple(rows.get(r, {}).get(c) for c in range(width if r in rows else 0))
        for r in range(height)
    )
    merged = tuple(
        (m.min_row - 1, m.min_col - 1, m.max_row - 1, min(m.max_col - 1, MOST_COLUMNS))
        for m in sheet.merged_cells.ranges
        if m.max_row - m.min_row < MOST_ROWS
    )
    return Sheet(sheet.title, grid, merged, frozenset(formulas), epoch_1904)


def _plain(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        text = value.replace("_x000D_", "").strip()[:LONGEST_CELL]
        return text or None
    if value is None or isinstance(value, bool | int | float | date):
        return value
    if isinstance(value, time):
        return value.isoformat()
    return str(value)[:LONGEST_CELL]


def _csv(data: bytes, path: Path) -> Workbook:
    encoding, text = decoded(data, path)
    delimiter = delimiter_of(text)
    rows: list[tuple[Cell, ...]] = []
    previous = csv.field_size_limit(LONGEST_CELL * 4)
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(record) > MOST_COLUMNS:
                raise BadInput(
                    f"row {len(rows) + 1} has more than {MOST_COLUMNS} columns",
                    "check the quotes of the row before",
                    str(path),
                )
            rows.append(tuple(_plain(value) for value in record))
            if len(rows) > MOST_ROWS:
                raise BadInput(f"the file has more than {MOST_ROWS:,} rows", "split it", str(path))
    except csv.Error:
        raise BadInput(
            f"row {len(rows) + 1} cannot be read", "check its quotes", str(path)
        ) from None
    finally:
        csv.field_size_limit(previous)
    name = {"\t": "tab"}.get(delimiter, delimiter)
    return Workbook(f"{encoding}, `{name}`", (Sheet("", tuple(rows)),))


def decoded(data: bytes, path: Path) -> tuple[str, str]:
    """The text and its encoding: a mark of byte order decides, then what decodes without a fault."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return encoding, _text(data, encoding, path)
    if b"\0" in data:
        raise BadInput("the file is neither .xlsx nor text", "save it as .xlsx or CSV", str(path))
    if re.search(rb"\x1b\$[@B]", data):
        return "iso-2022-jp", _text(data, "iso2022_jp", path)
    decoded = {}
    for encoding in ("utf-8", "cp932", "euc_jp"):
        try:
            decoded[encoding] = data.decode(encoding)
        except UnicodeDecodeError:
            continue
    if "utf-8" in decoded:
        return "utf-8", decoded["utf-8"]
    if {"cp932", "euc_jp"} <= decoded.keys():
        # EUC-JP read as cp932 is mostly half-width katakana, which no register is written in.
        return _rather(decoded["cp932"], decoded["euc_jp"])
    for encoding, text in decoded.items():
        return encoding.replace("_", "-"), text
    raise BadInput(
        "the file is in none of UTF-8, Shift_JIS (cp932), EUC-JP and ISO-2022-JP",
        "save it as CSV UTF-8",
        str(path),
    )


def _rather(cp932: str, euc_jp: str) -> tuple[str, str]:
    half = sum("｡" <= sign <= "ﾟ" for sign in cp932)
    foreign = sum(ord(sign) > 127 for sign in cp932)
    return ("euc-jp", euc_jp) if half * 4 > foreign else ("cp932", cp932)


def _text(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise BadInput(
            f"line {line} is not valid {encoding}", "save it as CSV UTF-8", str(path)
        ) from None


def delimiter_of(text: str) -> str:
    """The sign that divides the first rows into the most columns, equally often in most of them."""
    best, most = ",", 0.0
    head = text[:50_000]
    for sign in _DELIMITERS:
        try:
            records = [
                r
                for _, r in zip(
                    range(40), csv.reader(io.StringIO(head), delimiter=sign), strict=False
                )
            ]
        except csv.Error:
            continue
        widths = [len(r) for r in records if any(r)]
        if not widths:
            continue
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        score = (usual - 1) * widths.count(usual) / len(widths)
        if score > most:
            best, most = sign, score
    return best
