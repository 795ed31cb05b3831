"""The desk's inquiries: the list with its clocks, and one inquiry with its answers. Only here is a text opened.

Clauses: 7.
Law: APPI Art. 40(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.inquiry import desk
from chikai.web import fault_words
from chikai.web.actions import inquiry as actions
from chikai.web.actions import of_staff
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models.inquiry import Inquiry

if TYPE_CHECKING:
    from datetime import date

    from chikai.inquiry.desk import Kind

A_PAGE: Final = 25


class Reply(forms.Form):
    """The answer that goes out by mail."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("It goes to the address that the person gave, with this number."),
        max_length=desk.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


@require_safe
@staff_page("officer", "desk", "auditor")
def show_all(request: StaffRequest) -> HttpResponse:
    """Those that wait, the most urgent first; then the others."""
    today = clock.day_in_japan(clock.now())
    waiting = [_line(row, today) for row in Inquiry.objects.waiting()[:200]]
    rest = Inquiry.objects.filter(answered_at__isnull=False)
    context = {
        "waiting": waiting,
        "late": sum(1 for line in waiting if line["left"] < 0),
        "answered": Paginator(rest, A_PAGE).get_page(request.GET.get("page")),
    }
    return page(request, "console/inquiry_list.html", "inquiries", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer", "desk")
def show(request: StaffRequest, number: str) -> HttpResponse:
    """What was written, the answers so far, and the form for the next; a POST answers."""
    row = get_object_or_404(Inquiry, number=number)
    form = Reply(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(of_staff(request.user), number, form.cleaned_data["text"])
        except (BadInput, WrongState) as fault:
            messages.error(request, fault_words.said(fault))
        else:
            messages.success(request, _("The answer was kept, and goes out by mail."))
            return redirect("inquiry", number=number)
    opened = actions.opened(row)
    answers = zip(row.answers.all(), opened.answers, strict=True)
    line = _line(row, clock.day_in_japan(clock.now()))
    context = {"line": line, "row": row, "opened": opened, "answers": list(answers), "form": form}
    return page(request, "console/inquiry_show.html", "inquiries", context)


def _line(row: Inquiry, today: date) -> dict[str, Any]:
    left = desk.days_left(row.due_on, today)
    return {"row": row, "kind": desk.NAMES[cast("Kind", row.kind)], "left": left, "late": -left}
