"""The file of held values: written by the worker, sealed to one signed-in browser, gone after fifteen minutes.

The browser's cookie gives an X25519 key; its public half stands in the session's row. Whoever reads our database and our
files, and has no cookie of that moment, reads nothing.

Clauses: 5, 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from chikai import home
from chikai.errors import Tampered
from chikai.ledger import sealing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

LASTS: Final = timedelta(minutes=15)
_RAW: Final = 32


def public_half(token: str) -> bytes:
    """The public half of the key that a cookie's token gives."""
    return _raw(_private(token).public_key())


def write(session: UUID, public: bytes, held: Mapping[str, Any]) -> None:
    """Seal what was read to the session that asked for it, and take away what is over."""
    sweep()
    folder().mkdir(mode=0o700, exist_ok=True)
    once = X25519PrivateKey.generate()
    own = _raw(once.public_key())
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(public)), own, public)
    data = json.dumps(held, ensure_ascii=False).encode()
    sealed = own + sealing.seal(key, data, _context(session))
    home.write(_file(session), sealed.hex())


def read(session: UUID, token: str) -> dict[str, Any] | None:
    """What was read, opened with the cookie's token; None when there is nothing, or it is over."""
    sweep()
    try:
        sealed = bytes.fromhex(_file(session).read_text("ascii"))
        private = _private(token)
        own = sealed[:_RAW]
        shared = private.exchange(X25519PublicKey.from_public_bytes(own))
        key = _key(shared, own, _raw(private.public_key()))
        found: dict[str, Any] = json.loads(sealing.unseal(key, sealed[_RAW:], _context(session)))
    except (OSError, ValueError, Tampered):
        return None
    return found


def drop(session: UUID) -> None:
    """Take the file of a session away."""
    _file(session).unlink(missing_ok=True)


def sweep() -> int:
    """Take away every file that is over; how many."""
    count, oldest = 0, time.time() - LASTS.total_seconds()
    for file in folder().glob("*.sealed") if folder().exists() else ():
        try:
            if file.stat().st_mtime < oldest:
                file.unlink()
                count += 1
        except FileNotFoundError:  # another process was quicker
            continue
    return count


def folder() -> Path:
    """Where the files stand."""
    return Path(settings.HOME.path) / "held"


def _file(session: UUID) -> Path:
    return folder() / f"{session}.sealed"


def _private(token: str) -> X25519PrivateKey:
    seed = hmac.new(token.encode(), b"chikai portal seal", hashlib.sha256).digest()
    return X25519PrivateKey.from_private_bytes(seed)


def _raw(key: X25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key(shared: bytes, own: bytes, public: bytes) -> bytes:
    return hmac.new(shared, b"chikai held" + own + public, hashlib.sha256).digest()


def _context(session: UUID) -> str:
    return f"held|{session}"
