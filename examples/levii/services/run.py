"""Runs one example service until the process is ended."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from chikai.errors import ChikaiError
from examples.levii.services import place as places
from examples.levii.services.wsgi import Web, serve


def _connect(place: places.Place) -> None:
    """Take a copy of the choices; a feed that is not up yet is waited for."""
    while True:
        with suppress(ChikaiError, OSError):
            place.gate.refresh()
            return
        time.sleep(0.5)


def main(service: str, made: Callable[[places.Place], Web], words: list[str] | None = None) -> int:
    """Serve a service's pages on the loopback address."""
    parser = argparse.ArgumentParser(prog=f"python -m examples.levii.services.{service}")
    parser.add_argument("--port", type=int, required=True)
    places.argument(parser)
    args = parser.parse_args(words)

    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    place = places.Place(args.place, service)
    # From the first minute, so that a stop is heard here before anybody opens a page.
    threading.Thread(target=_connect, args=(place,), name="connect", daemon=True).start()
    try:
        serve(made(place), args.port)
    finally:
        place.close()
    return 0
