"""The graph of a map as SQL: one statement a table for the rows that belong to a person.

Each edge is a join with the distinct keys of the table above, down from the person's own keys, so that every step is a
look-up in an index on all three databases (`IN (SELECT ... UNION ...)` walks whole tables on MariaDB). An edge that
ends at the key of an identity table needs no row there: what is left after the person's row has gone is still found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import CHAR
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import quoted_name

from chikai.errors import Disagrees
from chikai.sources.catalogue import Catalogue, ColumnType, Table, split_name
from chikai.sources.graph import Graph
from chikai.sources.map import Edge, TableMap
from chikai.sources.protocol import Keys, Value
from chikai.sources.values import all_fitted

CHUNK: Final = 1_000  # values in one IN list; PostgreSQL takes an array of any length
_BIND: Final[dict[ColumnType, sa.types.TypeEngine[Any]]] = {
    "integer": sa.BigInteger(),
    "decimal": sa.Numeric(),
    "text": sa.Text(),
    "uuid": sa.Uuid(),
    "bytes": sa.LargeBinary(),
}

Query = sa.Select[Any] | sa.CompoundSelect[Any]


def anchor_name(table: str, column: str) -> str:
    """How the values of an anchor are called among a person's keys."""
    return f"@{table}.{column}"


def driven(value: Value, dialect: str) -> Value:
    """A value as the driver of this dialect takes it."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if dialect == "postgresql":
        return value
    if isinstance(value, UUID):
        return str(value)
    if dialect == "sqlite" and isinstance(value, datetime):
        return value.isoformat(" ")
    if dialect == "sqlite" and isinstance(value, date | time | Decimal):
        return str(value)
    return value


@dataclass(frozen=True, slots=True)
class Wanted:
    """A parameter of a statement: the keys of an identity table, in the type of the column they are compared with."""

    identity: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Way:
    """One way by which rows of a table are found: FROM and WHERE, and which of whose keys led there.

    `number` is the place of a register in `Reach.registers`, `key` the column that holds the key as it stands there.
    """

    source: sa.FromClause
    condition: sa.ColumnElement[bool]
    number: sa.ColumnElement[int]
    key: sa.ColumnElement[Any]


@dataclass
class Reach:
    """The statements of one map over one shape of a source.

    `anchors` are columns of tables whose values are handed in beside the keys, as an erasure would take them away.
    """

    graph: Graph
    shape: Catalogue
    anchors: frozenset[tuple[str, str]] = frozenset()
    _tables: dict[str, sa.TableClause] = field(default_factory=dict)
    _wanted: dict[str, Wanted] = field(default_factory=dict)
    _queries: dict[tuple[str, ...], Query] = field(default_factory=dict)
    _compiled: dict[int, tuple[Query, Any]] = field(default_factory=dict)
    _names: WeakKeyDictionary[sa.ClauseElement, Sequence[str]] = field(
        default_factory=WeakKeyDictionary
    )

    @property
    def dialect(self) -> str:
        """The dialect that the statements are for."""
        return self.shape.dialect

    def described(self, name: str) -> Table:
        """What the source says about a table; Disagrees if it has no such table."""
        found = self.shape.by_name.get(name)
        if found is None:
            raise Disagrees(
                f"table `{name}` is in the map and missing from the source",
                f"Run `chikai map drift {self.graph.map.source}` to see what has changed.",
                self.graph.map.source,
            )
        return found

    def type_of(self, table: str, column: str) -> ColumnType:
        """The type of a column; Disagrees if the source has no such column."""
        found = self.described(table).column(column)
        if found is None:
            raise Disagrees(
                f"column `{table}.{column}` is in the map and missing from the source",
                f"Run `chikai map drift {self.graph.map.source}` to see what has changed.",
                self.graph.map.source,
            )
        return found.type

    def folds(self, table: str, column: str) -> bool:
        """Whether the database takes `abc` for `ABC` in a column."""
        found = self.described(table).column(column)
        return found is not None and found.folds

    def own_column(self, register: str) -> tuple[str, str]:
        """The table and column that the keys of a register stand in."""
        for table in self.graph.map.identities:
            if table.identity and table.name == register:
                return register, table.identity.key
        return next(a for a in self.anchors if anchor_name(*a) == register)

    def _exactly(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """A text column compared as an exact one is, whatever its own collation says."""
        if self.dialect == "mariadb":
            return sa.collate(sa.cast(column, CHAR(charset="utf8mb4")), "utf8mb4_bin")
        return sa.collate(column, "C" if self.dialect == "postgresql" else "BINARY")

    def clause(self, name: str) -> sa.TableClause:
        """A table for statements, its names always quoted."""
        if name not in self._tables:
            self._tables[name] = table_clause(self.described(name))
        return self._tables[name]

    def key(self, table: TableMap) -> tuple[str, ...]:
        """The columns that name one row: the primary key, else the map's, else a unique key without empty columns."""
        described = self.described(table.name)
        if described.primary_key or table.key:
            return described.primary_key or table.key
        for unique in described.unique:
            columns = [described.column(name) for name in unique]
            if all(column is not None and not column.nullable for column in columns):
                return unique
        return ()

    def columns(self, table: TableMap) -> tuple[str, ...]:
        """What is read of a table: its key and its mapped columns, or all columns where the map names none."""
        described = self.described(table.name)
        mapped = tuple(column.name for column in table.columns)
        names = (*self.key(table), *mapped) if mapped else tuple(c.name for c in described.columns)
        for name in names:
            self.type_of(table.name, name)
        return tuple(dict.fromkeys(names))

    def rows(self, name: str, columns: Sequence[str]) -> Query:
        """Rows of a table that belong to the person, each once, in the order of its key."""
        known = (name, *columns)
        if known not in self._queries:
            self._queries[known] = self._rows(name, columns)
        return self._queries[known]

    def compiled(self, query: Query, dialect: sa.Dialect) -> Any:
        """The text of a query that `rows` made, compiled once: building it costs more than a look-up."""
        if id(query) not in self._compiled:
            self._compiled[id(query)] = (query, query.compile(dialect=dialect))
        return self._compiled[id(query)][1]

    def _rows(self, name: str, columns: Sequence[str]) -> Query:
        clause, key, ways = self.clause(name), self.key_of(name), list(self.ways(name))
        chosen = [clause.c[c] for c in columns]
        order = [clause.c[c] for c in key] or [clause.c[c] for c in self._sortable(name, columns)]
        if len(ways) == 1:
            query = sa.select(*chosen).select_from(ways[0].source).where(ways[0].condition)
        elif key:
            own = [clause.c[c] for c in key]
            found = sa.union(
                *(sa.select(*own).select_from(w.source).where(w.condition) for w in ways)
            ).subquery()
            same = sa.and_(*(clause.c[c] == found.c[c] for c in key))
            query = sa.select(*chosen).select_from(clause.join(found, same))
        else:
            query = sa.select(*chosen).where(self.condition(name))
        return query.order_by(*order)

    @cached_property
    def registers(self) -> tuple[str, ...]:
        """Where keys may come from: the identity tables, then the anchors as `@table.column`."""
        anchors = sorted(anchor_name(*a) for a in self.anchors)
        return (*(t.name for t in self.graph.map.identities), *anchors)

    @cached_property
    def key_type(self) -> ColumnType | None:
        """The type of every column that holds a key; None where they differ and are compared as text."""
        types = {
            self.type_of(name, edge.columns[0])
            for name in self.graph.parents_first
            for edge in self.graph.edges(name)
            if self._ends_at_key(edge) or self._anchored(edge)
        }
        types |= {
            self.type_of(t.name, t.identity.key) for t in self.graph.map.identities if t.identity
        }
        return types.pop() if len(types) == 1 and types <= set(_BIND) else None

    def key_of(self, name: str) -> tuple[str, ...]:
        """The columns that name one row of a table of the map."""
        return self.key(self.graph.map.by_name[name])

    def condition(self, name: str) -> sa.ColumnElement[bool]:
        """The same rows as a condition: slower, for tables where nothing names a row."""
        table = self.graph.map.by_name[name]
        ways: list[sa.ColumnElement[bool]] = []
        if table.identity is not None:
            ways.append(self._held(name, table.identity.key, name))
        for edge in self.graph.edges(name):
            if self._anchored(edge):
                register = anchor_name(edge.table, edge.to[0])
                ways.append(self._when(name, edge) & self._held(name, edge.columns[0], register))
            if self._ends_at_key(edge):
                ways.append(self._when(name, edge) & self._held(name, edge.columns[0], edge.table))
                if not self.graph.edges(edge.table):
                    continue
            above = self._above(edge)
            same = sa.and_(*self._pairs(name, edge, above))
            ways.append(
                self._when(name, edge)
                & sa.exists(sa.select(sa.literal(1)).select_from(above).where(same))
            )
        return sa.or_(*ways)

    def parameters(self, statement: sa.ClauseElement, keys: Keys) -> Iterator[dict[str, object]]:
        """The values of a statement's parameters, in as many portions as the dialect needs."""
        wanted = self._binds(statement)
        values = {
            name: [
                driven(v, self.dialect) for v in all_fitted(tuple(keys.get(w.identity, ())), w.type)
            ]
            for name in wanted
            for w in (self._wanted[name],)
        }
        if self.dialect == "postgresql":
            yield dict(values)
            return
        longest = max(map(len, values.values()), default=0)
        for start in range(0, max(longest, 1), CHUNK):
            yield {name: held[start : start + CHUNK] for name, held in values.items()}

    def _binds(self, statement: sa.ClauseElement) -> Sequence[str]:
        """The names of a statement's parameters that are keys, found once: walking it costs more than a look-up."""
        if statement not in self._names:
            found = (
                e for e in sa.sql.visitors.iterate(statement) if isinstance(e, sa.BindParameter)
            )
            names = dict.fromkeys(str(e.key) for e in found)
            self._names[statement] = [name for name in names if name in self._wanted]
        return self._names[statement]

    def ways(self, name: str, *, each: bool = False) -> Iterator[Way]:
        """The ways to a table: one for each edge, and one for an identity table's own key; `each` tells whose."""
        clause, table = self.clause(name), self.graph.map.by_name[name]
        if table.identity is not None:
            yield self._by_key(name, table.identity.key, name)
        for edge in self.graph.edges(name):
            when = self._when(name, edge)
            if self._anchored(edge):
                yield self._by_key(name, edge.columns[0], anchor_name(edge.table, edge.to[0]), when)
            if self._ends_at_key(edge):
                yield self._by_key(name, edge.columns[0], edge.table, when)
                if not self.graph.edges(edge.table):
                    continue  # else persons stand there by other ways than their key
            above = self._above(edge, each=each)
            same = sa.and_(*self._pairs(name, edge, above))
            number = above.c["who"] if each else sa.literal(0)
            yield Way(clause.join(above, same), when, number, above.c["held" if each else "c0"])

    def _by_key(
        self, name: str, column: str, register: str, when: sa.ColumnElement[bool] | None = None
    ) -> Way:
        clause, held = self.clause(name), self._held(name, column, register)
        number = sa.literal_column(str(self.registers.index(register)), sa.Integer())
        return Way(clause, held if when is None else when & held, number, clause.c[column])

    def _above(self, edge: Edge, *, each: bool = False) -> sa.Subquery:
        """The distinct keys of the rows above an edge that belong to somebody, and to whom."""
        above = self.clause(edge.table)
        columns: list[sa.ColumnElement[Any]] = [
            above.c[c].label(f"c{n}") for n, c in enumerate(edge.to)
        ]
        for column in edge.to:
            self.type_of(edge.table, column)
        parts = [
            sa.select(*columns, *(self.whose(w) if each else ()))
            .select_from(w.source)
            .where(w.condition)
            for w in self.ways(edge.table, each=each)
        ]
        return (parts[0].distinct() if len(parts) == 1 else sa.union(*parts)).subquery()

    def whose(self, way: Way) -> tuple[sa.ColumnElement[Any], ...]:
        """The columns that tell which key of which register led to a row."""
        key = way.key if self.key_type else self._as_text(way.key)
        return way.number.label("who"), key.label("held")

    def _pairs(self, name: str, edge: Edge, above: sa.Subquery) -> Iterator[sa.ColumnElement[bool]]:
        for n, (column, to) in enumerate(zip(edge.columns, edge.to, strict=True)):
            mine, theirs = self.type_of(name, column), self.type_of(edge.table, to)
            here: sa.ColumnElement[Any] = self.clause(name).c[column]
            there: sa.ColumnElement[Any] = above.c[f"c{n}"]
            if mine != theirs:  # a text column that holds the number of another table, say
                there = there if theirs == "text" else self._as_text(there)
                here = here if mine == "text" else self._as_text(here)
            exact = self.folds(name, column) and not self.folds(edge.table, to)
            if not exact or self.dialect != "postgresql":  # which takes no two collations at once
                yield here == there
            if exact:
                yield self._exactly(here) == there

    def _as_text(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.cast(column, sa.CHAR() if self.dialect == "mariadb" else sa.Text())

    def _ends_at_key(self, edge: Edge) -> bool:
        identity = self.graph.map.by_name[edge.table].identity
        return identity is not None and edge.to == (identity.key,)

    def _anchored(self, edge: Edge) -> bool:
        return len(edge.to) == 1 and (edge.table, edge.to[0]) in self.anchors

    def _when(self, name: str, edge: Edge) -> sa.ColumnElement[bool]:
        if edge.when is None:
            return sa.true()
        column, value = edge.when
        self.type_of(name, column)
        word = sa.bindparam(None, value, sa.types.NullType(), unique=True)
        return self.clause(name).c[column] == word

    def _held(self, name: str, column: str, identity: str) -> sa.ColumnElement[bool]:
        """Whether a column holds one of the person's keys in an identity table."""
        type_ = self.type_of(name, column)
        here: sa.ColumnElement[Any] = self.clause(name).c[column]
        if type_ not in _BIND:
            here, type_ = self._as_text(here), "text"
        number = self.registers.index(identity)
        bind = f"keys_{number}_{type_}"
        self._wanted[bind] = Wanted(identity, type_)
        found = is_one_of(here, bind, type_, self.dialect)
        if self.folds(name, column) and not self.folds(*self.own_column(identity)):
            # Two people whose keys differ in their letters' case alone are two in the register.
            found &= is_one_of(self._exactly(here), bind, type_, self.dialect)
        return found

    def _sortable(self, name: str, columns: Iterable[str]) -> list[str]:
        """Columns that every dialect can sort by, where nothing names a row."""
        return [c for c in columns if self.type_of(name, c) not in {"json", "other", "bytes"}]


def is_one_of(
    column: sa.ColumnElement[Any], bind: str, type_: ColumnType, dialect: str
) -> sa.ColumnElement[bool]:
    """Whether a column equals one of a parameter's values: one array on PostgreSQL, a list elsewhere."""
    if dialect == "postgresql":
        array: ARRAY[Any] = ARRAY(_BIND.get(type_, sa.Text()))
        return column == sa.any_(sa.bindparam(bind, type_=array))
    return column.in_(sa.bindparam(bind, expanding=True, type_=sa.types.NullType()))


def table_clause(table: Table) -> sa.TableClause:
    """A described table for statements, its names always quoted."""
    schema, name = split_name(table.name)
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(cast("str", quoted_name(c.name, quote=True))) for c in table.columns
    ]
    return sa.table(
        quoted_name(name, quote=True),
        *columns,
        **({"schema": quoted_name(schema, quote=True)} if schema else {}),
    )


def keyed(
    table: sa.TableClause, described: Table, key: tuple[str, ...], dialect: str
) -> sa.ColumnElement[bool]:
    """The rows whose one key column is among the parameter `keys`."""
    column = described.column(key[0])
    type_: ColumnType = column.type if column else "other"
    here: sa.ColumnElement[Any] = table.c[key[0]]
    if dialect == "postgresql" and type_ not in _BIND:
        here, type_ = sa.cast(here, sa.Text()), "text"
    return is_one_of(here, "keys", type_, dialect)
