"""A source that is a dict: what the other sources are compared with, and what tests use instead of mocks.

Everything is done in the slow, obvious way: a row belongs to a person if its key is the person's, or if one of its
edges meets a row that does. No statement is compiled, so that an error of the compiler shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice

from chikai import canon
from chikai.errors import ConfigError, Disagrees, Unreachable, WrongState
from chikai.sources.catalogue import Catalogue, Table
from chikai.sources.erasure import Replacing, fit_change, is_unique, planned, within
from chikai.sources.graph import Graph, compile_map
from chikai.sources.map import Edge, Map
from chikai.sources.protocol import Change, Health, Held, Keys, Row, Subjects, Value
from chikai.sources.values import all_fitted, fitted

Rows = dict[str, list[Row]]


@dataclass
class MemorySource:
    """Tables as lists of rows. `down` makes it unreachable; `mode` and `secret` are as in a SQL source."""

    name: str
    shape: Catalogue
    rows: Rows
    mode: str = "enforce"
    secret: bytes = b"memory"
    down: bool = field(default=False)

    def check(self) -> Health:
        """Whether it answers."""
        if self.down:
            return Health(
                reachable=False, dialect="memory", fault="the source does not answer", do="Wait."
            )
        held = "select" if self.mode == "observe" else "write"
        return Health(
            True,
            "memory",
            "memory",
            "write" if held == "write" else "select",
            len(self.shape.tables),
        )

    def catalogue(self) -> Catalogue:
        """Its shape."""
        self._answer()
        return self.shape

    @contextmanager
    def reading(self) -> Iterator[MemoryReading]:
        """A copy of everything as it is now."""
        self._answer()
        yield MemoryReading(self.name, self.shape, deepcopy(self.rows))

    def write(
        self, map_: Map, keys: Keys, changes: Sequence[Change], *, at_most: int
    ) -> dict[str, int]:
        """Make the changes, all or none."""
        self._may_write()
        graph, copy = compile_map(map_), deepcopy(self.rows)
        held = MemoryReading(self.name, self.shape, copy)
        touched: dict[str, set[int]] = {}
        for change in changes:
            if not graph.reaches(change.table):
                raise Disagrees(
                    f"table `{change.table}` is not in the map", "Map it first.", self.name
                )
            table = held.table(change.table)
            value = fit_change(change, map_.by_name[change.table], table)
            key = held.key(map_, change.table)
            for n, row in enumerate(copy.get(change.table, [])):
                same = [row[c] for c in key] == _as_key(table, key, change.key)
                if same and held.belongs(graph, change.table, row, keys):
                    row[change.column] = value
                    touched.setdefault(change.table, set()).add(n)
                    break
            else:
                raise Disagrees(
                    f"a row of table `{change.table}` that is to change does not belong to the person",
                    "Nothing was changed; gather the person's rows again.",
                    self.name,
                )
        counts = {name: len(rows) for name, rows in touched.items()}
        if sum(counts.values()) > at_most:
            raise Disagrees(
                f"{sum(counts.values())} rows would change, and the plan allows {at_most}",
                "Nothing was changed; approve a new plan.",
                self.name,
            )
        self._keep(copy)
        return counts

    def erase(self, map_: Map, keys: Keys, *, at_most: Mapping[str, int]) -> dict[str, int]:
        """Erase by the map, all or none."""
        self._may_write()
        if not self.secret:
            raise ConfigError(
                "no secret for replacements", "Hand `secret` to the source.", self.name
            )
        graph, copy = compile_map(map_), deepcopy(self.rows)
        held = MemoryReading(self.name, self.shape, copy)
        steps = planned(graph, self.shape)
        mine = {
            s.table: [r for r in copy.get(s.table, []) if held.belongs(graph, s.table, r, keys)]
            for s in steps
        }
        counts = {table: len(rows) for table, rows in mine.items()}
        within(counts, at_most, self.name)
        replacing = Replacing(map_, self.secret, keys)
        for step in steps:
            table, rows = held.table(step.table), mine[step.table]
            if step.whole:
                copy[step.table] = [
                    r for r in copy[step.table] if not any(r is one for one in rows)
                ]
                continue
            single = len(rows) > 1 and any(is_unique(table, c.name) for c in step.columns)
            for row in rows:
                key = tuple(row[c] for c in held.key(map_, step.table)) if single else ()
                row.update(replacing.values(step, table, key))
        self._refuse_dangling(copy, [s.table for s in steps if s.whole])
        self._keep(copy)
        return counts

    def _refuse_dangling(self, copy: Rows, emptied: Sequence[str]) -> None:
        """Disagrees if a declared foreign key points at a row that went, as a database would."""
        for child in self.shape.tables:
            for foreign in (f for f in child.foreign_keys if f.table in emptied):
                there = {tuple(r[c] for c in foreign.to) for r in copy[foreign.table]}
                before = {tuple(r[c] for c in foreign.to) for r in self.rows[foreign.table]}
                for row in copy.get(child.name, []):
                    target = tuple(row[c] for c in foreign.columns)
                    if target in before - there:
                        raise Disagrees(
                            f"rows of another table still point at rows of table `{foreign.table}`",
                            "Nothing was changed; map that table too, or keep the row.",
                            self.name,
                        )

    def _keep(self, copy: Rows) -> None:
        self.rows.clear()
        self.rows.update(copy)

    def _may_write(self) -> None:
        self._answer()
        if self.mode == "observe":
            raise WrongState(
                f"source `{self.name}` is only observed", "Change its mode.", self.name
            )

    def _answer(self) -> None:
        if self.down:
            raise Unreachable("the source does not answer", "Wait.", self.name)


@dataclass
class MemoryReading:
    """One picture of a source in memory."""

    name: str
    shape: Catalogue
    rows: Rows

    def find(
        self, map_: Map, table: str, column: str, values: Sequence[Value]
    ) -> tuple[Value, ...]:
        """The local keys in an identity table whose column holds one of the values."""
        identity = map_.by_name[table].identity if table in map_.by_name else None
        if identity is None:
            raise Disagrees(
                f"table `{table}` is no identity table of the map",
                "Look in one that is.",
                self.name,
            )
        described = self.table(table).column(column)
        if described is None:
            raise self._missing(f"{table}.{column}")
        wanted = all_fitted(tuple(values), described.type)
        found = {
            r[identity.key]: None
            for r in self._sorted(table, (identity.key,))
            if r[column] in wanted
        }
        return tuple(key for key in found if key is not None)

    def count(self, map_: Map, keys: Keys) -> dict[str, int]:
        """How many rows of each reachable table belong to the person."""
        graph = compile_map(map_)
        return {
            t.name: len(self._belonging(graph, t.name, keys))
            for t in graph.worked("person", "shared", "customer")
        }

    def read(self, map_: Map, keys: Keys) -> Iterator[tuple[str, Iterator[Row]]]:
        """Table by table the rows that belong to the person."""
        graph = compile_map(map_)
        for table in graph.worked("person", "shared"):
            described, key = self.table(table.name), self.key(map_, table.name)
            mapped = tuple(c.name for c in table.columns)
            names = (
                tuple(dict.fromkeys((*key, *mapped)))
                if mapped
                else tuple(c.name for c in described.columns)
            )
            for name in names:
                if described.column(name) is None:
                    raise self._missing(f"{table.name}.{name}")
            rows = self._belonging(graph, table.name, keys)
            yield table.name, iter([{name: row[name] for name in names} for row in rows])

    def catalogue(self) -> Catalogue:
        """What the source said about itself when the picture was taken."""
        return self.shape

    def read_each(
        self, map_: Map, subjects: Subjects
    ) -> Iterator[tuple[str, Iterator[tuple[str, Row]]]]:
        """Table by table the rows of many persons, each with whose it is."""
        for table in compile_map(map_).worked("person", "shared"):
            found = [(s, dict(self.read(map_, keys))[table.name]) for s, keys in subjects.items()]
            yield table.name, iter([(s, row) for s, rows in found for row in rows])

    def held(self, map_: Map, subjects: Subjects) -> dict[str, dict[str, Held]]:
        """Of each person and table: how many rows are theirs, and a digest of what stands there."""
        found: dict[str, dict[str, Held]] = {}
        for subject, keys in subjects.items():
            read = {
                name: canon.digest_bytes(repr(list(rows)).encode())
                for name, rows in self.read(map_, keys)
            }
            found[subject] = {n: (c, read.get(n, "")) for n, c in self.count(map_, keys).items()}
        return found

    def identities(self, map_: Map, table: str, chunk: int = 10_000) -> Iterator[list[Row]]:
        """The rows of an identity table in chunks, keyed by the fields of `Identity`."""
        identity = map_.by_name[table].identity
        if identity is None:
            raise Disagrees(
                f"table `{table}` is no identity table of the map",
                "Look in one that is.",
                self.name,
            )
        names = [n for n in ("key", "email", "verified", "name", "phone") if getattr(identity, n)]
        rows = iter(self._sorted(table, (identity.key,)))
        while part := list(islice(rows, chunk)):
            yield [{n: row[getattr(identity, n)] for n in names} for row in part]

    def sample(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[Value, ...]]:
        """Evenly spaced rows of a table."""
        self.table(table)
        held = self.rows.get(table, [])
        step = max(1, -(-len(held) // max(rows, 1)))
        return [tuple(row[c] for c in columns) for row in held[::step]][:rows]

    def included(
        self, child: tuple[str, str], parent: tuple[str, str], rows: int
    ) -> tuple[int, int]:
        """Of up to `rows` distinct values of a child column: how many stand in the parent column, and how many there were."""
        some = list(
            dict.fromkeys(
                r[child[1]] for r in self.rows.get(child[0], []) if r[child[1]] is not None
            )
        )
        values = [str(v) for v in some[:rows]]
        there = {
            str(r[parent[1]]) for r in self.rows.get(parent[0], []) if r[parent[1]] is not None
        }
        return sum(1 for value in values if value in there), len(values)

    def table(self, name: str) -> Table:
        """A table of the shape; Disagrees if there is none."""
        found = self.shape.by_name.get(name)
        if found is None:
            raise self._missing(name)
        return found

    def key(self, map_: Map, table: str) -> tuple[str, ...]:
        """The columns that name one row."""
        return self.table(table).primary_key or map_.by_name[table].key

    def belongs(self, graph: Graph, table: str, row: Row, keys: Keys) -> bool:
        """Whether a row belongs to the person with these keys."""
        mapped = graph.map.by_name[table]
        if mapped.identity is not None and self._held(
            table, mapped.identity.key, row, keys.get(table, ())
        ):
            return True
        return any(self._meets(graph, table, edge, row, keys) for edge in graph.edges(table))

    def _meets(self, graph: Graph, table: str, edge: Edge, row: Row, keys: Keys) -> bool:
        if edge.when is not None and str(row[edge.when[0]]) != edge.when[1]:
            return False
        identity = graph.map.by_name[edge.table].identity
        if (
            identity is not None
            and edge.to == (identity.key,)
            and self._held(table, edge.columns[0], row, keys.get(edge.table, ()))
        ):
            return True
        here = [row[c] for c in edge.columns]
        if None in here:
            return False
        return any(
            self._equal(table, edge, here, above) and self.belongs(graph, edge.table, above, keys)
            for above in self.rows.get(edge.table, [])
        )

    def _equal(self, table: str, edge: Edge, here: list[Value], above: Row) -> bool:
        for value, column, to in zip(here, edge.columns, edge.to, strict=True):
            mine, theirs = self._type(table, column), self._type(edge.table, to)
            other = above[to]
            if other is None or (value != other if mine == theirs else str(value) != str(other)):
                return False
        return True

    def _held(self, table: str, column: str, row: Row, keys: Sequence[Value]) -> bool:
        described = self.table(table).column(column)
        if described is None:
            raise self._missing(f"{table}.{column}")
        return row[column] is not None and row[column] in all_fitted(tuple(keys), described.type)

    def _type(self, table: str, column: str) -> str:
        described = self.table(table).column(column)
        if described is None:
            raise self._missing(f"{table}.{column}")
        return described.type

    def _belonging(self, graph: Graph, table: str, keys: Keys) -> list[Row]:
        rows = self._sorted(table, self.key(graph.map, table))
        return [row for row in rows if self.belongs(graph, table, row, keys)]

    def _sorted(self, table: str, key: tuple[str, ...]) -> list[Row]:
        return sorted(self.rows.get(table, []), key=lambda row: tuple(_order(row[c]) for c in key))

    def _missing(self, what: str) -> Disagrees:
        kind = "column" if what.partition(".")[2] and what not in self.shape.by_name else "table"
        return Disagrees(
            f"{kind} `{what}` is in the map and missing from the source",
            f"Run `chikai map drift {self.name}` to see what has changed.",
            self.name,
        )


def _order(value: Value) -> tuple[bool, Value]:
    return value is not None, value


def _as_key(table: Table, key: tuple[str, ...], values: Sequence[Value]) -> list[Value]:
    fit: list[Value] = []
    for name, value in zip(key, values, strict=False):
        column = table.column(name)
        try:
            fit.append(fitted(value, column.type if column else "other"))
        except ValueError:
            fit.append(value)
    return fit
