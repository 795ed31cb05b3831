"""What happened with a person's data, entry by entry, and the receipt by which anybody can check it without us.

Clauses: 6, 8.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from chikai import clock
from chikai.ledger import receipt
from chikai.web.actions import receipts
from chikai.web.models.people import ids_of
from chikai.web.portal import access

if TYPE_CHECKING:
    from chikai.web.models import Entry
    from chikai.web.portal.access import MeRequest

AT_ONCE: Final = 50


def _own(request: MeRequest) -> list[Entry]:
    """The person's entries; none where the mailbox does not say who reads it."""
    return [] if request.me.shared else receipts.entries_about(ids_of(request.person.pk))


@require_safe
@access.person_page
def show(request: MeRequest) -> HttpResponse:
    """The person's own entries, newest first."""
    entries = _own(request)[::-1]
    pages = Paginator(entries, AT_ONCE).get_page(request.GET.get("page"))
    context = {"entries": pages, "count": len(entries)}
    return access.page(request, "portal/history.html", "me-history", context)


@require_safe
@access.person_page
def receipt_file(request: MeRequest) -> HttpResponse:
    """The receipt of one entry of this person, or of all; `chikai verify` reads it."""
    entries = _own(request)
    wanted = request.GET.get("entry", "")
    if wanted:
        entries = [row for row in entries if str(row.index) == wanted]
    if not entries:
        raise Http404
    text = receipt.join(receipts.of(entries))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"chikai-receipt-{clock.day_in_japan(clock.now()):%Y%m%d}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
