"""From a draft to an edition: one officer prepares it with its decisions, another looks at it and publishes.

Clauses: 1.2, 8.
Law: APPI Art. 17(2), APPI Art. 24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chikai import clock
from chikai.errors import ChikaiError
from chikai.policy import change, publication, stored
from chikai.web import compared, going_on
from chikai.web.actions import of_staff, policy_draft, policy_prepare
from chikai.web.console import drafts
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.console.policy import against, said
from chikai.web.console.policy_forms import Decide
from chikai.web.frame import language
from chikai.web.models import Edition, Preparation, Staff
from chikai.web.models.installation import works_alone

if TYPE_CHECKING:
    from chikai.policy.document import Document


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def publish(request: StaffRequest) -> HttpResponse:
    """What waits for a second pair of eyes; or else the draft, to be prepared."""
    row = Preparation.objects.waiting()
    return _waiting(request, row) if row is not None else _prepare(request)


def _prepare(request: StaffRequest) -> HttpResponse:
    """The last look of the one who prepares; a POST prepares what was looked at, and nothing else."""
    read, current = drafts.read(), Edition.objects.current()
    if read.draft is None:
        return redirect("desk-policy")
    digest, found = read.draft.document.digest, against(current, read)
    form = Decide(request.POST or None)
    form.offer(found.changes if found else ())
    same = request.POST.getlist("same")
    if request.method == "POST" and request.POST.get("says") == "carry":
        return _carry(request)
    if request.method == "POST":
        if request.POST.get("digest") != digest:
            messages.error(request, _("The files have changed since this page was shown."))
            return redirect("publish")
        if form.is_valid():
            try:
                policy_prepare.prepare_edition(
                    of_staff(request.user), read.draft, form.decisions(), same=same
                )
            except ChikaiError as fault:
                form.add_error(None, said(fault))
            else:
                messages.success(request, _("The edition is prepared. It is not published yet."))
                return redirect("publish")
    context = {
        "draft": read,
        "digest": digest,
        "current": current,
        "same": bool(current and current.digest == digest),
        "compared": found,
        "doubts": going_on.doubts(read.draft.document),
        "form": form,
        "alone": alone(),
    }
    return page(request, "console/policy_prepare.html", "desk-policy", context)


def _carry(request: StaffRequest) -> HttpResponse:
    """Give the draft the ids of the edition in force, as it was looked at; back to the page, which shows what is left."""
    try:
        policy_draft.carry_ids(
            of_staff(request.user),
            seen=request.POST.get("digest", ""),
            same=request.POST.getlist("on"),
        )
        messages.success(request, _("The draft has the ids of the edition in force."))
    except ChikaiError as fault:
        messages.error(request, " ".join(said(fault)))
    return redirect("publish")


def _waiting(request: StaffRequest, row: Preparation) -> HttpResponse:
    """What was prepared, with its decisions; a POST publishes it or sets it aside."""
    actor = of_staff(request.user)
    if request.method == "POST" and request.POST.get("digest") == row.digest:
        try:
            if request.POST.get("says") == "aside":
                policy_prepare.set_aside(actor, row)
                messages.success(request, _("The prepared edition was set aside."))
            else:
                policy_prepare.publish_prepared(actor, row)
                messages.success(
                    request, _("The edition was published, and the ledger has its entry.")
                )
            return redirect("desk-policy")
        except ChikaiError as fault:
            messages.error(request, " ".join(said(fault)))
            return redirect("publish")
    document = stored.document(bytes(row.canonical))
    mine = row.prepared_by == actor.name
    opens_at = row.prepared_at + publication.WAIT
    context = {
        "row": row,
        "document": document,
        "compared": _decided(row, document),
        "decisions": [(d, change.ANSWERS[d.answer]) for d in row.made_decisions()],
        "by": name_of(row.prepared_by),
        "mine": mine,
        "alone": alone(),
        "opens_at": opens_at,
        "may": not mine or (alone() and opens_at <= clock.now()),
        "accepted": row.accepted,
    }
    return page(request, "console/policy_publish.html", "desk-policy", context)


def _decided(row: Preparation, document: Document) -> compared.Compared | None:
    """The prepared document against the edition that it follows, as it was decided."""
    old = Edition.objects.filter(digest=row.follows).first()
    if old is None:
        return None
    return compared.documents(
        stored.document(bytes(old.canonical)),
        document,
        language(),
        decisions=row.made_decisions(),
    )


def alone() -> bool:
    """Whether one officer works alone here."""
    return works_alone()


def name_of(actor: str) -> str:
    """The name of a member of staff behind an actor; what is no staff is called as it is."""
    number = actor.removeprefix("staff:")
    found = Staff.objects.filter(pk=number).first() if number.isdigit() else None
    return found.name if found else actor
