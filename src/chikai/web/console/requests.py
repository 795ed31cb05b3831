"""The desk's requests: the inbox by deadline, one request with its evidence and its places, and the decisions.

Values of the person stay in the services and in the sealed package; here stand counts, days and who did what.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36, APPI Art. 37(1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chikai import clock
from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.rights import carrying, deadline, refusal
from chikai.rights import request as rules
from chikai.web import carried, erased, fault_words
from chikai.web import places as web_places
from chikai.web import request_words as words
from chikai.web.actions import correcting, first_writes, grown, noting, of_staff, planning, refusing
from chikai.web.actions import rights as actions
from chikai.web.actions import rights_asked as care
from chikai.web.console import (
    by_hand,
    request_care,
    request_changes,
    request_eyes,
    request_find,
    request_handing,
    request_noting,
    request_person,
    request_register,
    request_review,
    request_several,
)
from chikai.web.console import request_forms as forms
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.frame import language
from chikai.web.models import Edition, Person, Request, Staff
from chikai.web.models.people import doubts_about
from chikai.web.models.rights import PLACES
from chikai.web.models.rights_asked import unanswered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.utils.functional import _StrPromise

    from chikai.policy.document import Text
    from chikai.web.models import Step


READ: Final = ("officer", "desk", "auditor")
MOST: Final = 200
VIEWS: Final[Mapping[str, _StrPromise]] = {
    "all": gettext_lazy("All"),
    "mine": gettext_lazy("Mine"),
    "free": gettext_lazy("Nobody's"),
    "approval": gettext_lazy("Waiting for approval"),
    "person": gettext_lazy("Waiting for the person"),
    "wrote": gettext_lazy("Waiting for our answer"),
}
ICONS: Final = {"disclose": "eye", "disclose_records": "scroll-text", "correct": "pencil-line"}


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the inbox."""

    row: Request
    left: int
    says: str
    icon: str
    k: str = ""
    wrote: bool = False
    last_open: date | None = None

    @property
    def hurried(self) -> bool:
        """Whether officers were told that it is near its end."""
        return self.row.state in rules.OPEN and self.row.hurry_on is None

    @property
    def over(self) -> int:
        """How many days it is late."""
        return max(0, -self.left)


def _line(row: Request, now: datetime) -> Line:
    status = row.status()
    k = f"{status.done} / {status.of}" if row.state == "gathering" and status.of else ""
    says = words.standing(row.kind, status)
    if row.state == "answered" and noting.is_untold(row):
        says = str(words.UNTOLD)
    left = deadline.days_left(row.due_on, now)
    open_day = deadline.last_open_day(row.due_on)
    shown = open_day if open_day != row.due_on else None
    return Line(row, left, says, ICONS.get(row.kind, "circle-pause"), k, last_open=shown)


def _views(staff: Staff) -> dict[str, Any]:
    rows = Request.objects.open().select_related("assigned").prefetch_related("steps")
    return {
        "all": rows,
        "mine": rows.filter(assigned=staff),
        "free": rows.filter(assigned=None),
        "approval": rows.filter(state="review"),
        "person": rows.filter(state="waiting_for_person"),
        "wrote": rows.filter(pk__in=unanswered().values("pk")),
    }


@require_safe
@staff_page(*READ)
def inbox(request: StaffRequest) -> HttpResponse:
    """Open requests by deadline, the next fourteen days, and the views of it."""
    now, found = clock.now(), _views(request.user)
    view = request.GET.get("view", "all")
    view = view if view in VIEWS else "all"
    wrote = set(found["wrote"].values_list("pk", flat=True))
    text = request_find.said(request.GET.get("q", ""))
    rows = found[view].filter(request_find.of(text)) if text else found[view]
    lines = [replace(_line(row, now), wrote=row.pk in wrote) for row in rows[:MOST]]
    days = Request.objects.open().values_list("due_on", flat=True)
    context: dict[str, Any] = {
        "by_hand": len(by_hand.waiting(now)),
        "views": [(v, VIEWS[v], found[v].count(), v == view) for v in VIEWS],
        "groups": _groups(lines),
        "days": _days(days, clock.day_in_japan(now)),
        "closed": request_find.closed(text),
        "more": max(0, rows.count() - MOST),
        "text": text,
        "view": view,
        "colleagues": request_several.colleagues(),
        "extend": forms.Extend(),
        "beside": request_find.beside(request.GET.get("open", "")[: request_find.LONGEST]),
    }
    return page(request, "console/request_list.html", "requests", context)


