"""What is done to several requests of the inbox at once: giving them to somebody, putting them off.

Each is an act of its own with its own entry; one that cannot be done keeps none of the others from being done.

Clauses: 6.
Law: APPI Art. 36.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.web import fault_words
from chikai.web.actions import of_staff, rights
from chikai.web.actions import rights_asked as care
from chikai.web.console import request_forms as forms
from chikai.web.console.access import StaffRequest, staff_page
from chikai.web.models import Request, Staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from chikai.web.actions import Actor

MOST: Final = 200


def colleagues() -> list[Staff]:
    """Who may have a request in charge."""
    active = Staff.objects.filter(is_active=True).order_by("name")
    return [staff for staff in active if staff.has_role("desk") or staff.has_role("officer")]


@require_POST
@staff_page("officer", "desk")
def act(request: StaffRequest) -> HttpResponse:
    """Do one thing to every request that was chosen."""
    numbers = request.POST.getlist("number")[:MOST]
    rows = list(Request.objects.open().filter(number__in=numbers))
    try:
        verb = _verb(request, of_staff(request.user))
    except BadInput as fault:
        messages.error(request, fault_words.said(fault))
        return redirect("requests")
    if not rows:
        messages.error(request, _("Choose requests in the list first."))
        return redirect("requests")
    done = 0
    for row in rows:
        try:
            verb(row)
        except (BadInput, WrongState, NotAllowed) as fault:
            messages.error(request, f"{row.number}：{fault_words.said(fault)}")
        else:
            done += 1
    if done:
        said = ngettext("Done for %(n)s request.", "Done for %(n)s requests.", done)
        messages.success(request, said % {"n": done})
    return redirect("requests")


def _verb(request: StaffRequest, by: Actor) -> Callable[[Request], object]:
    if request.POST.get("do") == "extend":
        form = forms.Extend(request.POST)
        if not form.is_valid():
            raise BadInput("the new day or the reason is missing", "write both")
        said = form.cleaned_data
        return lambda row: care.extend_request(by, row, until=said["until"], reason=said["reason"])
    staff = get_object_or_404(Staff, pk=request.POST.get("staff") or 0, is_active=True)
    return lambda row: rights.assign_request(by, row, staff=staff)
