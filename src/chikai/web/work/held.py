"""Counting what is held about a person for the index, and reading it once for the person's own page.

A count reads no value. What is read goes into a file that is sealed to the browser that asked, and nowhere else.

Clauses: 2.2, 6.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from django.conf import settings

from chikai import clock
from chikai.errors import SourceError
from chikai.rights import fulfil, writing
from chikai.sources.map import NOT_PERSONAL, UNDECIDED
from chikai.web import held_file
from chikai.web.actions import WORK
from chikai.web.actions import portal as actions
from chikai.web.models import Person
from chikai.web.models.people import keys_of
from chikai.web.work.sources import connect, map_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chikai.rights.fulfil import Plan, Step
    from chikai.sources.map import ColumnMap, Map, TableMap
    from chikai.sources.protocol import Keys, Reading
    from chikai.web.work.engine import Work

    _Keys = dict[str, dict[str, tuple[str, ...]]]
    Ask = Callable[[Reading, Map, Keys], Any]

SHOWN: Final = 20  # values of one data item on the page; the package holds all
LONGEST: Final = 300  # signs of one value on the page


def count(work: Work) -> dict[str, object]:
    """The verb `count`: how many rows of each data item every source holds about a person."""
    person = Person.resolve(UUID(work.about["person"]))
    keys = keys_of(person)
    found = {
        step.source: {"service": step.service, "standing": standing, "counts": counts or {}}
        for step, standing, counts in each_place(work, person, _count, keys)
    }
    actions.keep_counts(WORK, person, found, keys)
    return {"sources": len(found)}


def read(work: Work) -> dict[str, object]:
    """The verb `read`: the person's values, for the browser of one session; WrongState when it was signed out."""
    session, person = actions.reader(work.about["session"])
    keys = keys_of(person)
    places = [
        {
            "source": step.source,
            "service": step.service,
            "standing": standing,
            "items": items or [],
        }
        for step, standing, items in each_place(work, person, _read, keys)
    ]
    held = {"at": clock.now().isoformat(), "places": places}
    try:
        actions.keep_read(WORK, session, person, held, keys)
    except BaseException:
        held_file.drop(session.pk)  # never a file whose reading is not in the ledger
        raise
    return {"sources": len(places)}


def each_place(
    work: Work, person: Person, ask: Ask, keys: _Keys | None = None
) -> Iterator[tuple[Step, str, Any]]:
    """Every source of the plan: its standing, and what was found; None where nothing was asked or nobody answered."""
    plan, maps = _plan(person, keys_of(person) if keys is None else keys)
    for number, step in enumerate(plan.steps, 1):
        if step.standing != "asked":
            yield step, step.standing, None
        else:
            yield step, *_asked(step, maps[step.source], ask)
        work.progress(number, len(plan.steps))


def _asked(step: Step, map_: Map, ask: Ask) -> tuple[str, Any]:
    try:
        source = connect(settings.HOME, step.source)
        try:
            with source.reading() as reading:
                return "counted", ask(reading, map_, step.keys)
        finally:
            source.close()
    except SourceError:
        return "unreachable", None


def _plan(person: Person, keys: _Keys) -> tuple[Plan, dict[str, Map]]:
    home = settings.HOME
    maps = {name: map_ for name in home.sources if (map_ := map_in_force(name)) is not None}
    plan = fulfil.plan(
        person.pk,
        {name: config.service for name, config in home.sources.items()},
        cast("dict[str, Keys]", keys),
        maps,
        frozenset(name for name, config in home.sources.items() if config.kind == "manual"),
    )
    return plan, maps


def _count(reading: Reading, map_: Map, keys: Keys) -> dict[str, int]:
    """Rows by data item: a row counts once for each item that its table holds."""
    counts: dict[str, int] = {}
    for table, rows in reading.count(map_, keys).items():
        for category in _categories(map_.by_name[table]) if rows else ():
            counts[category] = counts.get(category, 0) + rows
    return counts


def _read(reading: Reading, map_: Map, keys: Keys) -> list[dict[str, Any]]:
    """Values by data item, each once, the first of them written out; a customer's rows are not ours to show."""
    seen: dict[str, dict[str, None]] = {}
    for table, rows in reading.read(map_, keys):
        shape = map_.by_name[table]
        for row in rows:
            for column in shape.columns if shape.whose != "customer" else ():
                value = row.get(column.name)
                if _is_shown(column) and value not in (None, ""):
                    seen.setdefault(column.category, {}).setdefault(
                        writing.as_text(value)[:LONGEST]
                    )
    return [
        {"category": category, "values": list(values)[:SHOWN], "more": max(0, len(values) - SHOWN)}
        for category, values in seen.items()
    ]


def _categories(table: TableMap) -> set[str]:
    return {c.category for c in table.columns} - {NOT_PERSONAL, UNDECIDED}


def _is_shown(column: ColumnMap) -> bool:
    """A credential is no news to anybody, and would be one to whoever looks over a shoulder."""
    return column.category not in (NOT_PERSONAL, UNDECIDED) and column.kind != "credential"
