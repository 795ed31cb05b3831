"""A person's requests: asking for a copy, watching it being made, taking it back, and fetching the package.

Clauses: 6.
Law: APPI Art. 33(1), APPI Art. 37(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chikai import clock, law
from chikai.errors import BadInput, WrongState
from chikai.rights import asking, carrying, deadline, handing, identity, paper, refusal
from chikai.rights import request as rules
from chikai.web import age_file, carried, erased, fault_words, notice_words, released
from chikai.web.actions import PERSON, acting, correcting, receipts, rights, taking_back
from chikai.web.actions import portal as actions
from chikai.web.actions import rights_asked as care
from chikai.web.frame import language
from chikai.web.models.people import Link, Person, doubts_about
from chikai.web.models.rights import PLACES, Outbox, Request, Step
from chikai.web.portal import access, held, services
from chikai.web.portal.request_forms import HandIn, Write
from chikai.web.wishes import Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

    from chikai.policy.document import Document
    from chikai.web.models.portal import PortalSession
    from chikai.web.models.rights_asked import Asked
    from chikai.web.portal.access import MeRequest

KINDS: Final[dict[str, _StrPromise]] = {
    "notify_purpose": gettext_lazy("Being told the purposes"),
    "disclose": gettext_lazy("A copy of your information (disclosure)"),
    "disclose_records": gettext_lazy("The records of what was given to others"),
    "correct": gettext_lazy("Putting a mistake right (correction)"),
    "add": gettext_lazy("Adding what is missing (addition)"),
    "delete": gettext_lazy("Taking out what is wrong (deletion)"),
    "suspend": gettext_lazy("Stopping uses (suspension)"),
    "erase": gettext_lazy("Having it erased (erasure)"),
    "stop_provision": gettext_lazy("Stopping provision to others"),
}
HIDDEN: Final = gettext_lazy("A request")
STATES: Final[dict[str, _StrPromise]] = {
    "received": gettext_lazy("received"),
    "identified": gettext_lazy("it is you"),
    "gathering": gettext_lazy("being gathered"),
    "review": gettext_lazy("being looked at by an officer"),
    "acting": gettext_lazy("the package is being made"),
    "stopping": gettext_lazy("being stopped"),
    "carrying": gettext_lazy("being carried out"),
    "answered": gettext_lazy("answered"),
    "waiting_for_person": gettext_lazy("waiting for your answer"),
    "refused": gettext_lazy("refused"),
    "withdrawn": gettext_lazy("taken back"),
}
_STAGES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("received", ("received",)),
    ("identified", ("identified",)),
    ("gathering", ("gathering", "review", "acting")),
    ("answered", ("answered",)),
)
NEXT: Final[dict[str, _StrPromise]] = {
    "received": gettext_lazy("The desk makes sure that it is you"),
    "identified": gettext_lazy("A worker plans which places are asked"),
    "gathering": gettext_lazy("A worker asks the places one by one"),
    "manual": gettext_lazy("A colleague looks through a place by hand"),
    "stalled": gettext_lazy("A place does not answer; it is asked again and again"),
    "review": gettext_lazy("An officer looks at it, then the package is made"),
    "acting": gettext_lazy("The package is being sealed"),
    "handing": gettext_lazy("We print it, and send it or hand it over at the desk"),
    "deciding": gettext_lazy("An officer looks at it"),
    "stopping": gettext_lazy("The switches are turned, and each service is told"),
    "carrying": gettext_lazy("Each place is changed, then looked at again"),
    "waiting_for_person": gettext_lazy("The desk has a question for you"),
}


BY_AGENT: Final[dict[str, _StrPromise]] = {
    "received": gettext_lazy("The desk looks at the document"),
    "identified": gettext_lazy("the document is right"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One point of the timeline: `done`, `now` or `todo`."""

    name: str
    standing: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A request as the pages show it."""

    request: Request
    kind: _StrPromise
    state: _StrPromise
    stages: tuple[Stage, ...]
    done: int
    of: int
    next: _StrPromise | str
    due_on: date
    days_left: int
    is_ready: bool
    package_days: int
    may_withdraw: bool
    acts: bool = False
    by_agent: bool = False
    on_page: bool = False
    on_paper: bool = False


def is_open(request: Request) -> bool:
    """Whether something is still to come."""
    return request.state in rules.OPEN


def track(
    request: Request, now: datetime, me: PortalSession | None = None, *, acts: bool = False
) -> Track:
    """How far a request is; to a mailbox that others read as well nothing else of it.

    `acts` says that whoever looks asked it for somebody else.
    """
    status = request.status()
    closed_aside = request.state in ("refused", "withdrawn")
    until = request.expires_at
    if me is not None and me.is_read_by_others:
        return _hidden(request, now, me)
    asked = acting.asked_of(request)
    by_agent = asked is not None and bool(asked.agency)
    checked, next_ = request.state == "identified", _next(request, status.next)
    return Track(
        request,
        KINDS[request.kind],
        BY_AGENT["identified"] if by_agent and checked else STATES[_acting(request)],
        () if closed_aside else tuple(_stages(request)),
        status.done,
        status.of,
        BY_AGENT["received"] if by_agent and next_ == "received" else NEXT.get(next_, ""),
        request.due_on,
        deadline.days_left(request.due_on, now),
        request.ready(now) and (not acts or (asked is not None and asked.shows_answer)),
        _days_left(until, now) if until else 0,
        rules.may("withdraw", request.state),
        acts,
        by_agent,
        *_ways(request, asked, acts=acts),
    )


def _ways(request: Request, asked: Asked | None, *, acts: bool) -> tuple[bool, bool]:
    """Whether the answer stands on this page, and whether it goes on paper."""
    form = asked.form if asked is not None else "file"
    has_address = request.reply_to is not None
    packaged = request.kind in carrying.PACKAGED
    on_paper = packaged and handing.is_on_paper(form, request.channel, has_address=has_address)
    opens = not acts or (asked is not None and asked.shows_answer)
    return opens and not on_paper, on_paper


def _hidden(request: Request, now: datetime, me: PortalSession) -> Track:
    """Number, state and day of a request, without what was asked, found or answered."""
    return Track(
        request,
        HIDDEN,
        STATES["carrying"] if request.state == "acting" else STATES[request.state],
        () if request.state in ("refused", "withdrawn") else tuple(_stages(request)),
        *(0, 0, ""),
        request.due_on,
        deadline.days_left(request.due_on, now),
        is_ready=False,
        package_days=0,
        may_withdraw=rules.may("withdraw", request.state) and _is_made_in(request, me),
    )


def _is_made_in(request: Request, me: PortalSession) -> bool:
    """Whether this very session asked, and no officer has found yet who that was: another reader takes nothing back."""
    return request.made_in == me.digest and not request.evidence


def _days_left(until: datetime, now: datetime) -> int:
    """How many days there are after today: `until` is the midnight at which the last one ends."""
    last = clock.day_in_japan(until) - timedelta(days=1)
    return max(0, (last - clock.day_in_japan(now)).days)


def _acting(request: Request) -> str:
    if request.state != "acting":
        return request.state
    if request.kind in carrying.PACKAGED:
        return "acting"
    return "stopping" if request.kind in carrying.SWITCHED else "carrying"


def _next(request: Request, word: str) -> str:
    if word == "acting":
        return _acting(request)
    return "deciding" if word == "review" and request.kind not in carrying.PACKAGED else word


def _stages(request: Request) -> list[Stage]:
    # A request that waits for the person's answer stands where it stood when it was asked.
    state = request.back or "received" if request.state == "waiting_for_person" else request.state
    at = next(n for n, (_name, states) in enumerate(_STAGES) if state in states)
    last = len(_STAGES) - 1
    times = {"received": request.arrived_at, "answered": _answered_at(request)}
    found = []
    for number, (name, _states) in enumerate(_STAGES):
        # What was received or identified lies behind; gathering goes on while its state stands.
        behind = number < at or (number == at and name in ("received", "identified", "answered"))
        ahead = number == at + 1 and name == "gathering" and state == "identified"
        standing = "done" if behind else "now" if number == at or ahead else "todo"
        if number == 1 and state == "received":
            standing = "now"
        moment = times.get(name) if standing == "done" else None
        found.append(Stage(name, "done" if number == at == last else standing, moment))
    return found


def _answered_at(request: Request) -> datetime | None:
    row = Outbox.objects.filter(request=request, kind="answered").order_by("made_at").first()
    return row.made_at if row else request.decided_at


def _own(request: MeRequest, number: str) -> Request:
    """A request of this person, or one that they asked for another; anybody else's is as if it were not there."""
    mine, acted = Request.objects.shown_to, Request.objects.acted_by
    found = mine(request.person).filter(number=number).first()
    found = found or acted(request.person).filter(number=number).first()
    if found is None or not _is_shown(request, found):
        raise Http404
    return found


