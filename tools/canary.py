"""Looks for personal values where none may stand: our own database, ledger, logs, task rows, mails' headers, error pages.

A value counts as found in UTF-8, in JSON's escapes, in hexadecimal and in base64 at each of its three places. What is
meant to hold values is left out: mails' bodies and their `To`, and files handed to a recipient.
"""

from __future__ import annotations

import base64
import email
import email.policy
import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MEANT: Final = ("outgoing",)  # folders of an installation whose files are for a recipient


def needles(value: str) -> Iterator[bytes]:
    """A value in every form in which it could have slipped through."""
    data = value.encode()
    yield data
    yield value.encode("utf-16-le")
    yield data.hex().encode()
    yield json.dumps(value)[1:-1].encode()
    for place in range(3):
        # The signs at the edges hang on the neighbours; those between are the value's own.
        packed = base64.b64encode(b"\0" * place + data)
        yield packed[(0, 2, 3)[place] : len(packed) - 4]


def found_in(data: bytes, values: Iterable[str]) -> list[str]:
    """Those of the values that stand in some bytes; each is long enough not to be there by chance."""
    lower = data.lower()  # what stands there as it is stands there in lower case, too
    return [
        value
        for value in values
        if any(len(n) > 5 and n in lower for n in {n.lower() for n in needles(value)})
    ]


def heads(file: Path) -> bytes:
    """The headers of a mail, decoded, without the address that it goes to."""
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return "\n".join(f"{k}: {v}" for k, v in message.items() if k.lower() != "to").encode()


def everywhere(home: Path, logs: Iterable[Path], values: Iterable[str]) -> dict[str, list[str]]:
    """By place what was found; empty when nothing was."""
    listed = [*values]
    places: dict[str, bytes] = {str(log): log.read_bytes() for log in logs}
    for file in sorted(home.rglob("*")):
        inside = file.relative_to(home)
        if not file.is_file() or inside.parts[0] in MEANT:
            continue
        places[str(inside)] = heads(file) if file.suffix == ".eml" else file.read_bytes()
    return {name: hit for name, data in places.items() if (hit := found_in(data, listed))}
