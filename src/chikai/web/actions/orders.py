"""Verbs about restored sources: orders kept and ended, a source put into quarantine, carried out again, lifted.

No source is opened here: a worker or the command line did that, and hands in what it found. While a source is in
quarantine the gate refuses every use of its service, which each copy hears through the feed, and no step of a request
reads or changes it.

Order of locks: the feed's counter, then the row of the source.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

from chikai import canon, clock
from chikai.errors import WrongState
from chikai.ledger.events import Event
from chikai.sources.config import BACKUP_DAYS
from chikai.web import wake
from chikai.web.actions import Actor, action, feed
from chikai.web.models import Order, SourceEpoch, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime


# Forward only; and asked in the same breath, since almost no erasure finds corrections to forget.
_COME: Final = """
UPDATE source_epoch SET epoch = CASE WHEN epoch < %s THEN %s ELSE epoch END WHERE source = %s
RETURNING EXISTS (SELECT 1 FROM source_order kept WHERE kept.source = source_epoch.source AND kept.verb = 'write')
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a change left to be kept of it: the person's marks, and the epoch that it wrote, if there is a place for one.

    `sealed` holds the new values of a correction by mark, sealed with what the mark was made from.
    """

    marks: tuple[str, ...]
    epoch: int | None
    sealed: Mapping[str, str] = field(default_factory=dict)


def note(steps: Iterable[Step], drafts: Mapping[int, Draft], now: datetime) -> None:
    """Keep the orders of steps that close, inside the transaction that closes them, and how far each source has come.

    Called by the verb that closes steps. A step without a draft changed nothing that a backup could bring back.
    """
    closing = [(step, drafts[step.pk]) for step in steps if step.pk in drafts]
    newest: dict[str, int] = {}
    for step, draft in closing:
        newest[step.source] = max(draft.epoch or 0, newest.get(step.source, 0))
    written = {source for source, epoch in sorted(newest.items()) if _come(source, epoch)}
    _forget([(s.source, d) for s, d in closing if s.source in written and not d.sealed])
    Order.objects.bulk_create(
        Order(
            id=canon.new_id(now),  # not the step's: an order leads to no request and so to nobody
            source=step.source,
            verb="write" if draft.sealed else "erase",
            marks=list(draft.marks),
            sealed=dict(draft.sealed),
            epoch=draft.epoch or 0,
            at=now,
            until=clock.day_in_japan(now) + timedelta(days=backup_days(step.source)),
        )
        for step, draft in closing
    )


def _come(source: str, epoch: int) -> bool:
    """Note how far a source has come; whether anything is kept of corrections there."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_COME, [epoch, epoch, source])
            if (row := cursor.fetchone()) is not None:
                return bool(row[0])
            _row(source)


def _forget(erased: list[tuple[str, Draft]]) -> None:
    """Remove what was kept of corrections of persons who were erased: their values go with them."""
    gone: dict[str, set[str]] = {}
    for source, draft in erased:
        gone.setdefault(source, set()).update(draft.marks)
    writes = Order.objects.filter(source__in=gone, verb="write") if gone else ()
    if ids := [o.pk for o in writes if gone[o.source].intersection(o.marks)]:
        Order.objects.filter(pk__in=ids).delete()


def backup_days(source: str) -> int:
    """For how many days backups of a source are kept."""
    config = settings.HOME.sources.get(source)
    return (config.backup_days if config else 0) or BACKUP_DAYS


def _row(source: str) -> SourceEpoch:
    """The row of a source, locked."""
    new = {"service": feed.service_of(source)}
    SourceEpoch.objects.get_or_create(source=source, defaults=new)
    return SourceEpoch.objects.select_for_update().get(source=source)


@action("engineer", "officer")
def quarantine(by: Actor, source: str, *, stood: int | None) -> tuple[Event, ...]:
    """Close a source that was restored: `stood` is the epoch that was found there, None where it has no place for one.

    Nothing happens to one that is closed already, but that an older epoch widens what is carried out again.
    """
    feed.hold()
    row, now = _row(source), clock.now()
    if row.restored_at is not None and (stood or 0) >= row.stood:
        return ()
    lost = Order.objects.of(source)
    lost = lost.filter(epoch__gt=stood) if stood is not None and row.epoch else lost
    row.stood, row.orders = stood or 0, lost.filter(until__gte=clock.day_in_japan(now)).count()
    row.replayed = row.waiting = 0
    row.restored_at, row.tried_at, row.fault, row.do = row.restored_at or now, None, "", ""
    row.save()
    v = feed.number("source.restored", now, whole=True)
    wake.after_commit()
    facts = {"stood": row.stood, "ours": row.epoch, "orders": row.orders, "v": v}
    return (Event("source.restored", {"source": source, "service": row.service, **facts}),)


@action("work")
def note_replay(
    by: Actor,
    source: str,
    *,
    orders: int,
    replayed: int,
    waiting: int,
    fault: str = "",
    do: str = "",
) -> tuple[Event, ...]:
    """Note how far a replay came: how many orders stand, how many wait for a person, what hindered it."""
    row = _quarantined(source)
    was = (row.orders, row.replayed, row.waiting, row.fault)
    row.orders, row.replayed, row.waiting = orders, replayed, waiting
    row.fault, row.do, row.tried_at = fault, do, clock.now()
    row.save()
    if was == (orders, replayed, waiting, fault):
        return ()
    facts = {"orders": orders, "replayed": replayed, "waiting": waiting, "hindered": bool(fault)}
    return (Event("source.replayed", {"source": source, **facts}),)


@action("engineer", "officer")
def lift(by: Actor, source: str, *, epoch: int, orders: int) -> Event:
    """Open a source again, after each of its orders was seen to stand on a fresh connection."""
    feed.hold()
    row, now = _quarantined(source), clock.now()
    row.epoch, row.restored_at = max(row.epoch, epoch), None
    row.orders = row.replayed = row.waiting = 0
    row.fault = row.do = ""
    row.save()
    v = feed.number("source.lifted", now, whole=True)
    wake.after_commit()
    facts = {"epoch": row.epoch, "orders": orders, "v": v}
    return Event("source.lifted", {"source": source, "service": row.service, **facts})


def _quarantined(source: str) -> SourceEpoch:
    row = SourceEpoch.objects.select_for_update().filter(source=source).first()
    if row is None or row.restored_at is None:
        raise WrongState(f"`{source}` is not in quarantine", "nothing is left to do")
    return row


@action("work")
def expire(by: Actor, today: date) -> tuple[Event, ...]:
    """Remove the orders that no backup is left for; those of a source in quarantine wait until it is lifted."""
    held = SourceEpoch.objects.quarantined().values("source")
    ended = Order.objects.expired(today).exclude(source__in=held)
    counts = Counter(ended.values_list("source", flat=True))
    ended.delete()
    return tuple(
        Event("source.orders_ended", {"source": source, "orders": count})
        for source, count in sorted(counts.items())
    )
