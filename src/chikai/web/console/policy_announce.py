"""Announcing the edition in force: one officer prepares it, another lets it go; then how far the mails are.

The page says what each change asks, who is told and by what words, before anybody is.

Clauses: 1.2, 8.
Law: APPI Art. 18(1), APPI Art. 21(3), APPI Art. 24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chikai import clock
from chikai.errors import ChikaiError
from chikai.policy import change, publication, stored
from chikai.policy.document import LANGUAGES
from chikai.web import change_words, compared
from chikai.web.actions import of_staff, policy_announce, policy_notice
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.console.policy import said
from chikai.web.console.policy_forms import Announce
from chikai.web.console.policy_publish import alone, name_of
from chikai.web.frame import language
from chikai.web.models import Announcement, Edition, Job, NoticeMail, Person, PreparedNotice

if TYPE_CHECKING:
    from chikai.policy.change import Change


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def announce(request: StaffRequest) -> HttpResponse:
    """The announcement that waits for a second officer, or the one to be prepared, or the one that was made."""
    row = PreparedNotice.objects.waiting()
    if row is not None:
        return _waiting(request, row)
    made = Announcement.objects.filter(edition=Edition.objects.current()).first()
    if made is not None:
        return page(request, "console/policy_announced.html", "desk-policy", _made(made))
    if Edition.objects.count() < 2:
        messages.error(request, _("There is no second edition yet: nothing changes for anybody."))
        return redirect("desk-policy")
    return _prepare(request)


def _prepare(request: StaffRequest) -> HttpResponse:
    """What is to be told, and to whom; a POST puts it forward."""
    before, edition, changes = policy_announce.asked()
    form = Announce(request.POST or None, initial={"mail": True, "digest": edition.digest})
    form.offer(changes, published=True)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            policy_notice.prepare_notice(
                of_staff(request.user),
                digest=data["digest"],
                decisions=form.decisions(),
                mail=data["mail"],
            )
        except ChikaiError as fault:
            form.add_error(None, said(fault))
        else:
            messages.success(request, _("The announcement is prepared. Nobody has been told yet."))
            return redirect("policy-announce")
    context = {**_told(before, edition, changes), "form": form, "alone": alone()}
    return page(request, "console/policy_announce.html", "desk-policy", context)


def _waiting(request: StaffRequest, row: PreparedNotice) -> HttpResponse:
    """What waits, with the count of its mails; a POST lets it go or sets it aside."""
    actor = of_staff(request.user)
    if request.method == "POST" and request.POST.get("notice") == str(row.pk):
        try:
            if request.POST.get("says") == "aside":
                policy_notice.set_notice_aside(actor, row)
                messages.success(request, _("The announcement was set aside. Nobody was told."))
                return redirect("desk-policy")
            policy_notice.announce_prepared(actor, row)
            messages.success(request, _("The change was announced, and the ledger has its entry."))
        except ChikaiError as fault:
            messages.error(request, " ".join(said(fault)))
        return redirect("policy-announce")
    before, edition, changes = policy_announce.asked()
    mine, opens_at = row.prepared_by == actor.name, row.prepared_at + publication.WAIT
    context = {
        **_told(before, edition, change.by_decisions(changes, row.made_decisions())),
        "row": row,
        "decided": [(d, change.ANSWERS[d.answer]) for d in row.made_decisions()],
        "counted": _count_of(row),
        "by": name_of(row.prepared_by),
        "alone": alone(),
        "opens_at": opens_at,
        "may": not mine or (alone() and opens_at <= clock.now()),
    }
    return page(request, "console/policy_announce_waiting.html", "desk-policy", context)


def _told(before: Edition, edition: Edition, changes: tuple[Change, ...]) -> dict[str, Any]:
    """What both pages show of a notice that nobody has read yet."""
    row = policy_announce.drafted(before, edition, changes)
    letters = [(t, change_words.subject(t), change_words.text(row, t)) for t in LANGUAGES]
    earlier = getattr(edition, "preparation", None)
    return {
        "before": before,
        "edition": edition,
        "compared": compared.Compared(change.folded(changes), ()),
        "dates": stored.document(bytes(edition.canonical)).dates,
        "persons": Person.objects.count(),
        "letters": letters,
        "questions": [policy_announce.words_of(q, language()) for q in row.questions],
        "published": [(d, change.ANSWERS[d.answer]) for d in earlier.made_decisions()]
        if earlier
        else [],
    }


def _made(row: Announcement) -> dict[str, Any]:
    """An announcement and how far its mails are."""
    jobs = Job.objects.filter(verb="notify", about={"announcement": str(row.number)})
    mails = NoticeMail.objects.filter(announcement=row)
    counted = getattr(row, "prepared", None)
    before = _count_of(counted) if counted else None
    return {
        "row": row,
        "job": jobs.order_by("-asked_at").first(),
        "sent": mails.exclude(sent_at=None).count(),
        "of": before.result.get("mails") if before else None,
        "answers": row.answers.values("person", "question").distinct().count(),
    }


def _count_of(row: PreparedNotice) -> Job | None:
    """The job that counts the mails."""
    return Job.objects.filter(pk=row.counting).first() if row.counting else None
