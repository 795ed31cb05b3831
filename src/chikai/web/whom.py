"""Whom a request is about, as a worker read it, opened for the desk.

Clauses: 6.
Law: APPI Art. 37(1).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.errors import WrongState
from chikai.web import packages
from chikai.web.actions.rights import key_of

if TYPE_CHECKING:
    from chikai.web.models import Request

KNOWN_BY: Final = frozenset({"name", "kana", "email", "phone", "birth_date"})


@dataclass(frozen=True, slots=True)
class Known:
    """One row of an identity table: where it stands, its key, and what it says of whom."""

    source: str
    table: str
    key: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Whom:
    """The rows, and the places that could not be read."""

    rows: tuple[Known, ...]
    unread: tuple[str, ...]


def of_request(request: Request) -> Whom | None:
    """What was read of the person; None before a worker has."""
    try:
        with packages.reading(request, packages.WHOM, key_of(request)) as file:
            places = json.loads(file.read())
    except WrongState:
        return None
    rows = tuple(
        Known(p["source"], r["table"], r["key"], tuple((n, v) for n, v in r["values"]))
        for p in places
        for r in p["rows"]
    )
    read = ("counted", "nothing")
    return Whom(rows, tuple(p["source"] for p in places if p["standing"] not in read))


def is_read(request: Request) -> bool:
    """Whether a worker has read it."""
    return (packages.folder(request) / packages.WHOM).exists()
