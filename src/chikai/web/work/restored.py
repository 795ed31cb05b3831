"""Noticing that an old backup was put back in a source, carrying out again what was decided since, and lifting it.

A source is looked at every few minutes, and each change looks before it writes. What stands behind our epoch closes the
source at once; the replay is work like any other, so that a worker that ended is followed by the next. It ends the
quarantine by itself when every order was seen to stand on a fresh connection; an order that does not stand, a map that
does not fit, or a place for the epoch that is missing waits for a person, and the source stays closed.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from django.conf import settings

from chikai import canon, clock
from chikai.errors import ChikaiError, Disagrees, WrongState
from chikai.rights import holds
from chikai.sources import orders as rules
from chikai.sources.protocol import Applying
from chikai.web.actions import WORK, Actor
from chikai.web.actions import orders as actions
from chikai.web.actions.work import ask_replay
from chikai.web.models import Job, Order, Request, SourceEpoch, Step
from chikai.web.work import kept
from chikai.web.work.engine import point
from chikai.web.work.sources import map_in_force, opened, order_secret

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chikai.sources.map import Map
    from chikai.sources.protocol import Changeable, Holds
    from chikai.sources.sql import SqlSource
    from chikai.web.work.engine import Work

EVERY_SECONDS: Final = 180.0
A_DAY: Final = timedelta(days=1)
AGAIN: Final = timedelta(minutes=10)  # between two tries of a replay that something hindered
_log: Final = logging.getLogger("chikai.work")
_looked: dict[str, float] = {}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_pruned: dict[str, datetime] = {}


def look(source: str) -> bool:
    """Look whether a source stands behind what we wrote there, and close it then; whether it is closed."""
    if SourceEpoch.objects.names([source]):
        return True
    ours = SourceEpoch.objects.known(source)
    if ours and source in settings.HOME.sources:
        # What we once wrote is gone with its table: then nothing stands there any more.
        stands = _opened(source).epoch() or 0
        if rules.was_restored(stands, ours):
            close(WORK, source, stood=stands)
    return bool(SourceEpoch.objects.names([source]))


def declare(by: Actor, source: str) -> None:
    """Close a source of which a person says that it was restored, whatever stands there."""
    known = SourceEpoch.objects.known(source)
    actions.quarantine(by, source, stood=(_opened(source).epoch() or 0) if known else None)


def close(by: Actor, source: str, *, stood: int | None) -> None:
    """Put a source into quarantine and ask for the replay."""
    settings.HOME.source(source)
    actions.quarantine(by, source, stood=stood)
    ask_replay(WORK, source)


def sweep(now: datetime) -> None:
    """Look at the sources that we write to, try again what was hindered, and end orders that no backup is left for."""
    today = clock.day_in_japan(now)
    if Order.objects.expired(today).exists():
        actions.expire(WORK, today)
    for row in SourceEpoch.objects.quarantined():
        waits = Job.objects.filter(verb="replay", about={"source": row.source})
        if row.waiting or waits.filter(state__in=("todo", "running")).exists():
            continue
        if row.tried_at is None or now - row.tried_at > AGAIN:
            ask_replay(WORK, row.source)
    for source in SourceEpoch.objects.filter(restored_at=None, epoch__gt=0):
        if time.monotonic() - _looked.get(source.pk, float("-inf")) >= EVERY_SECONDS:
            _looked[source.pk] = time.monotonic()
            try:
                if not look(source.pk) and now - _pruned.get(source.pk, _NEVER) >= A_DAY:
                    _pruned[source.pk] = now
                    prune(source.pk, now)
            except ChikaiError as fault:
                _log.warning("`%s` could not be looked at: %s", source.pk, fault.what)


def prune(source: str, now: datetime) -> int:
    """Remove our markers in a source that no backup and no open request can ask for any more; how many there were."""
    config = settings.HOME.sources.get(source)
    if config is None or config.kind != "sql" or config.mode != "enforce":
        return 0
    before = now - timedelta(days=actions.backup_days(source))
    keep = [str(pk) for pk in Request.objects.open().values_list("pk", flat=True)]
    return cast("SqlSource", _opened(source)).prune(before, keep)


def replay(work: Work) -> dict[str, object]:
    """The verb `replay` of the worker."""
    return dict(carry_out(work.about["source"]))


def declared(work: Work) -> dict[str, object]:
    """The verb `restored` of the worker: a person says that an old backup was put back."""
    declare(WORK, work.about["source"])
    return dict(carry_out(work.about["source"]))


def lifted(work: Work) -> dict[str, object]:
    """The verb `lift` of the worker."""
    return {"orders": lift(WORK, work.about["source"])}


def carry_out(source: str) -> dict[str, int]:
    """Carry out again in a restored source what was decided since, and lift it when everything stands."""
    row = _row(source)
    lost: tuple[rules.Order, ...] = ()
    if row.epoch and (stands := _opened(source).epoch() or 0) < row.stood:  # restored once more
        actions.quarantine(WORK, source, stood=stands)
        row = _row(source)
    try:
        lost = _lost(row)
        return _carry_out(row, lost)
    except ChikaiError as fault:
        actions.note_replay(
            *(WORK, source),
            orders=len(lost) or row.orders,
            replayed=0,
            waiting=row.waiting,
            fault=fault.what,
            do=fault.do,
        )
        raise


def _carry_out(row: SourceEpoch, lost: Sequence[rules.Order]) -> dict[str, int]:
    source, place = row.source, _opened(row.source)
    map_, secret = _map(source), order_secret(settings.HOME, source)
    if settings.HOME.source(source).mode != "enforce":
        raise WrongState(
            f"nothing is written into `{source}`, which is not enforced",
            f"run `chikai source mode {source} enforce`, or have the rows mended by hand, then lift it",
            source,
        )
    if row.epoch:
        place.prepare()
    point("replay.begun")
    # Named by what it carries out: tried again it finds what it did, and a later restore is another one.
    name = canon.digest([source, row.stood, str(row.restored_at), [o.id for o in lost]])[-24:]
    again = rules.replay(
        *(place, map_, lost),
        secret=secret,
        step=f"replay-{name}",
        epoch=row.epoch + 1,
        holds=_holds(),
    )
    point("replay.made")
    waiting = len(again.unsettled)
    actions.note_replay(
        WORK, source, orders=len(lost), replayed=len(lost) - waiting, waiting=waiting
    )
    point("replay.noted")
    if again.may_lift:
        _lift(WORK, row, place, len(lost))
    point("replay.lifted")
    return {"orders": len(lost), "waiting": waiting}


def lift(by: Actor, source: str) -> int:
    """Lift a source whose every order stands, without carrying out anything; how many orders there were.

    Raises:
        WrongState: it is not in quarantine, or an order does not stand.
    """
    row = _row(source)
    place, map_, lost = _opened(source), _map(source), _lost(row)
    secret = order_secret(settings.HOME, source)
    unsettled = rules.standing(place, map_, lost, secret=secret, holds=_holds())
    if unsettled:
        raise WrongState(
            f"{len(unsettled)} of {len(lost)} orders do not stand in `{source}`",
            f"run `chikai source replay {source}`; where that does not help, mend the rows by hand",
            source,
        )
    if row.epoch:
        place.prepare()
        with place.changing(Applying(f"lift-{row.stood}", epoch=row.epoch + 1)) as change:
            change.erase(map_, {}, planned={})
    _lift(by, row, place, len(lost))
    return len(lost)


def _lift(by: Actor, row: SourceEpoch, place: Changeable, count: int) -> None:
    stands = place.epoch() or 0
    if row.epoch and stands < row.epoch:
        raise Disagrees(
            "the place where our epoch stands is missing, so that the next restore would not be noticed",
            f"run the statements of `chikai source grants {row.source}`, then replay once more",
            row.source,
        )
    actions.lift(by, row.source, epoch=stands, orders=count)


def _row(source: str) -> SourceEpoch:
    row = SourceEpoch.objects.quarantined().filter(source=source).first()
    if row is None:
        raise WrongState(f"`{source}` is not in quarantine", "nothing is left to do", source)
    return row


def _lost(row: SourceEpoch) -> tuple[rules.Order, ...]:
    """The orders that the restore may have undone; all of them where nothing stands that they could be told by."""
    rows = {str(o.pk): o for o in Order.objects.of(row.source)}
    all_ = [
        rules.Order(id_, tuple(o.marks), o.epoch, "write" if o.sealed else "erase", o.until)
        for id_, o in rows.items()
    ]
    lost = rules.newer(all_, row.stood or -1, clock.day_in_japan(clock.now()))
    _refuse_unknown(row.source, {rows[order.id].at for order in lost})
    writes = [order for order in lost if order.verb == "write"]
    if not writes:
        return lost
    secret = order_secret(settings.HOME, row.source)
    back = rules.known_again(_opened(row.source), _map(row.source), writes, secret)
    opened_ = {i: kept.opened(secret, keys, rows[i].sealed) for i, keys in back.items()}
    return tuple(replace(order, changes=opened_.get(order.id, ())) for order in lost)


def _refuse_unknown(source: str, closed: Collection[datetime]) -> None:
    """Carry out nothing and open nothing while it is not known which of two who were parted asked for it."""
    steps = Step.objects.filter(source=source, state="done", done_at__in=closed)
    unknown = steps.filter(request__between__isnull=False).order_by("request_id")
    if number := unknown.values_list("request__number", flat=True).first():
        raise WrongState(
            f"it is not known which of two persons asked request {number}, so it is not carried out again",
            "say on the page of the request who asked it; it then goes on by itself",
            source,
        )


def _holds() -> Holds:
    return holds.holds(clock.day_in_japan(clock.now()), settings.HOME.books)


def _map(source: str) -> Map:
    found = map_in_force(source)
    if found is None:
        raise WrongState(f"no map of `{source}` is in force", f"run `chikai map adopt {source}`")
    return found


def _opened(source: str) -> Changeable:
    return cast("Changeable", opened(settings.HOME, source))
