"""What may be corrected, added or deleted: single fields of single rows, each with what stands there and what is to stand.

A cell names a place in a row; its digest is of what stood there when it was looked up, so that a value that changes
before the act stops the act. Correcting changes any field, adding fills an empty one, deleting empties one: the row
itself stays. Values go as text, and are fitted to their column by the source that takes them.

Clauses: 6.
Law: APPI Art. 34(1), APPI Art. 34(2), APPI Art. 34(3).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput
from chikai.sources.protocol import Change
from chikai.sources.values import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chikai.sources.catalogue import ColumnType

KINDS: Final = ("correct", "add", "delete")
MOST: Final = 200  # rows of a place that are shown
LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row. `text` is what stands there, None where it is empty; `old` is the digest of it."""

    table: str
    key: tuple[str | int, ...]
    column: str
    type: ColumnType
    text: str | None
    old: str
    item: str = ""
    nullable: bool = True
    length: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there."""
        return not self.text

    @property
    def row(self) -> str:
        """The key of its row as a page shows it."""
        return " ".join(map(str, self.key))


@dataclass(frozen=True, slots=True)
class Corrected:
    """One field with its new value as text; None empties it."""

    cell: Cell
    text: str | None

    @property
    def change(self) -> Change:
        """The change as a source takes it, guarded by what stood there."""
        cell = self.cell
        return Change(cell.table, cell.key, cell.column, self.text, cell.old)


def may_change(kind: str, cell: Cell) -> bool:
    """Whether a kind of request is about this field: an addition about empty ones, a deletion about the others."""
    return {"add": cell.is_empty, "delete": not cell.is_empty}.get(kind, True)


def corrected(kind: str, cell: Cell, text: str | None) -> Corrected:
    """A field with its new value; None, or nothing but spaces, empties it.

    Raises:
        BadInput: the kind of request is not about this, or the value does not fit its column.
    """
    text = (text or "").strip() or None
    where = f"{cell.table}.{cell.column}"
    if not may_change(kind, cell) or (kind == "delete" and text) or (kind == "add" and not text):
        raise BadInput(f"`{kind}` does not change `{where}` in this way", "open another request")
    if text is None and not cell.nullable:
        if cell.type != "text":
            raise BadInput(f"`{where}` cannot be empty", "give it a value")
        text = ""
    _check_fit(cell, text, where)
    if text == cell.text:
        raise BadInput(f"`{where}` has this value already", "leave it out")
    return Corrected(cell, text)


def _check_fit(cell: Cell, text: str | None, where: str) -> None:
    if text is not None and len(text) > min(cell.length or LONGEST, LONGEST):
        raise BadInput(f"the new value of `{where}` is too long", "write it in fewer signs")
    try:
        fitted(text, cell.type)
    except ValueError as fault:
        raise BadInput(f"the new value of `{where}` {fault}", "write it in another form") from None


def dump_cells(cells: Iterable[Cell]) -> str:
    """Cells as a text that is kept sealed."""
    return json.dumps([asdict(cell) for cell in cells], ensure_ascii=False)


def load_cells(text: str) -> tuple[Cell, ...]:
    """The cells of such a text."""
    return tuple(Cell(**{**row, "key": tuple(row["key"])}) for row in json.loads(text))


def dump(all_: Iterable[Corrected]) -> str:
    """Decided changes as a text that is kept sealed."""
    return json.dumps([[asdict(one.cell), one.text] for one in all_], ensure_ascii=False)


def load(text: str) -> tuple[Corrected, ...]:
    """The decided changes of such a text."""
    return tuple(
        Corrected(Cell(**{**row, "key": tuple(row["key"])}), new) for row, new in json.loads(text)
    )
