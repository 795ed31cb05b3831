"""Whose rows are whose in a source that gives rows but joins none: a folder of files, a service behind HTTP.

The tables are walked once, parents first: each asks for the rows whose columns meet what stands in the rows above, so
the work grows with the rows, not with their product. What the source can do is in `Lookup`; everything else is here.

Clauses: 5.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Final, Protocol

from chikai import canon
from chikai.errors import Disagrees
from chikai.sources.catalogue import Catalogue, ColumnType, Table
from chikai.sources.correction import named_row
from chikai.sources.erasing import Found, Work, outcomes, sorted_out
from chikai.sources.erasure import anchors, planned
from chikai.sources.graph import Graph, compile_map
from chikai.sources.map import Map, TableMap
from chikai.sources.protocol import Change, Held, Holds, Keys, Outcome, Row, Subjects, Value
from chikai.sources.values import all_fitted

# A value as it is compared: a number in one table and the same number as text in another are one key.
Mark = tuple[str, ...]
_LIST: Final = 100_000  # rows walked for a question that no index answers


class Lookup(Protocol):
    """What a source without joins must answer."""

    @property
    def name(self) -> str:
        """The name of the source."""
        ...

    @property
    def shape(self) -> Catalogue:
        """Its tables."""
        ...

    def rows(self, table: str) -> Iterator[Row]:
        """Every row of a table, in an order that does not move."""
        ...

    def where(self, table: str, columns: tuple[str, ...], marks: set[Mark]) -> Iterable[Row]:
        """The rows whose columns hold one of these combinations; others may be among them."""
        ...

    def same(self, table: str, row: Row) -> Hashable:
        """What tells one row of a table from the others, and by which they are put in order."""
        ...


def mark(value: Value) -> str:
    """A value as it is compared with values of other tables."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


