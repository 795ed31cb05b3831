"""Every switch of a person: one press stops a use, one press lets it go on, and the page says who has heard of it.

Clauses: 5.
Law: APPI Art. 35(1), APPI Art. 35(5).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chikai import clock
from chikai.errors import BadInput, RequestRefused
from chikai.web.actions import PERSON, choices, receipts
from chikai.web.models.policy import Announcement
from chikai.web.models.switches import Line, acknowledged, choices_of
from chikai.web.portal import access

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chikai.web.models import Person
    from chikai.web.models.switches import Acknowledged
    from chikai.web.portal.access import MeRequest

EVERYTHING: Final = "everything"
LONGEST_NUMBER: Final = 15
HEARD_SECONDS: Final = 1.0  # so long a press waits for the running copies to hear of it


def context(person: Person) -> dict[str, Any]:
    """The switches by their kind, and how many purposes are in use."""
    # What a new edition asks about stands still until the person agrees; it is asked on the page of notices.
    asked = {f"purpose:{p}" for p in Announcement.objects.waiting_for(person.pk, person.since)}
    lines = [line for line in choices_of(person.pk) if line.unit not in asked]
    purposes = [line for line in lines if line.unit.startswith("purpose:") or not line.unit]
    stopped = sum(is_off(line) for line in purposes)
    return {
        "everything": next((x for x in lines if x.unit == EVERYTHING), None),
        "switches": [x for x in purposes if x.kind == "switch"],
        "ending": [x for x in purposes if x.kind == "ends_service"],
        "by_law": [x for x in purposes if x.kind == "law"],
        "data_items": [x for x in lines if x.unit.startswith("item:")],
        "consents": [x for x in lines if x.unit.startswith("consent:") and not x.is_stopped],
        "in_use": len(purposes) - stopped,
        "stopped": stopped,
    }


def is_off(line: Line) -> bool:
    """Whether a use stands still, by its own switch or by a wider one."""
    return line.is_stopped or bool(line.held_by)


@require_safe
@access.person_page
def show(request: MeRequest) -> HttpResponse:
    """All switches."""
    heard = heard_of(request.GET.get("v", ""), clock.now())
    found = {**context(request.person), "heard": heard, "all": True}
    return access.page(request, "portal/settings.html", "me-settings", found)


@require_safe
@access.person_page
def ends(request: MeRequest) -> HttpResponse:
    """What ends with a use that carries a service, on one page, with the one press that does it."""
    line = _line(request.person.pk, request.GET.get("unit", ""))
    found = context(request.person)
    effects = (*found["ending"], *found["switches"]) if line.unit == EVERYTHING else (line,)
    shown = {"line": line, "effects": [x for x in effects if str(x.effect.ja)], **found}
    return access.page(request, "portal/ends.html", "me-settings", shown)


@require_POST
@access.person_page
def turn(request: MeRequest) -> HttpResponse:
    """Stop a use, or let it go on: at once, and without a reason."""
    unit, to = request.POST.get("unit", ""), request.POST.get("to", "")
    verb = {"stop": choices.stop, "resume": choices.resume}.get(to)
    if verb is None:
        raise Http404
    _line(request.person.pk, unit)
    own = access.own_of(request)
    try:
        event = verb(PERSON, own, unit)
    except (BadInput, RequestRefused) as refusal:
        raise Http404 from refusal
    v = str(event.facts.get("v", ""))
    found = _awaited(v)
    said = says(to, receipts.last_number(own), everywhere=found is None or found.everywhere)
    if request.headers.get("HX-Request"):
        line = _line(request.person.pk, unit)
        shown = {"line": line, "said": said, "heard": found, "swap": True}
        return render(request, "portal/switch_part.html", shown)
    messages.success(request, said)
    back = "me" if request.POST.get("back") == "me" else "me-settings"
    return redirect(f"{reverse(back)}?v={v}#uses")


@require_safe
@access.person_page
def heard(request: MeRequest) -> HttpResponse:
    """In how many places a change has arrived; htmx asks every two seconds until it has in all."""
    found = heard_of(request.GET.get("v", ""), clock.now())
    if found is None:
        raise Http404
    return render(request, "portal/heard_part.html", {"heard": found})


def heard_of(v: str, now: datetime) -> Acknowledged | None:
    """Who has heard of a feed number; None where no number was given."""
    if not v.isascii() or not v.isdecimal() or len(v) > LONGEST_NUMBER or int(v) == 0:
        return None
    return acknowledged(int(v), now)


def _awaited(v: str) -> Acknowledged | None:
    """Who has heard, a moment after a press: most copies do within a tenth of a second."""
    end = time.monotonic() + HEARD_SECONDS
    while (found := heard_of(v, clock.now())) and not found.everywhere and time.monotonic() < end:
        time.sleep(0.05)
    return found


def says(to: str, number: int | None, *, everywhere: bool) -> str:
    """What the page says after a press, with the entry's number; "stopped" only once every running copy knows it."""
    where = f"{_('ledger')} #{number}" if number is not None else _("its entry is being made")
    if to == "stop" and not everywhere:
        return _("It is being stopped (%(where)s).") % {"where": where}
    if to == "stop":
        return _("It is stopped (%(where)s).") % {"where": where}
    return _("It goes on (%(where)s).") % {"where": where}


def _line(person: UUID, unit: str) -> Line:
    for line in choices_of(person):
        for one in (line, *line.cells):
            if unit and one.unit == unit:
                return one
    raise Http404
