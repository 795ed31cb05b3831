"""Verbs of an officer's review of what was gathered: looking at it, and saying what is blacked out or left out.

The words stand sealed with the request's own key; rows, logs and the ledger hold their number alone. A review that says
something else than the one before takes back the approvals that were given on it.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chikai import clock
from chikai.errors import WrongState
from chikai.ledger import sealing
from chikai.rights import review as rules
from chikai.web.actions import Actor, action
from chikai.web.actions.rights import event_of, key_of, read_note, seal_for_person
from chikai.web.models import Approval, Request, Review

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from chikai.ledger.events import Event


@action("officer")
def record_look(by: Actor, request: Request, *, rows: int) -> Event:
    """Record that an officer read what was gathered for a request."""
    return event_of("rights.looked_through", request, rows=rows)


@action("officer")
def review_request(
    by: Actor, request: Request, review: rules.Review, *, known: Collection[rules.Left], found: int
) -> Event:
    """Keep what is blacked out and left out; `known` are the tables and columns there, `found` how many finds were shown."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    if request.state != "review" or request.kind != "disclose" or request.approve_after:
        raise WrongState("this request is not under review", "look at its state")
    review = rules.checked(review, known)
    before = stored(request, key_of(request))
    if before is not None and before != review:
        Approval.objects.filter(request=request).delete()
    words = json.dumps(review.words, ensure_ascii=False).encode()
    Review.objects.update_or_create(
        request=request,
        defaults={
            "words": sealing.seal(key_of(request), words, _context(request)),
            "left": [list(one) for one in review.left],
            "redacted": len(review.words),
            "found": found,
            "by": by.name,
            "at": clock.now(),
        },
    )
    request.is_reviewed, request.ground = True, review.ground
    request.text = seal_for_person(request, "text", review.text)
    request.save(update_fields=["is_reviewed", "ground", "text"])
    return event_of(
        *("rights.reviewed", request),
        found=found,
        redacted=len(review.words),
        left_out=len(review.left),
        ground=review.ground or None,
    )


def stored(request: Request, key: bytes) -> rules.Review | None:
    """The review of a request, opened with its key; None where nobody made one."""
    return stored_each([request], {request.pk: key})[request.pk]


def stored_each(
    requests: Collection[Request], keys: Mapping[UUID, bytes]
) -> dict[UUID, rules.Review | None]:
    """The reviews of requests, each opened with its own key; None where nobody made one."""
    found: dict[UUID, rules.Review | None] = {request.pk: None for request in requests}
    reviewed = {request.pk: request for request in requests if request.is_reviewed}
    for row in Review.objects.filter(request__in=reviewed) if reviewed else ():
        id_ = row.request_id
        found[id_] = _opened(row, reviewed[id_], keys[id_])
    return found


def _opened(row: Review, request: Request, key: bytes) -> rules.Review:
    words = json.loads(sealing.unseal(key, bytes(row.words), _context(request)))
    left = tuple((source, table, column) for source, table, column in row.left)
    return rules.Review(tuple(words), left, request.ground, read_note(request, "text"))


def _context(request: Request) -> str:
    return f"request|{request.pk}|review"
