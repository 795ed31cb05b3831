"""Giving many rows their own values at once: one statement, sent for all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Model


def update_each(
    model: type[Model], fields: Sequence[str], rows: Iterable[tuple[object, Sequence[object]]]
) -> None:
    """Write each row's values of these fields, in their order; a row is its primary key with the values."""
    meta: Any = model._meta  # noqa: SLF001  Django documents it
    names = [meta.get_field(name) for name in fields]
    ready = [
        (
            *(f.get_db_prep_save(v, connection) for f, v in zip(names, values, strict=True)),
            meta.pk.get_db_prep_save(key, connection),
        )
        for key, values in rows
    ]
    if not ready:
        return
    setting = ", ".join(f'"{f.column}" = %s' for f in names)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{meta.db_table}" SET {setting} WHERE "{meta.pk.column}" = %s', ready
        )