def _groups(lines: Iterable[Line]) -> list[tuple[str, str, list[Line]]]:
    names = {
        "late": _("Past the deadline"),
        "soon": _("Today and tomorrow"),
        "near": _("Within ten days"),
        "later": _("Later"),
    }
    groups: dict[str, list[Line]] = {name: [] for name in names}
    for line in lines:
        left = line.left
        place = "late" if left < 0 else "soon" if left <= 1 else "near" if left <= 10 else "later"
        groups[place].append(line)
    return [(key, names[key], rows) for key, rows in groups.items() if rows]


def _days(due: Iterable[date], today: date) -> list[dict[str, Any]]:
    """A square for each request on its last day; those that are late stand first."""
    due = list(due)
    late = sum(1 for on in due if on < today)
    shown = [{"late": True, "count": late, "squares": range(min(late, 9)), "on": None}]
    for ahead in range(14):
        on = today + timedelta(days=ahead)
        count = due.count(on)
        weekday = clock.WEEKDAYS[on.weekday()] if language() == "ja" else f"{on:%a}"
        shown.append(
            {
                "on": on,
                "count": count,
                "squares": range(min(count, 9)),
                "weekday": weekday,
                "today": ahead == 0,
                "soon": ahead < 2,
                "off": on.weekday() > 4,
                "late": False,
            }
        )
    return shown


@require_safe
@staff_page(*READ)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One request: where it stands, its evidence, each place with its rows, what was decided."""
    context = _shown(get_object_or_404(Request, number=number))
    if request.headers.get("HX-Request"):
        return render(request, "console/request_places.html", context)
    return page(request, "console/request_show.html", "requests", context)


def _shown(row: Request) -> dict[str, Any]:
    now, found = clock.now(), list(row.steps.order_by("ord"))
    undecided = row.state in rules.UNDECIDED
    places = [s for s in found if s.action in PLACES or (s.action == "hand" and undecided)]
    made = [s for s in found if s.action in words.MADE]
    doubts = doubts_about(Person.resolve(row.person_id))
    return {
        "row": row,
        "line": _line(row, now),
        "kind": words.kind(row.kind),
        "status": row.status(),
        "places": [(s, request_person.state(s, doubts)) for s in places],
        "by_hand": [by_hand.task(s, now) for s in places if by_hand.is_waiting(s, row)],
        "made": [(words.MADE[s.action], _where(s), s, words.STEPS[s.state]) for s in made],
        "rows": sum(s.rows for s in places),
        "carried": carried.of_request(row, now),
        "erased": erased.of_request(row),
        "stops": request_register.names_of(row.person_id, actions.stops_of(row)),
        "switched": row.kind in carrying.SWITCHED,
        "packaged": row.kind in carrying.PACKAGED,
        "channel": words.CHANNELS[row.channel],
        "evidence": words.EVIDENCES.get(row.evidence, ""),
        "note": actions.read_note(row),
        "text": actions.read_note(row, "text"),
        "ground": refusal.BY_ID.get(row.ground),
        "proposed": _proposed(row),
        "approvals": row.approvals.order_by("at"),
        "first": sorted(first_writes.unseen(row).items()),
        "stopped": any(s.state == "failed" for s in places),
        "either": request_care.either(row),
        "more": _more(row),
        "may": {verb: rules.may(verb, row.state) for verb in rules.MOVES},
        **request_eyes.of_request(row),
        **request_person.shown(row),
        **request_handing.shown(row),
        **request_noting.shown(row),
        **request_care.shown(row),
        **request_changes.shown(row),
    }


def _where(step: Step) -> str | Text:
    """Where something is made, or what is stopped in the words of the settings page."""
    if step.action == "stop":
        return next(iter(request_register.names_of(step.request.person_id, [step.source])), "")
    return web_places.named(step.source) if step.source != step.action else ""


def _more(row: Request) -> list[str]:
    """The places where what is known as the person's has changed since the search began, which nobody has looked at."""
    if row.state != "review":
        return []
    return sorted(grown.outgrown([row], {row.pk: actions.key_of(row)}).get(row.pk, ()))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def approve(request: StaffRequest, number: str) -> HttpResponse:
    """What is released by an approval, and the approval."""
    row = get_object_or_404(Request, number=number)
    looks = request_review.is_reviewed_here(row)
    if request.method == "POST":
        return _approve(request, row, looks=looks)
    return _approving(request, row, looks=looks)


