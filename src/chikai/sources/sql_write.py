"""Corrections and erasure in a SQL source: the rows are found and counted first, then changed by their keys.

Everything happens in the transaction of the caller, who rolls back on any error. Finding before changing is what the
brake needs, and it keeps MariaDB 10 from walking a whole table for `DELETE ... WHERE x IN (SELECT ...)`.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from chikai.errors import Disagrees, WrongState
from chikai.sources.catalogue import ForeignKey
from chikai.sources.erasure import Erasing, Replacing, fit_change, is_unique, planned, within
from chikai.sources.map import Map
from chikai.sources.protocol import Change, Keys, Value
from chikai.sources.sql_faults import plain_faults
from chikai.sources.sql_reach import CHUNK, Reach, driven, keyed
from chikai.sources.sql_read import SqlReading
from chikai.sources.values import fitted, tidied

Key = tuple[Value, ...]
_PAIRS: Final = 100  # rows named in one statement by keys of several columns


@dataclass
class SqlWriting:
    """The writes of one transaction."""

    connection: sa.Connection
    reading: SqlReading
    reach: Reach
    secret: bytes

    def write(
        self, map_: Map, keys: Keys, changes: Sequence[Change], *, at_most: int
    ) -> dict[str, int]:
        """Make the changes; rows changed by table."""
        rows = self._fitted(map_, changes)
        if len(rows) > at_most:
            raise Disagrees(
                f"{len(rows)} rows would change, and the plan allows {at_most}",
                "Nothing was changed; approve a new plan.",
                self.reading.name,
            )
        mine: dict[str, dict[Key, Key]] = {}
        for name in {table for table, _ in rows}:
            mine[name] = self._mine(map_, name, keys)
        changed: dict[str, int] = defaultdict(int)
        for (name, key), values in rows.items():
            if key not in mine[name]:
                raise Disagrees(
                    f"a row of table `{name}` that is to change does not belong to the person",
                    "Nothing was changed; gather the person's rows again.",
                    self.reading.name,
                )
            self._update(name, self.reach.key(map_.by_name[name]), [mine[name][key]], values)
            changed[name] += 1
        return dict(changed)

    def erase(self, map_: Map, keys: Keys, *, at_most: Mapping[str, int]) -> dict[str, int]:
        """Erase by the map; rows changed by table."""
        steps = planned(self.reach.graph, self.reach.shape)
        found = {step.table: self._located(map_, step.table, keys) for step in steps}
        counts = {table: len(rows) for table, rows in found.items()}
        within(counts, at_most, self.reading.name)
        replacing = Replacing(map_, self.secret, keys)
        for step in steps:
            rows = found[step.table]
            if not rows:
                continue
            key = self.reach.key(map_.by_name[step.table])
            if not key:
                self._by_condition(step, keys, replacing)
            elif step.whole:
                self._refuse_cascades(step.table, key, rows)
                self._delete(step.table, key, rows)
            else:
                self._replace(step, key, rows, replacing)
        return counts

    def _fitted(
        self, map_: Map, changes: Sequence[Change]
    ) -> dict[tuple[str, Key], dict[str, Value]]:
        rows: dict[tuple[str, Key], dict[str, Value]] = defaultdict(dict)
        for change in changes:
            table = map_.by_name.get(change.table)
            if table is None or not self.reach.graph.reaches(change.table):
                raise Disagrees(
                    f"table `{change.table}` is not in the map", "Map it first.", self.reading.name
                )
            described = self.reach.described(change.table)
            value = fit_change(change, table, described)
            key = self.reach.key(table)
            if not key or len(key) != len(change.key):
                raise Disagrees(
                    f"the row of table `{change.table}` is not named by its key",
                    "Name it by the primary key, or give the table a `key` in the map.",
                    self.reading.name,
                )
            rows[change.table, self._comparable(change.table, key, change.key)][change.column] = (
                value
            )
        return rows

    def _comparable(self, table: str, key: Sequence[str], values: Sequence[Value]) -> Key:
        try:
            types = [self.reach.type_of(table, column) for column in key]
            return tuple(fitted(v, t) for v, t in zip(values, types, strict=True))
        except ValueError:
            return tuple(values)  # no row has such a key, and the caller will say so

    def _mine(self, map_: Map, table: str, keys: Keys) -> dict[Key, Key]:
        """The person's rows: their keys in Python, to their keys as stored."""
        key = self.reach.key(map_.by_name[table])
        types = [self.reach.type_of(table, column) for column in key]
        return {
            tuple(tidied(v, t) for v, t in zip(stored, types, strict=True)): stored
            for stored in self._located(map_, table, keys)
        }

    def _located(self, map_: Map, table: str, keys: Keys) -> list[Key]:
        return [tuple(row.values()) for row in self.reading.located(map_, table, keys)]

    def _replace(
        self, step: Erasing, key: tuple[str, ...], rows: list[Key], replacing: Replacing
    ) -> None:
        described = self.reach.described(step.table)
        single = len(rows) > 1 and any(is_unique(described, c.name) for c in step.columns)
        if not single:
            self._update(step.table, key, rows, replacing.values(step, described))
            return
        for row in rows:
            self._update(step.table, key, [row], replacing.values(step, described, row))

    def _update(
        self, table: str, key: tuple[str, ...], rows: list[Key], values: Mapping[str, Value]
    ) -> None:
        statement = sa.update(self.reach.clause(table)).values(self._bound(values))
        self._run(table, "UPDATE", statement, key, rows)

    def _delete(self, table: str, key: tuple[str, ...], rows: list[Key]) -> None:
        self._run(table, "DELETE", sa.delete(self.reach.clause(table)), key, rows)

    def _run(
        self, table: str, verb: str, statement: Any, key: tuple[str, ...], rows: list[Key]
    ) -> None:
        with self._plain(table, verb):
            changed = 0
            for condition, values in self._portions(table, key, rows):
                changed += self.connection.execute(statement.where(condition), values).rowcount
        if changed > len(rows):
            raise Disagrees(
                f"{changed} rows of table `{table}` changed where {len(rows)} were named",
                "Nothing was changed; the `key` in the map does not name single rows.",
                self.reading.name,
            )

    def _portions(
        self, table: str, key: tuple[str, ...], rows: list[Key]
    ) -> Iterator[tuple[sa.ColumnElement[bool], dict[str, object]]]:
        """The rows as conditions: one array on PostgreSQL, lists elsewhere, pairs for keys of several columns."""
        clause, dialect = self.reach.clause(table), self.reach.dialect
        if len(key) == 1:
            condition = keyed(clause, self.reach.described(table), key, dialect)
            size = max(len(rows), 1) if dialect == "postgresql" else CHUNK
            for start in range(0, len(rows), size):
                yield (
                    condition,
                    {"keys": [driven(row[0], dialect) for row in rows[start : start + size]]},
                )
            return
        for start in range(0, len(rows), _PAIRS):
            part = rows[start : start + _PAIRS]
            yield sa.or_(*(sa.and_(*self._equal(clause, key, row)) for row in part)), {}

    def _equal(
        self, clause: sa.TableClause, key: tuple[str, ...], row: Key
    ) -> Iterator[sa.ColumnElement[bool]]:
        for column, value in zip(key, row, strict=True):
            yield clause.c[column] == self._literal(value)

    def _bound(self, values: Mapping[str, Value]) -> dict[str, Any]:
        return {name: self._literal(value) for name, value in values.items()}

    def _literal(self, value: Value) -> sa.BindParameter[Any]:
        # Without a type SQLAlchemy writes no cast, so that text may become an enumeration or JSON.
        return sa.bindparam(
            None, driven(value, self.reach.dialect), sa.types.NullType(), unique=True
        )

    def _by_condition(self, step: Erasing, keys: Keys, replacing: Replacing) -> None:
        """Rows that nothing names: changed by the condition that found them."""
        described, clause = self.reach.described(step.table), self.reach.clause(step.table)
        condition = self.reach.condition(step.table)
        statement: Any = sa.delete(clause).where(condition)
        if not step.whole:
            values = self._bound(replacing.values(step, described))
            statement = sa.update(clause).where(condition).values(values)
        with self._plain(step.table, "DELETE" if step.whole else "UPDATE"):
            for portion in self.reach.parameters(statement, keys):
                self.connection.execute(statement, portion)

    def _refuse_cascades(self, table: str, key: tuple[str, ...], rows: list[Key]) -> None:
        """Stop where the database would delete rows of others along with these."""
        for child, foreign in self._cascading(table):
            below = self.reach.clause(child).alias("below")
            clause = self.reach.clause(table)
            same = sa.and_(
                *(
                    below.c[c] == clause.c[t]
                    for c, t in zip(foreign.columns, foreign.to, strict=True)
                )
            )
            own = sa.select(sa.func.count()).select_from(clause.join(below, same))
            total = 0
            with self._plain(child):
                for condition, values in self._portions(table, key, rows):
                    query = own.where(condition)
                    total += int(self.connection.execute(query, values).scalar_one())
            if child == table:
                total -= self._pointing_inside(table, key, rows, foreign)
            if total > 0:
                raise Disagrees(
                    f"{total} rows of table `{child}` that are not erased hang on rows of table `{table}`, and the "
                    "database would delete them too",
                    "Nothing was changed; map that table, or replace the columns instead of deleting the row.",
                    self.reading.name,
                )

    def _cascading(self, table: str) -> Iterator[tuple[str, ForeignKey]]:
        for child in self.reach.shape.tables:
            for foreign in child.foreign_keys:
                if foreign.table == table and foreign.on_delete == "cascade":
                    yield child.name, foreign

    def _pointing_inside(
        self, table: str, key: tuple[str, ...], rows: list[Key], foreign: ForeignKey
    ) -> int:
        """Of these rows, how many point at another of these rows: they go anyway."""
        clause = self.reach.clause(table)
        columns = [clause.c[c] for c in (*foreign.columns, *foreign.to)]
        pointing: list[Key] = []
        targets: set[Key] = set()
        size = len(foreign.columns)
        with self._plain(table):
            for condition, values in self._portions(table, key, rows):
                for row in self.connection.execute(sa.select(*columns).where(condition), values):
                    pointing.append(tuple(row[:size]))
                    targets.add(tuple(row[size:]))
        return sum(1 for row in pointing if row in targets)

    def _plain(self, table: str, verb: str = "SELECT") -> Any:
        return plain_faults(self.reading.name, self.reading.where, table, verb)


def refuse_observing(mode: str, name: str) -> None:
    """WrongState if this source is only observed."""
    if mode == "observe":
        raise WrongState(
            f"source `{name}` is only observed",
            f"Look at what would change, then run `chikai source mode {name} shadow`.",
            name,
        )