def _is_shown(request: MeRequest, row: Request) -> bool:
    """A mailbox that does not say who reads it shows only what was asked from it, or what an officer found to be theirs."""
    if not request.me.shared or request.me.mailbox is None:
        return True
    asked_here = row.channel == "portal" or row.evidence == "officer"
    address = rights.read_note(row, "reply_to") if asked_here else ""
    return bool(address) and actions.mailbox_of(address) == bytes(request.me.mailbox)


def asked_by(request: MeRequest) -> list[Request]:
    """The requests that this session shows, newest first."""
    return _shown(request, Request.objects.shown_to(request.person))


def asked_for_others(request: MeRequest) -> list[Request]:
    """Those that were asked in this mailbox or account for somebody else, newest first."""
    return _shown(request, Request.objects.acted_by(request.person))


def _shown(request: MeRequest, rows: QuerySet[Request]) -> list[Request]:
    found = rows.select_related("asked").prefetch_related("steps")
    return [row for row in found if _is_shown(request, row)]


@require_safe
@access.person_page
def show_all(request: MeRequest) -> HttpResponse:
    """Every request of this person."""
    now = clock.now()
    tracks = [track(r, now, request.me) for r in asked_by(request)]
    tracks += [track(r, now, request.me, acts=True) for r in asked_for_others(request)]
    policy = services.document()
    known = {right.kind for right in policy.rights} if policy else set()
    kinds = [(kind, name) for kind, name in KINDS.items() if kind in known]
    context = {"tracks": tracks, "kinds": kinds}
    return access.page(request, "portal/request_list.html", "me-requests", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.person_page
def new(request: MeRequest) -> HttpResponse:
    """What would be asked, on one page, and the press that asks it."""
    kind = request.POST.get("kind", "") or request.GET.get("kind", "disclose")
    policy = services.document()
    right = next((r for r in policy.rights if r.kind == kind), None) if policy else None
    if kind not in KINDS or policy is None or right is None:
        raise Http404
    given, initial = request.POST or None, request.GET.dict()
    if "point" in request.POST:
        # A value that is wrong comes from what was read for this browser, and stands in no address.
        pointed = held.pointed_at(request, request.POST["point"])
        if pointed is None:
            messages.info(request, _("What was read is over. Read it once more, then point at it."))
            return redirect("me-held")
        given, initial = None, {"items": pointed[0], "wrong": pointed[1]}
    form = Wish(given, kind=kind, policy=policy, initial=initial)
    if given is not None and form.is_valid():
        try:
            return _open(request, kind, form)
        except BadInput as fault:
            form.add_error(None, fault_words.said(fault))
    there = next((r for r in asked_by(request) if r.kind == kind and is_open(r)), None)
    shown = {"kind": KINDS[kind], "id": kind, "right": right, "form": form, "there": there}
    shown |= {"stops": kind in asking.STOPS, "desk": policy.controller.desk}
    status = 400 if given is not None else 200
    return access.page(request, "portal/request_new.html", "me-requests", shown, status=status)


def _open(request: MeRequest, kind: str, form: Wish) -> HttpResponse:
    means = "mail_link" if request.me.proof == "mail" else "sign_in"
    try:
        events = rights.open_request(
            PERSON,
            person=request.person,
            through=request.me.links,
            kind=kind,
            # A mailbox that several hold, or that nobody proved, does not say who asks: an officer finds that out.
            evidence="" if request.me.shared else means,
            channel="portal" if request.me.proof == "mail" else "service",
            reply_to=actions.address_of(request.me, request.token),
            language=language(),
            asked=form.given(),
            made_in=request.me.digest if request.me.shared else "",
        )
    except WrongState:
        messages.info(request, _("You have asked for this already. Here is how far it is."))
        there = next((r for r in asked_by(request) if r.kind == kind and is_open(r)), None)
        return redirect("me-request", there.number) if there else redirect("me-requests")
    number = str(events[0].facts["number"])
    entry = receipts.last_number(access.own_of(request))
    said = _("We have received your request no. %(number)s.") % {"number": number}
    messages.success(request, f"{said} {_ledger(entry)}")
    return redirect("me-request", number)


def _ledger(number: int | None) -> str:
    return f"{_('ledger')} #{number}" if number is not None else _("its entry is being made")


@require_safe
@access.person_page
def show(request: MeRequest, number: str) -> HttpResponse:
    """One request: its timeline, the places, what we told you, and what you can do."""
    found = _own(request, number)
    if request.me.is_read_by_others:
        return _show_state(request, found)
    policy, acts = services.document(), acting.acts_in(found, request.person)
    asked = acting.asked_of(found)
    opens = not acts or (asked is not None and asked.shows_answer)
    # What else there is of the person is none of the agent's; nor is a place called looked through that is in doubt.
    doubts = doubts_about(Person.resolve(found.person_id))
    followers = [] if acts else list(found.followers.order_by("arrived_at"))
    notices = found.notices.order_by("made_at")
    later = {source for row in followers if is_open(row) for source in _sources_of(row)}
    places = [
        {
            "name": services.name(policy, s.service) if s.service else s.name,
            "state": "later" if s.source in later else _place_state(s, doubts),
            "changes": found.state == "acting",
        }
        for s in Step.objects.filter(request=found)
        if found.state not in ("refused", "withdrawn")
        and (s.action in PLACES or (s.action == "hand" and found.state in rules.UNDECIDED))
    ]
    context = {
        "track": track(found, clock.now(), request.me, acts=acts),
        "places": places,
        "notices": notices.exclude(kind__in=notice_words.TO_PERSON) if acts else notices,
        "locked": _is_locked(request, found),
        "handed": released.handed_of(found),
        "asked": asked,
        "agent": _agent(found, asked),
        **(_erased(found, policy) if opens else {}),
        "maybe_more": sum(doubts.values()) if found.kind == "erase" and not acts else 0,
        "followers": [(row, is_open(row)) for row in followers],
        "corrected": [] if _is_locked(request, found) else _corrected(found, policy),
        "desk": policy.controller.desk if policy else None,
        "is_open": is_open(found),
        "thread": care.read_own(found),
        "write": Write(),
        "hand_in": HandIn(),
        "papers": care.own_papers(found),
        "why": care.read_why(found),
        "carried": carried.of_request(found, clock.now()) if opens else None,
        **_refusal(found, policy),
    }
    return access.page(request, "portal/request_show.html", "me-requests", context)


def _agent(found: Request, asked: Asked | None) -> dict[str, object]:
    """Who acts for the person, as the person reads it."""
    if asked is None or not asked.agency:
        return {}
    name = rights.open_for_person(found, "agent", bytes(asked.agent)) if asked.agent else ""
    return {"name": name, "as": identity.AGENCIES[asked.agency]}


def _show_state(request: MeRequest, found: Request) -> HttpResponse:
    """How a request stands and how the desk is reached: others read this mailbox as well."""
    policy = services.document()
    acts = acting.acts_in(found, request.person)
    context = {
        "track": track(found, clock.now(), request.me, acts=acts),
        "desk": policy.controller.desk if policy else None,
    }
    return access.page(request, "portal/request_state.html", "me-requests", context)


def _sources_of(follower: Request) -> set[str]:
    """The places of what was found after an erasure was answered."""
    links = Link.objects.filter(pk__in=follower.links or ())
    return {*links.values_list("source", flat=True)}


def _place_state(step: Step, doubts: Mapping[str, int]) -> str:
    if step.action == "nothing" and doubts.get(step.source):
        return "doubtful"
    return "after" if step.action == "hand" else step.state


def _erased(found: Request, policy: Document | None) -> dict[str, object]:
    """What an erasure took from each service, and what stays."""
    took = erased.of_request(found)
    services_ = {s.source: s.service for s in found.steps.all()}
    places = [
        {
            "name": services.name(policy, services_.get(place.source) or place.source),
            "rows": place.rows,
            "by_hand": place.by_hand,
        }
        for place in (took.places if took else ())
    ]
    return {"erased": took, "erased_places": places}


def _corrected(found: Request, policy: Document | None) -> list[dict[str, object]]:
    """What was corrected in each service: which information, and what stands there now."""
    places: list[dict[str, object]] = []
    for told in correcting.read_told(found) if found.state == "answered" else ():
        items = [
            (
                known.name.in_(language()) if policy and (known := policy.category(item)) else item,
                new,
            )
            for item, new in told["items"]
        ]
        places.append({"name": services.name(policy, told["service"]), "changed": items})
    return places


def _refusal(found: Request, policy: Document | None) -> dict[str, object]:
    ground = refusal.BY_ID.get(found.ground)
    if ground is None or is_open(found):
        return {}  # what an officer considers is said with the answer
    text = rights.read_note(found, "text")
    cited = law.in_words(ground.cite, language())
    desk = policy.controller.desk if policy else None
    complaint = refusal.complaint(desk) if desk else refusal.COMPLAINT
    return {"ground": ground, "cited": cited, "text": text, "complaint": complaint}


@require_POST
@access.person_page
def write(request: MeRequest, number: str) -> HttpResponse:
    """Add a message to the thread of a request."""
    found, form = _own(request, number), Write(request.POST)
    if request.me.is_read_by_others:
        return _turned_away(request, number)
    if form.is_valid():
        text = form.cleaned_data["text"]
        return _did(
            request,
            number,
            lambda: care.write_message(
                PERSON, found, text, person=request.person, through=request.me.links
            ),
            _("Your message was sent to the desk."),
        )
    messages.error(request, _("Write between 1 and 4000 signs."))
    return redirect("me-request", number)


@require_POST
@access.person_page
def hand_in(request: MeRequest, number: str) -> HttpResponse:
    """Hand in a document; what it is is looked at by its bytes."""
    found, form = _own(request, number), HandIn(request.POST, request.FILES)
    if request.me.is_read_by_others:
        return _turned_away(request, number)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect("me-request", number)
    file = form.cleaned_data["paper"]
    data = file.read(paper.LARGEST + 1)
    return _did(
        request,
        number,
        lambda: care.hand_in_paper(
            PERSON, found, data, person=request.person, through=request.me.links
        ),
        _("Your document was received. It is erased when your request is decided."),
    )


def _turned_away(request: MeRequest, number: str) -> HttpResponse:
    """Nobody acts on a request from a mailbox that others read."""
    messages.error(request, _("Several people read this mailbox. Please turn to our desk."))
    return redirect("me-request", number)


def _did(request: MeRequest, number: str, verb: Callable[[], object], said: str) -> HttpResponse:
    try:
        verb()
    except (BadInput, WrongState) as fault:
        messages.error(request, fault_words.said(fault))
    else:
        messages.success(request, f"{said} {_ledger(receipts.last_number(access.own_of(request)))}")
    return redirect("me-request", number)


@require_POST
@access.person_page
def withdraw(request: MeRequest, number: str) -> HttpResponse:
    """Take a request back."""
    found = _own(request, number)
    if request.me.is_read_by_others and not _is_made_in(found, request.me):
        return _turned_away(request, number)
    try:
        taking_back.withdraw_request(PERSON, found, person=request.person, through=request.me.links)
    except WrongState:
        messages.info(request, _("This request can no longer be taken back."))
        return redirect("me-request", number)
    entry = receipts.last_number(access.own_of(request))
    messages.success(request, f"{_('Your request was taken back.')} {_ledger(entry)}")
    return redirect("me-request", number)


@require_safe
@access.person_page
def download(request: MeRequest, number: str) -> HttpResponseBase:
    """The package, opened for this person; nothing of it lies about in the clear."""
    found = _own(request, number)
    if not found.ready(clock.now()) or _is_locked(request, found):
        messages.info(request, _("This package cannot be fetched now."))
        return redirect("me-request", number)
    response = StreamingHttpResponse(released.open_package(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="disclosure-{found.number}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@access.person_page
def download_age(request: MeRequest, number: str) -> HttpResponseBase:
    """The package, encrypted to the key that the person gives; the key is not kept."""
    found = _own(request, number)
    if not found.ready(clock.now()) or _is_locked(request, found):
        messages.info(request, _("This package cannot be fetched now."))
        return redirect("me-request", number)
    try:
        made = age_file.make(found, request.POST.get("key", "")[: age_file.LONGEST])
    except BadInput as fault:
        messages.error(request, fault_words.said(fault))
        return redirect("me-request", number)
    name = f"disclosure-{found.number}.zip.age"
    response = FileResponse(made, as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


def _is_locked(request: MeRequest, found: Request) -> bool:
    """Whether the mailbox says nothing of who reads it: an officer knows who asked, and not who sits there now.

    Who acts for another shows by a document that they may, and by the mailbox alone that it is they.
    """
    if not acting.acts_in(found, request.person):
        return request.me.shared
    asked = acting.asked_of(found)
    return request.me.is_read_by_others or asked is None or not asked.shows_answer
