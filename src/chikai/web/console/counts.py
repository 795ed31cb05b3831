"""The figures of the overview and of the menu.

Clauses: 1.1.
"""

from __future__ import annotations

from chikai.web.console import drafts
from chikai.web.models import Inquiry, MapEdition, Request
from chikai.web.models.rights_asked import unanswered


def maps() -> dict[str, MapEdition]:
    """The map in force of each source."""
    return {row.source: row for row in MapEdition.objects.defer("text").order_by("id")}


def map_notes() -> tuple[int, int]:
    """How many columns nobody has decided, and how many sources have drifted."""
    rows = maps().values()
    return sum(row.undecided for row in rows), sum(1 for row in rows if row.drift)


def inquiries() -> int:
    """How many inquiries wait for their first answer."""
    return Inquiry.objects.waiting().count()


def services() -> list[dict[str, object]]:
    """The services of the policy's draft, for the field that asks which one a source belongs to."""
    document = drafts.read().document
    return [{"id": s.id, "name": s.name} for s in document.services] if document else []


def requests() -> int:
    """How many requests of persons are open."""
    return Request.objects.open().count()


def messages() -> int:
    """In how many open requests the person wrote last."""
    return unanswered().count()
