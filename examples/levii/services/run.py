"""Runs one example service until the process is ended."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from chikai.errors import ChikaiError
from examples.levii.services import place as places
from examples.levii.services.wsgi import Web, serve


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
    with suppress(ChikaiError):
        place.gate.refresh()
    try:
        serve(made(place), args.port)
    finally:
        place.close()
    return 0
