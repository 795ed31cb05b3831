"""One byte string for every value, its digest, and ids that sort by time.

Canonical JSON is RFC 8785 without numbers that are not integers: keys sorted by code point, no white space, UTF-8,
nothing escaped that need not be. Two values are equal if and only if their canonical bytes are.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Final

EXACT_INTEGER: Final = 2**53 - 1  # beyond it other JSON readers lose digits


def plain(value: object) -> object:
    """Turn a value into dicts, lists, strings, integers, booleans and None, losing nothing.

    Dataclasses become objects without their None and empty fields' being dropped; dates become ISO text; a set
    becomes a sorted list. Floats are refused: their text differs between languages.
    """
    if value is None or isinstance(value, bool | str):
        return str(value) if isinstance(value, enum.Enum) else value
    if isinstance(value, int):
        if abs(value) > EXACT_INTEGER:
            raise TypeError(f"canonical JSON cannot hold the integer {value}")
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain(inner) for inner in value), key=_dump)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(inner) for inner in value]
    raise TypeError(f"canonical JSON cannot hold {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"canonical JSON cannot hold the key {key!r}")
    return key


def _dump(value: object) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def encode(value: object) -> bytes:
    """The one canonical byte form of a value."""
    return _dump(plain(value)).encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes as `sha256:` and 64 hexadecimal digits."""
    return digest_bytes(encode(value))


def digest_bytes(data: bytes) -> str:
    """SHA-256 of bytes as `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def new_id(now: datetime) -> uuid.UUID:
    """A new UUIDv7 (RFC 9562): 48 bits of Unix milliseconds of `now`, then randomness."""
    moment = int(now.timestamp() * 1000)
    value = (moment & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
