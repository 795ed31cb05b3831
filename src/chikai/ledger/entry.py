"""One entry: what the ledger says of an event to everybody.

An entry is one line of text: version, kind, time to the second in UTC, act, subject's tag, commitment. `-` stands for
what is absent. No name, no id of a person and no plain digest of one is in it. The tag is HMAC(tag key, n), where n
counts the subject's entries: with the key one finds them all, and without it no two belong together.

```
1 rights.disclosed 2025-11-26T03:04:05Z 01995e5e... 9f86d081... 2c26b46b...
```
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from chikai.errors import Tampered

VERSION: Final = 1
# Kinds of events that change what the gate answers: each gets a number in the feed to the services.
CHANGES_GATE: Final[frozenset[str]] = frozenset()
FORM: Final = re.compile(
    rb"1 ([a-z_]+\.[a-z_]+) (\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)"
    rb" (-|[0-9a-f]{32}) (-|[0-9a-f]{64}) ([0-9a-f]{64})"
)
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


def tag(key: bytes, n: int) -> bytes:
    """The tag of a subject's entry number `n`, which counts from 0."""
    return hmac.new(key, n.to_bytes(8, "big"), hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry. `at` is aware and in UTC."""

    kind: str
    at: datetime
    act: UUID | None
    tag: bytes | None
    commitment: bytes

    def encode(self) -> bytes:
        """The bytes that the tree holds."""
        act = "-" if self.act is None else self.act.hex
        tag_ = "-" if self.tag is None else self.tag.hex()
        line = f"{VERSION} {self.kind} {self.at.astimezone(UTC):{_TIME}} {act} {tag_} "
        data = f"{line}{self.commitment.hex()}".encode()
        if not FORM.fullmatch(data):
            raise ValueError("the parts of this entry do not make an entry")
        return data

    @classmethod
    def decode(cls, data: bytes) -> Entry:
        """Read an entry; Tampered when the bytes are none."""
        found = FORM.fullmatch(data)
        if found is None:
            raise Tampered("the entry does not have the form of one", "fetch it again")
        kind, at, act, tag_, commitment = (part.decode() for part in found.groups())
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            raise Tampered("the entry's time is none", "fetch it again") from None
        return cls(
            kind,
            moment,
            None if act == "-" else UUID(act),
            None if tag_ == "-" else bytes.fromhex(tag_),
            bytes.fromhex(commitment),
        )
