"""Many rows of one table changed by their keys in one statement, whatever the dialect has for that.

PostgreSQL takes the new values as arrays. MariaDB takes them as rows of a derived table where the key is one number
(texts of two collations cannot be compared there), else row by row; SQLite runs one prepared statement for all rows.
Rows that get the same values need none of this.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from chikai.errors import Disagrees
from chikai.sources.erasing import Key, Writing
from chikai.sources.protocol import Value
from chikai.sources.sql_faults import plain_faults
from chikai.sources.sql_queries import EachReach
from chikai.sources.sql_reach import CHUNK, driven, keyed

_PAIRS: Final = 100  # rows named in one statement by keys of several columns
_DERIVED: Final = 500  # rows of a derived table


@dataclass
class SqlBulk:
    """The changing statements of one transaction."""

    connection: sa.Connection
    reach: EachReach
    name: str
    where: str

    def update(self, table: str, writings: Sequence[Writing]) -> None:
        """Give rows their new values."""
        groups: dict[tuple[str, ...], list[Writing]] = defaultdict(list)
        for writing in writings:
            if writing.values:
                groups[tuple(writing.values)].append(writing)
        for columns, rows in groups.items():
            first = rows[0].values
            if len(rows) == 1 or all(row.values == first for row in rows):
                values = {c: self._literal(v) for c, v in first.items()}
                statement = sa.update(self.reach.clause(table)).values(values)
                self._run(table, "UPDATE", statement, [row.key for row in rows])
            else:
                self._update_each(table, columns, rows)

    def delete(self, table: str, rows: list[Key]) -> None:
        """Take rows away."""
        key = self.reach.key_of(table)
        if len(key) > 1 and self.reach.dialect == "postgresql":
            one = _unnested(len(key))
            sql = (
                f"DELETE FROM {self._quoted(table)} AS t USING {one} WHERE {self._same(table, key)}"
            )
            self._driver(table, "DELETE", sql, _arrays("k", rows), len(rows))
            return
        self._run(table, "DELETE", sa.delete(self.reach.clause(table)), rows)

    def _update_each(self, table: str, columns: tuple[str, ...], rows: list[Writing]) -> None:
        key = self.reach.key_of(table)
        if self.reach.dialect == "postgresql":
            values = [tuple(row.values[c] for c in columns) for row in rows]
            taken = _unnested(len(key), len(columns))
            new = ", ".join(
                f"{_quote(c)} = CAST(v.c{n} AS {self._raw(table, c)})"
                for n, c in enumerate(columns)
            )
            sql = f"UPDATE {self._quoted(table)} AS t SET {new} FROM {taken} WHERE {self._same(table, key)}"
            arrays = _arrays("k", [row.key for row in rows]) | _arrays("c", values)
            self._driver(table, "UPDATE", sql, arrays, len(rows))
            return
        if self.reach.dialect == "mariadb" and [self.reach.type_of(table, c) for c in key] == [
            "integer"
        ]:
            for start in range(0, len(rows), _DERIVED):
                self._derived(table, key[0], columns, rows[start : start + _DERIVED])
            return
        mark, sign = ("?", '"') if self.reach.dialect == "sqlite" else ("%s", "`")
        new = ", ".join(f"{_quote(c, sign, mark)} = {mark}" for c in columns)
        same = " AND ".join(f"{_quote(c, sign, mark)} = {mark}" for c in key)
        sql = f"UPDATE {self._quoted(table, sign, mark)} SET {new} WHERE {same}"
        dialect = self.reach.dialect
        given = [
            tuple(driven(v, dialect) for v in (*(row.values[c] for c in columns), *row.key))
            for row in rows
        ]
        self._driver(table, "UPDATE", sql, given, len(rows))

    def _derived(
        self, table: str, key: str, columns: tuple[str, ...], rows: Sequence[Writing]
    ) -> None:
        named = ", ".join(["%s AS k0", *(f"%s AS c{n}" for n in range(len(columns)))])
        blank = ", ".join(["%s"] * (len(columns) + 1))
        values = f"SELECT {named}" + f" UNION ALL SELECT {blank}" * (len(rows) - 1)
        new = ", ".join(f"t.{_quote(c, '`')} = v.c{n}" for n, c in enumerate(columns))
        sql = f"UPDATE {self._quoted(table, '`')} t JOIN ({values}) v ON t.{_quote(key, '`')} = v.k0 SET {new}"
        given: list[Value] = []
        for row in rows:
            given += [*row.key, *(driven(row.values[c], "mariadb") for c in columns)]
        self._driver(table, "UPDATE", sql, tuple(given), len(rows))

    def _driver(self, table: str, verb: str, sql: str, values: Any, named: int) -> None:
        with plain_faults(self.name, self.where, table, verb):
            changed = self.connection.exec_driver_sql(sql, values).rowcount
        self._refuse_more(table, changed, named)

    def _run(self, table: str, verb: str, statement: Any, rows: Sequence[Key]) -> None:
        changed = 0
        with plain_faults(self.name, self.where, table, verb):
            for condition, values in self.portions(table, rows):
                changed += self.connection.execute(statement.where(condition), values).rowcount
        self._refuse_more(table, changed, len(rows))

    def _refuse_more(self, table: str, changed: int, named: int) -> None:
        if changed > named:
            raise Disagrees(
                f"{changed} rows of table `{table}` changed where {named} were named",
                "Nothing was changed; the `key` in the map does not name single rows.",
                self.name,
            )

    def portions(
        self, table: str, rows: Sequence[Key]
    ) -> Iterator[tuple[sa.ColumnElement[bool], dict[str, object]]]:
        """The rows as conditions: one array on PostgreSQL, lists elsewhere, pairs for keys of several columns."""
        key, clause, dialect = (
            self.reach.key_of(table),
            self.reach.clause(table),
            self.reach.dialect,
        )
        if len(key) == 1:
            condition = keyed(clause, self.reach.described(table), key, dialect)
            size = max(len(rows), 1) if dialect == "postgresql" else CHUNK
            for start in range(0, len(rows), size):
                part = rows[start : start + size]
                yield condition, {"keys": [driven(row[0], dialect) for row in part]}
            return
        for start in range(0, len(rows), _PAIRS):
            part = rows[start : start + _PAIRS]
            named = (
                sa.and_(*(clause.c[c] == self._literal(v) for c, v in zip(key, row, strict=True)))
                for row in part
            )
            yield sa.or_(*named), {}

    def _literal(self, value: Value) -> sa.BindParameter[Any]:
        # Without a type SQLAlchemy writes no cast, so that text may become an enumeration or JSON.
        held = driven(value, self.reach.dialect)
        return sa.bindparam(None, held, sa.types.NullType(), unique=True)

    def _same(self, table: str, key: tuple[str, ...]) -> str:
        return " AND ".join(
            f"t.{_quote(c)} = CAST(v.k{n} AS {self._raw(table, c)})" for n, c in enumerate(key)
        )

    def _raw(self, table: str, column: str) -> str:
        """The type as the database spells it, without a length that would cut a key short in silence."""
        found = self.reach.described(table).column(column)
        return (found.raw if found else "text").replace("%", "%%")

    def _quoted(self, table: str, sign: str = '"', mark: str = "%s") -> str:
        clause = self.reach.clause(table)
        parts = (clause.schema, clause.name) if clause.schema else (clause.name,)
        return ".".join(_quote(str(part), sign, mark) for part in parts)


def _quote(name: str, sign: str = '"', mark: str = "%s") -> str:
    quoted = f"{sign}{name.replace(sign, sign * 2)}{sign}"
    return quoted.replace("%", "%%") if mark == "%s" else quoted


def _unnested(keys: int, columns: int = 0) -> str:
    names = [*(f"k{n}" for n in range(keys)), *(f"c{n}" for n in range(columns))]
    arrays = ", ".join(f"CAST(%({name})s AS text[])" for name in names)
    return f"unnest({arrays}) AS v({', '.join(names)})"


def _arrays(sign: str, rows: Sequence[Sequence[Value]]) -> dict[str, list[str | None]]:
    return {
        f"{sign}{n}": [_text(v) for v in held] for n, held in enumerate(zip(*rows, strict=True))
    }


def _text(value: Value) -> str | None:
    """A value as PostgreSQL reads it from a text."""
    if value is None:
        return None
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, datetime) else str(value)
