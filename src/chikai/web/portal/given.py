"""What was given to others about a person: day, recipient, items, reason and basis of each provision.

Clauses: 4.1, 4.2.
Law: APPI Art. 33(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.paginator import Paginator
from django.views.decorators.http import require_safe

from chikai.policy import kept
from chikai.web.models.people import ids_of
from chikai.web.models.provision import ProvisionRecord
from chikai.web.portal import access, services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chikai.web.portal.access import MeRequest

AT_ONCE: Final = 25


@require_safe
@access.person_page
def show(request: MeRequest) -> HttpResponse:
    """Every record about this person that is kept, newest first."""
    policy = services.document()
    names = {c.id: c.name for c in policy.categories} if policy else {}
    rows = ProvisionRecord.objects.of([] if request.me.shared else ids_of(request.person.pk))
    records = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    given = [
        {
            "row": row,
            "items": [names.get(item, item) for item in row.items],
            "basis": kept.RECIPIENTS.get(row.basis, row.basis),  # type: ignore[call-overload]
        }
        for row in records
    ]
    return access.page(request, "portal/given.html", "me-given", {"given": given, "pager": records})
