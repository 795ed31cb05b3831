"""The verb of refusing: on a ground of the Act with an explanation, by as many officers as the policy asks to approve.

Where it asks two, the first says the ground and the words, and another one confirms just these; where one officer works
alone, the same one does so after 24 hours. Other words are a proposal anew, and an approval sets it aside.

Clauses: 6.
Law: APPI Art. 24, APPI Art. 36.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import canon, clock
from chikai.errors import WrongState
from chikai.rights import approval, refusal
from chikai.rights import request as rules
from chikai.web.actions import Actor, action
from chikai.web.actions.rights import (
    close,
    event_of,
    open_for_person,
    seal_bytes_for_person,
    tell,
)
from chikai.web.models import Edition, ProposedRefusal, Request
from chikai.web.models.installation import works_alone

if TYPE_CHECKING:
    from datetime import datetime

    from chikai.ledger.events import Event
    from chikai.rights.refusal import Ground


@action("officer")
def refuse_request(by: Actor, request: Request, *, ground: str, text: str) -> Event:
    """Refuse, or be the first of two officers who do; the notice to the person is part of the refusal."""
    request, now = Request.objects.select_for_update().get(pk=request.pk), clock.now()
    found, text = refusal.check(request.kind, ground, text), text.strip()
    rules.move("refuse", request.state)
    if takes_two(request) and not _is_second(by, request, ground, text, now):
        return _proposed(by, request, found, text, now)
    return _refused(by, request, found, text, now)


def takes_two(request: Request) -> bool:
    """Whether the policy asks two officers to decide requests of this kind."""
    document = Edition.objects.document()
    rights = document.rights if document else ()
    return any(right.kind == request.kind and right.approvals > 1 for right in rights)


def proposed(request: Request) -> tuple[ProposedRefusal, str] | None:
    """The refusal that waits for a second officer, and its words; None when there is none."""
    row = ProposedRefusal.objects.filter(request=request).first()
    if row is None or request.state not in rules.UNDECIDED:
        return None
    return row, open_for_person(request, "refusal", bytes(row.text))


def _is_second(by: Actor, request: Request, ground: str, text: str, now: datetime) -> bool:
    """Whether these are the words of another officer, or one's own after a night; WrongState before that."""
    there = proposed(request)
    if there is None or (there[0].ground, there[1]) != (ground, text):
        return False
    row = there[0]
    if row.by != by.name:
        return True
    if not works_alone():
        raise WrongState("you have proposed this refusal", "another officer confirms it")
    if now < row.at + approval.WAIT:
        raise WrongState("it was proposed, and waits 24 hours", "confirm it after that")
    return True


def _proposed(by: Actor, request: Request, ground: Ground, text: str, now: datetime) -> Event:
    sealed = seal_bytes_for_person(request, "refusal", text.encode())
    said = {"ground": ground.id, "text": sealed, "by": by.name, "at": now}
    ProposedRefusal.objects.update_or_create(request=request, defaults=said)
    return event_of("rights.refusal_proposed", request, ground=ground.id, article=ground.cite)


def _refused(by: Actor, request: Request, ground: Ground, text: str, now: datetime) -> Event:
    request.state = rules.move("refuse", request.state)
    request.decision_no += 1
    request.decided_at, request.decided_by, request.ground = now, by.name, ground.id
    request.text = seal_bytes_for_person(request, "text", text.encode())
    request.save()
    ProposedRefusal.objects.filter(request=request).delete()
    close(request)
    tell(request, "refused", now)
    return event_of(
        *("rights.refused", request),
        ground=ground.id,
        article=ground.cite,
        text=canon.digest_bytes(bytes(request.text)),
    )
