"""The integrator: gives waiting events their indexes, in the order in which they were committed, one at a time.

One transaction writes entries, full tiles and the new size, and takes the pending rows away. Nobody else writes the
tree: PostgreSQL's advisory lock, or SQLite's one writer, sees to it. No sequence of the database is used for the index:
a sequence leaves holes, and its order is not that of the commits.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from chikai import clock
from chikai.errors import Forked
from chikai.ledger import entry as lines
from chikai.ledger import tiles, tree
from chikai.web.actions import subject_keys
from chikai.web.actions.sets import delete_each, insert_each
from chikai.web.models.ledger import Entry, Log, Pending, Tile

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chikai.ledger.tiles import Place

BATCH: Final = 1000
LOCK: Final = (
    0x6368696B6169  # "chikai": who holds this advisory lock of PostgreSQL is the integrator
)


class _Row(NamedTuple):
    """An event that waits."""

    number: int
    id: UUID
    kind: str
    at: datetime
    act: UUID | None
    actor: str
    subject: UUID | None
    commitment: bytes


_FIELDS: Final = _Row._fields


class Stored:
    """The tiles of a log in the database, each read once; what a tile holds never changes, it only grows."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._known: dict[tuple[int, int], bytes] = {}

    def tile(self, place: Place) -> bytes:
        """A full tile as it is stored; a partial one from what stands below it."""
        known = self._known.get((place.level, place.n), b"")
        if len(known) < place.width * tree.SIZE:
            known = self._known[place.level, place.n] = self._read(place)
        return known

    def _read(self, place: Place) -> bytes:
        rows = Tile.objects.filter(log=self.log)
        if place.width == tiles.WIDTH:
            return bytes(rows.values_list("hashes", flat=True).get(level=place.level, n=place.n))
        start = place.n * tiles.WIDTH
        end = start + place.width
        if place.level == 0:
            entries = Entry.objects.filter(log=self.log, index__gte=start, index__lt=end)
            return b"".join(map(bytes, entries.order_by("index").values_list("leaf", flat=True)))
        below = rows.filter(level=place.level - 1, n__gte=start, n__lt=end)
        return b"".join(map(bytes, below.order_by("n").values_list("root", flat=True)))


def tree_of(log: Log, size: int | None = None) -> tiles.Tree:
    """The tree of a log, as it is or as it was at a size."""
    return tiles.Tree(log.size if size is None else size, Stored(log))


def settle() -> int:
    """The same where anything waits; on SQLite the integrator locks out every writer, even when nothing does."""
    return integrate() if Pending.objects.exists() else 0


def integrate() -> int:
    """Give every event that waits its entry; how many. Forked when the log is closed, and then they go on waiting."""
    count = 0
    while True:
        with transaction.atomic():
            lock()
            rows = [
                _Row(*row)
                for row in Pending.objects.order_by("number").values_list(*_FIELDS)[:BATCH]
            ]
            if rows:
                _write(current(), rows)
        count += len(rows)
        if len(rows) < BATCH:
            return count


def lock() -> None:
    """Be the only integrator until the transaction ends. SQLite's writers are alone from their beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def current() -> Log:
    """The log that grows, begun with the first event."""
    log = Log.objects.current()
    if log is None:
        return begin(1)
    if log.closed_at is not None:
        raise Forked(
            f"the log `{log.origin}` is closed, since its history forked",
            "find out why, then run `chikai ledger restart --because REASON`",
        )
    return log


def begin(number: int) -> Log:
    """Begin a log under an origin that no other log ever had."""
    host = urlsplit(settings.ADDRESS).netloc or "localhost"
    return Log.objects.create(
        number=number, origin=f"{host}/ledger/{secrets.token_hex(4)}", since=clock.now()
    )


def _write(log: Log, rows: list[_Row]) -> None:
    edge = tree_of(log).edge()
    tags = _tags(rows)
    feed, entries, leaves = log.feed, [], []
    for offset, row in enumerate(rows):
        line = lines.Entry(row.kind, row.at, row.act, tags.get(row.number), bytes(row.commitment))
        data, v = line.encode(), None
        if row.kind in lines.CHANGES_GATE:
            v = feed = feed + 1
        leaves.append(tree.hash_leaf(data))
        entries.append(
            Entry(
                log=log,
                index=log.size + offset,
                event=row.id,
                kind=row.kind,
                at=row.at,
                actor=row.actor,
                tag=line.tag,
                line=data,
                leaf=leaves[-1],
                v=v,
            )
        )
    full = list(edge.extend(leaves))
    insert_each(Entry, entries)
    new = [
        Tile(log=log, level=t.place.level, n=t.place.n, hashes=t.hashes, root=t.root) for t in full
    ]
    if new:
        insert_each(Tile, new)
    Log.objects.filter(number=log.number).update(size=edge.size, feed=feed)
    delete_each(Pending, [row.number for row in rows])


def _tags(rows: list[_Row]) -> dict[int, bytes]:
    """The tag of each row that has a subject, by the row's number; the subjects' counters move on."""
    subjects = subject_keys.hold({row.subject for row in rows if row.subject is not None})
    masters = subject_keys.Masters()
    keys = {
        # A key that is gone ties its entries to nobody, and neither does this one.
        subject: secrets.token_bytes(32)
        if row.tag_key is None
        else subject_keys.unwrap(row, masters).tag
        for subject, row in subjects.items()
    }
    counts: dict[UUID, int] = {subject: row.entries for subject, row in subjects.items()}
    tags = {}
    for row in rows:
        if row.subject is not None:
            tags[row.number] = lines.tag(keys[row.subject], counts[row.subject])
            counts[row.subject] += 1
    subject_keys.count_entries(counts)
    return tags
