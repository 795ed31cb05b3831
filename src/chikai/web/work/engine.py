"""The worker: takes a row of work, renews its lease while it works, and writes down how it ended.

A taking raises the fence of the row. A worker that lost its lease (it slept, its machine stopped) finds a higher fence
and writes nothing more. On PostgreSQL several workers skip each other's rows; on SQLite one worker runs at a time.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import logging
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet

from chikai import clock
from chikai.errors import ChikaiError, WrongState
from chikai.web import held_file, wake
from chikai.web.models import Job
from chikai.web.work import integrate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

LEASE: Final = timedelta(seconds=30)
RENEW_SECONDS: Final = 10.0
IDLE_SECONDS: Final = 1.0
LOCK: Final = "work.lock"
COLLECT: Final = (10_000, 10, 10)  # new objects before Python looks for circles among them
MOST_TAKINGS: Final = 5  # a job that ended this many workers ends itself
# Which function does a verb; imported when the first worker asks, so that asking for work stays light.
VERBS: dict[str, str] = {
    "scan": "chikai.web.work.sources:scan",
    "drift": "chikai.web.work.sources:drift",
    "sync": "chikai.web.work.people:sync",
    "count": "chikai.web.work.held:count",
    "read": "chikai.web.work.held:read",
    "whom": "chikai.web.work.whom:read",
    "anonymise": "chikai.web.work.anonymise:anonymise",
    "provide": "chikai.web.work.provision:provide",
    "replay": "chikai.web.work.restored:replay",
    "restored": "chikai.web.work.restored:declared",
    "lift": "chikai.web.work.restored:lifted",
    "send_answer": "chikai.web.work.letters:send_answer",
    "hurry": "chikai.web.work.letters:hurry",
    "wrote": "chikai.web.work.letters:wrote",
    "by_hand": "chikai.web.work.owners:by_hand",
    "follow": "chikai.web.work.following:follow",
    "notify": "chikai.web.work.letters:notify",
    "count_mails": "chikai.web.work.letters:count",
}
# What takes rows that say themselves that they are due: requests that can go on, notices whose mail has not gone.
TURNS: list[str] = ["chikai.web.work.rights:turn", "chikai.web.work.notices:turn"]
# What asks for work that nobody asked for by hand, and ends what has ended.
SWEEPS: list[str] = [
    "chikai.web.work.rights:sweep",
    "chikai.web.work.letters:sweep",
    "chikai.web.work.restored:sweep",
    "chikai.web.actions.feed:prune",
    "chikai.web.actions.used:prune",
]
SWEEP_SECONDS: Final = 5.0
# Where a worker may end in the middle of a request; a test ends it at each.
POINTS: Final = (
    "request.planned",
    *("read.doing", "read.table", "read.written", "read.made"),
    *("read.verify", "read.verified", "read.done"),
    "request.advanced",
    *("pdf.doing", "pdf.made", "pdf.verify", "pdf.verified", "pdf.done"),
    *("package.doing", "package.part", "package.made", "package.verify", "package.verified"),
    "package.done",
    *("count.doing", "count.written", "count.made", "count.verify", "count.verified"),
    *("count.done", "erase.doing", "erase.table", "erase.written", "erase.made"),
    *("erase.verify", "erase.verified", "erase.done"),
    *("replay.begun", "replay.made", "replay.noted", "replay.lifted"),
    *("mail.trying", "mail.sent", "mail.noted"),
)
hook: Callable[[str], None] | None = None  # what a test does at a point
_log: Final = logging.getLogger("chikai.work")


def point(name: str) -> None:
    """A place where a worker may end; it does nothing but for a test."""
    if hook is not None:
        hook(name)


class Overtaken(Exception):
    """Another worker holds this work now: stop, and write nothing."""


@dataclass
class Work:
    """One taking of a job, as the function that does it sees it."""

    id: UUID
    fence: int
    verb: str
    about: Mapping[str, str]
    lost: threading.Event = field(default_factory=threading.Event)
    _shown_at: float = 0.0

    def progress(self, done: int, of: int) -> None:
        """Say how far it is; the row is written at most once a second. Overtaken when the lease was lost."""
        if self.lost.is_set():
            raise Overtaken
        moment = time.monotonic()
        if moment - self._shown_at < 1.0 and done < of:
            return
        self._shown_at = moment
        if not held(self.id, self.fence).update(done=max(done, 0), of=max(of, 0)):
            raise Overtaken


def held(id_: UUID, fence: int) -> QuerySet[Job]:
    """The row, while this taking is the newest."""
    return Job.objects.filter(pk=id_, fence=fence, state="running")


def take(now: datetime) -> Work | None:
    """Take the oldest work that waits, or whose worker went silent; None when there is none."""
    while True:
        with transaction.atomic():
            # A lease that ends further away than any is given was written by a clock that had jumped.
            over = Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE)
            rows = Job.objects.filter(Q(state="todo") | Q(over, state="running"))
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            job = rows.order_by("asked_at").first()
            if job is None:
                return None
            if job.fence < MOST_TAKINGS:
                Job.objects.filter(pk=job.pk).update(
                    state="running", fence=F("fence") + 1, lease_until=now + LEASE
                )
                return Work(job.pk, job.fence + 1, job.verb, job.about)
            what = f"its worker ended {MOST_TAKINGS} times before it did"
            result = {
                "code": "error",
                "what": what,
                "do": "run `chikai doctor`, then ask for it again",
            }
            Job.objects.filter(pk=job.pk).update(state="failed", result=result, ended_at=now)


def do(work: Work) -> str:
    """Do one taking to its end; the state that the row has now, or `overtaken`."""
    with _renewed(work):
        try:
            state, result = "done", dict(_function(work.verb)(work) or {})
        except Overtaken:
            return "overtaken"
        except ChikaiError as error:
            state, result = "failed", {"code": error.code, "what": error.what, "do": error.do}
        except Exception as fault:
            # The text of an unknown fault may quote a value of somebody's database: only its kind is kept.
            _log.error("work %s `%s` ended by %s", work.id, work.verb, type(fault).__name__)
            what = f"an unexpected fault of the kind `{type(fault).__name__}`"
            state, result = "failed", {"code": "error", "what": what, "do": "run `chikai doctor`"}
    ended = held(work.id, work.fence).update(
        state=state, result=result, ended_at=clock.now(), lease_until=None
    )
    return state if ended else "overtaken"


def sweep(now: datetime) -> None:
    """Let each room ask for the work that is due."""
    for place in SWEEPS:
        _named(place)(now)


def _turns(now: datetime) -> int:
    """One turn of each room that takes rows of its own; how many rows were taken."""
    return sum(_named(place)(now) for place in TURNS)


def _named(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _function(verb: str) -> Callable[[Work], Mapping[str, object] | None]:
    if verb not in VERBS:
        raise WrongState(f"there is no work called `{verb}`", "start a worker of this version")
    return _named(VERBS[verb])


@contextmanager
def _renewed(work: Work) -> Iterator[None]:
    """Renew the lease from a thread of its own while the block runs."""
    ended = threading.Event()

    def renew() -> None:
        try:
            while not ended.wait(RENEW_SECONDS):
                touch()
                try:
                    if not held(work.id, work.fence).update(lease_until=clock.now() + LEASE):
                        work.lost.set()
                        return
                except DatabaseError:
                    close_old_connections()  # the next turn tries again; the lease outlasts two of them
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{work.fence}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)


@contextmanager
def alone() -> Iterator[None]:
    """On SQLite, hold the file lock that lets one worker run at a time; WrongState when another holds it."""
    if connection.vendor != "sqlite":
        yield
        return
    with (settings.HOME.path / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WrongState(
                "another worker runs already", "one is enough; with PostgreSQL several may run"
            ) from None
        yield


def touch() -> None:
    """Say that a worker is here: `seen` reads the time of this file."""
    with suppress(OSError):
        (settings.HOME.path / LOCK).touch(mode=0o600)


def seen() -> float | None:
    """How many seconds ago a worker was here, as the clock of this machine says; None before the first."""
    try:
        return max(0.0, clock.now().timestamp() - (settings.HOME.path / LOCK).stat().st_mtime)
    except OSError:
        return None


def drain(say: Callable[[Work, str], None] | None = None) -> int:
    """Do all work that waits, then return how many were done."""
    count, before = 0, -1
    while count != before:
        before = count
        sweep(clock.now())
        while taken := _piece(say):
            count += taken
    integrate.Beat()()
    return count


def _piece(say: Callable[[Work, str], None] | None) -> int:
    """One turn of the rooms, and one piece of work from the queue; how much there was."""
    taken, work = _turns(clock.now()), take(clock.now())
    if work is not None:
        state = do(work)
        if say is not None:
            say(work, state)
    return taken + (work is not None)


def _collect_seldom() -> None:
    """A batch holds tens of thousands of rows that live to its end: looking through them again and again took a fifth of its time."""
    gc.freeze()
    gc.set_threshold(*COLLECT)


def run(stop: threading.Event, say: Callable[[Work, str], None] | None = None) -> None:
    """Work until `stop` is set; the piece in hand is finished first. A database that is away is waited for."""
    _collect_seldom()
    beat, bell, swept = integrate.Beat(), wake.Bell(), float("-inf")
    touch()
    if connection.vendor == "postgresql":
        integrate.beside(stop)
    while not stop.is_set():
        try:
            touch()
            if connection.vendor == "sqlite":
                beat()
            if _piece(say):
                continue
            if time.monotonic() - swept >= SWEEP_SECONDS:
                swept = time.monotonic()
                sweep(clock.now())
                held_file.sweep()
                continue
        except DatabaseError as fault:
            _log.warning("our own database does not answer: %s", type(fault).__name__)
            connection.close()
        except OSError as fault:  # a full disk, most often: what is asked for stays asked for
            _log.warning("the work waits: %s", fault.strerror)
        bell.wait(stop, IDLE_SECONDS)
    bell.close()
