"""Entering a request that came by phone, by post or at the counter, with the same questions that the portal asks.

A stop acts by itself once it is entered, so the page names what it would stop, and only the press that follows enters it.
What somebody says of themselves, and no service has verified, makes them nobody's registration: the page names those
that carry it, and the request waits for an officer to say whether one of them is meant.

Where too few officers are there to approve, the page says so before anything is entered.

Clauses: 5, 6.
Law: APPI Art. 35(3), APPI Art. 35(5), APPI Art. 37(1), APPI Art. 37(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chikai.errors import BadInput, ConfigError, WrongState
from chikai.rights import carrying
from chikai.web import fault_words
from chikai.web import request_words as words
from chikai.web.actions import of_staff
from chikai.web.actions import rights as actions
from chikai.web.console import request_eyes
from chikai.web.console import request_forms as forms
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Edition, Link, Person
from chikai.web.models.people import MOST_PERHAPS
from chikai.web.models.switches import choices_of
from chikai.web.wishes import Wish

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from chikai.policy.document import Document, Text


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer", "desk")
def register(request: StaffRequest) -> HttpResponse:
    """First the kind, then its questions; of a stop what it stops, and the press that enters it."""
    policy = Edition.objects.document()
    rights = {right.kind: right for right in policy.rights} if policy else {}
    kind = request.POST.get("kind", "") or request.GET.get("kind", "")
    if policy is None or not kind:
        kinds = [(name, words.kind(name)) for name in words.ORDER if name in rights]
        answer = page(request, "console/request_kinds.html", "requests", {"kinds": kinds})
        if request.method == "POST":  # a form without the kind says nothing that could be entered
            answer.status_code = 422
        return answer
    if kind not in rights:
        raise Http404
    form = forms.Register(request.POST or None)
    wish = Wish(request.POST or None, kind=kind, policy=policy, at_desk=True)
    plan: dict[str, Any] = {}
    maybe: list[Link] = []
    if request.method == "POST" and form.is_valid() and wish.is_valid():
        try:
            person = _person(form.cleaned_data)
            maybe = [] if person else _maybe(form.cleaned_data)
            plan = _plan(kind, policy, person, wish)
            planned = not plan or request.POST.get("planned") == plan["planned"]
            if planned and (not maybe or "maybe" in request.POST):
                number = _registered(request, kind, person, form.cleaned_data, wish, maybe)
                messages.success(request, _("The request was registered."))
                return redirect("desk-request", number)
        except (BadInput, ConfigError, WrongState) as error:
            form.add_error(None, fault_words.said(error))
            plan, maybe = {}, []
    shown: dict[str, Any] = {"id": kind, "kind": words.kind(kind), "plan": plan, "maybe": maybe}
    shown |= {"form": form, "wish": wish, "switched": kind in carrying.SWITCHED}
    shown["fee_yen"] = rights[kind].fee_yen
    shown |= request_eyes.of_kind(rights[kind], by=of_staff(request.user).name)
    return page(request, "console/request_new.html", "requests", shown)


def _person(data: Mapping[str, Any]) -> Person | None:
    """Who is surely meant; None for somebody whom nobody surely knows, when that is so."""
    found = Person.objects.find_person(data["person"], surely=True) if data["person"] else ()
    if data["unknown"]:
        if found:
            raise BadInput(_("somebody is known by that"), _("take the mark away"))
        return None
    if not found and _maybe(data):
        return None
    if len(found) != 1:
        what = _("nobody is known by that") if not found else _("several persons share that")
        raise BadInput(what, _("name the person by id, or by source, table and key"))
    return found[0]


def _maybe(data: Mapping[str, Any]) -> list[Link]:
    """Registrations that carry what was said, and of which no service has verified it: an officer says whether one is meant."""
    found = [link for link, _digest in Link.objects.perhaps(data["person"])]
    if len(found) > MOST_PERHAPS:
        raise BadInput(
            _("several persons share that"), _("name the person by id, or by source, table and key")
        )
    return found


def _plan(kind: str, policy: Document, person: Person | None, wish: Wish) -> dict[str, Any]:
    """What a stop would stop; empty for kinds that show their own plan before they are approved."""
    if kind not in carrying.SWITCHED or person is None:
        return {}
    units = carrying.stops_of(kind, policy, wish.given())
    return {"stops": names_of(person.pk, units), "planned": " ".join(units) or "nothing"}


def names_of(person: UUID, units: Collection[str]) -> list[Text]:
    """What stopping these units stops, in the words of the settings page."""
    lines = [one for line in choices_of(person) for one in (line, *line.cells)] if units else []
    return [line.name for line in lines if line.unit in units]


def _registered(
    request: StaffRequest,
    kind: str,
    person: Person | None,
    data: Mapping[str, Any],
    wish: Wish,
    maybe: Collection[Link],
) -> str:
    events = actions.open_request(
        of_staff(request.user),
        person=person,
        kind=kind,
        channel=data["channel"],
        note=data["note"],
        reply_to=data["reply_to"],
        asked=wish.given(),
        agency=data["agency"],
        agent=data["agent"],
        evidence="officer" if data["identified"] else "",
        through=Link.objects.named(person, data["person"]) if person else None,
        perhaps=data["person"] if maybe else "",
    )
    return str(events[0].facts["number"])