def _approving(
    request: StaffRequest, row: Request, *, looks: bool, fault: str = ""
) -> HttpResponse:
    more = request_review.shown(request, row) if looks else {}
    changes = request_changes.opened(row)
    shown = {**_shown(row), **more, "changes": changes, "fault": fault}
    return page(request, "console/request_approve.html", "requests", shown)


def _approve(request: StaffRequest, row: Request, *, looks: bool) -> HttpResponse:
    """Keep what the officer decided about other people and about parts, then approve just that."""
    if looks and "reviewed" in request.POST:
        try:
            request_review.keep(request, row)
        except (BadInput, WrongState) as error:
            return _approving(request, row, looks=looks, fault=fault_words.said(error))
    row.refresh_from_db()
    person = Person.resolve(row.person_id)
    if request_person.is_unjoined(row, person) and "nobody" not in request.POST:
        fault = _("Say whose registration it is about, or that nobody's was found.")
        return _approving(request, row, looks=looks, fault=fault)
    _try(request, lambda: actions.approve_request(of_staff(request.user), row))
    return redirect("desk-request", row.number)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def refuse(request: StaffRequest, number: str) -> HttpResponse:
    """The grounds of the Act, the explanation, a preview of what is sent, and the refusal."""
    row = get_object_or_404(Request, number=number)
    form = forms.Refuse(request.POST or None, kind=row.kind)
    sure = request.method == "POST" and form.is_valid()
    if sure and request.POST.get("sure"):
        said = {"ground": form.cleaned_data["ground"], "text": form.cleaned_data["text"]}
        _try(request, lambda: refusing.refuse_request(of_staff(request.user), row, **said))
        return redirect("desk-request", number)
    context = {
        **_shown(row),
        "form": form,
        "preview": refusal.BY_ID[form.cleaned_data["ground"]] if sure else None,
        "complaint": _complaint(),
        "takes_two": refusing.takes_two(row),
    }
    return page(request, "console/request_refuse.html", "requests", context)


def _proposed(row: Request) -> dict[str, Any]:
    """The refusal that waits for a second officer."""
    there = refusing.proposed(row)
    if there is None:
        return {}
    kept, text = there
    return {"row": kept, "ground": refusal.BY_ID[kept.ground], "text": text}


def _complaint() -> Text:
    policy = Edition.objects.document()
    return refusal.complaint(policy.controller.desk) if policy else refusal.COMPLAINT


@require_POST
@staff_page("officer", "desk")
def act(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """The smaller acts: the identity is clear, ask the person, go on, plan anew, take it."""
    row, by = get_object_or_404(Request, number=number), of_staff(request.user)
    verbs = {
        "identify": lambda: actions.identify_request(by, row, evidence="officer"),
        "ask-back": lambda: care.ask_back(by, row, request.POST.get("question", "")),
        "resume": lambda: actions.resume_request(by, row),
        "plan-again": lambda: planning.plan_again(by, row),
        "look-at-more": lambda: planning.look_at_more(by, row),
        "seen": lambda: first_writes.see_first_writes(by, row),
        "look-again": lambda: correcting.look_again(by, row),
        "take": lambda: actions.assign_request(by, row, staff=request.user),
    }
    if verb not in verbs:
        raise Http404
    _try(request, verbs[verb])
    return redirect("desk-request", number)


def _try(request: StaffRequest, verb: Any) -> None:
    """Do it and say so; of two presses at once the second hears what the first did."""
    try:
        verb()
    except (BadInput, WrongState) as error:
        messages.error(request, fault_words.said(error))
    except NotAllowed as error:
        messages.error(request, fault_words.said(error))
    else:
        messages.success(request, _("It was done, and the ledger keeps it."))
