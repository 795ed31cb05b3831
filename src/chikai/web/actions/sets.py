"""Giving many rows their own values at once: one statement for hundreds of them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.db.models import Model

AT_ONCE: Final = 500  # rows of one statement
_UPDATE: Final = """
WITH given (key, {names}) AS (VALUES {rows})
UPDATE {table} SET {setting} FROM given WHERE {table}.{key} = given.key{only} RETURNING {table}.{key}
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
    while some := list(islice(waiting, AT_ONCE)):
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
        f.get_db_prep_save(value, connection)
        for key, given in rows
        for f, value in zip(names, (key, *given), strict=True)
    ]
    # The types of the first row are those of all; SQLite has none, and takes the columns' own.
    typed = connection.vendor == "postgresql"
    first = ", ".join(f"CAST(%s AS {f.cast_db_type(connection)})" if typed else "%s" for f in names)
    more = ", ".join("%s" for _ in names)
    statement = _UPDATE.format(
        names=", ".join(f"v{n}" for n in range(len(fields))),
        rows=", ".join(f"({first if not n else more})" for n in range(len(rows))),
        table=f'"{meta.db_table}"',
        setting=", ".join(f'"{f.column}" = given.v{n}' for n, f in enumerate(names[1:])),
        key=f'"{meta.pk.column}"',
        only=only,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *params])
        return [key for (key,) in cursor.fetchall()]
