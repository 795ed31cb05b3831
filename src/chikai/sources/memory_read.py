"""One picture of a source in memory, asked in the slow, obvious way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from chikai import canon
from chikai.errors import Disagrees
from chikai.sources.catalogue import Catalogue, Table
from chikai.sources.correction import named_row
from chikai.sources.erasing import Found, Work, outcomes, sorted_out
from chikai.sources.erasure import anchors, planned
from chikai.sources.graph import Graph, compile_map
from chikai.sources.map import Edge, Map
from chikai.sources.protocol import Change, Held, Holds, Keys, Outcome, Row, Subjects, Value
from chikai.sources.values import all_fitted

Rows = dict[str, list[Row]]


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

    def count_each(self, map_: Map, subjects: Subjects) -> dict[str, dict[str, int]]:
        """For each subject, how many rows of each mapped table belong to it."""
        return {subject: self.count(map_, keys) for subject, keys in subjects.items()}

    def read_each(
        self, map_: Map, subjects: Subjects
    ) -> Iterator[tuple[str, Iterator[tuple[str, Row]]]]:
        """Table by table the rows with whose they are."""
        read = {s: dict(self.read(map_, keys)) for s, keys in subjects.items()}
        for table in compile_map(map_).worked("person", "shared"):
            yield table.name, ((s, row) for s, tables in read.items() for row in tables[table.name])

    def resolve(self, map_: Map, subjects: Subjects) -> dict[str, Keys]:
        """The keys, and beside them the values that lead on to rows and would go with an erasure."""
        graph = compile_map(map_)
        out = {subject: dict(keys) for subject, keys in subjects.items()}
        for table, column in sorted(anchors(graph, self.shape)):
            name = f"@{table}.{column}"
            for subject, keys in subjects.items():
                held = [row[column] for row in self._belonging(graph, table, keys)]
                plain = [v if isinstance(v, int | str) else str(v) for v in held if v is not None]
                if plain:
                    out[subject][name] = tuple(dict.fromkeys((*keys.get(name, ()), *plain)))
        return out

    def would_erase(
        self, map_: Map, subjects: Subjects, *, holds: Holds | None = None
    ) -> dict[str, Outcome]:
        """For each subject what an erasure would do now."""
        return outcomes(self.work(map_, subjects, holds), subjects)

    def work(self, map_: Map, subjects: Subjects, holds: Holds | None) -> list[Work]:
        """The tables of an erasure, children first, with their rows; `seen` is the row itself."""
        graph = compile_map(map_)
        made = []
        for step in planned(graph, self.shape):
            key, found = self.key(map_, step.table), []
            for row in self.rows.get(step.table, []):
                whose = [s for s, k in subjects.items() if self.belongs(graph, step.table, row, k)]
                if whose:
                    found.append(Found(tuple(row[c] for c in key), whose, row))
            made.append(sorted_out(step, found, holds, self.name))
        return made

    def owned(self, map_: Map, keys: Keys, change: Change) -> Row | None:
        """The row that a change names, if it belongs to the person."""
        table, graph = self.table(change.table), compile_map(map_)
        key = self.key(map_, change.table)
        named = named_row(change, key, table, self.name)
        for row in self.rows.get(change.table, []):
            if tuple(row[c] for c in key) == named and self.belongs(graph, change.table, row, keys):
                return row
        return None

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
        anchored = keys.get(f"@{edge.table}.{edge.to[0]}", ())
        if len(edge.to) == 1 and self._held(table, edge.columns[0], row, anchored):
            return True
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
