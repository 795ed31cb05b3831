"""The desk's part in a request beside its decision: the thread, an agent's documents, and putting off its day.

Clauses: 6.
Law: APPI Art. 36, APPI Art. 37(3), APPI Art. 37(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.policy.document import Text
from chikai.rights import extension, identity, paper, reasons
from chikai.rights import request as rules
from chikai.web import fault_words, wishes
from chikai.web import whom as persons
from chikai.web.actions import of_staff, parting, people, telling
from chikai.web.actions import rights as actions
from chikai.web.actions import rights_asked as care
from chikai.web.actions.askers import is_unknown
from chikai.web.console import request_forms as forms
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Asked, Edition, Job, Link, Paper, Person, Request, Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def shown(row: Request) -> dict[str, Any]:
    """What the page of a request says beside its course."""
    asked = Asked.objects.filter(request=row).first()
    return {
        "wishes": wishes.in_words(row.kind, actions.read_asked(row), Edition.objects.document()),
        "asked": asked,
        "reason": reasons.BY_ID.get(asked.reason) if asked else None,
        "agency": identity.AGENCIES.get(asked.agency) if asked else None,
        "agent": actions.open_for_person(row, "agent", bytes(asked.agent))
        if asked and asked.agent
        else "",
        "papers": row.papers.all(),
        "own_papers": {paper.pk for paper in care.own_papers(row)},
        "tellings": telling_lines(row.tellings.all()),
        "thread": (thread := care.read_messages(row)),
        "wrote": bool(thread) and not thread[-1][0].is_ours and row.state in rules.OPEN,
        "write": forms.Write(),
        "hand_in": forms.HandIn(),
        "why": care.read_why(row),
        "suit_from": extension.suit_from(row.kind, row.arrived_at),
        "may_extend": row.state in rules.OPEN
        and (asked is None or asked.put_off < extension.MOST_TIMES),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer", "desk")
def whom(request: StaffRequest, number: str) -> HttpResponse:
    """Whom a request is about: opened by a press, which the ledger keeps; read by a worker before."""
    row, by, found = get_object_or_404(Request, number=number), of_staff(request.user), None
    if request.method == "POST":
        found = persons.of_request(row)
        try:
            if found is None:
                care.ask_whom(by, row)
            else:
                care.record_whom(by, row, rows=len(found.rows))
        except WrongState as fault:
            messages.error(request, fault_words.said(fault))
            return redirect("desk-request", number)
    job = Job.objects.filter(verb="whom", about={"request": str(row.pk)}).order_by("pk").last()
    is_read = found is not None or persons.is_read(row)
    context = {"row": row, "whom": found, "is_read": is_read, "job": job}
    context["unknown"] = row.state in rules.UNDECIDED and is_unknown(row.person)
    answer = page(request, "console/request_whom.html", "requests", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@staff_page("officer")
def join(request: StaffRequest, number: str) -> HttpResponse:
    """Say whose registration a request of somebody whom nobody knew is about."""
    row = get_object_or_404(Request, number=number)
    found = Person.objects.find_person(request.POST.get("person", ""), surely=True)

    def merge() -> None:
        if not found and Link.objects.perhaps(request.POST.get("person", "")):
            what = _("no service has verified that")
            raise BadInput(what, _("name the person by source, table and key"))
        if len(found) != 1:
            what = _("nobody is known by that") if not found else _("several persons share that")
            raise BadInput(what, _("name the person by id, or by source, table and key"))
        named = Person.objects.named(request.POST.get("person", ""), found[0])
        if named is None:
            what = _("two who were taken for one share that")
            raise BadInput(what, _("name the person by source, table and key"))
        links = Link.objects.named(found[0], request.POST.get("person", ""))
        at = links[0] if len(links) == 1 else None
        people.merge(of_staff(request.user), row.person_id, named, at=at)
        care.name_agent(of_staff(request.user), row)

    return _did(request, number, merge)


@require_POST
@staff_page("officer")
def asker(request: StaffRequest, number: str) -> HttpResponse:
    """Say which of two persons asked what came while they were taken for one."""
    row, by = get_object_or_404(Request, number=number), of_staff(request.user)
    try:
        person = UUID(request.POST.get("person", ""))
    except ValueError:
        raise Http404 from None
    return _did(request, number, lambda: parting.say_who_asked(by, row, person))


def either(row: Request) -> list[dict[str, Any]]:
    """The two persons of whom one asked, each with their registrations; none where it is clear."""
    if row.between_id is None:
        return []
    found = sorted({Person.resolve(id_).pk for id_ in (row.person_id, row.between_id)})
    present = Link.objects.present().order_by("source", "table", "key")
    return [{"id": id_, "links": present.filter(person=id_)} for id_ in found]


def telling_lines(rows: Iterable[Telling]) -> list[tuple[Telling, Text, list[Text]]]:
    """Recipients who are to be told, each with its name and the names of the items."""
    policy = Edition.objects.document()
    names = {str(c.id): c.name for c in policy.categories} if policy else {}
    return [
        (
            row,
            Text(row.name.get("ja") or row.recipient, row.name.get("en") or row.recipient),
            [names.get(item, Text(item, item)) for item in row.items],
        )
        for row in rows
    ]


@require_POST
@staff_page("officer", "desk")
def told(request: StaffRequest, number: str, id_: int) -> HttpResponse:
    """A recipient was told."""
    row, by = get_object_or_404(Telling, pk=id_, request__number=number), of_staff(request.user)
    return _did(request, number, lambda: telling.tell_recipient(by, row))


@require_POST
@staff_page("officer", "desk")
def write(request: StaffRequest, number: str) -> HttpResponse:
    """Write to the person; a notice says that there is a message."""
    row, form = get_object_or_404(Request, number=number), forms.Write(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    by = of_staff(request.user)
    return _did(request, number, lambda: care.write_message(by, row, text))


@require_POST
@staff_page("officer", "desk")
def hand_in(request: StaffRequest, number: str) -> HttpResponse:
    """Keep a document that came by post or over the counter."""
    row, form = get_object_or_404(Request, number=number), forms.HandIn(request.POST, request.FILES)
    data = form.cleaned_data["paper"].read(paper.LARGEST + 1) if form.is_valid() else b""
    by = of_staff(request.user)
    return _did(request, number, lambda: care.hand_in_paper(by, row, data))


@require_POST
@staff_page("officer", "desk")
def judge(request: StaffRequest, number: str, finding: str) -> HttpResponse:
    """An agent's document is right, or another one is needed."""
    row, by = get_object_or_404(Request, number=number), of_staff(request.user)
    right, receives, why = finding == "right", "receives" in request.POST, request.POST.get("why")

    def judged() -> object:
        return care.judge_paper(by, row, right=right, receives=receives, why=why or "")

    return _did(request, number, judged)


