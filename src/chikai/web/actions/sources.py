"""What is recorded about sources: that they were added, scanned, mapped, drifted, and registers read in.

No source is opened here: a worker or the command line did that, and hands in what it found.

Clauses: 2.2, 4.1.
Law: APPI Art. 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chikai import canon, clock
from chikai.errors import MapError, WrongState
from chikai.ledger.events import Event
from chikai.sources.map import UNDECIDED
from chikai.web.actions import Actor, action
from chikai.web.models import MapEdition, RegisterEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.sources.config import SourceConfig
    from chikai.sources.map import Map
    from chikai.sources.protocol import Health
    from chikai.sources.registers import Register


@dataclass(frozen=True, slots=True)
class Size:
    """How large a map is, and how much of it nobody has decided."""

    tables: int
    columns: int
    undecided: int


def size_of(map_: Map) -> Size:
    """Count tables, columns, and what stands as `?` (a table whose rows are nobody's counts its columns as decided)."""
    undecided = sum(t.whose == "unknown" for t in map_.tables) + sum(
        c.category == UNDECIDED for t in map_.tables if t.whose != "none" for c in t.columns
    )
    return Size(len(map_.tables), sum(len(t.columns) for t in map_.tables), undecided)


@action("engineer")
def add_source(by: Actor, config: SourceConfig, health: Health | None) -> Event:
    """Record that a source was added; the caller writes `chikai.toml` only after this returned."""
    return Event(
        "source.added",
        {
            "source": config.name,
            "service": config.service,
            "kind": config.kind,
            "mode": config.mode,
            "dialect": health.dialect if health else None,
            "privileges": health.privileges if health else None,
            "reached": bool(health and health.reachable),
        },
    )


@action("engineer")
def record_scan(by: Actor, map_: Map) -> Event:
    """Record that the catalogue of a source was read and a map proposed."""
    size = size_of(map_)
    return Event(
        "source.scanned",
        {
            "source": map_.source,
            "catalogue": map_.catalogue,
            "tables": size.tables,
            "columns": size.columns,
            "undecided": size.undecided,
        },
    )


@action("engineer")
def adopt_map(by: Actor, map_: Map, text: str, *, unfinished: bool = False) -> Event:
    """Put a map into force. MapError while a column is undecided, unless `unfinished` says that this is known."""
    size = size_of(map_)
    if size.undecided and not unfinished:
        raise MapError(
            f"the map of `{map_.source}` has {size.undecided} columns or tables that nobody has decided",
            f"decide them (`chikai map check {map_.source}` names each), or pass `--unfinished`",
        )
    current = MapEdition.objects.current(map_.source)
    if current is not None and current.digest == map_.digest:
        raise WrongState("this map is in force already", "change it, then adopt it")
    now = clock.now()
    MapEdition.objects.create(
        source=map_.source,
        digest=map_.digest,
        text=text,
        tables=size.tables,
        columns=size.columns,
        undecided=size.undecided,
        checked_at=now,
        at=now,
    )
    return Event(
        "source.mapped",
        {
            "source": map_.source,
            "digest": map_.digest,
            "tables": size.tables,
            "columns": size.columns,
            "undecided": size.undecided,
            "supersedes": current.digest if current else None,
        },
    )


@action("engineer")
def record_drift(by: Actor, source: str, changes: Sequence[str]) -> tuple[Event, ...]:
    """Record how a source differs from its map in force; an event only when that is news.

    `changes` are sentences with names of tables and columns. No changes end a drift that was there.
    """
    current = MapEdition.objects.current(source)
    if current is None:
        raise WrongState(
            f"no map of `{source}` is in force", f"run `chikai map adopt {source}` first"
        )
    news = list(changes) != list(current.drift)
    current.drift = list(changes)
    current.checked_at = clock.now()
    current.save(update_fields=["drift", "checked_at"])
    if not news:
        return ()
    return (
        Event(
            "source.drifted",
            {
                "source": source,
                "map": current.digest,
                "changes": len(changes),
                "digest": canon.digest(list(changes)),
            },
        ),
    )


@action("engineer", "officer")
def import_register(by: Actor, register: Register) -> Event:
    """Keep a register that was read from a spreadsheet; it stands beside those imported before."""
    now = clock.now()
    import_id = canon.new_id(now)
    kind = "processor" if register.kind == "processors" else "handling"
    RegisterEntry.objects.bulk_create(
        [
            RegisterEntry(
                kind=kind,
                import_id=import_id,
                row=row.number,
                fields=dict(row.fields),
                rest=dict(row.rest),
            )
            for row in register.rows
        ],
        batch_size=500,
    )
    understood, cells = register.understood()
    return Event(
        "register.imported",
        {
            "import": str(import_id),
            "kind": kind,
            "rows": len(register.rows),
            "cells": cells,
            "understood": understood,
            "notes": len(register.notes),
        },
    )
