"""Verbs of a change of the policy: announcing an edition, noting who was written to, and a person's answer.

The portal shows the announcement to everybody from the moment of the event; mails follow by the worker. A question is
asked only where a change needs consent, and an unanswered one leaves everything as it was.

Clauses: 8.
Law: APPI Art. 18(1), APPI Art. 21(3).
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Max

from chikai import canon, clock
from chikai.choices.consent import Answer, Question
from chikai.errors import BadInput, WrongState
from chikai.ledger.events import Event
from chikai.policy import change, stored
from chikai.web.actions import Actor, action
from chikai.web.actions import choices as choice_actions
from chikai.web.models import Edition, Job
from chikai.web.models.choices import in_force
from chikai.web.models.policy import Announcement, NoticeAnswer, NoticeMail, Preparation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from chikai.choices.registry import Registry
    from chikai.policy.change import Change
    from chikai.policy.document import Document, Language

# What a question says before and after its purpose; its digest is kept with the answer.
QUESTION: Final = {
    "ja": "新しい利用目的「{name}」のために、あなたの情報を使ってもよいですか。",
    "en": "May your information be used for the new purpose “{name}”?",
}


@action("officer")
def announce(by: Actor, *, related: Collection[str] = (), mail: bool = True) -> Event:
    """Announce the edition in force to everybody, and ask the worker to write the mails.

    What was published as unrelated is asked for consent; `related` names what an officer found to be expected. WrongState
    when there is nothing to announce, or a decision is open.
    """
    return announced(by, related=related, mail=mail)[1]


def announced(
    by: Actor,
    *,
    related: Collection[str] = (),
    answers: Mapping[str, change.Answer] | None = None,
    mail: bool,
    second: bool | None = None,
) -> tuple[Announcement, Event]:
    """Make the announcement, in the action's transaction; `second` says whether a second officer let it go."""
    old, new, changes = asked(related, answers)
    if waiting := change.open_decisions(changes):
        names = ", ".join(f"`{c.refs[0]}`" for c in dict.fromkeys(waiting))
        raise WrongState(
            f"an officer has not decided on {names}",
            "publish with a decision on each, or announce it with `--related`",
        )
    made, now = drafted(old, new, changes), clock.now()
    made.number = number = (Announcement.objects.aggregate(n=Max("number"))["n"] or 0) + 1
    made.at = now
    made.save()
    if mail:
        Job.objects.create(
            id=canon.new_id(now),
            verb="notify",
            about={"announcement": str(number)},
            asked_by=by.name,
            asked_at=now,
        )
    return made, Event(
        "policy.announced",
        {
            "announcement": number,
            "edition": new.digest,
            "before": old.digest,
            "changes": len(made.changes),
            "questions": len(made.questions),
            # Whether an officer let go what another had prepared; None where it came from the shell.
            "second_pair_of_eyes": second,
        },
    )


def asked(
    related: Collection[str] = (), answers: Mapping[str, change.Answer] | None = None
) -> tuple[Edition, Edition, tuple[Change, ...]]:
    """The two newest editions, and what each change between them asks; WrongState where nothing is to be announced."""
    first, second = _editions()
    old, new = stored.document(bytes(first.canonical)), stored.document(bytes(second.canonical))
    changes = change.decided(
        change.between(old, new),
        related=related,
        unrelated=asked_purposes(new),
        answers={**Preparation.objects.answers([second]), **(answers or {})},
    )
    if Announcement.objects.filter(edition=second).exists():
        raise WrongState("this edition was announced already", "nothing is to be done")
    return first, second, changes


def drafted(old: Edition, new: Edition, changes: tuple[Change, ...]) -> Announcement:
    """The announcement as it would be made now, unsaved."""
    document = stored.document(bytes(new.canonical))
    wanted = {purpose for _, purpose, _ in change.uses_for_consent(document, changes)}
    return Announcement(
        edition=new,
        before=old,
        changes=[_plain(c) for c in change.folded(changes)],
        questions=[
            {"purpose": p.id, "ja": p.name.ja, "en": p.name.en}
            for p in document.purposes
            if p.id in wanted
        ],
    )


def _editions() -> tuple[Edition, Edition]:
    newest = list(Edition.objects.order_by("-number")[:2])
    if len(newest) < 2:
        raise WrongState("there is no second edition", "publish the change first")
    return newest[1], newest[0]


