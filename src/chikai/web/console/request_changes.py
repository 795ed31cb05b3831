"""What is to stand where: the fields of a place with what stands there now, and the new values that are written beside.

Values of the person are opened for this page only, from the request's sealed file; no source is asked.

Clauses: 6.
Law: APPI Art. 34(1), APPI Art. 34(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chikai.errors import BadInput, WrongState
from chikai.rights import correction
from chikai.web import fault_words
from chikai.web.actions import correcting, of_staff
from chikai.web.actions import rights as actions
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Edition, Proposal, Request, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chikai.rights.correction import Cell, Corrected


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the form: where it is, what stands there, and what is written beside it."""

    n: int
    cell: Cell
    new: str
    is_emptied: bool


def shown(row: Request) -> dict[str, Any]:
    """What the pages of a request say of its changes; they are opened on the page of the approval."""
    may_look = (
        row.state == "acting"
        and row.steps.filter(action__in=correcting.CHANGES, state="failed").exists()
    )
    if row.kind not in correction.KINDS:
        return {"may_look": may_look}
    written = Proposal.objects.filter(step__request=row).select_related("step").order_by("pk")
    numbers = {proposal.step_id: proposal.number for proposal in written}
    looked = [s for s in row.steps.order_by("ord") if s.action == "look"]
    return {
        "corrects": True,
        "looked": [(s, numbers.get(s.pk, 0)) for s in looked],
        "may_write": row.state == "review" and not row.approve_after,
        "may_look": may_look,
    }


def opened(row: Request) -> list[tuple[str, tuple[Corrected, ...]]]:
    """The changes of each place, with their values: for whoever approves them."""
    if row.kind not in correction.KINDS or row.state not in ("review", "acting"):
        return []
    written = Proposal.objects.filter(step__request=row).select_related("step").order_by("pk")
    key = actions.key_of(row)
    return [(p.step.source, correcting.read_proposal(p, key)) for p in written]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer", "desk")
def write(request: StaffRequest, number: str, ord_: int) -> HttpResponse:
    """The fields of one place, and the new values."""
    step = get_object_or_404(Step, request__number=number, ord=ord_, action="look", state="done")
    try:
        cells = correcting.read_cells(step)
    except WrongState as error:
        messages.error(request, fault_words.said(error))
        return redirect("desk-request", number)
    fault = ""
    if request.method == "POST":
        try:
            given = _given(request.POST, cells, step.request.kind)
            correcting.propose_changes(of_staff(request.user), step, given)
        except (BadInput, WrongState) as error:
            fault = fault_words.said(error)
        else:
            messages.success(request, _("It was written. Another person looks at it."))
            return redirect("desk-request", number)
    lines = _lines(step, cells, request.POST if fault else None)
    context = {
        "row": step.request,
        "step": step,
        "fault": fault,
        "rows": _by_row(lines),
        "more": step.rows - len({(cell.table, cell.key) for cell in cells}),
        "item": _item(cells),
        "wishes": actions.read_asked(step.request),
        "empties": step.request.kind != "add",
        "writes": step.request.kind != "delete",
    }
    return page(request, "console/request_changes.html", "requests", context)


def _given(post: Mapping[str, str], cells: tuple[Cell, ...], kind: str) -> dict[int, str | None]:
    """The fields that were written: emptied, alone or with all others of their row, or with another value than stands there."""
    found: dict[int, str | None] = {}
    shown = [(n, cell) for n, cell in enumerate(cells) if correction.may_change(kind, cell)]
    for _row, some in groupby(shown, key=lambda one: (one[1].table, one[1].key)):
        row = list(some)
        whole = bool(post.get(f"row-{row[0][0]}"))
        for n, cell in row:
            text = post.get(f"new-{n}", "").strip()
            if post.get(f"empty-{n}") or (whole and cell.text and can_be_emptied(cell)):
                found[n] = None
            elif text and text != cell.text:
                found[n] = text
    return found


def can_be_emptied(cell: Cell) -> bool:
    """Whether a field may hold nothing."""
    return cell.nullable or cell.type == "text"


def _lines(step: Step, cells: tuple[Cell, ...], post: Mapping[str, str] | None) -> list[Line]:
    """Every field that the request may be about, with what was written before or what the person asked."""
    proposal = Proposal.objects.filter(step=step).first()
    known = correcting.read_proposal(proposal, actions.key_of(step.request)) if proposal else ()
    before = {(c.cell.table, c.cell.key, c.cell.column): c.text for c in known}
    asked = actions.read_asked(step.request)
    lines = []
    for n, cell in enumerate(cells):
        if not correction.may_change(step.request.kind, cell):
            continue
        place = (cell.table, cell.key, cell.column)
        if post is not None:
            new, emptied = post.get(f"new-{n}", ""), bool(post.get(f"empty-{n}"))
        elif known:
            new, emptied = before.get(place) or "", place in before and not before[place]
        else:
            meant = cell.text is not None and cell.text == asked.get("wrong")
            new = asked.get("right", "") if meant else ""
            emptied = meant and step.request.kind == "delete"
        lines.append(Line(n, cell, new, emptied))
    return lines


def _by_row(lines: list[Line]) -> list[tuple[str, str, list[Line]]]:
    grouped = groupby(lines, key=lambda line: (line.cell.table, line.cell.row))
    return [(table, key, list(some)) for (table, key), some in grouped]


def _item(cells: tuple[Cell, ...]) -> Any:
    policy = Edition.objects.document()
    return policy.category(cells[0].item) if policy and cells else None
