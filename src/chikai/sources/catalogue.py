"""What a database says about itself: tables, columns, keys, foreign keys. Values are never part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Self

from chikai import canon

ColumnType = Literal[
    "integer",
    "decimal",
    "text",
    "bytes",
    "boolean",
    "date",
    "time",
    "timestamp",
    "json",
    "uuid",
    "other",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `length` is in characters where the type states it; `raw` is the type as the database spells it.

    `folds` says that the database takes `abc` for `ABC` there: two keys of an exact column may be one in this.
    """

    name: str
    type: ColumnType
    nullable: bool = True
    length: int | None = None
    comment: str = ""
    raw: str = ""
    folds: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns of this table that point at columns of another, as the database declares it.

    `on_delete` is `cascade`, `set null`, `set default`, or nothing where the database refuses to delete the target.
    """

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]
    on_delete: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `rows` is an estimate, or None where the database keeps none; views are not tables here."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    rows: int | None = None
    comment: str = ""

    def column(self, name: str) -> Column | None:
        """The column with this name, if the table has it."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Catalogue:
    """Everything that one source says about itself. `dialect` is `sqlite`, `postgresql`, `mariadb` or `memory`."""

    dialect: str
    tables: tuple[Table, ...]

    @cached_property
    def by_name(self) -> dict[str, Table]:
        """The tables by name."""
        return {table.name: table for table in self.tables}

    @cached_property
    def digest(self) -> str:
        """A digest of the shape alone: row estimates do not change it, nor how text is compared."""
        shape: Any = canon.plain(self.without_rows())
        for table in shape["tables"]:
            for column in table["columns"]:
                del column["folds"]
        return canon.digest(shape)

    def without_rows(self) -> Self:
        """The same catalogue without estimates of rows."""
        tables = tuple(replace(table, rows=None) for table in self.tables)
        return type(self)(self.dialect, tables)


def split_name(name: str) -> tuple[str, str]:
    """Schema and table of a name in the catalogue; no schema is the source's own.

    A name with a dot is always a schema and a table, so a table whose own name holds a dot is written with its schema.
    """
    schema, dot, table = name.partition(".")
    return (schema, table) if dot else ("", name)
