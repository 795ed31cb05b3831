"""Sending a notice by mail: once, or said to be perhaps twice when a worker ended between sending and noting it.

Its Message-ID is made of the request's number and the decision, so that a mailbox shows a second copy as the same mail.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36.
"""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.mail import EmailMessage

from chikai import clock
from chikai.rights.request import OPEN
from chikai.web import notice_words
from chikai.web.actions import WORK, rights, steps, whose
from chikai.web.models import Outbox, Request
from chikai.web.work import addresses, claims
from chikai.web.work.claims import Overtaken
from chikai.web.work.engine import point

if TYPE_CHECKING:
    from datetime import datetime

    from chikai.web.work.claims import Claim

MOST: Final = 100  # mails in one turn
MOST_TRIES: Final = 6
ADDRESS_MAY_COME: Final = timedelta(minutes=10)  # the first reading of the places finds it
FIRST_WAIT: Final = timedelta(seconds=30)


def turn(now: datetime) -> int:
    """Take the notices whose mail has not gone, and send each; how many there were."""
    claim, rows = claims.take_notices(now, MOST)
    if not rows:
        return 0
    with claim.renewed():
        known = Request.objects.select_related("person", "asked").in_bulk(
            {row.request_id for row in rows}
        )
        for notice in rows:
            if claim.lost.is_set():
                break
            notice.request = known[notice.request_id]
            try:
                _send(claim, notice)
            except Overtaken:
                continue
        Outbox.objects.filter(claim=claim.id).update(claim=None, lease_until=None)
    return len(rows)


def _send(claim: Claim, notice: Outbox) -> None:
    if notice.kind in notice_words.TO_PERSON:
        _send_to_person(claim, notice)
        return
    address = rights.read_note(notice.request, "reply_to")
    if not address and notice.kind == "received" and notice.request.state in OPEN:
        _note(claim, notice, not_before=clock.now() + ADDRESS_MAY_COME)
    elif not address:
        steps.note_sent(WORK, notice, state="no_address")
    else:
        _mail(claim, notice, address)


def _send_to_person(claim: Claim, notice: Outbox) -> None:
    """Tell the person what is asked in their name, at the address that a service verified; places that rest are asked again."""
    request = notice.request
    kept = request.asked.person_to
    address = rights.open_for_person(request, "person_to", bytes(kept)) if kept else ""
    address = address or addresses.of_person(settings.HOME, request)
    if address:
        _mail(claim, notice, address)
    elif notice.tries >= MOST_TRIES:
        steps.note_sent(WORK, notice, state="no_address")
    else:
        wait = FIRST_WAIT * 2**notice.tries
        _note(claim, notice, tries=notice.tries + 1, not_before=clock.now() + wait)


def _mail(claim: Claim, notice: Outbox, address: str) -> None:
    now = clock.now()
    twice = notice.perhaps_twice or notice.trying_at is not None
    _note(claim, notice, trying_at=now, tries=notice.tries + 1, perhaps_twice=twice)
    point("mail.trying")
    try:
        message(notice, address).send()
    except (OSError, smtplib.SMTPException):
        if notice.tries >= MOST_TRIES:
            steps.note_sent(WORK, notice, state="failed")
            return
        wait = FIRST_WAIT * 2 ** (notice.tries - 1)
        _note(claim, notice, trying_at=None, not_before=now + wait)
        return
    point("mail.sent")
    steps.note_sent(WORK, notice, state="sent", found=address)
    point("mail.noted")


def message(notice: Outbox, address: str) -> EmailMessage:
    """The mail of a notice."""
    mine = notice.kind in notice_words.TO_PERSON
    others = not mine and whose.is_of_others(address, notice.request)
    subject, text = notice_words.letter(notice, read_by_others=others)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    name = f"{notice.request.number}.{notice.kind}.{notice.decision_no}"
    headers = {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, None, [address], headers=headers)


def _note(claim: Claim, notice: Outbox, **values: object) -> None:
    """Write how far a notice is, while this taking is the newest."""
    if not Outbox.objects.filter(pk=notice.pk, claim=claim.id).update(**values):
        raise Overtaken
    for field, value in values.items():
        setattr(notice, field, value)
