"""Reading what is held about many persons at once, and a digest of it that shows later whether it still stands.

On PostgreSQL one statement counts and digests every table within the server, so that reading again costs next to
nothing. Elsewhere the rows are read once more for it.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from chikai.sources.sql_subjects import ROOT, Whose, together

if TYPE_CHECKING:
    from chikai.sources.map import TableMap
    from chikai.sources.protocol import Held, Row, Subjects, Value
    from chikai.sources.sql_reach import Reach
    from chikai.sources.sql_read import SqlReading

_READ: Final = ("person", "shared")
_COUNTED: Final = ("person", "shared", "customer")
_AT_ONCE: Final = 20  # tables in one statement of digests


@dataclass
class Many:
    """One reading of many persons."""

    reading: SqlReading
    reach: Reach
    subjects: Subjects

    def __post_init__(self) -> None:
        self.whose, self.keys = Whose(self.reach, self.subjects), together(self.subjects)
        self.several = any(
            sum(len(held) for held in keys.values()) > 1 for keys in self.subjects.values()
        )

    def read(self) -> Iterator[tuple[str, Iterator[tuple[str, Row]]]]:
        """Table by table, each row with the person it belongs to; a table's rows are taken before the next one's."""
        for table in self.reach.graph.worked(*_READ):
            columns = self.reach.columns(table)
            rows = ((s, dict(zip(columns, values, strict=True))) for s, values in self._of(table))
            yield table.name, rows

    def held(self) -> dict[str, dict[str, Held]]:
        """Of each person and table: how many rows are theirs, and the digest of what stands there."""
        found: dict[str, dict[str, Held]] = {
            s: {t.name: (0, "") for t in self.reach.graph.worked(*_COUNTED)} for s in self.subjects
        }
        tables = self.reach.graph.worked(*_COUNTED)
        inside = [t for t in tables if self._within(t)]
        for start in range(0, len(inside), _AT_ONCE):
            self._digested(inside[start : start + _AT_ONCE], found)
        for table in tables:
            if table not in inside:
                self._digested_here(table, found)
        return found

    def _within(self, table: TableMap) -> bool:
        """Whether the server digests a table by itself."""
        query = self.reach.many.rows(table.name, self._columns(table))
        return self.reach.dialect == "postgresql" and query is not None

    def _columns(self, table: TableMap) -> tuple[str, ...]:
        # Of what we hold for a customer we count, and read nothing.
        key = self.reach.key(table) if table.whose == "customer" else ()
        return key or self.reach.columns(table)

    def _digested(self, tables: list[TableMap], found: dict[str, dict[str, Held]]) -> None:
        """One statement that says of every table and key how many rows there are, and a sum over them."""
        parts = []
        for number, table in enumerate(tables):
            inner = self.reach.many.rows(table.name, self._columns(table))
            assert inner is not None
            rows = inner.order_by(None).subquery()
            whose = [rows.c[name] for name in ROOT]
            row = sa.cast(sa.func.row(*(c for c in rows.c if c.key not in ROOT)), sa.Text())
            sums = [
                sa.cast(sa.func.sum(sa.func.hashtextextended(row, n)), sa.Text()) for n in (0, 1)
            ]
            part = sa.select(sa.literal_column(str(number)), *whose, sa.func.count(), *sums)
            parts.append(part.group_by(*whose))
        query = self.reach.remembered(
            ("held", *(t.name for t in tables)),
            lambda: parts[0] if len(parts) == 1 else sa.union_all(*parts),
        )
        with self.reading.plain(tables[0].name if len(tables) == 1 else ""):
            (values,) = self.reach.parameters(query, self.keys)
            for said in self.reading.streamed(query, values, reach=self.reach):
                place, of, root, count, *both = map(str, said)
                name, sums_ = tables[int(place)].name, ":".join(both)
                for subject in self.whose.of(int(of), root):
                    rows_before, digest = found[subject][name]
                    digests = sorted([*filter(None, digest.split(";")), sums_])
                    found[subject][name] = (rows_before + int(count), ";".join(digests))

    def _digested_here(self, table: TableMap, found: dict[str, dict[str, Held]]) -> None:
        counts: dict[str, int] = {}
        sums: dict[str, Any] = {}
        for subject, values in self._of(table, self._columns(table)):
            counts[subject] = counts.get(subject, 0) + 1
            sums.setdefault(subject, hashlib.sha256()).update(repr(values).encode())
        for subject, count in counts.items():
            found[subject][table.name] = (count, sums[subject].hexdigest())

    def _of(
        self, table: TableMap, columns: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, tuple[Value, ...]]]:
        columns = columns or self.reach.columns(table)
        query = self.reach.many.rows(table.name, columns)
        if query is None:
            for person, keys in self.subjects.items():
                for found in self.reading.rows(self.reach, table, keys):
                    yield person, tuple(found[c] for c in columns)
            return
        tidied = self.reading.tidier(self.reach, table.name, columns)
        portions = list(self.reach.parameters(query, self.keys))
        key = [columns.index(c) for c in self.reach.key(table)]
        # One person with several keys may be reached twice; rows of one key come together within a portion.
        seen: set[tuple[str, tuple[Value, ...]]] = set()
        mark: tuple[Value, ...] | None = None
        with self.reading.plain(table.name):
            for values in portions:
                for row in self.reading.streamed(query, values, reach=self.reach):
                    *held, of, root = row
                    now = tuple(held[n] for n in key)
                    if len(portions) == 1 and now != mark:
                        seen.clear()
                    mark = now
                    for subject in self.whose.of(int(str(of)), str(root)):
                        if self.several and key:
                            if (subject, now) in seen:
                                continue
                            seen.add((subject, now))
                        yield subject, tidied(tuple(held))
