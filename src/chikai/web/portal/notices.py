"""Notices: what a new edition of the policy changes, and the questions that are asked only where a change needs it.

Two equal answers stand below a question and none is chosen beforehand. Without an answer everything stays as it was;
using a service is no answer.

Clauses: 8.
Law: APPI Art. 18(1), APPI Art. 21(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chikai.web.actions import PERSON
from chikai.web.actions import policy_announce as actions
from chikai.web.frame import language
from chikai.web.models.people import ids_of
from chikai.web.models.policy import Announcement, NoticeAnswer
from chikai.web.portal import access, parted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chikai.web.portal.access import MeRequest


@require_safe
@access.person_page
def show(request: MeRequest) -> HttpResponse:
    """What this person is told alone, then every announcement, newest first."""
    persons = ids_of(request.person.pk)
    shown = [_notice(row, persons) for row in Announcement.objects.newest()]
    told = {"parted": parted.of(request), "parted_hidden": parted.is_hidden(request)}
    context = {"notices": shown, **told}
    return access.page(request, "portal/notices.html", "me-notices", context)


@require_POST
@access.person_page
def answer(request: MeRequest, number: int, purpose: str) -> HttpResponse:
    """Keep an answer; the page says that none was given where no button was chosen."""
    said = request.POST.get("answer", "")
    row = Announcement.objects.filter(number=number).first()
    if row is None or not any(q["purpose"] == purpose for q in row.questions):
        raise Http404
    if said not in ("yes", "no"):
        messages.error(request, _("Choose one of the two answers."))
        return redirect("me-notices")
    actions.answer(
        PERSON, number, access.own_of(request), purpose, agrees=said == "yes", language=language()
    )
    messages.success(request, _("Your answer was recorded. You can change it at any time."))
    return redirect("me-notices")


def _notice(row: Announcement, persons: list[Any]) -> dict[str, Any]:
    answers = NoticeAnswer.objects.filter(announcement=row, person__in=persons)
    given: dict[str, NoticeAnswer] = {}
    for one in answers.order_by("pk"):
        given[one.question] = one
    questions = [
        {
            "purpose": q["purpose"],
            "words": actions.words_of(q, language()),
            "given": given.get(q["purpose"]),
        }
        for q in row.questions
    ]
    return {"row": row, "questions": questions}
