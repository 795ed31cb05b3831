"""The map as a graph: which edges lead from each table to the persons, and in which order tables are worked.

An edge points from a table to the one that decides whose its rows are, so the graph must have no circle: otherwise
a row would be somebody's because it is that person's. Several edges of one table mean OR. Tables that only stand
between others (`whose` is `none` or `unknown`) may be passed on the way, but are never read.

Clauses: 5.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chikai.errors import MapError
from chikai.sources.catalogue import Catalogue
from chikai.sources.map import Edge, Map, TableMap


@dataclass(frozen=True)
class Graph:
    """A map whose every edge leads somewhere. `parents_first` holds each table that a person can be reached from."""

    map: Map
    parents_first: tuple[str, ...]
    _reached: frozenset[str] = field(repr=False)

    @property
    def children_first(self) -> tuple[str, ...]:
        """The tables so that each comes before those its edges lead to; identity tables come late."""
        return tuple(reversed(self.parents_first))

    def reaches(self, table: str) -> bool:
        """Whether rows of this table can be told to be a person's."""
        return table in self._reached

    def edges(self, table: str) -> tuple[Edge, ...]:
        """The edges of a table that end at persons."""
        return tuple(e for e in self.map.by_name[table].edges if e.table in self._reached)

    def ways(self, table: str) -> Iterator[tuple[Edge, ...]]:
        """Every chain of edges from a table to an identity table; the empty chain for an identity table itself."""
        if self.map.by_name[table].identity is not None:
            yield ()
        for edge in self.edges(table):
            for rest in self.ways(edge.table):
                yield (edge, *rest)

    def worked(self, *whose: str) -> tuple[TableMap, ...]:
        """The reachable tables whose rows are of these kinds, in the order of the map."""
        return tuple(t for t in self.map.tables if t.whose in whose and self.reaches(t.name))


def compile_map(map_: Map) -> Graph:
    """Check the edges of a map and order its tables.

    A table of the service's customers need not be reachable; then nothing of it is counted.

    Raises:
        MapError: an edge leads nowhere or in a circle, its columns do not pair, or a person cannot be reached; the
            message names the table.
    """
    if len(map_.by_name) != len(map_.tables):
        names = [t.name for t in map_.tables]
        twice = next(name for name in names if names.count(name) > 1)
        raise MapError(
            f"table `{twice}` stands twice in the map", "Keep one of the two.", map_.source
        )
    for table in map_.tables:
        _check(table, map_)
    order = _ordered([t.name for t in map_.tables], _parents(map_), map_.source)
    reached: set[str] = set()
    for name in order:  # parents first, so one pass is enough
        table = map_.by_name[name]
        if table.identity is not None or any(e.table in reached for e in table.edges):
            reached.add(name)
    for table in map_.tables:
        if table.whose in ("person", "shared") and table.name not in reached:
            raise MapError(
                f"table `{table.name}` holds rows of persons, and no edge leads from it to an identity table",
                'Add an edge, name it an identity table, or say that it is nobody\'s (`whose = "none"`).',
                map_.source,
            )
    return Graph(map_, tuple(n for n in order if n in reached), frozenset(reached))


def erase_order(graph: Graph, catalogue: Catalogue) -> tuple[str, ...]:
    """The tables in the order of erasure: children first by the map, and where possible by declared foreign keys too.

    A comment hangs on its author by the map and on its document by the database; it must go before both. Circles of
    declared foreign keys are left to the database, circles of the map cannot be.
    """
    wanted = set(graph.parents_first)
    after: dict[str, set[str]] = {name: set() for name in wanted}
    for name in wanted:
        after[name].update(edge.table for edge in graph.edges(name))
    for name in graph.parents_first:
        table = catalogue.by_name.get(name)
        for key in table.foreign_keys if table else ():
            target = key.table
            if target in wanted and target != name and not _leads(after, target, name):
                after[name].add(target)
    return tuple(reversed(_ordered(list(graph.parents_first), after, graph.map.source)))


def _check(table: TableMap, map_: Map) -> None:
    where = f"{map_.source}.{table.name}"
    if table.identity is not None and not table.identity.key:
        raise MapError(f"identity table `{table.name}` names no key", "Add `key`.", where)
    if table.identity is not None and table.whose != "person":
        raise MapError(
            f"identity table `{table.name}` is mapped as `{table.whose}`",
            'The rows of an identity table are persons: set `whose = "person"`.',
            where,
        )
    for edge in table.edges:
        if edge.table not in map_.by_name:
            raise MapError(
                f"an edge of table `{table.name}` leads to `{edge.table}`, which is not in the map",
                f"Add `{edge.table}` to the map or remove the edge.",
                where,
            )
        if not edge.columns or len(edge.columns) != len(edge.to):
            raise MapError(
                f"an edge of table `{table.name}` pairs {len(edge.columns)} columns with {len(edge.to)} "
                f"of `{edge.table}`",
                "Name as many columns on both sides, at least one.",
                where,
            )


def _parents(map_: Map) -> dict[str, set[str]]:
    return {table.name: {edge.table for edge in table.edges} for table in map_.tables}


def _leads(after: Mapping[str, set[str]], start: str, goal: str) -> bool:
    """Whether `goal` is reached from `start`."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            todo.extend(after.get(name, ()))
    return False


_OPEN: Final = 1
_DONE: Final = 2


def _ordered(names: Sequence[str], parents: Mapping[str, set[str]], source: str) -> tuple[str, ...]:
    """Parents first, otherwise as given; without recursion, since a chain may be as long as the map."""
    state: dict[str, int] = {}
    order: list[str] = []
    for first in names:
        stack: list[tuple[str, Iterator[str]]] = []
        if first not in state:
            state[first] = _OPEN
            stack.append((first, iter(sorted(parents[first]))))
        while stack:
            name, rest = stack[-1]
            parent = next(rest, None)
            if parent is None:
                state[name] = _DONE
                order.append(name)
                stack.pop()
            elif state.get(parent) == _OPEN:
                path = [n for n, _ in stack]
                circle = [*path[path.index(parent) :], parent]
                raise MapError(
                    "the edges go in a circle: " + " -> ".join(f"`{n}`" for n in circle),
                    "Remove one edge: a row must be somebody's for a reason outside the circle.",
                    source,
                )
            elif parent not in state:
                state[parent] = _OPEN
                stack.append((parent, iter(sorted(parents[parent]))))
    return tuple(order)
