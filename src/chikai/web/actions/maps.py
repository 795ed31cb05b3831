"""Deciding what a column holds and whose the rows of a table are, in the file of a map.

The file stays the engineer's: a decision changes what it is about, and comes into force when the map is adopted.

Clauses: 2.2, 4.1.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast, get_args

from chikai.errors import BadInput
from chikai.ledger.events import Event
from chikai.policy.document import Text
from chikai.sources import mapfile
from chikai.sources import why as whys
from chikai.sources.map import Map, Whose
from chikai.web.actions import Actor, action

if TYPE_CHECKING:
    from pathlib import Path

    from chikai.sources.map import ColumnMap, TableMap


def read(path: Path) -> Map | None:
    """The map of a file; None where there is no file yet."""
    return mapfile.read(path) if path.exists() else None


def why(map_: Map, what: str) -> Text:
    """In full sentences why a table, or `table.column`, stands as it does."""
    said = whys.why(map_, what)
    return Text(said.ja, said.en)


@action("engineer")
def decide_column(
    by: Actor, path: Path, source: str, table: str, column: str, category: str
) -> Event:
    """Write down which item of the policy a column holds, or that it holds nothing personal."""
    map_, found = _table(path, table)
    old = found.column(column)
    if old is None:
        raise BadInput(f"`{table}` has no column `{column}`", "load the page again")
    _write(
        path, map_, replace(found, columns=_with(found.columns, replace(old, category=category)))
    )
    return _decided(source, f"{table}.{column}", category)


@action("engineer")
def decide_whose(by: Actor, path: Path, source: str, table: str, whose: str) -> Event:
    """Write down whose the rows of a table are."""
    if whose not in get_args(Whose):
        raise BadInput("nobody's row is called so", "choose one of the list")
    map_, found = _table(path, table)
    _write(path, map_, replace(found, whose=cast("Whose", whose)))
    return _decided(source, table, whose)


def _decided(source: str, what: str, how: str) -> Event:
    return Event("source.decided", {"source": source, "what": what, "how": how})


def _table(path: Path, table: str) -> tuple[Map, TableMap]:
    map_ = read(path)
    if map_ is None or table not in map_.by_name:
        raise BadInput(f"the map has no table `{table}`", "load the page again")
    return map_, map_.by_name[table]


def _with(columns: tuple[ColumnMap, ...], new: ColumnMap) -> tuple[ColumnMap, ...]:
    return tuple(new if column.name == new.name else column for column in columns)


def _write(path: Path, map_: Map, table: TableMap) -> None:
    tables = tuple(table if known.name == table.name else known for known in map_.tables)
    mapfile.write(replace(map_, tables=tables), path)
