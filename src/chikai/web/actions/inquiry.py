"""Verbs of the desk: opening an inquiry, and answering it by mail.

What somebody wrote is sealed under a key that is made for this inquiry alone, in the transaction that keeps it. Pages
of the console open it; the ledger, jobs and headers of mails carry its number only.

Clauses: 7.
Law: APPI Art. 40(1).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import IntegrityError

from chikai import canon, clock
from chikai.errors import BadInput, WrongState
from chikai.inquiry import desk
from chikai.ledger import sealing
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action, subject_keys
from chikai.web.models import Job
from chikai.web.models.inquiry import Inquiry, InquiryAnswer

if TYPE_CHECKING:
    from uuid import UUID

    from chikai.inquiry.desk import Message
    from chikai.policy.document import Language


TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """An inquiry as the console shows it: what was written, by which address, and the answers so far."""

    text: str
    mail: str
    answers: tuple[str, ...]


def open_inquiry(
    by: Actor,
    message: Message,
    *,
    channel: str = "form",
    language: Language = "ja",
    once: str = "",
) -> Event:
    """Keep an inquiry, sealed; the event's facts carry its number and the day of the first answer.

    WrongState, with the number as `where`, when the same `once` was taken before.
    """
    for _ in range(TRIES):
        try:
            return _open_inquiry(by, message, channel=channel, language=language, once=once)
        except IntegrityError:  # another took the number, or the same `once`, at this very moment
            continue
    raise WrongState("too many inquiries arrive at this moment", "send it once more")


@action()
def _open_inquiry(
    by: Actor, message: Message, *, channel: str, language: Language, once: str
) -> Event:
    now = clock.now()
    mark = hashlib.sha256(once.encode()).hexdigest() if once else None
    if mark and (known := Inquiry.objects.filter(once=mark).first()):
        raise WrongState("this inquiry was taken already", "nothing is to be done", known.number)
    today = clock.day_in_japan(now)
    id_ = canon.new_id(now)
    number = desk.number(today.year, _count(today.year) + 1)
    due = desk.due(today, message.kind)
    sealed = _seal(id_, canon.encode({"text": message.text, "mail": message.mail}), "message")
    Inquiry.objects.create(
        id=id_,
        number=number,
        kind=message.kind,
        channel=channel,
        language=language,
        sealed=sealed,
        opened_at=now,
        due_on=due,
        once=mark,
    )
    return Event(
        "inquiry.opened",
        {"number": number, "kind": message.kind, "channel": channel, "due": due.isoformat()},
    )


def _count(year: int) -> int:
    """How many inquiries of a year there are; the newest number counts, and none is given twice."""
    newest = Inquiry.objects.filter(number__startswith=f"Q-{year}-").order_by("-pk").first()
    return int(newest.number.rpartition("-")[2]) if newest else 0


@action("officer", "desk")
def answer(by: Actor, number: str, text: str) -> Event:
    """Keep an answer, sealed, and ask the worker to send it; both or neither."""
    inquiry = Inquiry.objects.select_for_update().filter(number=number).first()
    text = text.strip()
    if inquiry is None:
        raise BadInput("there is no such inquiry", "look at the list of them")
    if not text or len(text) > desk.LONGEST:
        raise BadInput(f"the answer is empty or longer than {desk.LONGEST} signs", "shorten it")
    now = clock.now()
    nth = inquiry.answers.count() + 1
    if text in opened(inquiry).answers[-1:]:
        raise WrongState("this very answer was kept already", "nothing is to be done")
    kept = InquiryAnswer.objects.create(
        inquiry=inquiry,
        sealed=_seal(inquiry.pk, text.encode(), f"answer-{nth}"),
        # Made from the inquiry's own id: the same answer sent twice is one mail to whoever gets it.
        message_id=f"<inquiry-{inquiry.pk.hex}-{nth}@{_host()}>",
        by=by.name,
        at=now,
    )
    first = inquiry.answered_at is None
    if first:
        Inquiry.objects.filter(pk=inquiry.pk).update(answered_at=now)
    Job.objects.create(
        id=canon.new_id(now),
        verb="send_answer",
        about={"answer": str(kept.pk)},
        asked_by=by.name,
        asked_at=now,
    )
    late = clock.day_in_japan(now) > inquiry.due_on
    return Event(
        "inquiry.answered",
        {"number": number, "answer": nth, "first": first, "late": first and late},
    )


@action()
def record_sent(by: Actor, answer_id: int) -> Event:
    """Note that an answer left; WrongState when it was noted before."""
    row = InquiryAnswer.objects.select_related("inquiry").get(pk=answer_id)
    if not InquiryAnswer.objects.filter(pk=row.pk, sent_at=None).update(sent_at=clock.now()):
        raise WrongState("this answer was sent already", "nothing is to be done")
    return Event("inquiry.sent", {"number": row.inquiry.number})


def opened(inquiry: Inquiry) -> Opened:
    """What stands in an inquiry, unsealed. Only the console and the worker that sends ask this."""
    said = json.loads(_unseal(inquiry.pk, bytes(inquiry.sealed), "message"))
    answers = tuple(
        _unseal(inquiry.pk, bytes(row.sealed), f"answer-{nth}").decode()
        for nth, row in enumerate(inquiry.answers.order_by("pk"), 1)
    )
    return Opened(str(said["text"]), str(said["mail"]), answers)


def _host() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2] or "localhost"


def _seal(inquiry: UUID, data: bytes, part: str) -> bytes:
    masters = subject_keys.Masters()
    row = subject_keys.ensure([inquiry], masters)[inquiry]
    key = subject_keys.unwrap(row, masters).data
    return sealing.seal(key, data, f"inquiry|{inquiry}|{part}")


def _unseal(inquiry: UUID, data: bytes, part: str) -> bytes:
    row = subject_keys.read([inquiry]).get(inquiry)
    if row is None:
        raise WrongState("the key of this inquiry is gone", "its text cannot be opened any more")
    key = subject_keys.unwrap(row, subject_keys.Masters()).data
    return sealing.unseal(key, data, f"inquiry|{inquiry}|{part}")
