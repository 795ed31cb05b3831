"""Finding a request in the inbox, and looking at one beside the list.

Found by number, kind, or who is in charge; an address or a name of a person is never asked for here, since what is typed
stands in an address of the page.

Clauses: 6.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from chikai.rights import request as rules
from chikai.web import request_words as words
from chikai.web.frame import language
from chikai.web.models import Request
from chikai.web.models.rights import PLACES

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST: Final = 40


def said(text: str) -> str:
    """What was typed, in one spelling: full-width figures are figures."""
    return unicodedata.normalize("NFKC", text).strip()[:LONGEST]


def of(text: str) -> Q:
    """The requests with this number or a part of it, of this kind, or in the charge of this member of staff."""
    tongue = language()
    kinds = [kind for kind in rules.KINDS if text.lower() in words.kind(kind).in_(tongue).lower()]
    return Q(number__contains=text) | Q(kind__in=kinds) | Q(assigned__name__icontains=text)


def closed(text: str) -> QuerySet[Request]:
    """Closed requests that were found, or the last ones, the newest first."""
    rows = Request.objects.filter(state__in=rules.CLOSED).order_by("-decided_at")
    return rows.filter(of(text))[:50] if text else rows[:10]


def beside(number: str) -> dict[str, Any]:
    """One request as the pane beside the list shows it: where it stands, its evidence and places; no value of anybody."""
    row = Request.objects.select_related("assigned").filter(number=number).first()
    if row is None:
        return {}
    places = [s for s in row.steps.order_by("ord") if s.action in PLACES]
    return {
        "row": row,
        "kind": words.kind(row.kind),
        "says": words.STATES[row.status().next],
        "channel": words.CHANNELS[row.channel],
        "evidence": words.EVIDENCES.get(row.evidence, ""),
        "approvals": row.approvals.order_by("at"),
        "places": [(s, words.STEPS[s.state]) for s in places],
        "rows": sum(s.rows for s in places),
        "may": {verb: rules.may(verb, row.state) for verb in rules.MOVES},
    }
