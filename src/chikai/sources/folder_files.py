"""One file of a folder as tables of text, and the same file with some of its rows changed and the others as they stood.

Every value is text: a spreadsheet's own guesses (a telephone number without its zero, a date out of a version) are what
harms such files most. An empty cell is None. In a CSV the untouched records keep their very characters. In an XLSX an
erased row is left empty instead of being taken out, so that nothing below it moves.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from chikai.errors import BadInput, ConfigError, Disagrees
from chikai.sources import sheets
from chikai.sources.protocol import Row

LARGEST_CSV: Final = 64 * 2**20
# What a spreadsheet takes for a formula; an apostrophe in front makes it text, and is no part of the value.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
# Parts of a book that are lost when openpyxl writes it anew, and what people call them.
_LOST: Final = {
    "xl/charts/": "charts",
    "xl/drawings/": "drawings",
    "xl/media/": "pictures",
    "xl/pivotTables/": "pivot tables",
    "xl/vbaProject.bin": "macros",
    "xl/slicers/": "slicers",
    "xl/externalLinks/": "links to other books",
}
# The new values of one row, by the position of its record; None for a row that goes.
Edits = Mapping[int, Mapping[str, str | None] | None]


@dataclass(frozen=True, slots=True)
class Listed:
    """One table of a file: its headings with the column they stand over, and its rows with their position."""

    name: str
    headings: tuple[tuple[str, int], ...]
    rows: tuple[tuple[int, Row], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A CSV as it stands: its records character by character, how it is encoded, and what divides its fields."""

    records: tuple[str, ...]
    encoding: str
    delimiter: str


def read(data: bytes, path: Path) -> tuple[Listed, ...]:
    """The tables of a file; BadInput where it is damaged, protected or too large."""
    if path.suffix.lower() == ".xlsx":
        return tuple(_sheets(data, path))
    text = _text(data, path)
    rows = [(n, tuple(_fields(record, text, path))) for n, record in enumerate(text.records)]
    return (_listed(path.stem, rows, path),)


def changed(data: bytes, path: Path, edits: Mapping[str, Edits]) -> bytes:
    """The file with these rows of its tables changed; Disagrees where it could not hold them or would lose something."""
    if path.suffix.lower() == ".xlsx":
        return _changed_book(data, path, edits)
    [listed] = read(data, path)
    text, columns = _text(data, path), dict(listed.headings)
    made = list(text.records)
    for position, values in edits[listed.name].items():
        if values is None:
            made[position] = ""
            continue
        fields = _fields(made[position], text, path)
        for name, value in values.items():
            fields.extend([""] * (columns[name] + 1 - len(fields)))
            fields[columns[name]] = "" if value is None else _safe(value)
            _refuse_lost(fields[columns[name]], text.encoding, listed.name, name)
        made[position] = _record(fields, text, ending=_ending(made[position]))
    return "".join(made).encode(text.encoding)


def _text(data: bytes, path: Path) -> Text:
    if len(data) > LARGEST_CSV:
        raise BadInput(
            f"the file is larger than {LARGEST_CSV // 2**20} MB", "split it", path.name
        )  # fmt: skip
    if not data.strip():
        return Text((), "utf-8", ",")
    encoding, text = sheets.decoded(data, path)
    delimiter = sheets.delimiter_of(text)
    lines = io.StringIO(text, newline="")
    taken: list[str] = []

    def counted() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    records: list[str] = []
    previous = csv.field_size_limit(sheets.LONGEST_CELL * 4)
    try:
        for _ in csv.reader(counted(), delimiter=delimiter):
            records.append("".join(taken))
            taken.clear()
    except csv.Error:
        raise BadInput(
            f"row {len(records) + 1} cannot be read", "check its quotes", path.name
        ) from None
    finally:
        csv.field_size_limit(previous)
    if records and _is_open(records[-1], delimiter):
        # All rows behind it would be the words of one cell, and one person's.
        raise BadInput(
            f"a quote of row {len(records)} is never closed", "check its quotes", path.name
        )
    return Text(tuple(records), encoding, delimiter)


