"""Beside the worker: each second events get their entries, and each minute a grown ledger is signed.

A ledger that does not hold together stops neither the worker nor the pages: events wait, and it is said in the log of
the process once a minute.
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
    count = integrate.integrate()
    if checkpoint.is_due(now):
        checkpoint.sign(now)
    return count


def run(stop: threading.Event) -> None:
    """Tick each second until `stop` is set."""
    said = float("-inf")
    try:
        while not stop.is_set():
            try:
                tick(clock.now())
            except (ChikaiError, DatabaseError) as fault:
                what = fault.what if isinstance(fault, ChikaiError) else type(fault).__name__
                if time.monotonic() - said >= _QUIET_SECONDS:
                    said = time.monotonic()
                    _log.error("events wait for their entries: %s", what)
                connection.close()
            stop.wait(EVERY_SECONDS)
    finally:
        connection.close()


def beside(stop: threading.Event) -> threading.Thread:
    """The same in a thread of its own, started: a long piece of work does not hold up the ledger."""
    thread = threading.Thread(target=run, args=(stop,), name="ledger", daemon=True)
    thread.start()
    return thread
