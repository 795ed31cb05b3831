"""What each service uses for each purpose in the draft, ticked in boxes.

A page asks about a part of the boxes where there are many, and leaves the rest as it is.

Clauses: 2.2, 2.3.
Law: APPI Art. 17(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chikai.errors import ChikaiError
from chikai.policy import edit
from chikai.web.actions import of_staff, policy_draft
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.console.policy import said
from chikai.web.console.policy_structure import with_draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chikai.policy.document import Document
    from chikai.policy.load import Draft
    from chikai.web.console.drafts import Read

CELLS: Final = 400  # boxes of one page; a form may send a thousand fields


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
@with_draft
def uses(request: StaffRequest, read: Read, service: str) -> HttpResponse:
    """What one service uses for each purpose: a box for each purpose and item, ticked where it is used."""
    policy = cast("Draft", read.draft).document
    found = policy.service(service)
    if found is None:
        raise Http404
    parts = edit.pages_of_uses(policy, CELLS)
    number = _number(request, len(parts))
    if request.method == "POST":
        return _keep(request, service, parts[number - 1], number)
    context = {
        "policy": policy,
        "service": found,
        "rows": _rows(policy, service, parts[number - 1]),
        "columns": _columns(policy, parts[number - 1]),
        "number": number,
        "numbers": range(1, len(parts) + 1),
    }
    return page(request, "console/policy_uses.html", "desk-policy", context)


def _number(request: StaffRequest, last: int) -> int:
    given = request.GET.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    if not 1 <= number <= last:
        raise Http404
    return number


def _columns(policy: Document, part: Mapping[str, tuple[str, ...]]) -> list[object]:
    """The items that head the columns; none where the purposes of a page ask about different ones."""
    asked = set(part.values())
    return [c for c in policy.categories if c.id in next(iter(asked))] if len(asked) == 1 else []


def _rows(policy: Document, service: str, part: Mapping[str, tuple[str, ...]]) -> list[object]:
    return [
        (
            purpose,
            [
                (item, item.id in purpose.categories_at(service))
                for item in policy.categories
                if item.id in part[purpose.id]
            ],
        )
        for purpose in policy.purposes
        if purpose.id in part
    ]


def _keep(
    request: StaffRequest, service: str, asked: Mapping[str, tuple[str, ...]], number: int
) -> HttpResponse:
    chosen: dict[str, set[str]] = {}
    for box in request.POST.getlist("use"):
        purpose, _slash, item = box.partition("/")
        chosen.setdefault(purpose, set()).add(item)
    try:
        policy_draft.restructure(
            of_staff(request.user),
            seen=request.POST.get("seen", ""),
            change=lambda policy: edit.with_uses(policy, service, chosen, asked),
        )
    except ChikaiError as fault:
        messages.error(request, " ".join(said(fault)))
    else:
        messages.success(request, _("The draft was changed. Nothing is published yet."))
    where = reverse("policy-uses", args=[service])
    return redirect(f"{where}?page={number}" if number > 1 else where)
