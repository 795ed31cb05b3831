"""What the tables of the four services have in common on SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, MetaData, Table
from sqlalchemy.schema import SchemaItem

from examples.levii.databases.names import World

Row = dict[str, Any]
Rows = Callable[[World], Iterator[Row]]

# SQLite numbers rows by itself only where the key is declared as INTEGER.
BIG_KEY: Final = BigInteger().with_variant(Integer(), "sqlite")


def table(
    metadata: MetaData, name: str, /, *parts: SchemaItem, comment: str | None = None
) -> Table:
    """Define a table; on MariaDB with an engine that keeps foreign keys and letters such as 𠮷."""
    return Table(
        name,
        metadata,
        *parts,
        comment=comment,
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_ci",
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
        mariadb_collate="utf8mb4_unicode_ci",
    )
