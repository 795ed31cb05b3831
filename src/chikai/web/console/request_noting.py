"""The desk's notes of what happened outside of it: a person was told, a fee came, a request was taken back.

Clauses: 6.
Law: APPI Art. 33(3), APPI Art. 38(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.web import fault_words
from chikai.web import request_words as words
from chikai.web.actions import noting as actions
from chikai.web.actions import of_staff, taking_back
from chikai.web.console.access import StaffRequest, staff_page
from chikai.web.models import Outbox, Request, TakenBack

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse


class Noted(forms.Form):
    """The day, and where it matters the way."""

    way = forms.CharField(max_length=10, required=False)
    on = forms.DateField()


def shown(row: Request) -> dict[str, Any]:
    """The notices of a request, each with how it was told, and the ways there are."""
    return {
        "told": [(n, words.TOLD.get(n.told_way, "")) for n in row.notices.order_by("made_at")],
        "ways": [(way, words.TOLD[way]) for way in actions.WAYS],
        "back_ways": [(way, words.CHANNELS[way]) for way in taking_back.WAYS],
        "taken_back": _taken_back(row),
        "today": clock.day_in_japan(clock.now()),
    }


def _taken_back(row: Request) -> dict[str, Any]:
    """Who took a request back, when, by which way and on which evidence; empty where nobody did."""
    found = TakenBack.objects.filter(request=row).first()
    if found is None:
        return {}
    said = {"way": words.CHANNELS[found.way], "evidence": words.EVIDENCES.get(found.evidence, "")}
    return {"row": found, **said}


@require_POST
@staff_page("officer", "desk")
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """The person takes the request back by phone, by post or at the counter, and staff checked who they are."""
    row, by = get_object_or_404(Request, number=number), of_staff(request.user)
    way, checked = request.POST.get("way", ""), "checked" in request.POST
    return _did(
        request, number, lambda: taking_back.record_withdrawal(by, row, way=way, checked=checked)
    )


@require_POST
@staff_page("officer", "desk")
def told(request: StaffRequest, number: str, id_: int) -> HttpResponse:
    """The person was told of a notice."""
    notice, by = get_object_or_404(Outbox, pk=id_, request__number=number), of_staff(request.user)
    return _noted(request, number, lambda way, on: actions.note_told(by, notice, way=way, on=on))


@require_POST
@staff_page("officer", "desk")
def fee(request: StaffRequest, number: str) -> HttpResponse:
    """The fee came."""
    row, by = get_object_or_404(Request, number=number), of_staff(request.user)
    return _noted(request, number, lambda _way, on: actions.note_fee(by, row, on=on))


def _noted(request: StaffRequest, number: str, verb: Callable[..., object]) -> HttpResponse:
    form = Noted(request.POST)

    def note() -> None:
        if not form.is_valid():
            raise BadInput("the day is missing", "write the day on which it was")
        verb(form.cleaned_data["way"], form.cleaned_data["on"])

    return _did(request, number, note)


def _did(request: StaffRequest, number: str, verb: Callable[[], object]) -> HttpResponse:
    try:
        verb()
    except (BadInput, WrongState) as fault:
        messages.error(request, fault_words.said(fault))
    else:
        messages.success(request, _("It was done, and the ledger keeps it."))
    return redirect("desk-request", number)