@dataclass
class Picture:
    """One reading of such a source."""

    source: Lookup

    def find(
        self, map_: Map, table: str, column: str, values: Sequence[Value]
    ) -> tuple[Value, ...]:
        """The local keys in an identity table whose column holds exactly one of the values."""
        identity = map_.by_name[table].identity if table in map_.by_name else None
        if identity is None:
            raise _no_identity(table, self.source.name)
        marks = self._marks(table, column, values)
        found = {
            row[identity.key]: None for row in self._meeting(table, (column,), marks)
        }  # fmt: skip
        return tuple(key for key in found if key is not None)

    def count(self, map_: Map, keys: Keys) -> dict[str, int]:
        """How many rows of each reachable table belong to the person."""
        graph = compile_map(map_)
        held = self.rows_of(graph, keys)
        return {
            t.name: len(held.get(t.name, ()))
            for t in graph.worked("person", "shared", "customer")
        }  # fmt: skip

    def read(self, map_: Map, keys: Keys) -> Iterator[tuple[str, Iterator[Row]]]:
        """Table by table the rows that belong to the person."""
        graph = compile_map(map_)
        held = self.rows_of(graph, keys)
        for table in graph.worked("person", "shared"):
            names = self._columns(map_, table)
            rows = held[table.name]
            yield table.name, iter([{name: row[name] for name in names} for row in rows])

    def catalogue(self) -> Catalogue:
        """The shape within this picture."""
        return self.source.shape

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
        wanted = sorted(anchors(graph, self.source.shape))
        out = {subject: dict(keys) for subject, keys in subjects.items()}
        for subject, keys in subjects.items():
            held = self.rows_of(graph, keys)
            for table, column in wanted:
                name = f"@{table}.{column}"
                plain = [mark(row[column]) for row in held[table] if row[column] is not None]
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
        graph, made = compile_map(map_), []
        held = {subject: self.rows_of(graph, keys) for subject, keys in subjects.items()}
        for step in planned(graph, self.source.shape):
            key, found = self.key(map_, step.table), dict[Hashable, Found]()
            for subject, tables in held.items():
                for row in tables[step.table]:
                    named = tuple(row[c] for c in key)
                    same = self.source.same(step.table, row)
                    found.setdefault(same, Found(named, [], row)).subjects.append(subject)
            made.append(sorted_out(step, found.values(), holds, self.source.name))
        return made

    def owned(self, map_: Map, keys: Keys, change: Change) -> Row | None:
        """The row that a change names, if it belongs to the person."""
        key, table = self.key(map_, change.table), self._table(change.table)
        named = tuple(mark(part) for part in named_row(change, key, table, self.source.name))
        held = self.rows_of(compile_map(map_), keys)[change.table]
        return next((r for r in held if tuple(mark(r[c]) for c in key) == named), None)

    def identities(self, map_: Map, table: str, chunk: int = 10_000) -> Iterator[list[Row]]:
        """The rows of an identity table in chunks, keyed by the fields of `Identity`."""
        identity = map_.by_name[table].identity
        if identity is None:
            raise _no_identity(table, self.source.name)
        fields = ("key", "email", "verified", "name", "phone")
        names = [(n, getattr(identity, n)) for n in fields if getattr(identity, n)]
        for _, column in names:
            self._column(table, column)
        rows = self.source.rows(table)
        while part := list(islice(rows, chunk)):
            yield [{n: row[column] for n, column in names} for row in part]

    def sample(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[Value, ...]]:
        """The first rows of a table: what such a source gives without being read from end to end."""
        self._table(table)
        some = islice(self.source.rows(table), rows)
        return [tuple(row[column] for column in columns) for row in some]

    def included(
        self, child: tuple[str, str], parent: tuple[str, str], rows: int
    ) -> tuple[int, int]:
        """Of up to `rows` distinct values in a child column: how many stand in the parent column, and how many there were."""
        self._column(*child)
        self._column(*parent)
        held = (row[child[1]] for row in islice(self.source.rows(child[0]), rows * 50))
        some = list(islice(dict.fromkeys(mark(v) for v in held if v is not None), rows))
        there = {mark(row[parent[1]]) for row in islice(self.source.rows(parent[0]), _LIST)}
        return sum(1 for value in some if value in there), len(some)

    def rows_of(self, graph: Graph, keys: Keys) -> dict[str, list[Row]]:
        """The person's rows of every table that can be reached, in the order of their keys."""
        found: dict[str, dict[Hashable, Row]] = {}
        for name in graph.parents_first:
            table = graph.map.by_name[name]
            rows: dict[Hashable, Row] = {}
            if table.identity is not None:
                marks = self._marks(name, table.identity.key, keys.get(name, ()))
                self._add(rows, name, self._meeting(name, (table.identity.key,), marks))
            for edge in graph.edges(name):
                for column in (*edge.columns, *(edge.when or ())[:1]):
                    self._column(name, column)
                for column in edge.to:
                    self._column(edge.table, column)
                above = found.get(edge.table, {}).values()
                marks = {
                    tuple(mark(row[c]) for c in edge.to) for row in above if _whole(row, edge.to)
                }
                identity = graph.map.by_name[edge.table].identity
                if identity is not None and edge.to == (identity.key,):
                    # Rows may still point at a person whose own row has gone.
                    marks |= self._marks(name, edge.columns[0], keys.get(edge.table, ()))
                if len(edge.to) == 1:  # what `resolve` kept before the rows above were erased
                    kept = keys.get(f"@{edge.table}.{edge.to[0]}", ())
                    marks |= self._marks(name, edge.columns[0], kept)
                met = self._meeting(name, edge.columns, marks)
                if edge.when is not None:
                    column, wanted = edge.when
                    met = (row for row in met if str(row[column]) == wanted)
                self._add(rows, name, met)
            found[name] = rows
        return {name: [rows[k] for k in _ordered(rows)] for name, rows in found.items()}

    def key(self, map_: Map, table: str) -> tuple[str, ...]:
        """The columns that name one row; an identity table without a key has that of the person."""
        mapped = map_.by_name[table]
        own = (mapped.identity.key,) if mapped.identity else ()
        return self._table(table).primary_key or mapped.key or own

    def _add(self, rows: dict[Hashable, Row], table: str, met: Iterable[Row]) -> None:
        for row in met:
            rows.setdefault(self.source.same(table, row), row)

    def _meeting(self, table: str, columns: tuple[str, ...], marks: set[Mark]) -> Iterator[Row]:
        """The rows that hold one of the marks; what else the source gave is nobody's business here."""
        for column in columns:
            self._column(table, column)
        for row in self.source.where(table, columns, marks) if marks else ():
            if _whole(row, columns) and tuple(mark(row[c]) for c in columns) in marks:
                yield row

    def _marks(self, table: str, column: str, values: Sequence[Value]) -> set[Mark]:
        type_ = self._column(table, column)
        return {(mark(value),) for value in all_fitted(tuple(values), type_)}

    def _columns(self, map_: Map, table: TableMap) -> tuple[str, ...]:
        described = self._table(table.name)
        mapped = tuple(column.name for column in table.columns)
        for name in mapped:
            self._column(table.name, name)
        if not mapped:
            return tuple(column.name for column in described.columns)
        return tuple(dict.fromkeys((*self.key(map_, table.name), *mapped)))

    def _table(self, name: str) -> Table:
        found = self.source.shape.by_name.get(name)
        if found is None:
            raise _missing("table", name, self.source.name)
        return found

    def _column(self, table: str, column: str) -> ColumnType:
        found = self._table(table).column(column)
        if found is None:
            raise _missing("column", f"{table}.{column}", self.source.name)
        return found.type


def _whole(row: Mapping[str, Value], columns: tuple[str, ...]) -> bool:
    return all(row[column] is not None for column in columns)


def _ordered(rows: dict[Hashable, Row]) -> list[Hashable]:
    try:
        return sorted(rows)  # type: ignore[type-var]  # keys of one table are mostly of one type
    except TypeError:
        return sorted(rows, key=repr)


def _no_identity(table: str, source: str) -> Disagrees:
    return Disagrees(
        f"table `{table}` is no identity table of the map", "Look in one that is.", source
    )


def _missing(kind: str, what: str, source: str) -> Disagrees:
    return Disagrees(
        f"{kind} `{what}` is in the map and missing from the source",
        f"Run `chikai map drift {source}` to see what has changed.",
        source,
    )
