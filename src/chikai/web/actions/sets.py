"""Giving many rows their own values at once: one statement for hundreds of them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.db.models import Model

AT_ONCE: Final = 500  # rows of one statement; SQLite allows no more parameters
MANY: Final = 5000  # where a column of all of them is one parameter
_UPDATE: Final = """
WITH given (key, {names}) AS (VALUES {rows})
UPDATE {table} SET {setting} FROM given WHERE {table}.{key} = given.key{only} RETURNING {table}.{key}
"""
_UPDATE_ARRAYS: Final = """
UPDATE {table} SET {setting} FROM unnest({rows}) AS given (key, {names})
WHERE {table}.{key} = given.key{only} RETURNING {table}.{key}
"""


def update_each(
    model: type[Model],
    fields: Sequence[str],
    rows: Iterable[tuple[object, Sequence[object]]],
    *,
    only: str = "",
    params: Sequence[str | UUID] = (),
) -> list[Any]:
    """Write each row's values of these fields, in their order; the keys that were written, as they are stored.

    A row is its primary key with the values. `only` is a condition in SQL that a row must meet too.
    """
    waiting = iter(rows)
    written: list[Any] = []
    while some := list(islice(waiting, MANY if _has_arrays() else AT_ONCE)):
        written += _update(model, fields, some, f" AND {only}" if only else "", params)
    return written


def _update(
    model: type[Model],
    fields: Sequence[str],
    rows: list[tuple[object, Sequence[object]]],
    only: str,
    params: Sequence[str | UUID],
) -> list[Any]:
    meta: Any = model._meta  # noqa: SLF001  Django documents it
    names = [meta.pk, *(meta.get_field(name) for name in fields)]
    values = [
        [
            f.get_db_prep_save(value, connection)
            for f, value in zip(names, (key, *given), strict=True)
        ]
        for key, given in rows
    ]
    arrays = _has_arrays()
    given = columns(values) if arrays else [value for row in values for value in row]
    statement = (_UPDATE_ARRAYS if arrays else _UPDATE).format(
        names=", ".join(f"v{n}" for n in range(len(fields))),
        rows=arrays_of(names) if arrays else ", ".join([f"({marks(names)})"] * len(rows)),
        table=f'"{meta.db_table}"',
        setting=", ".join(f'"{f.column}" = given.v{n}' for n, f in enumerate(names[1:])),
        key=f'"{meta.pk.column}"',
        only=only,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *params])
        return [key for (key,) in cursor.fetchall()]


def insert_each(model: type[Model], rows: Sequence[Model]) -> None:
    """Write new rows whose keys are known, or that nobody asks for the key of: the same as `bulk_create`, and lighter."""
    if not _has_arrays():
        model._default_manager.bulk_create(rows)  # noqa: SLF001  Django documents it
        return
    meta: Any = model._meta  # noqa: SLF001  Django documents it
    fields = [f for f in meta.concrete_fields if not (f.primary_key and f.db_returning)]
    named = ", ".join(f'"{f.column}"' for f in fields)
    from_ = f"SELECT * FROM unnest({arrays_of(fields)})"
    for start in range(0, len(rows), MANY):
        values = [
            [f.get_db_prep_save(f.pre_save(row, True), connection) for f in fields]
            for row in rows[start : start + MANY]
        ]
        with connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{meta.db_table}" ({named}) {from_}', columns(values))


def delete_each(model: type[Model], keys: Sequence[object]) -> None:
    """Delete rows by their keys, and nothing that hangs on them."""
    meta: Any = model._meta  # noqa: SLF001  Django documents it
    if not _has_arrays():
        model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001
        return
    with connection.cursor() as cursor:
        where = f'"{meta.pk.column}" = ANY({arrays_of([meta.pk])})'
        cursor.execute(f'DELETE FROM "{meta.db_table}" WHERE {where}', [list(keys)])


def _has_arrays() -> bool:
    return connection.vendor == "postgresql"


def columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows as their columns, as a statement takes them whose parameters are arrays."""
    return [[_plain(value) for value in column] for column in zip(*rows, strict=True)]


def _plain(value: Any) -> Any:
    return getattr(value, "obj", value) if type(value).__name__ == "Binary" else value


def arrays_of(fields: Sequence[Any]) -> str:
    """A parameter for each column, in its type."""
    return ", ".join(f"%s::{f.cast_db_type(connection)}[]" for f in fields)


def marks(fields: Sequence[Any]) -> str:
    """A parameter for each field of one row."""
    return ", ".join("%s" for _ in fields)
