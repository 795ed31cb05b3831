"""Verbs of an erasure that was answered, when a further registration is found to be the person's.

Whatever finds two persons to be one asks for it in its own transaction; a worker then opens a request that follows the
first. It is about that registration alone, is approved like every erasure, and tells the person. A registration that
was made after the answer is not meant: who comes back has asked for nothing.

Clauses: 5, 6.
Law: APPI Art. 35(2), APPI Art. 35(7).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings

from chikai import canon, clock
from chikai.rights import deadline
from chikai.web.actions import Actor, action, rights, subject_keys
from chikai.web.models import Asked, Job, Link, Outbox, Person, Request
from chikai.web.models.people import ids_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chikai.ledger.events import Event


def ask(kept: UUID, gone: UUID, now: datetime) -> None:
    """Let a worker look whether one of two who are found to be one was erased; called before their links move."""
    erased = Request.objects.filter(kind="erase", state="answered", forgotten_at=None)
    if not erased.exists():
        return
    for mine, other in ((kept, gone), (gone, kept)):
        asked = erased.filter(person__in=ids_of(mine), follows=None)
        links = [*Link.objects.present().filter(person=other).values_list("pk", flat=True)]
        Job.objects.bulk_create(
            Job(
                id=canon.new_id(now),
                verb="follow",
                about={"request": str(id_), "links": json.dumps(links)},
                asked_by="work",
                asked_at=now,
            )
            for id_ in (asked.values_list("pk", flat=True) if links else ())
        )


def found_since(request: Request, links: list[int]) -> list[int]:
    """Of these links those that are the person's today, stood there when it was answered, and were asked to go."""
    answered = Outbox.objects.filter(request=request, kind="answered").order_by("made_at").first()
    if answered is None:
        return []
    mine = Link.objects.present().exclude(source=Link.NOWHERE)
    if service := rights.read_asked(request).get("services"):
        asked = [name for name, c in settings.HOME.sources.items() if c.service == service]
        mine = mine.filter(source__in=asked)
    theirs = mine.filter(pk__in=links, person__in=ids_of(request.person_id))
    return [*theirs.filter(since__lte=answered.made_at).values_list("pk", flat=True)]


@action("work")
def follow_erasure(by: Actor, request: Request, links: list[int]) -> tuple[Event, ...]:
    """Open a request for what was found since; none where an open one is about it already."""
    first = Request.objects.select_for_update().get(pk=request.pk)
    person, now = Person.resolve(first.person_id), clock.now()
    open_ = Request.objects.open().of_person(person).filter(kind="erase")
    if first.forgotten_at or open_.filter(links=None).exists() or not links:
        return ()
    document, right = rights.right_of("erase")
    row = Request(
        id=canon.new_id(now),
        number=rights.next_number(now),
        kind="erase",
        person=person,
        channel=first.channel,
        language=first.language,
        entered_by=by.name,
        arrived_at=now,
        due_on=(due := deadline.due_on(now, right.target_days)),
        hurry_on=deadline.hurry_on(now, due),
        edition=document.digest,
        whole=first.whole,
        evidence=first.evidence,
        state="identified",
        follows=first,
        links=links,
        through=first.through,
    )
    subject_keys.begin(person.pk, row.pk)
    row.reply_to = rights.seal_for_person(row, "reply_to", rights.read_note(first, "reply_to"))
    row.save(force_insert=True)
    asked = json.dumps(rights.read_asked(first), ensure_ascii=False)
    Asked.objects.create(request=row, sealed=rights.seal_for_person(row, "asked", asked))
    rights.tell(row, "found_more", now)
    facts = {"kind": row.kind, "channel": row.channel, "due_on": row.due_on.isoformat()}
    opened = rights.event_of("rights.opened", row, **facts, follows=first.number)
    return opened, rights.event_of("rights.identified", row, evidence=row.evidence)
