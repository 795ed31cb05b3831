"""What an auditor is shown of chosen entries: opened, sealed, or erased with the entry of its erasure.

A file of JSON lines. The first says which log it is about, how many entries it covers, and whether it says something
of each of them; then `complete` files may leave none out: an entry that is missing without an erasure is an alarm.

```
{"complete":true,"origin":"desk.example/ledger/5c0ffee5","size":3}
{"blinding":"...64 hexadecimal digits...","entry":0,"payload":"{...}"}
{"entry":1,"sealed":true}
{"entry":2,"erased":7}
```
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai import canon
from chikai.errors import Tampered
from chikai.ledger import sealing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chikai.ledger.entry import Entry

ERASURE: Final = "keys.destroyed"  # the kind whose facts name the entries that it erased


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry with what it commits to."""

    payload: bytes
    blinding: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry whose payload is there and was not shown."""


@dataclass(frozen=True, slots=True)
class Erased:
    """An entry whose payload is gone, and the entry of the erasure."""

    by: int


Shown = Opened | Sealed | Erased
CLASSES: Final = (Opened, Sealed, Erased)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was shown of a log."""

    origin: str
    size: int
    complete: bool
    entries: Mapping[int, Shown]


def check_opened(entry: Entry, opened: Opened) -> dict[str, object]:
    """The payload as data; Tampered when the entry commits to another one, or is of another kind."""
    if (
        len(opened.blinding) != sealing.BLIND
        or sealing.commit(opened.blinding, opened.payload) != entry.commitment
    ):
        raise Tampered("the payload that was shown is not the one that was committed to")
    try:
        payload = json.loads(opened.payload)
    except ValueError:
        raise Tampered("the payload is no JSON") from None
    if not isinstance(payload, dict) or payload.get("kind") != entry.kind:
        raise Tampered("the payload is of another kind than its entry")
    return payload


def write(disclosure: Disclosure) -> Iterator[str]:
    """The lines of a disclosure, each with its newline."""
    head = {
        "complete": disclosure.complete,
        "origin": disclosure.origin,
        "size": disclosure.size,
    }
    yield canon.encode(head).decode() + "\n"
    for index, shown in disclosure.entries.items():
        line: dict[str, object] = {"entry": index}
        if isinstance(shown, Opened):
            line |= {"payload": shown.payload.decode(), "blinding": shown.blinding.hex()}
        elif isinstance(shown, Sealed):
            line["sealed"] = True
        else:
            line["erased"] = shown.by
        yield canon.encode(line).decode() + "\n"


def parse(lines: Iterable[str]) -> Disclosure:
    """Read a disclosure; Tampered names the line that cannot be read."""
    head: dict[str, object] | None = None
    entries: dict[int, Shown] = {}
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            if canon.encode(said).decode() + "\n" != line:
                raise ValueError
            if head is None:
                head = said
                if said.keys() != {"complete", "origin", "size"}:
                    raise ValueError
                continue
            index = said["entry"]
            if type(index) is not int or index < 0 or index in entries:
                raise ValueError
            entries[index] = _shown(said)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Tampered(
                "a line of what was shown cannot be read", "ask for it again", f"line {number}"
            ) from None
    if head is None or type(head["size"]) is not int or type(head["complete"]) is not bool:
        raise Tampered("what was shown has no first line", "ask for it again", "line 1")
    return Disclosure(str(head["origin"]), head["size"], head["complete"], entries)


def _shown(said: dict[str, object]) -> Shown:
    keys = said.keys() - {"entry"}
    if keys == {"payload", "blinding"}:
        return Opened(str(said["payload"]).encode(), bytes.fromhex(str(said["blinding"])))
    if keys == {"sealed"} and said["sealed"] is True:
        return Sealed()
    if keys == {"erased"} and type(said["erased"]) is int:
        return Erased(said["erased"])
    raise ValueError


def as_ranges(indexes: Iterable[int]) -> str:
    """Numbers in order as short text: `0-3,7`."""
    parts: list[list[int]] = []
    for index in sorted(indexes):
        if parts and parts[-1][1] == index - 1:
            parts[-1][1] = index
        else:
            parts.append([index, index])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in parts)


def out_of_ranges(text: str) -> Iterator[int]:
    """The numbers of such a text."""
    for low, high in _ranges(text):
        yield from range(low, high + 1)


def in_ranges(index: int, text: str) -> bool:
    """Whether a number stands in such a text."""
    return any(low <= index <= high for low, high in _ranges(text))


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in filter(None, text.split(",")):
        low, _, high = part.partition("-")
        if low.isdecimal() and (high or low).isdecimal():
            yield int(low), int(high or low)
