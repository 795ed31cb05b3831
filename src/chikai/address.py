"""Where the pages of an installation answer: what links begin with, and the port that `chikai serve` listens on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

PORT: Final = 8400
HERE: Final = f"http://localhost:{PORT}"
_OURS: Final = {"localhost", "127.0.0.1", "::1"}


def of(web: Mapping[str, object]) -> str:
    """What links and mails begin with, by the table `[web]`."""
    return str(web.get("address", "")).rstrip("/") or HERE


def port(web: Mapping[str, object]) -> int:
    """The port of an address on this machine; behind a proxy, or without one, the usual one."""
    try:
        at = urlsplit(of(web))
        found = at.port if at.scheme == "http" and at.hostname in _OURS else None
    except ValueError:  # the address is no address; the settings say so
        found = None
    return found or PORT


def leads_elsewhere(web: Mapping[str, object], listening: int) -> bool:
    """Whether links lead to another port of this machine than the one that is listened on."""
    return urlsplit(of(web)).hostname in _OURS and port(web) != listening
