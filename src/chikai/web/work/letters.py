"""Mails that the worker sends: answers of the desk, notices of a changed policy, and what officers must not forget.

Subjects and other headers hold no personal data but the address itself. A Message-ID is fixed beforehand: after a crash
between sending and noting it, the same mail goes out once more under the same id, and is one mail to its reader.
A mail server that is away is asked again, later and later: an answer of the desk and a notice wait, and are not lost.

Clauses: 7, 8.
Law: APPI Art. 21(3), APPI Art. 40(1).
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chikai import canon, clock
from chikai.errors import MailAway, SourceError, Unreachable, WrongState
from chikai.web import change_words
from chikai.web.actions import WORK
from chikai.web.actions import inquiry as inquiries
from chikai.web.actions import policy_announce as announcements
from chikai.web.frame import installed, language, operator_name
from chikai.web.models import Job, Person, Request, Staff
from chikai.web.models.inquiry import InquiryAnswer
from chikai.web.models.policy import Announcement, NoticeMail
from chikai.web.work import allowed, narrow
from chikai.web.work.sources import connect, map_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from chikai.web.work.engine import Work

PURPOSE: Final = "notice_of_changes"
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
MOST_IN_A_ROW: Final = 5  # mails that were not taken, before the server counts as away
TO_STAFF: Final = ("hurry", "wrote", "by_hand")
SAID: Final = {
    "hurry": (
        gettext_lazy("Requests that are due soon"),
        gettext_lazy("These requests are still open. Please look at them at the desk."),
    ),
    "wrote": (
        gettext_lazy("A person wrote about a request"),
        gettext_lazy("They wait for your answer. Please read it at the desk."),
    ),
}
MOST_TRIES: Final = 24  # of one announcement; everybody reads it in the portal


def sweep(now: datetime) -> None:
    """Ask once more for the mails that a fault kept from leaving."""
    rows: QuerySet[Any]
    for answer in InquiryAnswer.objects.filter(sent_at=None):
        rows = InquiryAnswer.objects.filter(pk=answer.pk)
        _ask_again("send_answer", rows, {"answer": str(answer.pk)}, now)
    failed = Job.objects.filter(verb__in=TO_STAFF, state="failed")
    for verb, numbers in {(job.verb, str(job.about["numbers"])) for job in failed}:
        _ask_again(verb, failed, {"numbers": numbers}, now)
    newest = Announcement.objects.newest().first()
    if newest is not None:
        rows = Announcement.objects.filter(pk=newest.pk)
        _ask_again("notify", rows, {"announcement": str(newest.number)}, now)


def _ask_again(verb: str, rows: QuerySet[Any], about: dict[str, str], now: datetime) -> None:
    """Put failed work into the queue anew when its time has come. Two that ask at once meet at the row."""
    with transaction.atomic():
        rows.select_for_update().values_list("pk").first()
        jobs = Job.objects.filter(verb=verb, about=about)
        last = jobs.order_by("-asked_at").first()
        if last is None or last.state != "failed" or last.ended_at is None:
            return
        failures = jobs.filter(state="failed").count()
        if verb in ("notify", *TO_STAFF) and failures >= MOST_TRIES:
            return
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - 1, 10))
        # An end that lies ahead was written by a clock that had jumped.
        if now - wait < last.ended_at <= now:
            return
        Job.objects.create(
            id=canon.new_id(now), verb=verb, about=about, asked_by=WORK.name, asked_at=now
        )


def send_answer(work: Work) -> dict[str, object]:
    """The verb `send_answer`: send one answer of the desk to whoever asked."""
    row = InquiryAnswer.objects.select_related("inquiry").get(pk=int(work.about["answer"]))
    if row.sent_at is not None:
        return {"sent": 0}
    opened = inquiries.opened(row.inquiry)
    nth = list(row.inquiry.answers.order_by("pk").values_list("pk", flat=True)).index(row.pk)
    with translation.override(row.inquiry.language):
        operator = operator_name(installed(), language())
        text = render_to_string(
            "console/inquiry_letter.txt",
            {"text": opened.answers[nth], "number": row.inquiry.number, "operator": operator},
        )
        subject = _("[%(operator)s] Answer to your inquiry %(number)s") % {
            "operator": operator,
            "number": row.inquiry.number,
        }
    send(subject, text, opened.mail, row.message_id)
    inquiries.record_sent(WORK, row.pk)
    return {"sent": 1}


def hurry(work: Work) -> dict[str, object]:
    """The verb `hurry`: tell each officer, and who has them in charge, which open requests are near their end."""
    numbers = str(work.about["numbers"]).split()
    rows = Request.objects.open().filter(number__in=numbers).select_related("assigned")
    sent = 0
    for staff in Staff.objects.filter(is_active=True).order_by("pk"):
        mine = [r for r in rows if r.assigned == staff or staff.has_role("officer")]
        if mine:
            subject, text = _letter_to(staff, mine, "hurry")
            send(subject, text, staff.email, message_id(f"{work.id}.{staff.pk}"))
            sent += 1
    return {"sent": sent}


def wrote(work: Work) -> dict[str, object]:
    """The verb `wrote`: tell who has a request in charge, or else everybody at the desk, that the person wrote."""
    rows = Request.objects.filter(number__in=str(work.about["numbers"]).split())
    sent = 0
    for row in rows.select_related("assigned"):
        for staff in in_charge(row):
            subject, text = _letter_to(staff, [row], "wrote")
            send(subject, text, staff.email, message_id(f"{work.id}.{staff.pk}"))
            sent += 1
    return {"sent": sent}


def in_charge(request: Request) -> list[Staff]:
    """Who has a request in charge, or else everybody at the desk."""
    if request.assigned is not None and request.assigned.is_active:
        return [request.assigned]
    active = Staff.objects.filter(is_active=True).order_by("pk")
    return [staff for staff in active if staff.has_role("desk") or staff.has_role("officer")]


def _letter_to(staff: Staff, rows: list[Request], verb: str) -> tuple[str, str]:
    """A mail to a member of staff: numbers and days of requests, no word of anybody."""
    with translation.override(staff.language):
        operator, tongue = operator_name(installed(), language()), language()
        title, lead = (str(text) for text in SAID[verb])
        subject = _("[%(operator)s] %(title)s") % {"operator": operator, "title": title}
        lines = [
            lead,
            *(f"{row.number}  {clock.written(row.due_on, tongue)}" for row in rows),
            *("", settings.ADDRESS + "/desk/requests", "", operator),
        ]
        return subject, "\n".join(lines) + "\n"


def message_id(name: str) -> str:
    """An id of a mail that is the same each time."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{name}@{domain}>"


