"""What erasing does to each table of a map: rows that go, columns that are emptied or replaced, rows that stand.

A row goes when every personal column of it is to be deleted. Otherwise the row stands for those who need it (an
invoice, a thread), and what it says about the person is emptied or replaced. A replacement is made from a secret, the
person and the column: the same in every table that an edge joins, so that joins still meet, and nobody can go back.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final
from uuid import UUID

from chikai.errors import Disagrees, MapError
from chikai.sources.catalogue import Catalogue, Column, Table
from chikai.sources.graph import Graph, erase_order
from chikai.sources.map import NOT_PERSONAL, UNDECIDED, ColumnMap, Map, TableMap
from chikai.sources.protocol import Change, Keys, Value
from chikai.sources.values import fitted

# A date that no living person has and every database takes.
_LONG_AGO: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Erasing:
    """What happens to the person's rows of one table: they go, or `columns` of them get other values."""

    table: str
    whole: bool
    columns: tuple[ColumnMap, ...] = ()


def planned(graph: Graph, catalogue: Catalogue) -> tuple[Erasing, ...]:
    """The tables that erasing touches, children first; rows of customers and columns marked `keep` are not.

    Raises:
        MapError: nobody has decided what a column holds; erasing around it would leave it behind.
    """
    steps = (_erasing(graph.map.by_name[name]) for name in erase_order(graph, catalogue))
    return tuple(step for step in steps if step is not None)


def _erasing(table: TableMap) -> Erasing | None:
    if table.whose not in {"person", "shared"}:
        return None
    for column in table.columns:
        if column.category == UNDECIDED:
            raise MapError(
                f"nobody has decided what column `{table.name}.{column.name}` holds",
                "Set its category in the map; `-` says that it holds nothing personal.",
            )
    personal = [column for column in table.columns if column.category != NOT_PERSONAL]
    # A shared work stands whatever its columns say: others made it too.
    if table.whose == "person" and personal and all(c.erase == "delete" for c in personal):
        return Erasing(table.name, whole=True)
    changed = tuple(column for column in personal if column.erase != "keep")
    return Erasing(table.name, whole=False, columns=changed) if changed else None


@dataclass(frozen=True, slots=True)
class Replacing:
    """Makes the values that stand where a person's stood."""

    map: Map
    secret: bytes
    keys: Keys

    def values(self, step: Erasing, table: Table, row: tuple[Value, ...] = ()) -> dict[str, Value]:
        """The new values for the columns of a row; `row` tells rows apart where a column must be unique."""
        new: dict[str, Value] = {}
        for column in step.columns:
            described = table.column(column.name)
            if described is None:
                raise Disagrees(
                    f"column `{table.name}.{column.name}` is in the map and missing from the source",
                    f"Run `chikai map drift {self.map.source}` to see what has changed.",
                    self.map.source,
                )
            empty = column.erase in {"null", "delete"} and described.nullable
            alike = row if is_unique(table, column.name) else ()
            new[column.name] = (
                None if empty else self._replacement(table.name, column, described, alike)
            )
        return new

    def _replacement(
        self, table: str, mapped: ColumnMap, column: Column, row: tuple[Value, ...]
    ) -> Value:
        seed = self._seed(_root(self.map, table, column.name), row)
        match column.type:
            case "text":
                return _text(seed.hex(), column.length, email=self._is_email(table, mapped))
            case "integer" | "decimal" if row:
                number = int.from_bytes(seed[:4], "big") >> 1
                return number if column.type == "integer" else Decimal(number)
            case "uuid":
                return UUID(bytes=seed[:16], version=8)
            case "bytes":
                return seed[:16] if row else b""
            case "date" | "timestamp" | "time" | "integer" | "decimal" | "boolean" | "json":
                return None if column.nullable else _NEUTRAL[column.type]
            case _:
                if column.nullable:
                    return None
                raise MapError(
                    f"column `{table}.{column.name}` has a type for which no replacement is known, and cannot be empty",
                    'Delete the row (`erase = "delete"` for each column) or keep the column.',
                    self.map.source,
                )

    def _is_email(self, table: str, column: ColumnMap) -> bool:
        identity = self.map.by_name[table].identity
        return column.kind == "email" or (identity is not None and identity.email == column.name)

    def _seed(self, column: tuple[str, str], row: tuple[Value, ...]) -> bytes:
        person = sorted((name, *map(str, held)) for name, held in self.keys.items() if held)
        text = repr((self.map.source, person, column, tuple(map(str, row))))
        return hmac.new(self.secret, text.encode(), hashlib.sha256).digest()


_NEUTRAL: Final[Mapping[str, Value]] = {
    "date": _LONG_AGO,
    "timestamp": datetime(1900, 1, 1),  # noqa: DTZ001  its column says whether it has a zone
    "time": time(0),
    "integer": 0,
    "decimal": Decimal(0),
    "boolean": False,
    "json": {},
}


def is_unique(table: Table, column: str) -> bool:
    """Whether no two rows may hold the same value in this column, alone or with others."""
    return any(column in key for key in (table.primary_key, *table.unique))


def fit_change(change: Change, table: TableMap, described: Table) -> Value:
    """The new value of a change in the type of its column.

    Raises:
        Disagrees: the row is not the person's to change, or the value does not fit; the value is not repeated.
    """
    where = f"{table.name}.{change.column}"
    if table.whose == "customer":
        raise Disagrees(
            f"rows of table `{table.name}` are held for the service's customer",
            "Refer the person to that customer.",
            where,
        )
    column = described.column(change.column)
    if column is None or table.column(change.column) is None:
        raise Disagrees(f"column `{where}` is not in the map", "Add it to the map first.", where)
    if change.column in described.primary_key or (
        table.identity and table.identity.key == change.column
    ):
        raise Disagrees(
            f"column `{where}` is the key of its row",
            "A key is not corrected; change the columns beside it.",
            where,
        )
    try:
        value = fitted(change.value, column.type)
    except ValueError as fault:
        raise Disagrees(
            f"the new value of `{where}` {fault}", "Correct the value.", where
        ) from None
    if value is None and not column.nullable:
        raise Disagrees(f"column `{where}` does not take an empty value", "Give a value.", where)
    if column.length is not None and isinstance(value, str) and len(value) > column.length:
        raise Disagrees(
            f"the new value of `{where}` is longer than the {column.length} characters of its column",
            "Shorten the value.",
            where,
        )
    return value


def within(found: Mapping[str, int], at_most: Mapping[str, int], source: str) -> None:
    """Disagrees if more rows were found in a table than it is bound to; a table without a bound is bound to none."""
    for table, rows in found.items():
        bound = at_most.get(table, 0)
        if rows > bound:
            raise Disagrees(
                f"{rows} rows of table `{table}` would change, and the plan allows {bound}",
                "Nothing was changed; count again, look at the rows and approve a new plan.",
                source,
            )


def _root(map_: Map, table: str, column: str) -> tuple[str, str]:
    """The column that a column repeats by its edges, at the end of them."""
    for edge in map_.by_name[table].edges:
        if column in edge.columns and edge.table in map_.by_name:
            return _root(map_, edge.table, edge.to[edge.columns.index(column)])
    return table, column


def _text(token: str, length: int | None, *, email: bool) -> str:
    word = f"erased-{token[:20]}@erased.invalid" if email else f"erased-{token[:20]}"
    if length is None or len(word) <= length:
        return word
    return token[:length]
