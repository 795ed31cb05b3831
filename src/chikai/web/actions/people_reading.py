"""Reading the identity tables of sources: what says something new goes to the waiting place, the rest costs a bit.

While this runs nothing of ours is locked, and a fault is one table's own.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count

from chikai.errors import ChikaiError, Disagrees
from chikai.people import matching
from chikai.people.digesting import Digester
from chikai.people.normalise import Keyed, kept, marked
from chikai.web.actions.people_known import Known, find
from chikai.web.models.people import IdentityTable, Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from chikai.people.normalise import Digested, Marked
    from chikai.sources.map import Map
    from chikai.sources.protocol import Reading, Source
    from chikai.web.actions.people_staging import Staging

CHUNK: Final = 10_000
LONGEST_KEY: Final = 200
_VARIANT: Final = 1 << 63
_CHANCE: Final = (1 << 62) - 1


@dataclass(slots=True)
class TableRead:
    """What became of one identity table: how many rows it showed, and why it was left alone (empty: it was not).

    `same` counts rows that are as they were. `repeats` says that a key came twice; `grows`, that the new keys are
    numbers which only grow, so that none of them can have come twice.
    """

    source: str
    table: str
    rows: int = 0
    fault: str = ""
    same: int = 0
    repeats: bool = False
    grows: bool = True
    greatest: int | None = None


class Reader:
    """One sync's reading."""

    def __init__(self, staging: Staging, key: bytes, started: datetime) -> None:
        self.staging = staging
        self.keyed = Keyed(key)
        self.digester = Digester(key)
        self.handed: tuple[int, int, int] | None = None
        self.moment = int(started.timestamp() * 1000)
        self.tables: list[TableRead] = []
        self.known = Known()
        self.new = 0
        self.stamps = _stamps()
        links = Link.objects.values_list("source", "table").order_by()
        counted = links.annotate(Count("id"), Count("gone_at"))
        self.present = {(source, table): n - gone for source, table, n, gone in counted}

    def read(self, source: Source, map_: Map, name: str) -> None:
        """Read the identity tables of one source, in the order of their names, from one picture of it."""
        names = sorted(table.name for table in map_.identities)
        found = [TableRead(name, table) for table in names]
        first = len(self.tables)
        self.tables += found
        if not found:
            return
        try:
            with source.reading() as reading:
                for place, read in enumerate(found, first):
                    try:
                        self._read_table(reading, map_, read, place)
                    except Exception as fault:
                        read.fault = _said(fault)
                        self._taken()  # nothing of this table waits for the next
        except Exception as fault:
            for read in found:
                read.fault = read.fault or _said(fault)

    def _read_table(self, reading: Reading, map_: Map, read: TableRead, place: int) -> None:
        for chunk in reading.identities(map_, read.table, CHUNK):
            rows = list(marked(chunk, self.keyed))
            keys = [key for key, _, _ in rows]
            _check_keys(keys)
            read.rows += len(rows)
            links = {}
            if (read.source, read.table) in self.present:
                links = find(read.source, read.table, keys)
            fresh = [row for row in rows if row[0] not in links] if links else rows
            self._keep_fresh(read, place, fresh)
            if links:
                self._keep_changed(read, place, [row for row in rows if row[0] in links], links)
        self._stage(*self._taken())

    def _keep_fresh(self, read: TableRead, place: int, rows: Sequence[Marked]) -> None:
        """Keep rows whose key no link has, each with a number and with the id of a person."""
        for _, _, row in rows:
            value = row["key"]
            if type(value) is not int or (read.greatest is not None and value <= read.greatest):
                read.grows = False
                break
            read.greatest = value
        before = self._taken()
        if rows:
            self.digester.hand(rows)
            self.handed = place, self.new + 1, len(rows)
            self.new += len(rows)
        self._stage(*before)

    def _taken(self) -> tuple[tuple[int, int, int] | None, list[Digested]]:
        """What was handed over to be digested: place, first number and count, and what is kept of it."""
        handed, self.handed = self.handed, None
        return handed, self.digester.take() if handed else []

    def _stage(self, handed: tuple[int, int, int] | None, rows: list[Digested]) -> None:
        if handed:
            place, first, count = handed
            self.staging.add_fresh(place, first, person_ids(self.moment, first, count), rows)

    def _keep_changed(
        self,
        read: TableRead,
        place: int,
        rows: Sequence[Marked],
        links: dict[str, tuple[int, bytes | None]],
    ) -> None:
        """Mark the links that were read again, and keep the rows that are not as they were."""
        changed: list[Marked] = []
        for row in rows:
            link, seen = links[row[0]]
            if not self.known.mark(link):
                read.repeats = True
            elif seen == row[1]:
                read.same += 1
            else:
                changed.append(row)
        if changed:
            numbers = [links[key][0] for key, _, _ in changed]
            self.staging.add_changed(place, numbers, kept(changed, self.keyed))

    def close(self) -> None:
        """Nothing more is read."""
        self.digester.close()

    def doubt(self, repeated: AbstractSet[int], *, believe: bool) -> None:
        """Say of each table why it cannot be applied, if it cannot. To be asked when nobody else can apply any more."""
        stamps = _stamps()
        for place, read in enumerate(self.tables):
            where = read.source, read.table
            had = self.present.get(where, 0)
            if read.fault:
                continue
            if read.repeats or place in repeated:
                read.fault = "the column that the map names as the key repeats a value"
            elif stamps.get(where) != self.stamps.get(where):
                read.fault = "another sync has read it since"
            elif not believe and not matching.is_believed(read.rows, had):
                read.fault = (
                    f"it shows {read.rows} rows and had {had}; if that is right, say `believe`"
                )

    def lost(self) -> Iterator[int]:
        """The links whose key the tables that are applied no longer show."""
        for read in self.tables:
            if not read.fault and read.same < self.present.get((read.source, read.table), 0):
                yield from self.known.lost(read.source, read.table)


def _stamps() -> dict[tuple[str, str], datetime | None]:
    """When each identity table was read for the sync that was applied last."""
    found = IdentityTable.objects.values_list("source", "table", "read_at")
    return {(source, table): at for source, table, at in found}


def _check_keys(keys: Sequence[str]) -> None:
    if any(len(key) > LONGEST_KEY for key in keys):
        raise Disagrees(
            f"a local key has more than {LONGEST_KEY} characters", "map another column as key"
        )
    if any("@" in key for key in keys):  # no address is kept here, not even as a key
        raise Disagrees(
            "the column that the map names as the key holds addresses", "map another as key"
        )


def _said(fault: Exception) -> str:
    """What a fault says, without a driver's words: those may quote a value."""
    if isinstance(fault, ChikaiError):
        return fault.what
    return f"reading stopped with `{type(fault).__name__}`"


def person_ids(moment: int, first: int, count: int) -> Iterator[str]:
    """New UUIDv7s whose middle counts the rows of the run (RFC 9562, 6.2, method 1), so that indexes grow at one end."""
    chances = struct.unpack(f"<{count}Q", os.urandom(8 * count))
    for n, chance in enumerate(chances, first):
        when = moment + n // 4096 << 16 | 0x7000 | n % 4096
        yield f"{when:016x}{chance & _CHANCE | _VARIANT:016x}"
