"""What is kept of a change in case an old backup is put back: marks, and the new values of a correction.

The new values are sealed once for each key of the person, with what only that key and the source's secret give. While
the person's row is not there, nothing opens them.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, cast

from chikai.ledger import sealing
from chikai.sources.orders import mark, marks, opener
from chikai.sources.protocol import Change
from chikai.web.actions.orders import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chikai.sources.protocol import Keys, Value


def draft(secret: bytes, keys: Keys, epoch: int | None, changes: Sequence[Change] = ()) -> Draft:
    """What to keep of a change of one person: an erasure, or with `changes` a correction."""
    if not changes:
        return Draft(marks(secret, keys), epoch)
    text = json.dumps([[c.table, list(c.key), c.column, c.value] for c in changes]).encode()
    sealed = {}
    for register, key in _each(keys):
        name = mark(secret, register, key)
        data = sealing.seal(opener(secret, register, key), text, f"order|{name}")
        sealed[name] = base64.b64encode(data).decode()
    return Draft(marks(secret, keys), epoch, sealed)


def opened(secret: bytes, keys: Keys, sealed: Mapping[str, str]) -> tuple[Change, ...]:
    """The changes of an order, opened with a key that the person has in the source now."""
    for register, key in _each(keys):
        name = mark(secret, register, key)
        if name in sealed:
            data = base64.b64decode(sealed[name])
            text = sealing.unseal(opener(secret, register, key), data, f"order|{name}")
            found = cast("list[tuple[str, list[Value], str, Value]]", json.loads(text))
            return tuple(Change(t, tuple(k), column, value) for t, k, column, value in found)
    return ()


def _each(keys: Keys) -> Iterator[tuple[str, Value]]:
    return ((name, key) for name, held in sorted(keys.items()) if name[0] != "@" for key in held)
