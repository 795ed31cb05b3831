"""The policy of the staff: its clauses with what the lint finds beside them, and what the draft asks of the operator.

Clauses: 1.1, 8.
Law: APPI Art. 17(2), APPI Art. 21(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chikai import canon
from chikai.errors import ChikaiError, PolicyErrors
from chikai.policy import mend, pairing, stored
from chikai.policy.document import Text
from chikai.web import compared, fault_words
from chikai.web.actions import of_staff, policy_draft
from chikai.web.console import drafts
from chikai.web.console.access import ANY, StaffRequest, page, staff_page
from chikai.web.console.policy_forms import Accept, Reword
from chikai.web.frame import installed, language
from chikai.web.models import Announcement, Edition, Preparation, PreparedNotice

if TYPE_CHECKING:
    from chikai.policy.findings import Finding
    from chikai.web.compared import Compared
    from chikai.web.console.drafts import Read


@require_safe
@staff_page(*ANY)
def show(request: StaffRequest) -> HttpResponse:
    """Every clause of the draft with its findings; what the draft changes; what is in force."""
    current = Edition.objects.current()
    read = drafts.read()
    context = {
        "current": current,
        "draft": read,
        "faults": [(fault.where, fault_words.said(fault)) for fault in read.faults],
        "same": _is_same(current, read),
        "folder": installed().policy,
        "clauses": _clauses(read),
        "elsewhere": _elsewhere(read),
        "compared": against(current, read),
        "waiting": Preparation.objects.waiting(),
        "notice": PreparedNotice.objects.waiting(),
        "announced": Announcement.objects.filter(edition=current).exists(),
        "officer": request.user.has_role("officer"),
    }
    return page(request, "console/policy_show.html", "desk-policy", context)


@require_safe
@staff_page(*ANY)
def changes(request: StaffRequest) -> HttpResponse:
    """The draft beside the edition in force, clause by clause."""
    current, read = Edition.objects.current(), drafts.read()
    found = against(current, read)
    if found is None:
        return redirect("desk-policy")
    context = {"current": current, "compared": found}
    return page(request, "console/policy_changes.html", "desk-policy", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def accept(request: StaffRequest, rule: str, clause: str) -> HttpResponse:
    """Accept one finding with a reason; `-` stands for the whole policy."""
    clause = "" if clause == "-" else clause
    found = next((f for f in drafts.read().waiting if (f.rule, f.clause) == (rule, clause)), None)
    if found is None:
        return redirect("desk-policy")
    form = Accept(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = Text(form.cleaned_data["ja"], form.cleaned_data["en"])
        try:
            policy_draft.accept_finding(
                of_staff(request.user), rule=rule, clause=clause, reason=reason
            )
        except ChikaiError as fault:
            form.add_error(None, said(fault))
        else:
            messages.success(request, _("The finding is accepted, with its reason."))
            return redirect("desk-policy")
    context = {"form": form, "f": found}
    return page(request, "console/policy_accept.html", "desk-policy", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def reword(request: StaffRequest, clause: str) -> HttpResponse:
    """Word one clause of the draft anew, in both languages."""
    read = drafts.read()
    found = read.document.clause(clause) if read.document else None
    if found is None or found.id != clause:
        raise Http404
    words = mend.words_of(installed().policy, clause)
    start = {"ja": words["ja.md"], "en": words["en.md"], "seen": canon.digest(words)}
    form = Reword(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = {"ja.md": data["ja"], "en.md": data["en"]}
        try:
            policy_draft.reword_clause(
                of_staff(request.user), clause=clause, seen=data["seen"], words=new
            )
        except ChikaiError as fault:
            form.add_error(None, said(fault))
        else:
            messages.success(request, _("The draft has the new words."))
            return redirect("desk-policy")
    findings = [f for f in read.findings if f.clause == clause]
    context = {"form": form, "name": pairing.called(found), "id": clause, "findings": findings}
    return page(request, "console/policy_reword.html", "desk-policy", context)


def said(fault: ChikaiError) -> list[str]:
    """A fault in words for the page, each with its place; of several, all."""
    faults = fault.faults if isinstance(fault, PolicyErrors) else (fault,)
    return [f"{one.where} {fault_words.said(one)}".strip() for one in faults]


def against(current: Edition | None, read: Read) -> Compared | None:
    """The draft compared with the edition in force; None where one of them is missing or both say the same."""
    if current is None or read.document is None or _is_same(current, read):
        return None
    return compared.documents(stored.document(bytes(current.canonical)), read.document, language())


def _is_same(current: Edition | None, read: Read) -> bool:
    return bool(current and read.document and current.digest == read.document.digest)


def _clauses(read: Read) -> list[dict[str, Any]]:
    """The clauses in their order, each with its findings, and on the first level how many stand below."""
    if read.document is None:
        return []
    of: dict[str, list[Finding]] = {}
    for finding in read.findings:
        of.setdefault(finding.clause, []).append(finding)
    waiting = [f.clause for f in read.waiting if f.severity != "info"]
    return [
        {
            "clause": clause,
            "name": pairing.called(clause),
            "findings": [f for f in of.get(clause.id, ()) if f.severity != "info"],
            "unkept": any(f.severity == "info" for f in of.get(clause.id, ())),
            "waiting": sum(c == clause.id or c.startswith(f"{clause.id}.") for c in waiting),
        }
        for clause in read.document.clauses
    ]


def _elsewhere(read: Read) -> tuple[Finding, ...]:
    """The findings about the whole policy, or about a clause that is not there."""
    known = {clause.id for clause in read.document.clauses} if read.document else set()
    return tuple(f for f in read.findings if f.clause not in known)
