"""Mails that the worker sends: answers of the desk, and notices of a changed policy.

Subjects and other headers hold no personal data but the address itself. A Message-ID is fixed beforehand: after a crash
between sending and noting it, the same mail goes out once more under the same id, and is one mail to its reader.

Clauses: 7, 8.
Law: APPI Art. 21(3), APPI Art. 40(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from chikai.errors import SourceError, WrongState
from chikai.web.actions import WORK
from chikai.web.actions import inquiry as inquiries
from chikai.web.actions import policy_announce as announcements
from chikai.web.frame import installed, language, operator_name
from chikai.web.models import Person
from chikai.web.models.inquiry import InquiryAnswer
from chikai.web.models.policy import Announcement, NoticeMail
from chikai.web.work import allowed, narrow
from chikai.web.work.sources import connect, map_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from chikai.web.work.engine import Work

PURPOSE: Final = "notice_of_changes"


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
    _send(subject, text, opened.mail, row.message_id)
    inquiries.record_sent(WORK, row.pk)
    return {"sent": 1}


def notify(work: Work) -> dict[str, object]:
    """The verb `notify`: write once to everybody whom a service may write to about changes."""
    row = Announcement.objects.select_related("edition").get(number=int(work.about["announcement"]))
    left_out, failed, sent = 0, 0, 0
    done = set(
        NoticeMail.objects.filter(announcement=row, sent_at__isnull=False).values_list(
            "person", flat=True
        )
    )
    for source in settings.HOME.sources:
        try:
            for person, mail in _addresses(source):
                if person in done:
                    continue
                if not mail:
                    left_out += 1
                    continue
                done.add(person)
                _notify(row, person, mail)
                sent += 1
                work.progress(sent, sent + 1)
        except (SourceError, WrongState):
            failed += 1  # its persons read the notice in the portal; the job may be asked for again
    announcements.end_mails(WORK, row, left_out=left_out, failed=failed)
    return {"sent": sent, "left_out": left_out, "failed": failed}


def _addresses(name: str) -> Iterator[tuple[UUID, str]]:
    """Each person of a source with their verified address; an empty one for whom the gate leaves out."""
    map_ = map_in_force(name)
    config = settings.HOME.source(name)
    if map_ is None or config.kind != "sql":
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
    tongue = "ja"
    with translation.override(tongue):
        operator = operator_name(installed(), language())
        text = render_to_string(
            "portal/notice_letter.txt",
            {"row": row, "operator": operator, "where": f"{settings.ADDRESS}/me/notices"},
        )
        subject = _("[%(operator)s] The privacy policy has changed") % {"operator": operator}
    _send(subject, text, mail, announcements.message_id(row.number, person))
    announcements.mark_sent(row, person)


def _send(subject: str, text: str, address: str, message_id: str) -> None:
    EmailMessage(subject, text, None, [address], headers={"Message-ID": message_id}).send()
