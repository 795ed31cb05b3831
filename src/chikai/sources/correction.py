"""A new value for one field: whose row it may be, whether it fits its column, and what stood there before.

Clauses: 5.
Law: APPI Art. 34(2).
"""

from __future__ import annotations

from chikai.errors import Disagrees
from chikai.sources.catalogue import Table
from chikai.sources.map import TableMap
from chikai.sources.protocol import Change, Value
from chikai.sources.values import fitted, is_of, tidied


def fit_change(change: Change, table: TableMap, described: Table) -> Value:
    """The new value of a change in the type of its column.

    Raises:
        Disagrees: the row is not the person's to change, or the value does not fit; the value is not repeated.
    """
    where = f"{table.name}.{change.column}"
    if table.whose == "customer":
        raise Disagrees(
            f"rows of table `{table.name}` are held for the service's customer",
            "Refer the person to that customer.",
            where,
        )
    column = described.column(change.column)
    if column is None or table.column(change.column) is None:
        raise Disagrees(f"column `{where}` is not in the map", "Add it to the map first.", where)
    if change.column in described.primary_key or (
        table.identity and table.identity.key == change.column
    ):
        raise Disagrees(
            f"column `{where}` is the key of its row",
            "A key is not corrected; change the columns beside it.",
            where,
        )
    try:
        value = fitted(change.value, column.type)
    except ValueError as fault:
        raise Disagrees(
            f"the new value of `{where}` {fault}", "Correct the value.", where
        ) from None
    if value is None and not column.nullable:
        raise Disagrees(f"column `{where}` does not take an empty value", "Give a value.", where)
    if column.length is not None and isinstance(value, str) and len(value) > column.length:
        raise Disagrees(
            f"the new value of `{where}` is longer than the {column.length} characters of its column",
            "Shorten the value.",
            where,
        )
    return value


def stands(change: Change, value: Value, now: Value, described: Table) -> bool:
    """Whether the new value stands already, so that nothing is to be done.

    Raises:
        Disagrees: something else stands there than the change was decided on.
    """
    column = described.column(change.column)
    held = tidied(now, column.type) if column else now
    if held == value:
        return True
    if change.old and not is_of(change.old, held):
        raise Disagrees(
            f"column `{described.name}.{change.column}` of a row has changed since this was decided",
            "Nothing was changed; show the new content and decide again.",
            described.name,
        )
    return False


def named_row(
    change: Change, key: tuple[str, ...], described: Table, source: str
) -> tuple[Value, ...]:
    """The key of a change in the types of its columns; Disagrees where it does not name a row."""
    if not key or len(key) != len(change.key):
        raise Disagrees(
            f"the row of table `{change.table}` is not named by its key",
            "Name it by the primary key, or give the table a `key` in the map.",
            source,
        )
    columns = [described.column(name) for name in key]
    return tuple(tidied(v, c.type) if c else v for v, c in zip(change.key, columns, strict=True))
