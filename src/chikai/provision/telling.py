"""Which recipients are to be told that something about a person was corrected or erased.

Whoever received the item before holds the old content, and goes on using it until somebody tells them. The records of
provision say who that is, and since when.

Clauses: 4.1, 6.
Law: APPI Art. 29(1), APPI Art. 34(2), APPI Art. 35(6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

KINDS: Final = ("correct", "add", "delete", "erase")  # requests that change what others may hold


@dataclass(frozen=True, slots=True)
class Given:
    """One provision as its record says it."""

    recipient: str
    name: Mapping[str, str]
    service: str
    items: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A recipient who is to be told: of which items, and since when they hold the first of them."""

    recipient: str
    name: Mapping[str, str]
    items: tuple[str, ...]
    since: datetime


def whom(given: Iterable[Given], *, item: str = "", service: str = "") -> tuple[Told, ...]:
    """The recipients of an item (of any, where none is named) from a service (from any), each once, the earliest first."""
    found: dict[str, list[Given]] = {}
    for one in given:
        touched = tuple(i for i in one.items if item in ("", i))
        if touched and service in ("", one.service):
            kept = Given(one.recipient, one.name, one.service, touched, one.at)
            found.setdefault(one.recipient, []).append(kept)
    told = [
        Told(
            recipient,
            max(rows, key=lambda r: r.at).name,
            tuple(dict.fromkeys(i for r in rows for i in r.items)),
            min(r.at for r in rows),
        )
        for recipient, rows in found.items()
    ]
    return tuple(sorted(told, key=lambda one: (one.since, one.recipient)))
