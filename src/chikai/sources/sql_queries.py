"""The statements for several people: rows with whose they are, counts, and what an erasure has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from chikai.sources.erasure import Erasing
from chikai.sources.sql_reach import Query, Reach


@dataclass
class EachReach(Reach):
    """The statements of one map for several people; each is made once."""

    _each: dict[tuple[object, ...], Query] = field(default_factory=dict)

    def rows_each(self, name: str, columns: Sequence[str], *, lock: bool = False) -> Query:
        """Whose (register and key), then the columns, of the rows of a table; `lock` holds them until the end."""
        known = ("rows", name, *columns, lock)
        if known not in self._each:
            clause, key = self.clause(name), self.key_of(name)
            source, whose, condition = self._from(name)
            query = sa.select(*whose, *(clause.c[c] for c in columns)).select_from(source)
            query = query.where(condition).order_by(*(clause.c[c] for c in key))
            if lock and self.dialect != "sqlite":
                query = query.with_for_update(of=clause if self.dialect == "postgresql" else None)
            self._each[known] = query
        return self._each[known]

    def counts_each(self, names: tuple[str, ...]) -> Query:
        """The place of a table in `names`, whose, and how many rows."""
        known = ("counts", *names)
        if known not in self._each:
            parts = []
            for n, name in enumerate(names):
                source, whose, condition = self._from(name)
                found = sa.select(*whose).select_from(source).where(condition).subquery()
                number = sa.literal_column(str(n), sa.Integer()).label("n")
                counted = sa.select(number, found.c.who, found.c.held, sa.func.count())
                parts.append(counted.group_by(found.c.who, found.c.held))
            self._each[known] = _together(parts)
        return self._each[known]

    def sums_each(self, tables: tuple[tuple[str, tuple[str, ...]], ...]) -> Query:
        """On PostgreSQL: the place of a table, whose, how many rows, and two sums over all that stands in them."""
        known = ("sums", *tables)
        if known not in self._each:
            parts = []
            for n, (name, columns) in enumerate(tables):
                rows = self.rows_each(name, columns).order_by(None).subquery()
                whose, rest = list(rows.c)[:2], list(rows.c)[2:]
                row = sa.cast(sa.func.row(*rest), sa.Text())
                sums = [
                    sa.cast(sa.func.sum(sa.func.hashtextextended(row, k)), sa.Text())
                    for k in (0, 1)
                ]
                number = sa.literal_column(str(n), sa.Integer()).label("n")
                part = sa.select(number, *whose, sa.func.count(), *sums)
                parts.append(part.group_by(*whose))
            self._each[known] = _together(parts)
        return self._each[known]

    def left_each(self, steps: tuple[Erasing, ...]) -> Query:
        """The place of a step, whose, and as text what it erases and looks at, the key, filled up with nothing."""
        known = ("left", *(s.table for s in steps))
        if known not in self._each:
            asked = [(*shown(step), *self.key_of(step.table)) for step in steps]
            wide = max(map(len, asked))
            parts = []
            for n, step in enumerate(steps):
                source, whose, condition = self._from(step.table)
                number = sa.literal_column(str(n), sa.Integer()).label("n")
                held = [self._readable(step.table, c) for c in asked[n]]
                held += [self._nothing] * (wide - len(held))
                named = [h.label(f"v{k}") for k, h in enumerate(held)]
                parts.append(sa.select(number, *whose, *named).select_from(source).where(condition))
            self._each[known] = _together(parts)
        return self._each[known]

    def _from(
        self, name: str
    ) -> tuple[sa.FromClause, tuple[sa.ColumnElement[Any], ...], sa.ColumnElement[bool]]:
        """FROM, whose and WHERE of a table's rows: each row once for each key that leads to it."""
        clause, key, ways = self.clause(name), self.key_of(name), list(self.ways(name, each=True))
        if len(ways) == 1:
            return ways[0].source, self.whose(ways[0]), ways[0].condition
        named = key or tuple(self._sortable(name, (c.name for c in self.described(name).columns)))
        own = [clause.c[c].label(f"k{n}") for n, c in enumerate(named)]
        parts = [
            sa.select(*own, *self.whose(w)).select_from(w.source).where(w.condition) for w in ways
        ]
        found = sa.union(*parts).subquery()
        pairs = [(clause.c[c], found.c[f"k{n}"]) for n, c in enumerate(named)]
        same = sa.and_(*(a == b if key else a.is_not_distinct_from(b) for a, b in pairs))
        whose = found.c["who"].label("who"), found.c["held"].label("held")
        return clause.join(found, same), whose, sa.true()

    def _readable(self, table: str, column: str) -> sa.ColumnElement[Any]:
        """A column as text, so that all columns stand in one answer."""
        type_ = self.type_of(table, column)  # which says so where the source has no such column
        here = self.clause(table).c[column]
        if type_ != "bytes":
            return self._as_text(here)
        return (
            sa.func.encode(here, sa.literal_column("'hex'"))
            if self.dialect == "postgresql"
            else sa.func.hex(here)
        )

    @property
    def _nothing(self) -> sa.ColumnElement[Any]:
        return self._as_text(sa.null())


def shown(step: Erasing) -> tuple[str, ...]:
    """The columns of which `left_each` tells: of a row that should have gone only what its hold looks at."""
    since = (step.hold.since,) if step.hold else ()
    erased = step.of_held() if step.whole else step.columns
    return tuple(dict.fromkeys((*(c.name for c in erased), *since)))


def _together(parts: Sequence[sa.Select[Any]]) -> Query:
    return parts[0] if len(parts) == 1 else sa.union_all(*parts)
