"""The ledger's rows: events that wait, entries, tiles, heads, checkpoints, sealed payloads and the keys that open them.

An action writes `Pending` and `Payload`, in its own transaction. The integrator turns pending rows into entries, in
the order in which they were committed, and deletes them: whose event it was stands no longer beside it. Entries, tiles
and checkpoints are never changed; `web/sql_guards.py` lets the database refuse it.

Clauses: 1.1, 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Self, overload
from uuid import UUID

from django.db import models
from django.db.models import Count, Max

if TYPE_CHECKING:
    from datetime import datetime

# The subject of events about nobody: their payloads are sealed with the operator's own key.
OPERATOR: Final = UUID(int=0)


class PendingQuerySet(models.QuerySet["Pending"]):
    """Named questions to the waiting events."""

    def of_kind(self, *kinds: str) -> Self:
        """Events of these kinds, newest first."""
        return self.filter(kind__in=kinds).order_by("-number")


class Pending(models.Model):
    """One event that waits for its place: what its entry will say. `at` is to the second; `number` orders it."""

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    act = models.UUIDField(null=True)
    actor = models.CharField(max_length=40)
    subject = models.UUIDField(null=True, db_index=True)
    commitment = models.BinaryField(max_length=32)

    objects = PendingQuerySet.as_manager()
    index: ClassVar[int | None] = None  # it has no entry yet

    class Meta:
        db_table = "ledger_pending"
        indexes: ClassVar = [models.Index(fields=["kind", "number"], name="pending_kind")]


class SubjectKeyQuerySet(models.QuerySet["SubjectKey"]):
    """Named questions to the keys."""

    def counted(self) -> list[tuple[int, str, int]]:
        """How many subjects' keys each master key wraps: its number, their state, their count."""
        rows = self.values_list("version", "state").annotate(Count("pk"))
        return list(rows.order_by("version", "state"))


class SubjectKey(models.Model):
    """The keys of one subject, wrapped by the master key number `version`; a destroyed key leaves its row.

    `tag_key` finds the subject's entries, `data_key` opens their payloads, `entries` counts them. Both keys are NULL
    once `state` is `destroyed`.
    """

    subject = models.UUIDField(primary_key=True)
    tag_key = models.BinaryField(null=True)
    data_key = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, default="active")
    entries = models.PositiveBigIntegerField(default=0)

    objects = SubjectKeyQuerySet.as_manager()

    class Meta:
        db_table = "subject_key"


class Payload(models.Model):
    """The payload of an event and the blinding of its commitment, sealed. Deleting the row is lawful; changing it is not."""

    event = models.UUIDField(primary_key=True)
    key = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        db_table = "event_payload"


class LogQuerySet(models.QuerySet["Log"]):
    """Named questions to the logs."""

    def current(self) -> Log | None:
        """The log that was begun last; None before the first event."""
        return self.order_by("-number").first()


class Log(models.Model):
    """One log: its origin, how many entries it has, and how far the feed to the services counts.

    A log whose history forked is closed: it grows no more, and a successor names its last head.
    """

    number = models.PositiveIntegerField(primary_key=True)
    origin = models.CharField(max_length=200, unique=True)
    since = models.DateTimeField()
    size = models.PositiveBigIntegerField(default=0)
    feed = models.PositiveBigIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        db_table = "ledger_head"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Named questions to the entries."""

    def of_kind(self, *kinds: str) -> Self:
        """Entries of these kinds, newest first."""
        return self.filter(kind__in=kinds).order_by("-log", "-index")


class Entry(models.Model):
    """One entry at its index: its bytes, the hash of them, and the number in the feed where it changes the gate.

    `event` joins it with its payload, and `actor` is what pages show; both stand in no export.
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="+", db_index=False)
    index = models.PositiveBigIntegerField()
    event = models.UUIDField(unique=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    tag = models.BinaryField(max_length=32, null=True)
    line = models.BinaryField()
    leaf = models.BinaryField(max_length=32)
    v = models.PositiveBigIntegerField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = "ledger_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "index"], name="one_entry_an_index"),
            models.UniqueConstraint(fields=["log", "v"], name="one_entry_a_feed_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "at"], name="entry_kind"),
            models.Index(fields=["tag"], name="entry_tag"),
        ]


class Tile(models.Model):
    """A full tile and the root over it. Partial tiles are read from the entries, or from the roots one level below."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    n = models.PositiveBigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_tile"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "level", "n"], name="one_tile_a_place")
        ]


class Checkpoint(models.Model):
    """A signed checkpoint, as it was given out."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="+", db_index=False)
    size = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        db_table = "ledger_checkpoint"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_a_size")
        ]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events there are of a kind, and when the last one was."""

    kind: str
    count: int
    last: datetime


def counted() -> tuple[Counted, ...]:
    """Every kind of event with its count, those that wait for their entry included, by kind."""
    found: dict[str, Counted] = {}
    for rows in (Entry.objects.all(), Pending.objects.all()):
        for kind, count, last in rows.values_list("kind").annotate(Count("pk"), Max("at")):
            before = found.get(kind, Counted(kind, 0, last))
            found[kind] = Counted(kind, before.count + count, max(before.last, last))
    return tuple(found[kind] for kind in sorted(found))


def entry_count() -> int:
    """How many events the ledger holds, those that wait for their entry included."""
    return Pending.objects.count() + sum(Log.objects.values_list("size", flat=True))


def count_since(kind: str, moment: datetime) -> int:
    """How many events of a kind there were since a moment, those that wait included."""
    # The waiting ones first: an event that is given its entry meanwhile is then counted twice, never left out.
    waiting = Pending.objects.filter(kind=kind, at__gte=moment).count()
    return waiting + Entry.objects.filter(kind=kind, at__gte=moment).count()


class Events(Sequence["Pending | Entry"]):
    """The ledger as a page lists it: the newest first, those that wait for their entry before all others."""

    def __init__(self, kind: str = "") -> None:
        self.waiting = Pending.objects.order_by("-number")
        self.entries = Entry.objects.order_by("-log", "-index")
        if kind:
            self.waiting = self.waiting.filter(kind=kind)
            self.entries = self.entries.filter(kind=kind)

    def __len__(self) -> int:
        return self.waiting.count() + self.entries.count()

    @overload
    def __getitem__(self, part: int) -> Pending | Entry: ...
    @overload
    def __getitem__(self, part: slice) -> list[Pending | Entry]: ...
    def __getitem__(self, part: int | slice) -> Pending | Entry | list[Pending | Entry]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        start, stop = part.start or 0, part.stop
        waiting = self.waiting.count()
        found: list[Pending | Entry] = [*self.waiting[start:stop]]
        found += self.entries[max(0, start - waiting) : max(0, stop - waiting)]
        return found


def index_of(event: UUID) -> int | None:
    """The index of an event's entry; None while it waits."""
    return Entry.objects.filter(event=event).values_list("index", flat=True).first()
