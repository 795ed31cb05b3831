"""What a SQL database says about itself, in a handful of statements however many tables there are.

SQLAlchemy's own reflection asks MariaDB and SQLite table by table; here each dialect answers for all tables at once.
Views, partitions and system schemas are not tables of the catalogue.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import sqlalchemy as sa

from chikai.errors import ConfigError
from chikai.sources.catalogue import Catalogue, Column, ColumnType, ForeignKey, Table

# The first pattern that is found in the lower-case type decides; lengths and signs do not matter.
_TYPES: Final[tuple[tuple[str, ColumnType], ...]] = (
    (r"\[\]|^_|^int\d+(multi)?range|interval", "other"),
    (r"^tinyint\(1\)|^bit\(1\)$|^bool", "boolean"),
    (r"json", "json"),
    (r"uuid|uniqueidentifier", "uuid"),
    (r"timestamp|datetime", "timestamp"),
    (r"^date", "date"),
    (r"^time", "time"),
    (r"^(big|small|medium|tiny)?(int|serial)|^int\d|^year|^oid$", "integer"),
    (r"char|text|clob|^string|^name$|^citext", "text"),
    (r"blob|binary|bytea", "bytes"),
    (r"dec|numeric|real|floa|doub|number|money", "decimal"),
)
NO_SCHEMA: Final = "there is no schema"
_LENGTH: Final = re.compile(r"\((\d+)\)")
_ON_DELETE: Final = {"c": "cascade", "n": "set null", "d": "set default"}


def column_type(raw: str) -> ColumnType:
    """The type of ours for a type as the database spells it."""
    low = raw.lower()
    return next((ours for pattern, ours in _TYPES if re.search(pattern, low)), "other")


def read_catalogue(connection: sa.Connection, dialect: str, schema: str = "") -> Catalogue:
    """Ask the database for its tables, on PostgreSQL for those of `schema` alone where it is named.

    The driver's errors pass through; ConfigError when there is no such schema.
    """
    if dialect == "postgresql":
        drafts = _postgresql(connection, schema)
    else:
        drafts = {"mariadb": _mariadb, "sqlite": _sqlite}[dialect](connection)
    tables = (draft.finished(drafts) for draft in drafts.values())
    return Catalogue(dialect, tuple(sorted(tables, key=lambda table: table.name)))


@dataclass
class _Draft:
    """A table while the answers come in."""

    name: str
    rows: int | None = None
    comment: str = ""
    columns: list[Column] = field(default_factory=list)
    primary: tuple[str, ...] = ()
    unique: set[tuple[str, ...]] = field(default_factory=set)
    foreign: list[ForeignKey] = field(default_factory=list)

    def finished(self, others: dict[Any, _Draft]) -> Table:
        known = {draft.name: draft for draft in others.values()}
        # SQLite lets a foreign key name only the table: it means that table's primary key.
        foreign = (
            ForeignKey(f.columns, f.table, f.to or known[f.table].primary, f.on_delete)
            for f in self.foreign
            if f.table in known
        )
        return Table(
            name=self.name,
            columns=tuple(self.columns),
            primary_key=self.primary,
            unique=tuple(sorted(self.unique - {self.primary})),
            foreign_keys=tuple(sorted(foreign, key=lambda f: (f.columns, f.table))),
            rows=self.rows,
            comment=self.comment,
        )


def _named(schema: str, table: str, own: str) -> str:
    return table if schema == own and "." not in table else f"{schema}.{table}"


def _length(raw: str, type_: ColumnType) -> int | None:
    found = _LENGTH.search(raw) if type_ == "text" else None
    return int(found[1]) if found else None


def _column(name: str, raw: str, comment: str | None, *, nullable: bool) -> Column:
    type_ = column_type(raw)
    return Column(name, type_, nullable, _length(raw, type_), comment or "", raw)


# PostgreSQL: catalogue tables by OID; no row here depends on what this role may read.

_PG_TABLES: Final = """
SELECT c.oid::bigint, n.nspname, c.relname, c.reltuples::bigint, obj_description(c.oid, 'pg_class'),
       current_schema()
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT LIKE 'chikai%'
"""
_PG_SCHEMA: Final = "SELECT count(*) FROM pg_namespace WHERE nspname = :schema"
_PG_COLUMNS: Final = """
SELECT a.attrelid::bigint, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
       col_description(a.attrelid, a.attnum), coalesce(base.typname, ''), t.typtype::text,
       coalesce(NOT o.collisdeterministic, false)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type base ON base.oid = t.typbasetype
