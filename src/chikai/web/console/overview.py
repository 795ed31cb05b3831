"""The first page of the console: where this installation stands, and what is next.

Clauses: 1.1.
"""

from __future__ import annotations

from django.db.models import Max
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from chikai.web.console import counts, sources
from chikai.web.console.access import ANY, StaffRequest, page, staff_page
from chikai.web.models import Edition, Link, Person
from chikai.web.models.ledger import Events

LAST = 8


@require_safe
@staff_page(*ANY)
def show(request: StaffRequest) -> HttpResponse:
    """What is published, how the sources are, how much of the maps is decided, and the last entries."""
    maps = counts.maps().values()
    columns = sum(row.columns for row in maps)
    undecided = sum(row.undecided for row in maps)
    rows = sources.rows()
    context = {
        "current": Edition.objects.current(),
        "columns": columns,
        "undecided": undecided,
        "decided": columns - undecided,
        "drifted": [row for row in maps if row.drift],
        "sources": rows,
        "mapped": [row for row in rows if row.map],
        "persons": Person.objects.filter(merged_into=None).count(),
        "links": Link.objects.present().count(),
        "as_of": Link.objects.aggregate(last=Max("since"))["last"],
        "wrote": counts.messages(),
        "entries": Events()[:LAST],
    }
    return page(request, "console/overview_show.html", "desk", context)
