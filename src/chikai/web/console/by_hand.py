"""Places that people look through: the list with its due dates, what was found with its proof, and the second look.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chikai import clock
from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.rights import paper
from chikai.web import fault_words
from chikai.web.actions import by_hand as actions
from chikai.web.actions import of_staff, steps
from chikai.web.console import request_care
from chikai.web.console import request_forms as forms
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Step, Telling

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from chikai.sources.config import SourceConfig
    from chikai.web.models import ByHand, Request


@dataclass(frozen=True, slots=True)
class Task:
    """One place that waits for people: until when, who looks there and how, and what was found already."""

    step: Step
    place: SourceConfig | None
    found: ByHand | None
    due_on: date
    over: int

    @property
    def note(self) -> str:
        """What was found, in the words of who searched: whoever looks again reads it."""
        return actions.read_note(self.step, self.found) if self.found else ""

    @property
    def tables(self) -> list[tuple[str, int]]:
        """What is to be changed there by hand, by table, where a program of ours has counted it."""
        rows: dict[str, int] = self.step.found.get("rows", {})
        return list(rows.items()) if self.step.request.state == "acting" else []

    @property
    def form(self) -> forms.Manual:
        """What is to be filled in."""
        return forms.Manual()


def task(step: Step, now: datetime) -> Task:
    """A step as a task. It is due so many days after it was planned, and never later than the request itself."""
    place, due = actions.place_of(step), actions.due_of(step)
    over = (clock.day_in_japan(now) - due).days
    return Task(step, place, getattr(step, "by_hand", None), due, max(0, over))


def is_waiting(step: Step, request: Request) -> bool:
    """Whether people have something to do in a place: of a closed request nobody has."""
    return step.state == "manual" and request.state in actions.STATES


def waiting(now: datetime) -> list[Task]:
    """Every place that waits for people, the earliest first."""
    rows = Step.objects.by_hand().select_related("request", "by_hand")
    found = [task(step, now) for step in rows]
    return sorted(found, key=lambda one: (one.due_on, one.step.request.number, one.step.ord))


@require_safe
@staff_page("officer", "desk", "auditor")
def tasks(request: StaffRequest) -> HttpResponse:
    """All of them on one page, with due dates; those that are late say so."""
    untold = Telling.objects.filter(told_at=None).select_related("request").order_by("since")
    context = {"tasks": waiting(clock.now()), "tellings": request_care.telling_lines(untold)}
    return page(request, "console/by_hand.html", "requests", context)


@require_POST
@staff_page("officer", "desk")
def step(request: StaffRequest, number: str, ord_: int) -> HttpResponse:
    """A place that was searched by hand, or one that is tried again."""
    row = _step(number, ord_)
    by, form = of_staff(request.user), forms.Manual(request.POST, request.FILES)
    if row.state == "failed":
        return _did(request, number, lambda: steps.retry_step(by, row))
    if not form.is_valid():
        messages.error(request, _("Write how many records there were, and what was done."))
        return redirect("desk-request", number)
    said, file = form.cleaned_data, form.cleaned_data["proof"]
    proof = file.read(paper.LARGEST + 1) if file else b""
    return _did(
        request,
        number,
        lambda: actions.complete_manual(by, row, note=said["note"], rows=said["rows"], proof=proof),
    )


@require_POST
@staff_page("officer", "desk")
def second(request: StaffRequest, number: str, ord_: int, finding: str) -> HttpResponse:
    """Another person has looked: it is right, or it is searched anew."""
    verbs = {"right": actions.confirm_manual, "anew": actions.send_manual_back}
    if finding not in verbs:
        raise Http404
    row, by = _step(number, ord_), of_staff(request.user)
    return _did(request, number, lambda: verbs[finding](by, row))


@require_safe
@staff_page("officer", "desk", "auditor")
def proof(request: StaffRequest, number: str, ord_: int) -> HttpResponse:
    """The proof as a file that is kept by nobody on the way."""
    try:
        media, data = actions.read_proof(_step(number, ord_))
    except WrongState:
        raise Http404 from None
    answer = HttpResponse(data, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="proof.{paper.ENDINGS[media]}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _step(number: str, ord_: int) -> Step:
    rows = Step.objects.select_related("request")
    return get_object_or_404(rows, request__number=number, ord=ord_)


def _did(request: StaffRequest, number: str, verb: Callable[[], object]) -> HttpResponse:
    try:
        verb()
    except (BadInput, WrongState, NotAllowed) as error:
        messages.error(request, fault_words.said(error))
    else:
        messages.success(request, _("It was done, and the ledger keeps it."))
    return redirect("desk-request", number)