@dataclass
class _Batch:
    """How far the mails of an announcement are."""

    work: Work
    row: Announcement
    done: set[UUID]
    sent: int = 0
    left_out: int = 0
    failed: int = 0
    in_a_row: int = 0

    def write(self, person: UUID, mail: str) -> None:
        """Write to a person once; an address that takes no mail is counted, a server that takes none ends the batch."""
        if person in self.done:
            return
        if not mail:
            self.left_out += 1
            return
        self.done.add(person)
        try:
            _notify(self.row, person, mail)
        except MailAway:
            self.failed, self.in_a_row = self.failed + 1, self.in_a_row + 1
            if self.in_a_row == MOST_IN_A_ROW:
                raise
            return
        self.sent, self.in_a_row = self.sent + 1, 0
        self.work.progress(self.sent, self.sent + 1)


def notify(work: Work) -> dict[str, object]:
    """The verb `notify`: write once to everybody whom a service may write to about changes."""
    row = Announcement.objects.select_related("edition").get(number=int(work.about["announcement"]))
    written = NoticeMail.objects.filter(announcement=row, sent_at__isnull=False)
    batch, away = _Batch(work, row, {*written.values_list("person", flat=True)}), ""
    for source in settings.HOME.sources:
        try:
            for person, mail in _addresses(source):
                batch.write(person, mail)
        except (SourceError, WrongState):
            away, batch.failed = source, batch.failed + 1
    announcements.end_mails(WORK, row, left_out=batch.left_out, failed=batch.failed)
    if away:
        raise Unreachable(
            f"the persons of `{away}` could not be written to",
            "they read the notice in the portal; it is tried again",
        )
    return {"sent": batch.sent, "left_out": batch.left_out, "failed": batch.failed}


def count(work: Work) -> dict[str, object]:
    """The verb `count_mails`: how many would be written to about a change, before anybody is."""
    mailed: set[UUID] = set()
    others: set[UUID] = set()
    away = []
    for source in settings.HOME.sources:
        try:
            for person, mail in _addresses(source):
                (mailed if mail else others).add(person)
                work.progress(len(mailed), len(mailed) + 1)
        except (SourceError, WrongState):
            away.append(source)
    return {"mails": len(mailed), "left_out": len(others - mailed), "away": away}


def _addresses(name: str) -> Iterator[tuple[UUID, str]]:
    """Each person of a source with their verified address; an empty one for whom the gate leaves out."""
    map_ = map_in_force(name)
    config = settings.HOME.source(name)
    if map_ is None or not config.opened:
        return
    ask = allowed.asker(config.service, PURPOSE, categories=("email",))
    source = connect(settings.HOME, name)
    try:
        for table in map_.identities:
            if table.identity is None or not table.identity.email:
                continue
            people = narrow.linked(name, table.name)
            with source.reading() as reading:
                for rows in reading.identities(map_, table.name):
                    for found in rows:
                        key, mail = str(found["key"]), str(found.get("email") or "")
                        if key not in people or not mail:
                            continue
                        person = Person.objects.resolve(people[key]).pk
                        yield person, mail if ask(key).allowed else ""
    finally:
        source.close()


def _notify(row: Announcement, person: UUID, mail: str) -> None:
    begun = NoticeMail.objects.filter(announcement=row, person=person).first()
    if begun is None:
        announcements.begin_mail(WORK, row, person)
    subject, text = change_words.letter(row)
    send(subject, text, mail, announcements.message_id(row.number, person))
    announcements.mark_sent(row, person)


def send(subject: str, text: str, address: str, name: str) -> None:
    """Hand a mail to the server, under this id; MailAway where it takes none."""
    try:
        EmailMessage(subject, text, None, [address], headers={"Message-ID": name}).send()
    except (OSError, smtplib.SMTPException) as fault:
        raise MailAway(
            f"the mail server did not take a mail (`{type(fault).__name__}`)",
            "see `chikai doctor`; it is tried again",
        ) from None
