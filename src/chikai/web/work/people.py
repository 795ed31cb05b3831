"""Reading the identity tables of sources, by a worker or the command line: the maps in force, the sources opened.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from chikai.errors import WrongState
from chikai.web.actions import WORK, people
from chikai.web.models import SourceEpoch
from chikai.web.work.sources import connect, map_in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.home import Home
    from chikai.sources.opening import Open
    from chikai.web.actions import Actor
    from chikai.web.actions.people import Synced
    from chikai.web.work.engine import Work


def sync_sources(
    by: Actor, home: Home, names: Sequence[str] = (), *, believe: bool = False
) -> Synced:
    """Sync these sources, or all that have a map in force; WrongState when a named one has none."""
    asked = [home.source(name) for name in names] or [
        config for config in home.sources.values() if config.opened
    ]
    maps = {config.name: map_in_force(config.name) for config in asked}
    if missing := [name for name, map_ in maps.items() if map_ is None and names]:
        raise WrongState(
            f"no map of `{missing[0]}` is in force", f"run `chikai map adopt {missing[0]}` first"
        )
    closed = SourceEpoch.objects.names(list(maps))  # whoever is back there is known already
    opened: dict[str, Open] = {}
    try:
        for name, map_ in maps.items():
            if map_ is not None and (names or name not in closed):
                opened[name] = connect(home, name)
        pairs = {name: (source, maps[name]) for name, source in opened.items()}
        return people.sync(
            by, {n: (s, m) for n, (s, m) in pairs.items() if m is not None}, believe=believe
        )
    finally:
        for source in opened.values():
            source.close()


def sync(work: Work) -> dict[str, object]:
    """The verb `sync` of the worker; the result counts, and names each table that was left alone."""
    name = work.about.get("source", "")
    work.progress(0, 1)
    synced = sync_sources(WORK, settings.HOME, [name] if name else [])
    work.progress(1, 1)
    faults = [{"source": t.source, "table": t.table, "fault": t.fault} for t in synced.faults]
    return {**synced.event.facts, "faults": faults}