def _is_open(record: str, delimiter: str) -> bool:
    """Whether the last record of a file ends within a quote."""
    try:
        list(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        return "end of data" in str(fault)
    return False


def _fields(record: str, text: Text, path: Path) -> list[str]:
    previous = csv.field_size_limit(sheets.LONGEST_CELL * 4)
    try:
        return next(csv.reader(io.StringIO(record, newline=""), delimiter=text.delimiter), [])
    except csv.Error:
        raise BadInput("a row cannot be read", "check its quotes", path.name) from None
    finally:
        csv.field_size_limit(previous)


def _record(fields: Sequence[str], text: Text, ending: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=text.delimiter, lineterminator=ending).writerow(fields)
    return out.getvalue()


def _ending(record: str) -> str:
    return record[len(record.rstrip("\r\n")) :]


def _safe(value: str) -> str:
    """Text that no spreadsheet runs; `_plain` takes the apostrophe away again."""
    if value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _plain(field: str) -> str | None:
    if field.startswith("'") and field[1:].startswith(_FORMULA):
        return field[1:]
    return field if field.strip() else None


def _refuse_lost(value: str, encoding: str, table: str, column: str) -> None:
    try:
        value.encode(encoding)
    except UnicodeEncodeError:
        raise Disagrees(
            f"the new value of `{table}.{column}` holds a sign that {encoding} does not have",
            "Nothing was changed; save the file as CSV UTF-8, or write the value otherwise.",
            table,
        ) from None


def _listed(name: str, rows: Sequence[tuple[int, tuple[Any, ...]]], path: Path) -> Listed:
    """Rows under the first row that holds anything; a column without a heading is named by its place."""
    filled = [(n, row) for n, row in rows if any(_cell(value) is not None for value in row)]
    if not filled:
        return Listed(name, (), ())
    first, body = filled[0][1], filled[1:]
    width = max(len(row) for _, row in filled)
    if width > sheets.MOST_COLUMNS:
        raise BadInput(
            f"a row of `{name}` has more than {sheets.MOST_COLUMNS} columns",
            "check the quotes of the row before",
            path.name,
        )
    headings: dict[str, int] = {}
    for column in range(width):
        said = (_cell(first[column]) or "").strip() if column < len(first) else ""
        if not said and not any(len(r) > column and _cell(r[column]) is not None for _, r in body):
            continue
        said = " ".join(said.split()) or f"column {column + 1}"
        heading, n = said, 1
        while heading in headings:
            n += 1
            heading = f"{said} ({n})"
        headings[heading] = column
    made = tuple[tuple[int, Row], ...](
        (n, {h: _cell(row[c]) if c < len(row) else None for h, c in headings.items()})
        for n, row in body
    )
    return Listed(name, tuple(headings.items()), made)


def _cell(value: object) -> str | None:
    """A cell as text; a date without a time of day is a date."""
    if value is None:
        return None
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _sheets(data: bytes, path: Path) -> Iterator[Listed]:
    book = _book(data, path, stored=True)
    filled = [sheet for sheet in book.worksheets if sheet.max_row > 1 or sheet.max_column > 1]
    if sheets.check_parts(data, path):
        _refuse_unreckoned(_book(data, path, stored=False), book, path)
    for sheet in filled:
        if sheet.max_row > sheets.MOST_ROWS * 4:
            raise BadInput(f"the sheet `{sheet.title}` has too many rows", "split it", path.name)
        name = path.stem if len(filled) == 1 else f"{path.stem}/{sheet.title}"
        if any(one.max_row > one.min_row for one in sheet.merged_cells.ranges):
            # The rows below the first would be read as empty there, and as nobody's.
            raise BadInput(
                f"the sheet `{sheet.title}` holds cells that are merged over several rows",
                "undo the merge, so that each row says itself whose it is",
                path.name,
            )
        rows = list(enumerate(sheet.iter_rows(values_only=True), 1))
        yield _listed(name, rows, path)


def _refuse_unreckoned(book: Any, stored: Any, path: Path) -> None:
    """BadInput where a formula has no result beside it: its cell would be read as empty, and its row as nobody's."""
    for sheet in book.worksheets:
        results = stored[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and results[cell.coordinate].value is None:
                    raise BadInput(
                        f"the sheet `{sheet.title}` holds a formula without its result",
                        "open it in the spreadsheet program and save it anew",
                        path.name,
                    )


def _book(data: bytes, path: Path, *, stored: bool) -> Any:
    if len(data) > sheets.LARGEST_FILE:
        most = sheets.LARGEST_FILE // 2**20
        raise BadInput(f"the file is larger than {most} MB", "split it", path.name)
    try:
        import openpyxl
    except ImportError:
        raise ConfigError(
            "reading .xlsx needs the extra `server`",
            "install `chikai[server]`, or save the file as CSV",
        ) from None
    sheets.check_parts(data, path)
    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=stored, keep_links=False)
    except Exception:  # openpyxl raises whatever its parser met; what it met may quote a cell
        raise BadInput(
            "the file is no readable .xlsx",
            "open it in the spreadsheet program and save it anew",
            path.name,
        ) from None


def _changed_book(data: bytes, path: Path, edits: Mapping[str, Edits]) -> bytes:
    _refuse_losses(data, path)
    book = _book(data, path, stored=False)
    read_ = {listed.name: dict(listed.headings) for listed in _sheets(data, path)}
    for table, rows in edits.items():
        title = table.partition("/")[2]
        sheet = book[title] if title else next(s for s in book.worksheets if s.max_row > 1)
        for position, values in rows.items():
            if values is None:
                for cell in sheet[position]:
                    cell.value, cell.comment, cell.hyperlink = None, None, None
                continue
            for name, value in values.items():
                cell = sheet.cell(position, read_[table][name] + 1)
                cell.value, cell.hyperlink = value, None
                if value is not None:
                    cell.data_type = "s"  # else openpyxl takes `=...` for a formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _refuse_losses(data: bytes, path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    lost = {what for part, what in _LOST.items() if any(name.startswith(part) for name in names)}
    if sheets.check_parts(data, path):
        lost.add("formulas whose results other programs read")
    if lost:
        raise Disagrees(
            f"the book `{path.name}` holds {', '.join(sorted(lost))}, which would be lost if it were written anew",
            "Nothing was changed; keep the rows of people in a book of their own, or change them by hand.",
            path.name,
        )
