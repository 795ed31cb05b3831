"""The policy of the staff: what is published, what the files say now, and publishing it.

Clauses: 1.1, 8.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chikai.errors import PolicyError, WrongState
from chikai.web.actions import of_staff
from chikai.web.actions.policy import publish_edition
from chikai.web.console import drafts
from chikai.web.console.access import ANY, StaffRequest, page, staff_page
from chikai.web.frame import installed
from chikai.web.models import Edition


@require_safe
@staff_page(*ANY)
def show(request: StaffRequest) -> HttpResponse:
    """The edition in force, the draft in the folder, and each finding with its clause, article and fix."""
    current = Edition.objects.current()
    read = drafts.read()
    context = {
        "current": current,
        "draft": read,
        "same": bool(current and read.document and current.digest == read.document.digest),
        "folder": installed().policy,
    }
    return page(request, "console/policy_show.html", "desk-policy", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def publish(request: StaffRequest) -> HttpResponse:
    """The last look before publishing; a POST publishes what was looked at, and nothing else."""
    read = drafts.read()
    if read.draft is None:
        return redirect("desk-policy")
    digest = read.draft.document.digest
    if request.method == "POST":
        if request.POST.get("digest") != digest:
            messages.error(request, _("The files have changed since this page was shown."))
            return redirect("publish")
        try:
            publish_edition(of_staff(request.user), read.draft)
        except (PolicyError, WrongState) as error:
            messages.error(request, error.what)
            return redirect("publish")
        messages.success(request, _("The edition was published, and the ledger has its entry."))
        return redirect("desk-policy")
    context = {"draft": read, "digest": digest, "current": Edition.objects.current()}
    return page(request, "console/policy_publish.html", "desk-policy", context)
