"""The secret by which a service shows who it is, at the feed and at `/api/v1/`: a file of its own in `keys/`, 0600.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import TYPE_CHECKING, Final

from chikai import keyfile
from chikai.errors import BadInput, ConfigError, NotAllowed

if TYPE_CHECKING:
    from pathlib import Path

    from chikai.home import Home

_SERVICE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


def file_of(home: Home, service: str) -> Path:
    """Where the token of a service stands; BadInput when that cannot be the name of one."""
    if not _SERVICE.fullmatch(service):
        raise BadInput("this is no name of a service", "name it as the policy does")
    return home.path / "keys" / f"gate-{service}.token"


def make(home: Home, service: str) -> Path:
    """The file of a service's token, made on first use; of two that make it together the first wins."""
    file = file_of(home, service)
    keyfile.make(file, secrets.token_urlsafe(32).encode())
    return file


def check(home: Home, service: str, header: str) -> None:
    """NotAllowed unless the header is `Bearer` and the service's token. Nothing says which of the two was wrong."""
    refusal = NotAllowed(
        "the service or its token is not known", "see `chikai gate token SERVICE` on the server"
    )
    try:
        file = file_of(home, service)
        if file.stat().st_mode & 0o077:
            raise ConfigError("a token can be read by others", f"run `chmod 600 {file}`", str(file))
        token = file.read_text("utf-8").strip()
    except (BadInput, OSError):
        raise refusal from None
    word, _, given = header.partition(" ")
    if word.lower() != "bearer" or not hmac.compare_digest(
        token.encode(), given.strip().encode("utf-8", "replace")
    ):
        raise refusal
