"""The desk's part in an answer on paper: printing the package, and noting that it was handed over.

Clauses: 6.
Law: APPI Art. 33(1), APPI Art. 33(2).
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.rights import carrying, handing, printed
from chikai.rights import request as rules
from chikai.web import fault_words, released
from chikai.web import request_words as words
from chikai.web.actions import handing as actions
from chikai.web.actions import of_staff, whose
from chikai.web.actions import rights as requests
from chikai.web.console.access import StaffRequest, staff_page
from chikai.web.models import Asked, Request

if TYPE_CHECKING:
    from collections.abc import Callable

# A package's page carries its own style and nothing that runs.
ALONE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class HandOver(forms.Form):
    """By which way it went, and when."""

    way = forms.ChoiceField(
        label=gettext_lazy("How was it handed over?"),
        choices=[(way, words.HANDED[way]) for way in handing.WAYS],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(
        label=gettext_lazy("On which day?"), widget=forms.DateInput(attrs={"type": "date"})
    )


def shown(row: Request) -> dict[str, Any]:
    """What the page of a request says of its way to the person."""
    asked = Asked.objects.filter(request=row).first()
    steps = {step.action: step for step in row.steps.all()}
    step, made = steps.get(handing.ACTION), steps.get("package")
    on_paper = asked is not None and asked.form == "paper"
    fetched = row.ready(clock.now())
    open_ = row.kind in carrying.PACKAGED and (fetched or row.state in rules.UNDECIDED)
    address = requests.read_note(row, "reply_to") if row.channel != "service" else ""
    return {
        "read_by_others": bool(address) and whose.is_of_others(address, row),
        "on_paper": (on_paper and not fetched) or step is not None,
        "may_choose_paper": open_ and step is None and (fetched or not on_paper),
        "handing": step,
        "handed": released.handed_of(row),
        "may_print": step is not None
        and step.state == "manual"
        and made is not None
        and made.state == "done",
        "hand_over": HandOver(initial={"on": clock.day_in_japan(clock.now())}),
    }


@require_POST
@staff_page("officer", "desk")
def choose(request: StaffRequest, number: str) -> HttpResponse:
    """The person wants it on paper, or their mailbox is dead."""
    row, by = get_object_or_404(Request, number=number), of_staff(request.user)
    return _did(request, number, lambda: actions.choose_paper(by, row))


@require_POST
@staff_page("officer", "desk")
def hand_over(request: StaffRequest, number: str) -> HttpResponse:
    """It was posted, or handed over at the counter."""
    row, form = get_object_or_404(Request, number=number), HandOver(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how it was handed over, and on which day."))
        return redirect("desk-request", number)
    said, by = form.cleaned_data, of_staff(request.user)
    return _did(request, number, lambda: actions.hand_over(by, row, way=said["way"], on=said["on"]))


@require_POST
@staff_page("officer", "desk")
def print_(request: StaffRequest, number: str, part: str) -> HttpResponse:
    """One part of the package, opened to be printed; the entry in the ledger comes first."""
    row, by = get_object_or_404(Request, number=number), of_staff(request.user)
    try:
        actions.open_to_print(by, row, part=part)
        archive = released.archive_to_print(row)
    except (BadInput, WrongState) as fault:
        messages.error(request, fault_words.said(fault))
        return redirect("desk-request", number)
    if part == "letter":
        return _letter(request, number, archive)
    pieces = (piece.encode() for piece in printed.page(archive))
    response = StreamingHttpResponse(pieces, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = ALONE
    response["Cache-Control"] = "no-store"
    return cast("HttpResponse", response)


def _letter(request: StaffRequest, number: str, archive: zipfile.ZipFile) -> HttpResponse:
    if "letter.pdf" not in archive.namelist():
        messages.error(request, _("No letter was made, since no Japanese font is installed."))
        return redirect("desk-request", number)
    response = HttpResponse(archive.read("letter.pdf"), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letter-{number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _did(request: StaffRequest, number: str, verb: Callable[[], object]) -> HttpResponse:
    try:
        verb()
    except (BadInput, WrongState) as fault:
        messages.error(request, fault_words.said(fault))
    else:
        messages.success(request, _("It was done, and the ledger keeps it."))
    return redirect("desk-request", number)
