"""A digest of what is held about several people, by which it shows later whether it still stands.

On PostgreSQL one statement counts and digests every table within the server, so that reading again costs next to
nothing. Elsewhere the rows are read once more for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, cast

from chikai.sources.map import TableMap
from chikai.sources.protocol import Held
from chikai.sources.sql_each import COUNTED_AT_ONCE, SqlEach


def held(each: SqlEach) -> dict[str, dict[str, Held]]:
    """Of each person and table: how many rows are theirs, and the digest of what stands there."""
    tables = each.reach.graph.worked("person", "shared", "customer")
    found = {s: {t.name: (0, "") for t in tables} for s in each.owners.subjects}
    # Apart, since a person's digest must not depend on with whom they were asked.
    for several in (False, True):
        keys = {
            s: k
            for s, k in each.owners.subjects.items()
            if (sum(map(len, k.values())) > 1) is several
        }
        if keys:
            _held(SqlEach.of(each.reading, each.reach, keys), tables, found)
    return found


def _held(each: SqlEach, tables: Sequence[TableMap], found: dict[str, dict[str, Held]]) -> None:
    within = [t for t in tables if each.reach.dialect == "postgresql" and each.countable(t.name)]
    for start in range(0, len(within), COUNTED_AT_ONCE):
        _digested(each, within[start : start + COUNTED_AT_ONCE], found)
    for table in tables:
        if table not in within:
            _digested_here(each, table, found)


def _columns(each: SqlEach, table: TableMap) -> tuple[str, ...]:
    # Of what we hold for a customer we count, and read nothing.
    key = each.reach.key(table) if table.whose == "customer" else ()
    return key or each.reach.columns(table)


def _digested(each: SqlEach, tables: Sequence[TableMap], found: dict[str, dict[str, Held]]) -> None:
    """One statement that says of every table and key how many rows there are, and a sum over them."""
    query = each.reach.sums_each(tuple((t.name, _columns(each, t)) for t in tables))
    with each.reading.plain(tables[0].name if len(tables) == 1 else ""):
        for values in each.reach.parameters(query, each.owners.merged()):
            for said in each.reading.streamed(query, values, reach=each.reach):
                place, register, key, count, *both = said
                name, sums = tables[cast("int", place)].name, ":".join(map(str, both))
                for subject in each.owners.of(cast("int", register), key):
                    rows, digest = found[subject][name]
                    digests = sorted([*filter(None, digest.split(";")), sums])
                    found[subject][name] = (rows + cast("int", count), ";".join(digests))


def _digested_here(each: SqlEach, table: TableMap, found: dict[str, dict[str, Held]]) -> None:
    counts: dict[str, int] = {}
    sums: dict[str, Any] = {}
    for subject, values in each.rows(table.name, _columns(each, table)):
        counts[subject] = counts.get(subject, 0) + 1
        sums.setdefault(subject, hashlib.sha256()).update(repr(values).encode())
    for subject, count in counts.items():
        found[subject][table.name] = (count, sums[subject].hexdigest())
