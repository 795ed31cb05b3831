"""Verbs of persons' requests.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.ledger.events import Event
from chikai.web.actions import Actor, action

if TYPE_CHECKING:
    from uuid import UUID


@action("officer", "desk")
def record_disclosure(
    by: Actor, person: UUID, *, number: str, package: str, edition: str, rows: int, sources: int
) -> Event:
    """Record that a package with this digest was made about a person; it holds no value of the package."""
    return Event(
        "rights.disclosed",
        {
            "number": number,
            "package": package,
            "edition": edition,
            "rows": rows,
            "sources": sources,
        },
        subject=person,
    )
