"""Sending a notice by mail: once, or said to be perhaps twice when a worker ended between sending and noting it.

Its Message-ID is made of the request's number and the decision, so that a mailbox shows a second copy as the same mail.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36.
"""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from chikai import clock
from chikai.rights.request import OPEN
from chikai.web import notice_words
from chikai.web.actions import WORK, rights, steps
from chikai.web.models import Outbox
from chikai.web.work.engine import Overtaken, Work, held, point

MOST_TRIES: Final = 6
ADDRESS_MAY_COME: Final = timedelta(minutes=10)  # the first reading of the places finds it
FIRST_WAIT: Final = timedelta(seconds=30)


def send(work: Work) -> dict[str, object]:
    """The verb `notice` of the worker."""
    notice = Outbox.objects.select_related("request").get(pk=int(work.about["notice"]))
    if notice.state != "todo":
        return {"state": notice.state}
    address = rights.read_note(notice.request, "reply_to")
    if not address:
        if notice.kind == "received" and notice.request.state in OPEN:
            _note(work, notice, not_before=clock.now() + ADDRESS_MAY_COME)
            return {"state": "waiting"}
        steps.note_sent(WORK, notice, state="no_address")
        return {"state": "no_address"}
    return {"state": _send(work, notice, address)}


def _send(work: Work, notice: Outbox, address: str) -> str:
    now = clock.now()
    twice = notice.perhaps_twice or notice.trying_at is not None
    _note(work, notice, trying_at=now, tries=notice.tries + 1, perhaps_twice=twice)
    point("mail.trying")
    try:
        message(notice, address).send()
    except (OSError, smtplib.SMTPException):
        if notice.tries >= MOST_TRIES:
            steps.note_sent(WORK, notice, state="failed")
            return "failed"
        wait = FIRST_WAIT * 2 ** (notice.tries - 1)
        _note(work, notice, trying_at=None, not_before=now + wait)
        return "waiting"
    point("mail.sent")
    steps.note_sent(WORK, notice, state="sent")
    point("mail.noted")
    return "sent"


def message(notice: Outbox, address: str) -> EmailMessage:
    """The mail of a notice."""
    subject, text = notice_words.letter(notice)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    name = f"{notice.request.number}.{notice.kind}.{notice.decision_no}"
    headers = {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, None, [address], headers=headers)


def _note(work: Work, notice: Outbox, **values: object) -> None:
    """Write how far a notice is, while this taking is the newest."""
    with transaction.atomic():
        if held(work.id, work.fence).select_for_update().values_list("pk").first() is None:
            raise Overtaken
        Outbox.objects.filter(pk=notice.pk).update(**values)
    for field, value in values.items():
        setattr(notice, field, value)
