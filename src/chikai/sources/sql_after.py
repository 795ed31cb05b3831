"""Before and after a change of a SQL source: the statements it would run, and whether it took hold.

What is left is judged by what stands there, not by what a change reported: a row that should have gone, or a column in
which something other than nothing or a mask of ours stands.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, cast

import sqlalchemy as sa

from chikai.sources.erasing import Work, kept_until
from chikai.sources.erasure import Erasing, Replacing, planned
from chikai.sources.protocol import Change, Holds, Statement, Value
from chikai.sources.sql_each import COUNTED_AT_ONCE, SqlEach
from chikai.sources.sql_queries import shown
from chikai.sources.sql_reach import keyed
from chikai.sources.sql_write import Rows, mine
from chikai.sources.values import fitted, tidied


def left(each: SqlEach, replacing: Replacing, holds: Holds | None) -> dict[str, dict[str, int]]:
    """What an erasure should have taken and still stands, by subject and table."""
    out: dict[str, dict[str, set[tuple[Value, ...]]]] = defaultdict(lambda: defaultdict(set))
    count = itertools.count()
    steps = planned(each.reach.graph, each.reach.shape)
    joint = tuple(step for step in steps if each.joint(step.table))
    for start in range(0, len(joint), COUNTED_AT_ONCE):
        part = joint[start : start + COUNTED_AT_ONCE]
        query = each.reach.left_each(part)
        with each.reading.plain(part[0].table if len(part) == 1 else ""):
            for values in each.reach.parameters(query, each.owners.merged()):
                for n, register, key, *held in each.reading.streamed(
                    query, values, reach=each.reach
                ):
                    step = part[cast("int", n)]
                    if not _stands(step, held, each, replacing, holds):
                        continue
                    named = each.reach.key_of(step.table)
                    row = tuple(held[len(shown(step)) :][: len(named)]) if named else (next(count),)
                    for subject in each.owners.of(cast("int", register), key):
                        out[subject][step.table].add(row)
    for step in steps:
        if step not in joint:
            for subject, cells in each.rows(step.table, shown(step), raw=True):
                if _stands(step, cells, each, replacing, holds):
                    out[subject][step.table].add((next(count),))
    return {s: {t: len(rows) for t, rows in tables.items()} for s, tables in out.items()}


def _stands(
    step: Erasing, held: Sequence[Value], each: SqlEach, replacing: Replacing, holds: Holds | None
) -> bool:
    """Whether a row is still there that should be gone, or still says what it should not."""
    row = dict(zip(shown(step), held, strict=False))
    erased = step.columns
    if step.hold is not None:
        since = row[step.hold.since]
        if kept_until(step.table, step.hold, since, holds, each.reading.name) is not None:
            erased = step.of_held()
        elif step.whole:
            return True
    elif step.whole:
        return True
    described = each.reach.described(step.table)
    return not all(replacing.erased(described, c.name, row[c.name]) for c in erased)


def unlike(each: SqlEach, rows: Rows) -> dict[str, tuple[Change, ...]]:
    """The changes whose new value does not stand in its row, by subject."""
    out: dict[str, list[Change]] = defaultdict(list)
    held = mine(each, rows)
    for (subject, table, key), columns in rows.items():
        _, now = held[table].get((subject, key), ((), {}))
        for name, (change, value) in columns.items():
            type_ = each.reach.type_of(table, name)
            if name not in now or tidied(now[name], type_) != fitted(value, type_):
                out[subject].append(change)
    return {subject: tuple(changes) for subject, changes in out.items()}


def preview_erasure(each: SqlEach, work: Sequence[Work]) -> tuple[Statement, ...]:
    """What an erasure would run, table by table, with the rows it would touch."""
    return tuple(statement for one in work for statement in _of_work(each, one))


def _of_work(each: SqlEach, work: Work) -> Iterator[Statement]:
    step = work.step
    if work.step.whole:
        yield _statement(each, step.table, (), len(work.rows))
    else:
        yield _statement(each, step.table, [c.name for c in step.columns], len(work.rows))
    if work.kept and step.hold is not None:
        split = [*(c.name for c in step.of_held()), *(name for name, _ in step.hold.set)]
        if split:
            yield _statement(each, step.table, split, len(work.kept))


def preview_changes(each: SqlEach, rows: Rows) -> tuple[Statement, ...]:
    """What corrections would run, one statement for each set of columns of a table."""
    sets: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
    for (_, table, _), columns in rows.items():
        sets[table, tuple(columns)] += 1
    return tuple(_statement(each, table, columns, n) for (table, columns), n in sets.items())


def _statement(each: SqlEach, table: str, columns: Sequence[str], rows: int) -> Statement:
    reach, clause = each.reach, each.reach.clause(table)
    key = reach.key_of(table)
    if len(key) == 1:
        condition = keyed(clause, reach.described(table), key, reach.dialect)
    elif key:
        condition = sa.and_(*(clause.c[c] == sa.bindparam(f"key_{n}") for n, c in enumerate(key)))
    else:
        condition = reach.condition(table)
    new: dict[str, Any] = {c: sa.bindparam(f"new_{n}") for n, c in enumerate(columns)}
    change: Any = sa.update(clause).values(new) if columns else sa.delete(clause)
    text = str(change.where(condition).compile(dialect=each.reading.connection.dialect))
    return Statement(table, " ".join(text.replace("__[POSTCOMPILE_keys]", "keys").split()), rows)