@require_safe
@staff_page("officer", "desk")
def read(request: StaffRequest, number: str, id_: str) -> HttpResponse:
    """One document, as a file of the type that its bytes are."""
    row = get_object_or_404(Paper, pk=id_, request__number=number)
    try:
        data = care.read_paper(row)
    except WrongState as fault:
        messages.error(request, fault_words.said(fault))
        return redirect("desk-request", number)
    response = HttpResponse(data, content_type=row.media)
    name = f"{number}.{paper.ENDINGS[row.media]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def extend(request: StaffRequest, number: str) -> HttpResponse:
    """Put off the promised day, with the reason that the person reads."""
    row = get_object_or_404(Request, number=number)
    form = forms.Extend(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            care.extend_request(
                of_staff(request.user), row, until=said["until"], reason=said["reason"]
            )
        except (BadInput, WrongState) as fault:
            form.add_error(None, fault_words.said(fault))
        else:
            messages.success(request, _("The person was told the new day and the reason."))
            return redirect("desk-request", number)
    context = {"row": row, "form": form, "suit_from": extension.suit_from(row.kind, row.arrived_at)}
    return page(request, "console/request_extend.html", "requests", context)


def _did(request: StaffRequest, number: str, verb: Callable[[], object]) -> HttpResponse:
    try:
        verb()
    except (BadInput, WrongState) as fault:
        messages.error(request, fault_words.said(fault))
    except NotAllowed as fault:
        messages.error(request, fault_words.said(fault))
    else:
        messages.success(request, _("It was done, and the ledger keeps it."))
    return redirect("desk-request", number)
