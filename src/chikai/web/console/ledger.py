"""The entries of the ledger, in words.

Clauses: 1.1, 6.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from chikai.web import event_words
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models.ledger import Events, counted

A_PAGE = 50


@require_safe
@staff_page("officer", "auditor")
def show(request: StaffRequest) -> HttpResponse:
    """Number, kind in words, time and actor of each entry; one kind only, where asked."""
    kind = request.GET.get("kind", "")
    found = Events(kind if kind in event_words.SENTENCES else "")
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    kinds = [row.kind for row in counted()]
    context = {"entries": shown, "kinds": kinds, "kind": kind, "about": f"kind={kind}&"}
    return page(request, "console/ledger_show.html", "ledger", context)
