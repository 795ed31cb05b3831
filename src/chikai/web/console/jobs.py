"""Work that goes on in the background: a real progress, which may be left and found again.

Clauses: 1.2.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from chikai import clock
from chikai.web import fault_words
from chikai.web.actions import of_staff, work
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Job

if TYPE_CHECKING:
    from typing import Any

PATIENCE: Final = timedelta(seconds=15)


@require_safe
@staff_page("officer", "engineer", "auditor")
def show(request: StaffRequest, number: UUID) -> HttpResponse:
    """How far a piece of work is; htmx asks for the inner part alone every two seconds."""
    job = get_object_or_404(Job, pk=number)
    waits = job.state == "todo" and clock.now() - job.asked_at > PATIENCE
    said = [
        fault_words.sentence(str(job.result[key])) for key in ("what", "do") if job.result.get(key)
    ]
    context: dict[str, Any] = {"job": job, "source": str(job.about.get("source", "")), "said": said}
    context["unattended"] = waits
    if request.headers.get("HX-Request"):
        return render(request, "console/job_part.html", context)
    return page(request, "console/job_show.html", "sources", context)


@require_POST
@staff_page("officer", "engineer")
def again(request: StaffRequest, number: UUID) -> HttpResponse:
    """Ask for work that failed once more."""
    return redirect(
        "job", work.ask_again(of_staff(request.user), get_object_or_404(Job, pk=number))
    )
