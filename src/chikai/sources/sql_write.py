"""Erasure and corrections in a SQL source: rows are found, counted and locked first, then changed by their keys.

Everything happens in the transaction of the caller, who rolls back on any error. Finding before changing is what the
brake needs, and it keeps MariaDB 10 from walking a whole table for `DELETE ... WHERE x IN (SELECT ...)`. When the
server ends our transaction because two waited for each other, the change is tried once more from its beginning.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from chikai.errors import Disagrees, MapError
from chikai.sources.correction import fit_change, named_row, stands
from chikai.sources.erasing import Key, Work, Writing, brake, outcomes
from chikai.sources.erasure import Replacing
from chikai.sources.map import Map
from chikai.sources.protocol import Change, Holds, Outcome, Subjects, Value
from chikai.sources.sql_bulk import SqlBulk
from chikai.sources.sql_each import SqlEach, known_subjects
from chikai.sources.sql_faults import Deadlock, plain_faults
from chikai.sources.sql_markers import Markers
from chikai.sources.sql_pointers import SqlPointers
from chikai.sources.sql_queries import EachReach
from chikai.sources.sql_read import SqlReading
from chikai.sources.values import tidied

Rows = dict[tuple[str, str, Key], dict[str, tuple[Change, Value]]]


@dataclass
class SqlChanging:
    """The changes of one transaction."""

    connection: sa.Connection
    reading: SqlReading
    markers: Markers
    secret: bytes
    again: Callable[[], None]
    recorded: Mapping[str, Outcome] = field(default_factory=dict)
    _changed: bool = False

    def __post_init__(self) -> None:
        self.recorded = self.markers.recorded()

    @property
    def written(self) -> int | None:
        """The epoch that stands in the source when the block ends."""
        return self.markers.written

    def erase(
        self,
        map_: Map,
        subjects: Subjects,
        *,
        planned: Mapping[str, Mapping[str, int]],
        holds: Holds | None = None,
    ) -> dict[str, Outcome]:
        """Erase by the map, children first."""
        return self._once_more(lambda: self._erase(map_, subjects, planned, holds))

    def write(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, Outcome]:
        """Correct, add or delete single fields."""
        known_subjects(subjects, changes, self.reading.name)
        return self._once_more(lambda: self._write(map_, subjects, changes))

    def _once_more(self, work: Callable[[], dict[str, Outcome]]) -> dict[str, Outcome]:
        try:
            done = work()
        except Deadlock:
            if self._changed:  # what was changed before in this transaction is lost with it
                raise
            self.again()
            self.recorded = self.markers.recorded()
            done = work()
        self._changed = True
        return {**done, **self.recorded}

    def _erase(
        self,
        map_: Map,
        subjects: Subjects,
        planned: Mapping[str, Mapping[str, int]],
        holds: Holds | None,
    ) -> dict[str, Outcome]:
        open_ = {s: keys for s, keys in subjects.items() if s not in self.recorded}
        each = self.reading.each(map_, open_)
        work = self.reading.work(map_, open_, holds, lock=True)
        found = outcomes(work, open_)
        brake(work, found, planned, self.reading.name)
        self.markers.record(found)
        bulk = SqlBulk(self.connection, each.reach, self.reading.name, self.reading.where)
        pointers = SqlPointers(bulk, work)
        replacing = Replacing(map_, self.secret, each.reach.shape)
        for one in work:
            if one.rows or one.kept:
                self._work(one, each, bulk, pointers, replacing)
        return found

    def _work(
        self, work: Work, each: SqlEach, bulk: SqlBulk, pointers: SqlPointers, replacing: Replacing
    ) -> None:
        step, subjects = work.step, each.owners.subjects
        if not each.reach.key_of(step.table):
            self._by_condition(work, each, replacing)
            return
        described = each.reach.described(step.table)
        bulk.update(step.table, list(work.replaced(replacing, described, subjects)))
        if step.whole and work.rows:
            keys = [row.key for row in work.rows]
            pointers.refuse_cascades(step.table, keys)
            pointers.release(step.table, keys)
            bulk.delete(step.table, keys)

    def _by_condition(self, work: Work, each: SqlEach, replacing: Replacing) -> None:
        """Rows that nothing names: changed by the condition that found them."""
        step, reach, subjects = work.step, each.reach, each.owners.subjects
        if step.hold is not None:
            raise MapError(
                f"table `{step.table}` is under a hold, and nothing names its rows",
                "Give the table a `key` in the map.",
                self.reading.name,
            )
        described, clause = reach.described(step.table), reach.clause(step.table)
        condition = reach.condition(step.table)
        if step.whole:
            self._run(step.table, reach, sa.delete(clause).where(condition), each.owners.merged())
            return
        whose = {row.subjects[0] for row in work.rows}
        # Backwards, so that a row of several people ends with what the first of them gives it.
        for subject in [s for s in reversed(list(subjects)) if s in whose]:
            keys = subjects[subject]
            plain = replace(step, joined=())
            values = replacing.values(described, plain.columns, keys=keys, row=(), now={})
            bound = {
                name: sa.bindparam(None, value, sa.types.NullType(), unique=True)
                for name, value in values.items()
            }
            self._run(step.table, reach, sa.update(clause).where(condition).values(bound), keys)

    def _run(self, table: str, reach: EachReach, statement: Any, keys: dict[str, Any]) -> None:
        verb = "UPDATE" if isinstance(statement, sa.Update) else "DELETE"
        with plain_faults(self.reading.name, self.reading.where, table, verb):
            for portion in reach.parameters(statement, keys):
                self.connection.execute(statement, portion)

    def _write(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, Outcome]:
        open_ = {s: keys for s, keys in subjects.items() if s in changes and s not in self.recorded}
        each = self.reading.each(map_, open_)
        rows = fitted_rows(map_, each.reach, {s: changes[s] for s in open_}, self.reading.name)
        writings: dict[str, list[Writing]] = defaultdict(list)
        counted: dict[str, dict[str, int]] = {s: defaultdict(int) for s in open_}
        for table, owned in mine(each, rows, lock=True).items():
            described = each.reach.described(table)
            for (subject, name, key), columns in rows.items():
                if name != table:
                    continue
                held = owned.get((subject, key))
                if held is None:
                    raise Disagrees(
                        f"a row of table `{table}` that is to change does not belong to the person",
                        "Nothing was changed; gather the person's rows again.",
                        self.reading.name,
                    )
                stored, now = held
                new = {
                    column: value
                    for column, (change, value) in columns.items()
                    if not stands(change, value, now[column], described)
                }
                counted[subject][table] += 1
                if new:
                    writings[table].append(Writing(stored, new))
        found = {s: Outcome(dict(n)) for s, n in counted.items()}
        self.markers.record(found)
        bulk = SqlBulk(self.connection, each.reach, self.reading.name, self.reading.where)
        for table, each_ in writings.items():
            bulk.update(table, each_)
        return found


def fitted_rows(
    map_: Map, reach: EachReach, changes: Mapping[str, Sequence[Change]], source: str
) -> Rows:
    """The changes by subject, table and row, their values in the types of their columns.

    Raises:
        Disagrees: a change cannot be; the value is not repeated.
    """
    rows: Rows = defaultdict(dict)
    for subject, wanted in changes.items():
        for change in wanted:
            table = map_.by_name.get(change.table)
            if table is None or not reach.graph.reaches(change.table):
                raise Disagrees(
                    f"table `{change.table}` is not in the map", "Map it first.", source
                )
            described = reach.described(change.table)
            value = fit_change(change, table, described)
            key = named_row(change, reach.key(table), described, source)
            rows[subject, change.table, key][change.column] = (change, value)
    return rows


def mine(
    each: SqlEach, rows: Rows, *, lock: bool = False
) -> dict[str, dict[tuple[str, Key], tuple[Key, dict[str, Value]]]]:
    """By table: the subjects' rows by their keys in Python, with their keys as stored and the columns in question."""
    out: dict[str, dict[tuple[str, Key], tuple[Key, dict[str, Value]]]] = {}
    for table in dict.fromkeys(name for _, name, _ in rows):
        key = each.reach.key_of(table)
        columns = list(
            dict.fromkeys(c for (_, n, _), held in rows.items() if n == table for c in held)
        )
        types = [each.reach.type_of(table, c) for c in key]
        out[table] = {}
        for subject, row in each.rows(table, (*key, *columns), raw=True, lock=lock):
            stored = row[: len(key)]
            plain = tuple(tidied(v, t) for v, t in zip(stored, types, strict=True))
            out[table][subject, plain] = stored, dict(zip(columns, row[len(key) :], strict=True))
    return out
