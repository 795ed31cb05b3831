"""A map beside the policy: what a page says of each table and column, in the policy's own words.

Clauses: 2.2, 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chikai.policy.document import Text
from chikai.policy.kinds import BY_ID
from chikai.sources import why
from chikai.sources.map import NOT_PERSONAL, UNDECIDED
from chikai.web.frame import language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.document import DataCategory, Document, Purpose, Recipient
    from chikai.sources.map import ColumnMap, Map, TableMap


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of the way from a table to a person."""

    columns: str
    table: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column, the item of the policy that it holds, and what follows from that."""

    map: ColumnMap
    kind: str
    item: DataCategory | None
    purposes: tuple[Purpose, ...]
    recipients: tuple[Recipient, ...]
    why: Text

    @property
    def open(self) -> bool:
        """Whether nobody has decided it."""
        return self.map.category == UNDECIDED

    @property
    def personal(self) -> bool:
        """Whether it holds an item of the policy."""
        return self.map.category not in (UNDECIDED, NOT_PERSONAL)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what a line of the list says of it."""

    map: TableMap
    open: int
    items: tuple[str, ...]
    way: tuple[Step, ...]

    @property
    def undecided(self) -> bool:
        """Whether a person must look at it."""
        return self.map.whose == "unknown" or self.open > 0


def tables(map_: Map, document: Document | None) -> list[Table]:
    """Every table of a map."""
    return [table_of(map_, table, document) for table in map_.tables]


def table_of(map_: Map, table: TableMap, document: Document | None) -> Table:
    """One table."""
    open_ = sum(c.category == UNDECIDED for c in table.columns) if table.whose != "none" else 0
    held = dict.fromkeys(
        c.category for c in table.columns if c.category not in (UNDECIDED, NOT_PERSONAL)
    )
    items = tuple(_name(document, category) for category in held)
    return Table(table, open_, items, tuple(_way(map_, table)))


def columns(map_: Map, table: TableMap, document: Document | None) -> list[Column]:
    """Every column of a table, with purposes and recipients of its item in this service."""
    return [column_of(map_, table, column, document) for column in table.columns]


def column_of(map_: Map, table: TableMap, column: ColumnMap, document: Document | None) -> Column:
    """One column."""
    item = document.category(column.category) if document else None
    kind = BY_ID.get(column.kind)
    said = "" if kind is None else kind.ja if language() == "ja" else kind.en
    because = why.why(map_, f"{table.name}.{column.name}")
    reason = Text(because.ja, because.en)
    if document is None or item is None:
        return Column(column, said, item, (), (), reason)
    purposes = document.purposes_of(item.id, map_.service)
    return Column(column, said, item, purposes, document.recipients_of(item.id), reason)


def _name(document: Document | None, category: str) -> str:
    item = document.category(category) if document else None
    return item.name.in_(language()) if item else category


def _way(map_: Map, table: TableMap) -> Iterator[Step]:
    """The first way to an identity table; a circle ends it."""
    seen, here = {table.name}, table
    while here.identity is None and here.edges:
        edge = here.edges[0]
        yield Step(", ".join(edge.columns), edge.table)
        if edge.table in seen or edge.table not in map_.by_name:
            return
        seen.add(edge.table)
        here = map_.by_name[edge.table]