LEFT JOIN pg_collation o ON o.oid = a.attcollation
WHERE a.attrelid = ANY(CAST(:tables AS bigint[])::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""
_PG_KEYS: Final = """
SELECT i.indrelid::bigint, i.indisprimary,
       (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(num, ord)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num WHERE k.ord <= i.indnkeyatts)
FROM pg_index i
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  AND i.indrelid = ANY(CAST(:tables AS bigint[])::oid[])
"""
_PG_FOREIGN: Final = """
SELECT c.conrelid::bigint, c.confrelid::bigint, c.confdeltype::text,
       (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(c.conkey) WITH ORDINALITY AS k(num, ord)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
       (SELECT array_agg(a.attname::text ORDER BY k.ord) FROM unnest(c.confkey) WITH ORDINALITY AS k(num, ord)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)
FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = ANY(CAST(:tables AS bigint[])::oid[])
"""


def _postgresql(connection: sa.Connection, own: str) -> dict[Any, _Draft]:
    drafts: dict[Any, _Draft] = {}
    if own and not connection.execute(sa.text(_PG_SCHEMA), {"schema": own}).scalar():
        raise ConfigError(
            f"{NO_SCHEMA} `{own}` in the database", "Check `schema`, or leave it out for `public`."
        )
    for oid, schema, table, rows, comment, current in connection.execute(sa.text(_PG_TABLES)):
        if own and schema != own:
            continue
        estimate = rows if rows >= 0 else None  # -1: never analysed
        drafts[oid] = _Draft(_named(schema, table, own or current), estimate, comment or "")
    ids = {"tables": list(drafts)}
    for oid, name, raw, nullable, comment, base, kind, folds in connection.execute(
        sa.text(_PG_COLUMNS), ids
    ):
        # A domain is known by what it is made of; an enumeration may be called anything.
        type_: ColumnType = "other" if kind in "ecr" else column_type(base or raw)
        drafts[oid].columns.append(
            Column(
                name,
                type_,
                nullable,
                _length(raw, type_),
                comment or "",
                raw,
                folds or raw == "citext",
            )
        )
    for oid, primary, columns in connection.execute(sa.text(_PG_KEYS), ids):
        if primary:
            drafts[oid].primary = tuple(columns)
        else:
            drafts[oid].unique.add(tuple(columns))
    for oid, target, action, columns, to in connection.execute(sa.text(_PG_FOREIGN), ids):
        if target in drafts:
            name, act = drafts[target].name, _ON_DELETE.get(action, "")
            drafts[oid].foreign.append(ForeignKey(tuple(columns), name, tuple(to), act))
    return drafts


# MariaDB and MySQL: information_schema shows what this role holds any right on.

_MY_TABLES: Final = """
SELECT table_name, table_rows, table_comment FROM information_schema.tables
WHERE table_schema = database() AND table_type = 'BASE TABLE'
"""
_MY_COLUMNS: Final = """
SELECT table_name, column_name, column_type, is_nullable, column_comment, character_maximum_length,
       collation_name
FROM information_schema.columns WHERE table_schema = database() ORDER BY table_name, ordinal_position
"""
_MY_KEYS: Final = """
SELECT table_name, index_name, column_name, sub_part FROM information_schema.statistics
WHERE table_schema = database() AND non_unique = 0 ORDER BY table_name, index_name, seq_in_index
"""
_MY_FOREIGN: Final = """
SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
       r.delete_rule
FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
 AND r.table_name = k.table_name
WHERE k.table_schema = database() AND k.referenced_table_schema = database()
  AND r.constraint_schema = database()
ORDER BY k.table_name, k.constraint_name, k.ordinal_position
"""


def _mariadb(connection: sa.Connection) -> dict[Any, _Draft]:
    own = str(connection.execute(sa.text("SELECT database()")).scalar())
    drafts: dict[Any, _Draft] = {}
    for table, rows, comment in connection.execute(sa.text(_MY_TABLES)):
        drafts[table] = _Draft(_named(own, table, own), rows, comment or "")
    for table, name, raw, nullable, comment, length, collation in connection.execute(
        sa.text(_MY_COLUMNS)
    ):
        if table in drafts:
            type_ = column_type(raw)
            long = int(length) if type_ == "text" and length is not None else None
            drafts[table].columns.append(
                Column(name, type_, nullable == "YES", long, comment or "", raw, _folds(collation))
            )
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    partial: set[tuple[str, str]] = set()
    for table, index, name, part in connection.execute(sa.text(_MY_KEYS)):
        keys[table, index].append(name)
        if part is not None or name is None:
            partial.add((table, index))  # unique in a prefix or an expression only
    for (table, index), columns in keys.items():
        if table not in drafts or (table, index) in partial:
            continue
        if index == "PRIMARY":
            drafts[table].primary = tuple(columns)
        else:
            drafts[table].unique.add(tuple(columns))
    foreign: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in connection.execute(sa.text(_MY_FOREIGN)):
        foreign[row[0], row[1]].append(row)
    for (table, _), rows in foreign.items():
        target, rule = rows[0][3], rows[0][5].lower()
        if table in drafts and target in drafts:
            drafts[table].foreign.append(
                ForeignKey(
                    tuple(r[2] for r in rows),
                    drafts[target].name,
                    tuple(r[4] for r in rows),
                    rule if rule in _ON_DELETE.values() else "",
                )
            )
    return drafts


def _folds(collation: str | None) -> bool:
    return bool(collation) and not str(collation).endswith(("_bin", "_cs", "binary"))


# SQLite: the pragmas as tables, joined to the list of tables.

_LITE_TABLES: Final = """
SELECT name, wr FROM pragma_table_list
WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""
_LITE_COLUMNS: Final = """
SELECT m.name, c.name, c.type, c."notnull", c.pk, m.sql FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
WHERE m.type = 'table' AND c.hidden <> 1 ORDER BY m.name, c.cid
"""
_LITE_KEYS: Final = """
SELECT m.name, i.name, c.name FROM sqlite_schema m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c
WHERE m.type = 'table' AND i."unique" AND NOT i.partial ORDER BY m.name, i.name, c.seqno
"""
_LITE_FOREIGN: Final = """
SELECT m.name, f.id, f."table", f."from", f."to", lower(f.on_delete)
FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq
"""
_AT_ONCE: Final = 100  # SQLite takes 500 parts in a compound statement


def _sqlite(connection: sa.Connection) -> dict[Any, _Draft]:
    drafts: dict[Any, _Draft] = {}
    plain: list[str] = []
    for table, without_rowid in connection.execute(sa.text(_LITE_TABLES)):
        drafts[table] = _Draft(_named("main", table, "main"))
        if not without_rowid:
            plain.append(table)
    primary: dict[str, dict[int, str]] = defaultdict(dict)
    for table, name, raw, notnull, place, made in connection.execute(sa.text(_LITE_COLUMNS)):
        if table in drafts:
            column = _column(name, raw, "", nullable=not notnull and not place)
            drafts[table].columns.append(replace(column, folds=_lite_folds(name, made or "")))
            if place:
                primary[table][place] = name
    for table, places in primary.items():
        drafts[table].primary = tuple(places[n] for n in sorted(places))
    keys: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for table, index, name in connection.execute(sa.text(_LITE_KEYS)):
        keys[table, index].append(name)
    for (table, _), columns in keys.items():
        if table in drafts and None not in columns:  # None: an expression
            drafts[table].unique.add(tuple(columns))
    _sqlite_foreign(connection, drafts)
    for table, rows in _sqlite_rows(connection, plain):
        drafts[table].rows = rows
    return drafts


def _lite_folds(column: str, made: str) -> bool:
    """Whether the statement that made a table gives a column a collation that folds; no pragma tells it."""
    if "collate" not in made.casefold():
        return False
    own = rf"[\"`\[]?{re.escape(column)}[\"`\]]?\s[^,]*?\bcollate\s+[\"`\[]?(?!binary)"
    return bool(re.search(rf"(?:[(,]|^)\s*{own}", made, re.IGNORECASE))


def _sqlite_foreign(connection: sa.Connection, drafts: dict[Any, _Draft]) -> None:
    exact = {table.lower(): table for table in drafts}  # SQLite compares names without case
    foreign: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in connection.execute(sa.text(_LITE_FOREIGN)):
        foreign[row[0], row[1]].append(row)
    for (table, _), rows in foreign.items():
        target = exact.get(rows[0][2].lower())
        if table not in drafts or target is None:
            continue
        columns = {c.name.lower(): c.name for c in drafts[target].columns}
        to = () if rows[0][4] is None else tuple(columns.get(r[4].lower(), r[4]) for r in rows)
        action = rows[0][5] if rows[0][5] in _ON_DELETE.values() else ""
        key = ForeignKey(tuple(r[3] for r in rows), drafts[target].name, to, action)
        drafts[table].foreign.append(key)


def _sqlite_rows(connection: sa.Connection, tables: list[str]) -> Iterable[tuple[str, int]]:
    """The highest row number bounds the rows from above and is read without walking the table."""
    for start in range(0, len(tables), _AT_ONCE):
        part = tables[start : start + _AT_ONCE]
        quote = connection.dialect.identifier_preparer.quote_identifier
        query = " UNION ALL ".join(
            f"SELECT {n}, coalesce(max(_rowid_), 0) FROM {quote(t)}" for n, t in enumerate(part)
        )
        for number, rows in connection.execute(sa.text(query.replace(":", r"\:"))):
            yield part[number], rows
