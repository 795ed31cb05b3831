"""Handing a signed-in person over from a service to the portal: one short-lived, signed address.

The service and Chikai share a key of 32 bytes or more (`keys/handoff-SERVICE`). The token names the service, the
service's own key of the person, the moment and a nonce; Chikai takes it within 120 seconds, and once. Standard library
only.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from chikai import clock
from chikai.errors import BadInput, ConfigError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

SECONDS: Final = 120  # a token is good for so long after it was made
SKEW: Final = 10  # and so long before, where the two clocks differ
SHORTEST: Final = 32
LONGEST: Final = 2000
_BAD: Final = "this hand-off is not valid"
_AGAIN: Final = "go back to the service and press the link once more"


@dataclass(frozen=True, slots=True)
class Handed:
    """Whom a service handed over: its name, its own key of the person, and the nonce that is taken once."""

    service: str
    key: str
    nonce: str


def link(
    address: str, service: str, key: int | str, key_file: Path, *, language: str = "ja"
) -> str:
    """The address to which a service redirects the person whom it has signed in; make one for each press.

    `address` is where Chikai answers, such as `https://privacy.example`; `key` is the service's own key of the person.
    """
    try:
        secret = key_file.read_bytes()
    except OSError:
        raise ConfigError(
            "the key of the hand-off cannot be read",
            f"copy `keys/handoff-{service}` from the installation, readable by the service only",
            str(key_file),
        ) from None
    token = write(Handed(service, str(key), secrets.token_urlsafe(16)), secret, clock.now())
    tongue = "/en" if language == "en" else ""
    return f"{address.rstrip('/')}{tongue}/me/enter?token={quote(token)}"


def write(handed: Handed, secret: bytes, now: datetime) -> str:
    """The token: what is said, and its HMAC-SHA256."""
    if len(secret) < SHORTEST:
        raise ConfigError(
            "the key of the hand-off is too short", f"it has {SHORTEST} bytes or more"
        )
    said = {
        "iat": int(now.timestamp()),
        "key": handed.key,
        "nonce": handed.nonce,
        "service": handed.service,
    }
    body = _encode(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())
    return f"{body}.{_encode(_sign(body, secret))}"


def service_of(token: str) -> str:
    """The service that a token names, before anything is checked: it says which key to check it with."""
    return _said(token)[0].service


def read(token: str, secret: bytes, now: datetime) -> Handed:
    """Whom a token hands over; BadInput when it was changed, is old, or is of another key."""
    handed, made_at = _said(token)
    body, _, signature = token.partition(".")
    if not hmac.compare_digest(_encode(_sign(body, secret)), signature):
        raise BadInput(_BAD, _AGAIN)
    if not -SKEW <= now.timestamp() - made_at <= SECONDS:
        raise BadInput(f"this hand-off is older than {SECONDS} seconds", _AGAIN)
    return handed


def _said(token: str) -> tuple[Handed, int]:
    body, dot, signature = token.partition(".")
    try:
        if not dot or not signature or len(token) > LONGEST or not token.isascii():
            raise ValueError
        said = json.loads(base64.b64decode(body + "=" * (-len(body) % 4), b"-_", validate=True))
        service, key, nonce, made_at = (said[k] for k in ("service", "key", "nonce", "iat"))
        texts = all(isinstance(text, str) and text for text in (service, key, nonce))
        if (
            not texts
            or type(made_at) is not int
            or said.keys() != {"service", "key", "nonce", "iat"}
        ):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput(_BAD, _AGAIN) from None
    return Handed(service, key, nonce), made_at


def _sign(body: str, secret: bytes) -> bytes:
    return hmac.new(secret, b"chikai-handoff 1\n" + body.encode(), hashlib.sha256).digest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
