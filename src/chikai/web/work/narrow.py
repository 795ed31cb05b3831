"""Reading a few columns of some persons' rows from one source, for a use that the gate allows.

The map is narrowed to the columns that the use needs before the source is opened: what is not asked for is not read.

Clauses: 2.1, 4.2.
Law: APPI Art. 18(1), APPI Art. 23.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chikai.errors import WrongState
from chikai.web.models import Link
from chikai.web.work.sources import map_in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from uuid import UUID

    from chikai.sources.map import ColumnMap, Edge, Map, TableMap
    from chikai.sources.protocol import Keys, Row, Source


def the_map(source: str) -> Map:
    """The map of a source in force; WrongState when there is none."""
    map_ = map_in_force(source)
    if map_ is None:
        raise WrongState(f"no map of `{source}` is in force", f"run `chikai map adopt {source}`")
    return map_


def narrowed(map_: Map, wanted: Mapping[str, Collection[str]]) -> Map:
    """The map with these columns of these tables, the keys that lead to the person, and nothing else."""
    on_the_way = {e.table for name in wanted for e in way(map_, map_.by_name[name])}
    tables = []
    for table in map_.tables:
        if table.name not in {*wanted, *on_the_way} and table.identity is None:
            continue
        needed = {*table.key, *(c for edge in table.edges for c in edge.columns)}
        if table.identity is not None:
            needed.add(table.identity.key)
        needed |= {c for t in map_.tables for e in t.edges if e.table == table.name for c in e.to}
        asked = {*wanted.get(table.name, ())}
        kept = tuple(c for c in table.columns if c.name in needed | asked)
        tables.append(replace(table, columns=kept))
    names = {table.name for table in tables}
    straight = [
        replace(t, edges=tuple(edge for edge in t.edges if edge.table in names)) for t in tables
    ]
    return replace(map_, tables=tuple(straight))


def columns_of(map_: Map, items: Collection[str]) -> dict[str, tuple[ColumnMap, ...]]:
    """By table the columns that hold one of these data items; only tables whose rows lead to one person each."""
    found = {
        table.name: tuple(c for c in table.columns if c.category in items)
        for table in map_.tables
        if table.whose == "person" and leads(map_, table)
    }
    return {name: columns for name, columns in found.items() if columns}


def linked(source: str, table: str) -> dict[str, UUID]:
    """Who stands behind each local key of an identity table."""
    rows = Link.objects.present().filter(source=source, table=table)
    return dict(rows.values_list("key", "person"))


def identity_of(map_: Map) -> TableMap:
    """The identity table of a source that has one; WrongState where it has none or several."""
    if len(map_.identities) != 1:
        raise WrongState(f"`{map_.source}` has no single table of persons", "use another source")
    return map_.identities[0]


def way(map_: Map, table: TableMap) -> tuple[Edge, ...]:
    """The shortest way of single-column edges from a table to the person; empty for the identity table itself.

    Only over tables whose rows are one person's. WrongState when there is none.
    """
    identity = identity_of(map_)
    if table.whose != "person":
        raise WrongState(f"the rows of `{table.name}` are not one person's", "take other tables")
    tried = {table.name}
    ways: list[tuple[TableMap, tuple[Edge, ...]]] = [(table, ())]
    while ways:
        here, behind = ways.pop(0)
        if here.name == identity.name:
            return behind
        for edge in here.edges:
            parent = map_.by_name.get(edge.table)
            plain = len(edge.columns) == 1 and edge.when is None
            if parent is None or not plain or parent.whose != "person" or parent.name in tried:
                continue
            tried.add(parent.name)
            ways.append((parent, (*behind, edge)))
    raise WrongState(f"the rows of `{table.name}` lead to no single person", "take other tables")


def leads(map_: Map, table: TableMap) -> bool:
    """Whether the rows of a table lead to one person each."""
    try:
        way(map_, table)
    except WrongState:
        return False
    return True


def rows_of(
    source: Source, map_: Map, keys: Collection[str], wanted: Collection[str]
) -> Iterator[tuple[str, str, Row]]:
    """Table, person's key and row, for every row of the wanted tables that belongs to one of these persons.

    A row that leads to somebody else by the way above (a colleague, say) is left out, whoever else it touches.
    """
    identity = identity_of(map_)
    mine = identity.identity.key if identity.identity else ""
    known = set(keys)
    asked: Keys = {identity.name: tuple(sorted(known))}
    with source.reading() as reading:
        held = {name: list(rows) for name, rows in reading.read(map_, asked)}
    parents: dict[tuple[str, str], dict[str, Row]] = {}

    def owner(name: str, row: Row) -> str:
        for edge in way(map_, map_.by_name[name]):
            place = (edge.table, edge.to[0])
            if place not in parents:
                parents[place] = {str(r.get(edge.to[0])): r for r in held.get(edge.table, ())}
            found = parents[place].get(str(row.get(edge.columns[0])))
            if found is None:
                return ""
            row = found
        return str(row.get(mine))

    for name in (name for name in held if name in wanted):
        for row in held[name]:
            if (key := owner(name, row)) in known:
                yield name, key, row
