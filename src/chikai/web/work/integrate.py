"""The worker's turn at the ledger: each second events get their entries, and each minute a grown ledger is signed.

A ledger that does not hold together stops neither the worker nor the pages: events wait, and the log of the process
says so once a minute.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, connection

from chikai import clock
from chikai.errors import ChikaiError
from chikai.web.actions import checkpoint, integrate

if TYPE_CHECKING:
    from datetime import datetime

EVERY_SECONDS: Final = 1.0
_QUIET_SECONDS: Final = 60.0
_log: Final = logging.getLogger("chikai.ledger")


def tick(now: datetime) -> int:
    """Integrate what waits, and sign when a minute has passed; how many entries were made."""
    count = integrate.settle()
    if checkpoint.is_due(now):
        checkpoint.sign(now)
    return count


class Beat:
    """One turn at each call. A fault of the ledger is said, and does not reach the worker."""

    def __init__(self) -> None:
        self._said = float("-inf")

    def __call__(self) -> None:
        """Take the turn of this moment."""
        try:
            tick(clock.now())
        except ChikaiError as fault:
            self._say(fault.what)
        except OSError as fault:  # a full disk is waited out
            self._say(f"the disk did not take the head: {fault.strerror}")

    def _say(self, what: str) -> None:
        if time.monotonic() - self._said >= _QUIET_SECONDS:
            self._said = time.monotonic()
            _log.error("events wait for their entries: %s", what)


def beside(stop: threading.Event) -> threading.Thread:
    """Take turns in a thread of its own until `stop` is set: a long piece of work does not hold up the ledger.

    For PostgreSQL. On SQLite actions integrate by themselves, and a second writer would only wait for the first.
    """

    def run() -> None:
        beat = Beat()
        try:
            while not stop.is_set():
                try:
                    beat()
                except DatabaseError:
                    connection.close()  # it is waited for, as the worker waits
                stop.wait(EVERY_SECONDS)
        finally:
            connection.close()

    thread = threading.Thread(target=run, name="ledger", daemon=True)
    thread.start()
    return thread
