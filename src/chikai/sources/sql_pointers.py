"""What points at rows that go: rows of others, which stop an erasure, and rows of the same people, which let go first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from chikai.errors import Disagrees
from chikai.sources.catalogue import ForeignKey
from chikai.sources.erasing import Key, Work
from chikai.sources.protocol import Value
from chikai.sources.sql_bulk import SqlBulk
from chikai.sources.sql_faults import plain_faults
from chikai.sources.sql_reach import CHUNK, driven, is_one_of


@dataclass
class SqlPointers:
    """The declared foreign keys around the rows of one erasure."""

    bulk: SqlBulk
    work: Sequence[Work]

    def refuse_cascades(self, table: str, rows: list[Key]) -> None:
        """Disagrees where the database would delete rows of others along with these."""
        for child, foreign in self._pointing(table):
            if foreign.on_delete != "cascade":
                continue
            below = self.bulk.reach.clause(child).alias("below")
            clause = self.bulk.reach.clause(table)
            pairs = zip(foreign.columns, foreign.to, strict=True)
            same = sa.and_(*(below.c[c] == clause.c[t] for c, t in pairs))
            own = sa.select(sa.func.count()).select_from(clause.join(below, same))
            total = 0
            with self._plain(child):
                for condition, values in self.bulk.portions(table, rows):
                    query = own.where(condition)
                    total += int(self.bulk.connection.execute(query, values).scalar_one())
            if child == table:
                total -= self._inside(table, rows, foreign)
            if total > 0:
                raise Disagrees(
                    f"{total} rows of table `{child}` that are not erased hang on rows of table `{table}`, and the "
                    "database would delete them too",
                    "Nothing was changed; map that table, or replace the columns instead of deleting the row.",
                    self.bulk.name,
                )

    def release(self, table: str, rows: list[Key]) -> None:
        """Empty what points at these rows in rows of the same people that stand until later, or for good.

        Two tables that point at each other cannot both go first; MariaDB asks the same of a table that points at itself.
        """
        later = [each.step.table for each in self.work]
        later = later[later.index(table) :]
        for child, foreign in self._pointing(table):
            itself = child == table
            if child not in later or (itself and self.bulk.reach.dialect != "mariadb"):
                continue
            described = self.bulk.reach.described(child)
            columns = [described.column(c) for c in foreign.columns]
            key = self.bulk.reach.key_of(table)
            nullable = all(column is not None and column.nullable for column in columns)
            if foreign.on_delete or not nullable or foreign.to != key or len(key) != 1:
                continue
            work = next(each for each in self.work if each.step.table == child)
            held = [row.key for row in (*work.rows, *work.kept)]
            if held and self.bulk.reach.key_of(child):
                self._empty(child, foreign.columns[0], held, [row[0] for row in rows])

    def _empty(self, child: str, column: str, held: list[Key], gone: list[Value]) -> None:
        reach = self.bulk.reach
        clause, type_ = reach.clause(child), reach.type_of(child, column)
        points = is_one_of(clause.c[column], "gone", type_, reach.dialect)
        size = len(gone) if reach.dialect == "postgresql" else CHUNK
        with self._plain(child, "UPDATE"):
            for start in range(0, len(gone), size):
                part = [driven(v, reach.dialect) for v in gone[start : start + size]]
                for condition, values in self.bulk.portions(child, held):
                    statement = (
                        sa.update(clause).values({column: sa.null()}).where(condition, points)
                    )
                    self.bulk.connection.execute(statement, {**values, "gone": part})

    def _pointing(self, table: str) -> Iterator[tuple[str, ForeignKey]]:
        for child in self.bulk.reach.shape.tables:
            for foreign in child.foreign_keys:
                if foreign.table == table:
                    yield child.name, foreign

    def _inside(self, table: str, rows: list[Key], foreign: ForeignKey) -> int:
        """Of these rows, how many point at another of these rows: they go anyway."""
        clause = self.bulk.reach.clause(table)
        columns = [clause.c[c] for c in (*foreign.columns, *foreign.to)]
        pointing: list[Key] = []
        targets: set[Key] = set()
        size = len(foreign.columns)
        with self._plain(table):
            for condition, values in self.bulk.portions(table, rows):
                query = sa.select(*columns).where(condition)
                for row in self.bulk.connection.execute(query, values):
                    pointing.append(tuple(row[:size]))
                    targets.add(tuple(row[size:]))
        return sum(1 for row in pointing if row in targets)

    def _plain(self, table: str, verb: str = "SELECT") -> Any:
        return plain_faults(self.bulk.name, self.bulk.where, table, verb)
