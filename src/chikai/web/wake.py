"""Waking the worker: a datagram to a socket in the installation's folder. The worker's own sweep finds what it missed.

Clauses: 6.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

if TYPE_CHECKING:
    import threading
    from pathlib import Path

NAME: Final = "wake.sock"


def _place() -> Path:
    path: Path = settings.HOME.path / NAME
    return path


def after_commit() -> None:
    """Wake the worker when the open transaction is in the database."""
    transaction.on_commit(ring, robust=True)


def ring() -> None:
    """Wake whoever listens; nobody need."""
    place = _place()
    if not place.exists():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.setblocking(False)
        try:
            bell.sendto(b"1", str(place))
        except OSError:  # nobody listens, or it rings already
            return


class Bell:
    """What a worker waits at. Where it cannot be hung up (a long path, another worker), the wait is a plain one."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            _place().unlink(missing_ok=True)
            self._socket.bind(str(_place()))
            _place().chmod(0o600)
        except OSError:
            self._socket.close()
            self._socket = None

    def wait(self, stop: threading.Event, seconds: float) -> None:
        """Wait until it rings, or so many seconds, or until `stop` is set where no bell hangs."""
        if self._socket is None:
            stop.wait(seconds)
            return
        self._socket.settimeout(seconds)
        try:
            self._socket.recv(16)
            self._socket.setblocking(False)
            while self._socket.recv(16):
                continue
        except OSError:
            return

    def close(self) -> None:
        """Take it down."""
        if self._socket is not None:
            self._socket.close()
            _place().unlink(missing_ok=True)
