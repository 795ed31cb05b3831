"""Tables that a plain text sets by wide blanks become rows of cells, so that what stands in a column is read there.

Only a line of short heads that names data or a purpose opens one: `氏名　　山田`, an address and a centred title stay as
they are. A row has as many cells as the head, or goes on in its columns where a cell was too long for its line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line

_GAP: Final = re.compile(r"[ \u3000]*\t[ \t\u3000]*|[ \u3000]{2,}")
_PARTIAL: Final = (
    r"(?:(?:ご?提供|取得|収集|登録|保有|お?預かり|利用|使用|入力|用い|お聞き|いただ)\S{0,6}?)?"
)
_ITEM: Final = re.compile(
    rf"(?:{_PARTIAL}(?:主な)?(?:個人|お客様の?|利用者|会員)?の?(?:情報|データ)(?:の?(?:項目|種類|内容|例|名称?|区分))?|{_PARTIAL}(?:データ)?項目)(?:\(例\))?"
)
_WHY: Final = re.compile(
    r"(?:主な|ご)?(?:個人情報の|情報の)?(?:ご?利用|使用|取得|収集)?の?目的|用途|使いみち|使い道|何のため\S{0,6}"
)
_BESIDE: Final = re.compile(
    r"区分|分類|種類|種別|対象(?:者|となる方)?|本人(?:の区分)?|誰の\S{0,4}|サービス(?:名|の名称)?|業務(?:名|内容)?|場面|内容|具体例|例|取得(?:の?方法|場面|元)|提供(?:先|元)|送信先|(?:保存|保管|保有)の?期間|根拠|法的根拠|備考|番号|No\.?|項番|#",
    re.IGNORECASE,
)
_LONGEST_HEAD: Final = 16
_LEAST_ROWS: Final = 2
_NEAR: Final = 2  # how far from its head a column may begin
_FULL: Final = 6  # so near to the next column a cell ends whose words go on below
_MOST_BLANK: Final = 1
_MOST_LINES: Final = 50  # over which one row goes on


@dataclass(frozen=True, slots=True)
class _Cell:
    """Words between two wide blanks, with the columns of the page in which they begin and end."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A line, or those over which a row goes on, with a cell for each head; None where it has none there."""

    line: Line
    cells: tuple[_Cell | None, ...]


def as_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines with those of a table set by blanks as rows of cells."""
    made: list[Line] = []
    at = 0
    while at < len(lines):
        rows = _table(lines, at)
        made += [_as_row(row) for row in rows] or [lines[at]]
        at = _behind(lines, at, rows) if rows else at + 1
    return made


def _behind(lines: Sequence[Line], at: int, rows: Sequence[_Row]) -> int:
    """The place behind the last line of a table."""
    last = rows[-1].line.end
    while at < len(lines) and lines[at].end <= last and lines[at].file == rows[0].line.file:
        at += 1
    return at


def _table(lines: Sequence[Line], at: int) -> list[_Row]:
    """The rows of the table whose head stands here; empty where none does."""
    head = _cells(lines[at])
    if not _is_head(lines[at], head):
        return []
    rows = [_Row(lines[at], head)]
    apart = _MOST_BLANK  # the empty lines between two rows, once two were seen
    for line in lines[at + 1 :]:
        if line.hard or line.level or line.blank > apart or line.file != lines[at].file:
            break
        cells = _cells(line)
        if [cell.text for cell in cells] == [cell.text for cell in head]:
            continue  # the heads again, on the next page
        row = _row(line, cells, head, rows[-1])
        if row is None:
            break
        if row.line.start == rows[-1].line.start:
            rows[-1] = row
        else:
            apart = line.blank if len(rows) == _LEAST_ROWS else apart
            rows.append(row)
    return rows if len(rows) > _LEAST_ROWS else []


def _is_head(line: Line, cells: Sequence[_Cell]) -> bool:
    """Whether a line names columns, one of them data or a purpose."""
    if line.hard or line.level or len(cells) < 2:
        return False
    said = [shadow(cell.text) for cell in cells]
    if any(len(one) > _LONGEST_HEAD or re.search("[。、]", one) for one in said):
        return False
    named = [bool(_ITEM.fullmatch(one) or _WHY.fullmatch(one)) for one in said]
    known = [name or bool(_BESIDE.fullmatch(one)) for name, one in zip(named, said, strict=True)]
    return any(named) and sum(known) > 1


def _row(line: Line, cells: Sequence[_Cell], head: Sequence[_Cell], above: _Row) -> _Row | None:
    """The row that a line is, or the one above with what goes on here; None where it is none."""
    if len(cells) == len(head):
        return _Row(line, tuple(cells))
    placed = _placed(cells, head)
    if placed is None:
        return None
    if all(placed):
        return _Row(line, placed)
    under = [at for at, cell in enumerate(placed) if cell]
    short = len(above.line.breaks) < _MOST_LINES
    if (
        short
        and not line.blank
        and under[-1]
        and all(_is_full(above.cells, at, head) for at in under)
    ):
        return _Row(above.line.joined(line, "line"), _together(above.cells, placed))
    # A cell that holds for several rows is printed once.
    return _Row(line, placed) if len(under) > 1 and placed[0] is None else None


def _placed(cells: Sequence[_Cell], head: Sequence[_Cell]) -> tuple[_Cell | None, ...] | None:
    """The cells under the heads that they begin below; None where one begins below none."""
    found: dict[int, _Cell] = {}
    for cell in cells:
        at = next((at for at, one in enumerate(head) if abs(one.start - cell.start) <= _NEAR), None)
        if at is not None and at not in found:
            found[at] = cell
        elif found:  # a wide blank within a cell
            last = max(found)
            found[last] = replace(found[last], text=f"{found[last].text} {cell.text}", end=cell.end)
        else:
            return None
    return tuple(found.get(at) for at in range(len(head)))


def _is_full(cells: Sequence[_Cell | None], at: int, head: Sequence[_Cell]) -> bool:
    """Whether the words of a cell reach to the next column, so that they may go on below; the last reaches far."""
    cell = cells[at]
    if cell is None:
        return False
    if at + 1 == len(head):
        return cell.end - cell.start >= 2 * (head[at].end - head[at].start)
    return head[at + 1].start - cell.end <= _FULL


def _together(
    above: Sequence[_Cell | None], below: Sequence[_Cell | None]
) -> tuple[_Cell | None, ...]:
    return tuple(
        replace(one, text=one.text + other.text, end=other.end) if one and other else one or other
        for one, other in zip(above, below, strict=True)
    )


def _cells(line: Line) -> tuple[_Cell, ...]:
    """What stands between wide blanks."""
    made, last = [], 0
    for gap in [*_GAP.finditer(line.text), None]:
        end = gap.start() if gap else len(line.text)
        start = line.indent + _wide(line.text[:last])
        made.append(_Cell(line.text[last:end], start, start + _wide(line.text[last:end])))
        last = gap.end() if gap else end
    return tuple(made)


def _wide(text: str) -> int:
    """How many columns a text takes on a page."""
    return sum(
        4 if sign == "\t" else 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
        for sign in text
    )


def _as_row(row: _Row) -> Line:
    said = "| " + " | ".join(cell.text if cell else "" for cell in row.cells) + " |"
    return replace(row.line, text=said, shadow=shadow(said), indent=0, hard=True)
