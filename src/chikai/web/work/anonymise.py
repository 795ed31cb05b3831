"""Making an anonymised table from a source by a standard that was fixed before.

The persons whom the gate leaves out are left out before anything of theirs is read. Keys of persons stay in memory and
end with the run: no table of ids and no salt is made, so none is kept.

Clauses: 3.1, 3.2.
Law: APPI Art. 43(1), APPI Art. 43(2).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from itertools import product
from typing import TYPE_CHECKING

from django.conf import settings

from chikai import clock
from chikai.anonymise import transform
from chikai.errors import BadInput
from chikai.web.actions import WORK
from chikai.web.actions import anonymise as actions
from chikai.web.models.anonymise import AnonymisedTable, ProcessingStandard
from chikai.web.work import allowed, narrow
from chikai.web.work.sources import connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chikai.anonymise.standard import Column, Standard
    from chikai.anonymise.transform import Fact
    from chikai.home import Home
    from chikai.sources.map import Map
    from chikai.sources.protocol import Source, Value
    from chikai.web.actions import Actor
    from chikai.web.work.engine import Work

MOST_COMBINATIONS = 2_000  # of one person's values; more is a standard that was not thought through


def make(by: Actor, home: Home, row: ProcessingStandard) -> AnonymisedTable:
    """Read the source, leave out whom the gate leaves out, and keep the table that meets the standard."""
    standard = actions.standard_of(row)
    map_ = narrow.the_map(standard.source)
    check_columns(standard, map_)
    identity = narrow.identity_of(map_)
    ask = allowed.asker(standard.service, standard.purpose, categories=standard.items)
    everyone = narrow.linked(standard.source, identity.name)
    keys = {key for key in everyone if ask(key).allowed}
    source = connect(home, standard.source)
    try:
        made = transform.make(standard, facts(standard, map_, source, keys))
    finally:
        source.close()
    event = actions.make_table(by, row, made, stopped=len(everyone) - len(keys))
    return AnonymisedTable.objects.get(number=int(str(event.facts["table"])))


def check_columns(standard: Standard, map_: Map) -> None:
    """BadInput when a column of the standard is not on the map, or the map says that it holds another item."""
    for column in standard.quasi:
        table = map_.by_name.get(column.table)
        known = table.column(column.source) if table else None
        if known is None:
            raise BadInput(
                f"the map of `{standard.source}` has no column `{column.table}.{column.source}`",
                "fix the standard by the map in force",
            )
        if known.category != column.category:
            raise BadInput(
                f"`{column.table}.{column.source}` holds `{known.category}` by the map, and "
                f"`{column.category}` by the standard",
                "fix another standard",
            )


def facts(standard: Standard, map_: Map, source: Source, keys: set[str]) -> Iterator[Fact]:
    """What is known of each person: columns of one table together as its rows have them, each row of it with each of the others."""
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for column in standard.quasi:
        wanted[column.table].append(column.source)
    slim = narrow.narrowed(map_, wanted)
    seen: defaultdict[str, dict[str, set[tuple[str, ...]]]] = defaultdict(dict)
    for table, key, row in narrow.rows_of(source, slim, keys, wanted):
        values = tuple(_text(row.get(name)) for name in wanted[table])
        seen[key].setdefault(table, set()).add(values)
    for key, tables in seen.items():
        if set(tables) != set(wanted):
            continue  # somebody of whom one of the tables says nothing gives no row
        parts = [sorted(tables[name]) for name in wanted]
        for place, picked in enumerate(product(*parts)):
            if place == MOST_COMBINATIONS:
                raise BadInput("one person has too many combinations", "take fewer tables")
            by_table = dict(zip(wanted, picked, strict=True))
            yield key, tuple(_pick(column, wanted, by_table) for column in standard.quasi)


def _pick(
    column: Column, wanted: Mapping[str, list[str]], row: Mapping[str, tuple[str, ...]]
) -> str:
    return row[column.table][wanted[column.table].index(column.source)]


def _text(value: Value) -> str:
    """A value as the ladders read it: days of Japan, numbers and texts; nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return clock.day_in_japan(
            value if value.tzinfo else value.replace(tzinfo=clock.TOKYO)
        ).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def anonymise(work: Work) -> dict[str, object]:
    """The verb `anonymise` of the worker: make a table by the standard that the job names."""
    work.progress(0, 1)
    row = ProcessingStandard.objects.get(digest=work.about["standard"])
    table = make(WORK, settings.HOME, row)
    work.progress(1, 1)
    return {"table": table.number, "rows": table.rows}
