"""Verbs about recipients who hold what a request changed: each is a task for the desk, made with the answer.

Clauses: 4.1, 6.
Law: APPI Art. 34(2), APPI Art. 35(6).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chikai import clock
from chikai.errors import WrongState
from chikai.provision import telling
from chikai.web.actions import Actor, action
from chikai.web.actions.rights import event_of, read_asked
from chikai.web.models import ProvisionRecord, Telling
from chikai.web.models.people import everybody, everybody_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from chikai.ledger.events import Event
    from chikai.web.models import Request


def make(requests: Iterable[Request]) -> None:
    """Write down who is to be told, for requests that were carried out; within the transaction that answers them."""
    changed = {r.person_id: r for r in requests if r.kind in telling.KINDS}
    given = _given(changed.keys())
    rows = []
    for person, found in given.items():
        request = changed[person]
        asked = read_asked(request)
        wanted = {"item": asked.get("items", ""), "service": asked.get("services", "")}
        rows += [
            Telling(
                request=request,
                recipient=one.recipient,
                name=dict(one.name),
                items=list(one.items),
                since=one.since,
            )
            for one in telling.whom(found, **wanted)
        ]
    Telling.objects.bulk_create(rows)


def _given(persons: Iterable[UUID]) -> dict[UUID, list[telling.Given]]:
    """What was given of these persons, under each id that they had; one statement where nothing was."""
    ids = [*persons]
    rows = [*ProvisionRecord.objects.filter(person__in=everybody(ids))] if ids else []
    found: dict[UUID, list[telling.Given]] = {}
    every = everybody_of(ids) if rows else {}
    for row in rows:
        one = telling.Given(row.recipient, row.name, row.service, tuple(row.items), row.at)
        for id_, theirs in every.items():
            if row.person_id in theirs:
                found.setdefault(id_, []).append(one)
    return found


@action("desk", "officer")
def tell_recipient(by: Actor, task: Telling) -> Event:
    """Note that a recipient was told; WrongState when somebody noted it before."""
    row = Telling.objects.select_for_update().get(pk=task.pk)
    if row.told_at is not None:
        raise WrongState("this recipient was told already", "nothing is left to do")
    row.told_at, row.told_by = clock.now(), by.name
    row.save(update_fields=["told_at", "told_by"])
    said = event_of(
        "rights.recipient_told", row.request, recipient=row.recipient, items=len(row.items)
    )
    # Of somebody whose keys were destroyed an event names nobody.
    return said if row.request.forgotten_at is None else replace(said, subject=None)
