"""Opening sources: scanning them into a proposed map, and comparing them with the map in force.

Only a worker and the command line come here; pages ask for the work and show its row.

Clauses: 2.2, 4.1.
Law: APPI Art. 23.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

from chikai import home as homes
from chikai.errors import Restored, WrongState
from chikai.policy import load
from chikai.sources import drift as drifts
from chikai.sources import http, http_api, mapfile, opening, orders
from chikai.sources import scan as scans
from chikai.web.actions import WORK
from chikai.web.actions import sources as actions
from chikai.web.actions.work import ask_scan
from chikai.web.models import MapEdition, SourceEpoch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from chikai.home import Home
    from chikai.sources.config import SourceConfig
    from chikai.sources.map import Map
    from chikai.sources.opening import Open
    from chikai.sources.scan import Proposal
    from chikai.web.actions import Actor
    from chikai.web.work.engine import Work

__all__ = [
    "ask_scan",
    "connect",
    "drift",
    "drift_of",
    "map_in_force",
    "name_fields",
    "scan",
    "scan_source",
    "write_proposal",
]

ROWS = 200  # sampled of each table
_STANDINGS: Final = """
WITH named (source) AS (VALUES {names})
SELECT named.source, (SELECT digest FROM source_map WHERE source_map.source = named.source ORDER BY id DESC LIMIT 1),
known.epoch, known.restored_at, known.seen_at, (SELECT digest FROM policy_edition ORDER BY number DESC LIMIT 1)
FROM named LEFT JOIN source_epoch known ON known.source = named.source
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What we know of a source at one moment.

    `map` is the digest of the one in force, `epoch` the last that we wrote there; it is in quarantine (`closed`), and an
    officer has looked at what its first change runs (`seen`). `policy` is the digest of the edition in force.
    """

    map: str = ""
    epoch: int = 0
    closed: bool = False
    seen: bool = False
    policy: str = ""


def standings(sources: Collection[str]) -> dict[str, Standing]:
    """What we know of each of these sources, in one statement."""
    if not sources:
        return {}
    statement = _STANDINGS.format(names=", ".join(["(%s)"] * len(sources)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*sources])
        return {
            name: Standing(
                *(digest or "", epoch or 0, restored is not None, seen is not None, policy or ""),
            )
            for name, digest, epoch, restored, seen, policy in cursor.fetchall()
        }


def connect(home: Home, name: str) -> Open:
    """The source with this name, ready to be asked; BadInput when there is none, ConfigError when it is manual.

    Restored while it is in quarantine: what was erased may be back there.
    """
    config = home.source(name)
    if SourceEpoch.objects.names([name]):
        raise in_quarantine(name)
    return opening.connect(config, environ=os.environ)


def in_quarantine(name: str) -> Restored:
    """Why nothing is read or changed in a source that was restored."""
    do = f"it goes on when what was decided since stands again: `chikai source replay {name}`"
    return Restored(f"`{name}` was restored from an old backup and is in quarantine", do, name)


def name_fields(config: SourceConfig) -> tuple[str, ...]:
    """Write the fields that an HTTP service answers with, and that nobody has named, into its description."""
    if config.kind != "http":
        return ()
    source = http.connect(config, environ=os.environ)
    try:
        found = source.unnamed()
    finally:
        source.close()
    if found:
        file = Path(config.api)
        homes.write(file, http_api.extended(file.read_text("utf-8"), found))
    return tuple(f"{table}.{name}" for table, fields in found.items() for name in fields)


_opened: dict[str, tuple[SourceConfig, Open]] = {}


def order_secret(home: Home, name: str) -> bytes:
    """What the marks of a source's orders are made from; it stands outside our database."""
    return orders.secret_of(home.key("orders"), name)


def opened(home: Home, name: str) -> Open:
    """The source with this name, kept open for the next piece of work while its configuration is the same."""
    config = home.source(name)
    known = _opened.get(name)
    if known is not None and known[0] == config:
        return known[1]
    if known is not None:
        known[1].close()
    made = opening.connect(config, environ=os.environ, secret=home.key("erasing"))
    _opened[name] = (config, made)
    return made


def scan_source(
    home: Home,
    name: str,
    progress: Callable[[int, int], None] | None = None,
    *,
    rows: int = ROWS,
) -> Proposal:
    """Read the catalogue and samples of a source and propose its map; nothing that was read is kept."""
    config = home.source(name)
    policy = load.read(home.policy).document
    name_fields(config)
    source = connect(home, name)

    def told(done: int, of: int, _table: str) -> None:
        if progress is not None:
            progress(done, of)

    try:
        return scans.scan(source, policy, config.service, rows=rows, progress=told)
    finally:
        source.close()


def write_proposal(home: Home, name: str, proposal: Proposal, *, over: bool = False) -> Map:
    """Put a proposed map into the file of its source; the map that the file then holds.

    What an engineer decided there stays, unless `over` says that the file is to be made anew.
    """
    file = home.map_of(name)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    if over:
        homes.write(file, mapfile.text(proposal))
    else:
        mapfile.write(proposal, file)
    return mapfile.read(file)


def map_in_force(name: str) -> Map | None:
    """The map of a source that is in force, as it was adopted; None before the first."""
    edition = MapEdition.objects.current(name)
    return None if edition is None else mapfile.parse(edition.text, where=f"map of `{name}`")


def drift_of(by: Actor, home: Home, name: str) -> tuple[str, ...]:
    """How a source differs from its map in force, in sentences, recorded; WrongState when it has none."""
    map_ = map_in_force(name)
    if map_ is None:
        home.source(name)
        raise WrongState(f"no map of `{name}` is in force", f"run `chikai map adopt {name}` first")
    source = connect(home, name)
    try:
        changes = tuple(str(change) for change in drifts.drift(map_, source.catalogue()))
    finally:
        source.close()
    actions.record_drift(by, name, changes)
    return changes


def scan(work: Work) -> dict[str, object]:
    """The verb `scan` of the worker: propose a map, and add to the file what no engineer has decided."""
    name = work.about["source"]
    proposal = scan_source(settings.HOME, name, work.progress)
    actions.record_scan(WORK, proposal.map)
    map_ = write_proposal(settings.HOME, name, proposal)
    return {**asdict(actions.size_of(map_)), "findings": len(proposal.findings)}


def drift(work: Work) -> dict[str, object]:
    """The verb `drift` of the worker: compare a source with its map in force."""
    work.progress(0, 1)
    changes = drift_of(WORK, settings.HOME, work.about["source"])
    work.progress(1, 1)
    return {"changes": len(changes)}
