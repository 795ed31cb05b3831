"""One consistent picture of a SQL source: find, count, read, sample, without changing anything.

Clauses: 5.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol

import sqlalchemy as sa

from chikai.errors import Disagrees
from chikai.sources.catalogue import Catalogue, ColumnType
from chikai.sources.erasing import Work, outcomes, sorted_out
from chikai.sources.erasure import anchors, planned
from chikai.sources.map import Map, TableMap
from chikai.sources.protocol import Held, Holds, Keys, Outcome, Row, Subjects, Value
from chikai.sources.sql_each import SqlEach, as_rows, resolved
from chikai.sources.sql_faults import plain_faults
from chikai.sources.sql_held import held
from chikai.sources.sql_queries import EachReach
from chikai.sources.sql_reach import CHUNK, Query, Reach, driven, is_one_of
from chikai.sources.values import all_fitted, needs_tidying, tidied, tidied_row

_FETCH: Final = 500  # rows held at once while a table streams
_STRATA: Final = 20  # places of a large table that a sample is taken from
_COUNTED_AT_ONCE: Final = 20  # tables in one statement of counts

Tidy = tuple[tuple[int, ColumnType], ...]


class Reaching(Protocol):
    """Gives the statements of a map."""

    def __call__(self, map_: Map, *, anchored: bool = False) -> EachReach:
        """`anchored` also finds what hangs on rows that are gone."""
        ...


@dataclass
class SqlReading:
    """A picture inside one transaction; it must not be used after its block."""

    connection: sa.Connection
    reach_for: Reaching
    name: str
    where: str
    shape: Catalogue

    def catalogue(self) -> Catalogue:
        """What the source said about itself when the picture was taken."""
        return self.shape

    def held(self, map_: Map, subjects: Subjects) -> dict[str, dict[str, Held]]:
        """Of each person and table: how many rows are theirs, and a digest of what stands there."""
        return held(self.each(map_, subjects))

    def find(
        self, map_: Map, table: str, column: str, values: Sequence[Value]
    ) -> tuple[Value, ...]:
        """The local keys in an identity table whose column holds exactly one of the values."""
        reach = self.reach_for(map_)
        identity = map_.by_name[table].identity if table in map_.by_name else None
        if identity is None:
            raise Disagrees(
                f"table `{table}` is no identity table of the map",
                "Look in one that is.",
                self.name,
            )
        type_, clause = reach.type_of(table, column), reach.clause(table)
        wanted = all_fitted(tuple(values), type_)
        key = clause.c[identity.key]
        query = sa.select(key, clause.c[column]).where(
            is_one_of(clause.c[column], "values", type_, reach.dialect)
        )
        types = (reach.type_of(table, identity.key), type_)
        found: dict[Value, None] = {}
        with self.plain(table):
            for portion in _portions(wanted, reach.dialect):
                for held, value in self.connection.execute(
                    query.order_by(key), {"values": portion}
                ):
                    # MariaDB takes ü for u and A for a: that may be another person's address.
                    if tidied(value, types[1]) in wanted and held is not None:
                        found[self._tidy_one(held, types[0], reach.dialect)] = None
        return tuple(found)

    def count(self, map_: Map, keys: Keys) -> dict[str, int]:
        """How many rows of each reachable table belong to the person; a table of customers is counted too."""
        reach = self.reach_for(map_)
        tables = reach.graph.worked("person", "shared", "customer")
        counts: dict[str, int] = {}
        for start in range(0, len(tables), _COUNTED_AT_ONCE):
            part = [t.name for t in tables[start : start + _COUNTED_AT_ONCE]]
            if _many(keys) and reach.dialect != "postgresql":
                for name in part:  # a row may be reached from two portions of the keys
                    counts[name] = sum(
                        1 for _ in self._rows(reach, map_.by_name[name], keys, only_key=True)
                    )
            else:
                counts |= self._count_together(reach, part, keys)
        return counts

    def read(self, map_: Map, keys: Keys) -> Iterator[tuple[str, Iterator[Row]]]:
        """Table by table the person's rows; those of a table must be taken before the next table is."""
        reach = self.reach_for(map_)
        for table in reach.graph.worked("person", "shared"):
            rows = self._rows(reach, table, keys)
            try:
                yield table.name, rows
            finally:
                rows.close()

    def count_each(self, map_: Map, subjects: Subjects) -> dict[str, dict[str, int]]:
        """For each subject, how many rows of each mapped table belong to it."""
        return self.each(map_, subjects).counts()

    def read_each(
        self, map_: Map, subjects: Subjects
    ) -> Iterator[tuple[str, Iterator[tuple[str, Row]]]]:
        """Table by table the rows with whose they are; those of a table must be taken before the next table is."""
        each = self.each(map_, subjects)
        for table in each.reach.graph.worked("person", "shared"):
            columns = each.reach.columns(table)
            rows = each.rows(table.name, columns)
            try:
                yield table.name, as_rows(columns, rows)
            finally:
                rows.close()

    def resolve(self, map_: Map, subjects: Subjects) -> dict[str, Keys]:
        """The keys, and beside them the values that lead on to rows and would go with an erasure."""
        each = self.each(map_, subjects)
        return resolved(each, anchors(each.reach.graph, each.reach.shape))

    def would_erase(
        self, map_: Map, subjects: Subjects, *, holds: Holds | None = None
    ) -> dict[str, Outcome]:
        """For each subject what an erasure would do now."""
        return outcomes(self.work(map_, subjects, holds), subjects)

    def work(
        self, map_: Map, subjects: Subjects, holds: Holds | None, *, lock: bool = False
    ) -> list[Work]:
        """The tables of an erasure, children first, with their rows; `lock` holds these until the transaction ends."""
        each = self.each(map_, subjects)
        return [
            sorted_out(step, each.found(step.table, step.looked_at, lock=lock), holds, self.name)
            for step in planned(each.reach.graph, each.reach.shape)
        ]

    def each(self, map_: Map, subjects: Subjects) -> SqlEach:
        """Several people, ready to be asked about."""
        anchored = any(name.startswith("@") for keys in subjects.values() for name in keys)
        return SqlEach.of(self, self.reach_for(map_, anchored=anchored), subjects)

    def rows_of(
        self, reach: EachReach, table: str, columns: Sequence[str], keys: Keys
    ) -> Iterator[tuple[Value, ...]]:
        """Some columns of one person's rows of a table, found by the statement for one person."""
        query = reach.rows(table, tuple(columns))
        with self.plain(table):
            for values in reach.parameters(query, keys):
                yield from self.streamed(query, values, reach=reach)

    def identities(self, map_: Map, table: str, chunk: int = 10_000) -> Iterator[list[Row]]:
        """The rows of an identity table in chunks, in the order of the key, keyed by the fields of `Identity`."""
        reach, identity = self.reach_for(map_), map_.by_name[table].identity
        if identity is None:
            raise Disagrees(
                f"table `{table}` is no identity table of the map",
                "Look in one that is.",
                self.name,
            )
        pairs = [
            (name, getattr(identity, name))
            for name in ("key", "email", "verified", "name", "phone")
            if getattr(identity, name)
        ]
        types = [reach.type_of(table, column) for _, column in pairs]
        clause = reach.clause(table)
        query = sa.select(*(clause.c[column].label(name) for name, column in pairs))
        tidy = _tidy(types, reach.dialect)
        with self.plain(table):
            rows = self.streamed(query.order_by(clause.c[identity.key]), {}, size=chunk)
            names = [name for name, _ in pairs]
            made = (dict(zip(names, tidied_row(row, tidy), strict=True)) for row in rows)
            while part := list(islice(made, chunk)):
                yield part

    def sample(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[Value, ...]]:
        """Some rows of a table, from places spread over it, without walking all of it."""
        reach = self.reach_for(Map("", ""))
        described, clause = reach.described(table), reach.clause(table)
        tidy = _tidy([reach.type_of(table, c) for c in columns], reach.dialect)
        chosen = sa.select(*(clause.c[c] for c in columns))
        with self.plain(table):
            few = sa.select(sa.literal(1)).select_from(clause).limit(rows + 1).subquery()
            small = self._one(sa.select(sa.func.count()).select_from(few)) <= rows
            found: list[Any] = []
            if not small and reach.dialect == "postgresql":
                # SYSTEM reads whole blocks, so it costs what it returns; of that little we take any.
                share = min(100.0, 100.0 * rows * 4 / max(described.rows or 0, rows))
                blocks = sa.tablesample(clause, sa.func.system(share))
                some = sa.select(*(blocks.c[c] for c in columns)).order_by(sa.func.random())
                found = self._all(some.limit(rows))
            elif not small and len(described.primary_key) == 1:
                key = described.primary_key[0]
                if reach.type_of(table, key) == "integer":
                    found = self._strata(chosen, clause, key, rows)
            if len(found) < rows // 2 or not found:
                found = self._all(chosen.limit(rows))
        return [tidied_row(tuple(row), tidy) for row in found]

    def included(
        self, child: tuple[str, str], parent: tuple[str, str], rows: int
    ) -> tuple[int, int]:
        """Of up to `rows` distinct values of a child column: how many stand in the parent column, and how many there were."""
        reach = self.reach_for(Map("", ""))
        types = reach.type_of(*child), reach.type_of(*parent)
        here, there = reach.clause(child[0]).c[child[1]], reach.clause(parent[0]).c[parent[1]]
        # The inner limit bounds the walk where a large table holds few distinct values.
        walked = sa.select(here.label("v")).where(here.is_not(None)).limit(rows * 50).subquery()
        some = sa.select(walked.c.v).distinct().limit(rows).subquery()
        text = sa.CHAR() if reach.dialect == "mariadb" else sa.Text()
        same = types[0] == types[1]
        value: sa.ColumnElement[Any] = some.c.v if same else sa.cast(some.c.v, text)
        held: sa.ColumnElement[Any] = there if same else sa.cast(there, text)
        stands = value.in_(sa.select(held).where(there.is_not(None)))
        query = sa.select(
            sa.func.coalesce(sa.func.sum(sa.case((stands, 1), else_=0)), 0), sa.func.count()
        )
        with self.plain(child[0]):
            inside, all_ = self.connection.execute(query.select_from(some)).one()
        return int(inside), int(all_)

    def _count_together(self, reach: Reach, names: list[str], keys: Keys) -> dict[str, int]:
        parts: list[sa.Select[Any]] = []
        for n, name in enumerate(names):
            table = reach.graph.map.by_name[name]
            inner = (
                reach.rows(name, reach.key(table) or reach.columns(table)).order_by(None).subquery()
            )
            counted: Any = sa.select(sa.literal(n), sa.func.count()).select_from(inner)
            parts.append(counted)
        query = parts[0] if len(parts) == 1 else sa.union_all(*parts)
        values = next(iter(reach.parameters(query, keys)))
        with self.plain(names[0] if len(names) == 1 else ""):
            return {names[n]: int(count) for n, count in self.connection.execute(query, values)}

    def _rows(
        self, reach: Reach, table: TableMap, keys: Keys, *, only_key: bool = False
    ) -> Generator[Row, None, None]:
        columns = (reach.key(table) if only_key else ()) or reach.columns(table)
        query = reach.rows(table.name, columns)
        tidy = () if only_key else self.tidy(reach, table.name, columns)
        portions = list(reach.parameters(query, keys))
        key = [columns.index(c) for c in reach.key(table)] if len(portions) > 1 else []

        def stream() -> Generator[Row, None, None]:
            seen: set[tuple[Value, ...]] = set()
            with self.plain(table.name):
                for values in portions:
                    for row in self.streamed(query, values, reach=reach):
                        if key and (mark := tuple(row[n] for n in key)) in seen:
                            continue
                        if key:
                            seen.add(mark)
                        yield dict(zip(columns, tidied_row(row, tidy), strict=True))

        return stream()

    def streamed(
        self,
        query: Query,
        values: dict[str, object],
        *,
        size: int = _FETCH,
        reach: Reach | None = None,
    ) -> Iterator[tuple[Value, ...]]:
        """Rows as they come, few of them in memory."""
        if self.connection.dialect.name == "postgresql":
            dialect = self.connection.dialect
            compiled = reach.compiled(query, dialect) if reach else query.compile(dialect=dialect)
            yield from self._streamed_postgresql(compiled, values, size)
            return
        result = self.connection.execute(query, values, execution_options={"yield_per": size})
        try:
            for row in result:
                yield tuple(row)
        finally:
            result.close()

    def _streamed_postgresql(
        self, compiled: Any, values: dict[str, object], size: int
    ) -> Iterator[tuple[Value, ...]]:
        """One statement in chunked row mode: a named cursor would cost four for each table."""
        import psycopg

        driver: Any = self.connection.connection.driver_connection
        chunk = min(size, 1000) if psycopg.capabilities.has_stream_chunked() else 1
        with driver.cursor() as cursor:
            rows = cursor.stream(str(compiled), compiled.construct_params(values), size=chunk)
            try:
                yield from rows
            finally:
                rows.close()

    def tidy(self, reach: Reach, table: str, columns: Sequence[str]) -> Tidy:
        """Which places of these columns need work."""
        return _tidy([reach.type_of(table, c) for c in columns], reach.dialect)

    def _strata(
        self, chosen: sa.Select[Any], clause: sa.TableClause, key: str, rows: int
    ) -> list[Any]:
        """The first rows of evenly spaced stretches of an integer key."""
        column = clause.c[key]
        low, high = self.connection.execute(
            sa.select(sa.func.min(column), sa.func.max(column))
        ).one()
        width = max(1, (int(high) - int(low)) // _STRATA + 1)
        each = -(-rows // _STRATA)
        found: list[Any] = []
        for start in range(int(low), int(high) + 1, width):
            part = chosen.where(column >= start, column < start + width).order_by(column)
            found.extend(self._all(part.limit(each)))
        return found[:rows]

    def _all(self, query: sa.Select[Any]) -> list[Any]:
        return list(self.connection.execute(query).all())

    def _one(self, query: sa.Select[Any]) -> int:
        return int(self.connection.execute(query).scalar_one())

    def _tidy_one(self, value: Value, type_: ColumnType, dialect: str) -> Value:
        return value if dialect == "postgresql" else tidied(value, type_)

    def plain(self, table: str) -> Any:
        """A block whose faults of the driver become errors of ours."""
        return plain_faults(self.name, self.where, table)


def _tidy(types: Sequence[ColumnType], dialect: str) -> Tidy:
    """Which places of a row need work, so that the others cost nothing; psycopg gives Python values itself."""
    if dialect == "postgresql":
        return ()
    return tuple((n, type_) for n, type_ in enumerate(types) if needs_tidying(type_))


def _many(keys: Keys) -> bool:
    return any(len(held) > CHUNK for held in keys.values())


def _portions(values: tuple[Value, ...], dialect: str) -> Iterator[list[Value]]:
    size = max(len(values), 1) if dialect == "postgresql" else CHUNK
    for start in range(0, len(values), size):
        yield [driven(value, dialect) for value in values[start : start + size]]
