"""The signer: signs the ledger's size and root, and never two histories.

It keeps the last checkpoint that it signed in `ledger/head` of the installation's folder, outside the database, and
signs a new one only when the tree still holds that one. A database that was restored from a backup, or replaced, shows
there: the log is closed, and a successor has to name its last head.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NoReturn

from django.conf import settings
from django.db import transaction

from chikai import clock, keyfile
from chikai.errors import Forked, LedgerError, WrongState
from chikai.ledger import note, tiles, tree
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action, integrate
from chikai.web.models.ledger import Checkpoint, Log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chikai.web.actions.integrate import Stored

EVERY: Final = timedelta(seconds=60)
Because = Literal["restored", "replaced", "lost"]
# Why a log was begun anew: words, so that no free text enters the ledger.
BECAUSE: Final[dict[str, str]] = {
    "restored": "the database was restored from a backup",
    "replaced": "the database was replaced by another",
    "lost": "the signer's own head or its key was lost",
}


def signer(origin: str) -> note.Signer:
    """The signer of a log: the installation's key under the log's origin."""
    return note.Signer(origin, settings.HOME.key("ledger-signer"))


def head_file() -> Path:
    """Where the signer keeps the last checkpoint that it signed."""
    return settings.HOME.path / "ledger" / "head"


def is_due(now: datetime) -> bool:
    """Whether the ledger grew since its last checkpoint, and that is a minute ago."""
    log = Log.objects.current()
    if log is None or log.closed_at is not None or log.size == 0:
        return False
    last = Checkpoint.objects.filter(log=log).order_by("-size").first()
    return last is None or (last.size < log.size and last.at + EVERY <= now)


def sign(now: datetime) -> str:
    """The checkpoint of the ledger as it is, signed and kept. Forked closes the log."""
    return cover(now)[0].note


def cover(now: datetime) -> tuple[Checkpoint, Stored]:
    """The same as the row that is kept, with the tiles that were read for it."""
    with _alone():
        log = Log.objects.current()
        if log is None:
            raise WrongState("the ledger has no entry yet", "wait for the first event")
        if log.closed_at is not None:
            raise _closed(log)
        held, stored = head(), integrate.Stored(log)
        root = tiles.Tree(log.size, stored).root()
        if held is None:
            if Checkpoint.objects.filter(log=log).exists():
                _close(log, "the signer's own head is gone", "put `ledger/head` back", now)
            signed = _sign(log, root)
        else:
            _check_growth(log, held, stored, now)
            same = held.origin == log.origin and held.size == log.size
            signed = head_file().read_text() if same else _sign(log, root)
        keyfile.replace(head_file(), signed.encode())
    row = Checkpoint(log=log, size=log.size, at=now, note=signed)
    with transaction.atomic():  # it stands there already where nothing has grown
        Checkpoint.objects.bulk_create([row], ignore_conflicts=True)
    return row, stored


def head() -> note.Checkpoint | None:
    """The last checkpoint that was signed here; None before the first."""
    try:
        data = head_file().read_bytes()
    except FileNotFoundError:
        return None
    origin = data.partition(b"\n")[0].decode("utf-8", "replace")
    try:
        return note.open_checkpoint(data, signer(origin).key)
    except LedgerError:
        raise Forked(
            "`ledger/head` is not signed with `keys/ledger-signer`",
            "put both back from one backup, or run `chikai ledger restart --because lost`",
        ) from None


def _check_growth(log: Log, held: note.Checkpoint, stored: Stored, now: datetime) -> None:
    if held.origin != log.origin:
        before = Log.objects.filter(number=log.number - 1).first()
        if before is None or before.origin != held.origin or before.closed_at is None:
            _close(log, "this database holds another ledger", "put the right database back", now)
        return
    if held.size > log.size:
        what = f"the ledger had {held.size} entries, and the database holds {log.size}"
        _close(log, what, "put the newest database back", now)
    if tiles.Tree(held.size, stored).root() != held.root:
        what = f"the first {held.size} entries are not those that were signed"
        _close(log, what, "put the newest database back", now)


def _close(log: Log, what: str, do: str, now: datetime) -> NoReturn:
    with transaction.atomic():
        Log.objects.filter(number=log.number, closed_at=None).update(closed_at=now)
    raise Forked(what, f"{do}, or run `chikai ledger restart --because REASON`", log.origin)


def _closed(log: Log) -> Forked:
    return Forked(
        "the log is closed, since its history forked",
        "find out why, then run `chikai ledger restart --because REASON`",
        log.origin,
    )


def _sign(log: Log, root: bytes) -> str:
    return signer(log.origin).sign(note.Checkpoint(log.origin, log.size, root).text())


@contextmanager
def _alone() -> Iterator[None]:
    """Be the only signer of this installation."""
    folder = head_file().parent
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@action("officer")
def restart_ledger(by: Actor, *, because: Because) -> Event:
    """Close the log, and begin a successor whose first entry names the last head that was signed."""
    log, now = Log.objects.current(), clock.now()
    if log is None:
        raise WrongState("there is no log to close", "wait for the first event")
    try:
        held = head()
    except LedgerError:
        held = None
        transaction.on_commit(lambda: head_file().unlink(missing_ok=True))
    integrate.lock()
    Log.objects.filter(closed_at=None).update(closed_at=now)
    last = held or note.Checkpoint(log.origin, log.size, integrate.tree_of(log).root())
    number = log.number
    if not Log.objects.filter(origin=last.origin).exists():
        number += 1
        Log.objects.create(
            number=number, origin=last.origin, since=now, size=last.size, closed_at=now
        )
    successor = integrate.begin(number + 1)
    facts: dict[str, str | int | bool | None] = {
        "because": because,
        "log": last.origin,
        "root": last.root.hex() if last.size else tree.EMPTY.hex(),
        "size": last.size,
        "successor": successor.origin,
    }
    return Event("ledger.restarted", facts)
