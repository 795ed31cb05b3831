"""The persons: how many, how they are linked, and the doubtful pairs that an officer decides. Never a value.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chikai.errors import BadInput, WrongState
from chikai.web.actions import of_staff
from chikai.web.actions import people as actions
from chikai.web.actions import rights_asked as care
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Candidate, IdentityTable, Person, Request

A_PAGE: Final = 25
FINDINGS: Final = {"one": actions.confirm, "two": actions.deny}


@require_safe
@staff_page("officer", "desk", "auditor")
def show(request: StaffRequest) -> HttpResponse:
    """Counts, identity tables as last read, and the pairs that wait."""
    waiting = Candidate.objects.waiting().select_related("a", "b").order_by("pk")
    counts = Person.objects.registry_counts()
    context = {
        "counts": counts,
        "doubtful": sum(counts.waiting.values()),
        "links": sum(counts.links.values()),
        "tables": IdentityTable.objects.order_by("source", "table"),
        "pairs": Paginator(waiting, A_PAGE).get_page(request.GET.get("page")),
    }
    return page(request, "console/people_show.html", "people", context)


@require_POST
@staff_page("officer")
def decide(request: StaffRequest, number: int, finding: str) -> HttpResponse:
    """Find that a pair is one person, or two."""
    if finding not in FINDINGS:
        raise Http404
    # From the page of a request one goes back there; what is no number of one leads to the persons.
    asked = Request.objects.filter(number=request.POST.get("request", "")).first()
    try:
        FINDINGS[finding](of_staff(request.user), number)
    except (BadInput, WrongState) as error:
        messages.error(request, error.what)
    else:
        messages.success(request, _("Your finding was recorded."))
        if asked is not None and finding == "one":
            care.name_agent(of_staff(request.user), asked)
    return redirect("desk-request", asked.number) if asked else redirect("people")