def _plain(one: Change) -> dict[str, object]:
    words = change.WORDS[one.kind]
    return {
        "kind": one.kind,
        "refs": list(one.refs),
        "needs": one.needs,
        "says": {"ja": words.ja, "en": words.en},
        "name": {"ja": one.name.ja, "en": one.name.en},
    }


def asked_purposes(new: Document) -> frozenset[str]:
    """The purposes that this edition was published with as unrelated: a `may` toggle stands before them."""
    return asked_of(new.digest)


def asked_of(digest: str) -> frozenset[str]:
    """The purposes that the edition with this digest was published with as unrelated."""
    found = in_force()
    registry = found[0] if found else None
    return frozenset(
        ref.partition("/")[0]
        for toggle in (registry.in_force() if registry else ())
        if toggle.unit == "may" and toggle.refs[1] == digest
        for ref in toggle.refs[2:]
    )


def words_of(question: dict[str, str], language: Language) -> str:
    """What a question says, to the letter."""
    return QUESTION[language].format(name=question[language])


@action("person", "desk")
def answer(
    by: Actor, number: int, person: UUID, purpose: str, *, agrees: bool, language: Language
) -> Event:
    """Keep how a person answered the question about a purpose, in the words that were shown; it may change at any time."""
    row = Announcement.objects.select_related("edition").filter(number=number).first()
    question = next((q for q in row.questions if q["purpose"] == purpose), None) if row else None
    found = in_force()
    if row is None or question is None or found is None:
        raise BadInput("nothing is asked about that", "look at the page of notices")
    text = canon.digest_bytes(words_of(question, language).encode())
    now = clock.now()
    for bit in _bits(found[0], row.edition.digest, purpose):
        asked = Question(bit, row.edition.digest, text, language)
        choice_actions.answer_consent(by, Answer(asked, person, agrees, "button", now))
    NoticeAnswer.objects.create(
        announcement=row, person=person, question=purpose, agrees=agrees, words=text, at=now
    )
    return Event(
        "policy.answered",
        {
            "announcement": number,
            "edition": row.edition.digest,
            "purpose": purpose,
            "agrees": agrees,
            "words": text,
        },
        subject=person,
    )


def _bits(registry: Registry, edition: str, purpose: str) -> list[int]:
    """The `may` toggles that this edition put before a purpose: one for each service that uses it."""
    return [
        toggle.bit
        for toggle in registry.in_force()
        if toggle.unit == "may"
        and toggle.refs[1] == edition
        and any(ref.partition("/")[0] == purpose for ref in toggle.refs[2:])
    ]


@action()
def begin_mail(by: Actor, announcement: Announcement, person: UUID) -> Event:
    """Note that a person is about to be written to; WrongState when that was begun before."""
    if NoticeMail.objects.filter(announcement=announcement, person=person).exists():
        raise WrongState("this person was written to already", "nothing is to be done")
    NoticeMail.objects.create(
        announcement=announcement,
        person=person,
        message_id=message_id(announcement.number, person),
        begun_at=clock.now(),
    )
    return Event("policy.notified", {"announcement": announcement.number}, subject=person)


def mark_sent(announcement: Announcement, person: UUID) -> None:
    """Note that a begun mail left; the batch's event counts it."""
    rows = NoticeMail.objects.filter(announcement=announcement, person=person)
    rows.update(sent_at=clock.now())


@action()
def end_mails(by: Actor, announcement: Announcement, *, left_out: int, failed: int) -> Event:
    """Note how the batch of an announcement ended."""
    sent = NoticeMail.objects.filter(announcement=announcement, sent_at__isnull=False).count()
    return Event(
        "policy.mailed",
        {
            "announcement": announcement.number,
            "sent": sent,
            "left_out": left_out,
            "failed": failed,
        },
    )


def message_id(number: int, person: UUID) -> str:
    """One id for each announcement and person, which names neither: a mail sent twice is one."""
    key = settings.HOME.key("identifiers")
    tag = hmac.new(key, f"notice|{number}|{person}".encode(), "sha256").hexdigest()[:32]
    host = str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2] or "localhost"
    return f"<notice-{number}-{tag}@{host}>"
