"""Verbs after an erasure of everything: what we hold of the person ourselves goes, and then the keys that open the rest.

An erasure is three dated facts. The first is the answer: erased in the services. With it earlier packages close. The
second comes when the answer has been there to be read for fourteen days: the words of all requests, the links, the
digests of addresses, the choices and the sessions go, and the person's keys are destroyed; of a request its number, kind
and days stay. The third is the day of the last backup, which is counted and said.

Who came back since is not meant: what they registered, chose and asked after the answer stays theirs.

A row that stands in a service, masked or kept by another law, must stay stopped for every use. So its link goes to a new
id that leads to nobody, on which everything is stopped.

Clauses: 5, 6.
Law: APPI Art. 22, APPI Art. 35(2), APPI Art. 35(6), APPI Art. 35(7).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max, Min, Q

from chikai import canon, clock
from chikai.choices import suspension
from chikai.errors import WrongState
from chikai.web.actions import Actor, action, choices, feed, keys, staying, subject_keys
from chikai.web.actions.people_sync import lock_links
from chikai.web.actions.rights import close, event_of
from chikai.web.models import (
    Asked,
    ByHand,
    Candidate,
    HeldIndex,
    Identifier,
    Link,
    Merge,
    Message,
    PartedNotice,
    Person,
    PortalSession,
    Proposal,
    ProposedRefusal,
    Request,
    Step,
    SubjectKey,
)
from chikai.web.models.choices import Choice, OwnChoices
from chikai.web.models.people import everybody, everybody_of, ids_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from chikai.ledger.events import Event


def open_packages() -> list[Request]:
    """Packages of persons who were erased since, that may still be fetched; not what was read for them afterwards."""
    done = Request.objects.erased().filter(between=None)
    rows = Request.objects.filter(person__in=everybody(done.values("person")), state="answered")
    held = rows.filter(expired_at=None).exclude(package_digest="")
    since = dict(held.annotate(first=Min("steps__done_at")).values_list("pk", "first"))
    if not since:
        return []
    until: dict[UUID, datetime] = {}
    ended = done.annotate(last=Max("steps__done_at")).values_list("person", "last")
    everybody_by = everybody_of(person for person, _ in ended)
    for person, last in ended:
        for id_ in everybody_by[person]:
            until[id_] = max(last or clock.now(), until.get(id_, last or clock.now()))
    return [row for row in held if (first := since[row.pk]) is None or first < until[row.person_id]]


@action("work")
def close_packages(by: Actor, rows: Sequence[Request]) -> tuple[Event, ...]:
    """Close packages from before an erasure: their keys are destroyed, and what was counted of the person goes."""
    now, events = clock.now(), []
    found = Request.objects.select_for_update().filter(pk__in=[r.pk for r in rows], expired_at=None)
    for request in found:
        close(request)
        events.append(event_of("rights.expired", request, erased=True))
    Request.objects.filter(pk__in=[r.pk for r in found]).update(expired_at=now)
    HeldIndex.objects.filter(person__in=[i for r in found for i in ids_of(r.person_id)]).delete()
    return tuple(events)


@action("work")
def forget_person(by: Actor, request: Request) -> tuple[Event, ...]:
    """Remove what we hold ourselves of a person who was erased, and destroy their keys."""
    now = clock.now()
    feed.hold()
    lock_links()
    due = Request.objects.forgettable(clock.day_in_japan(now))
    if not due.filter(pk=request.pk).exists():
        raise WrongState("this person's days are not over", "wait for the day")
    ids, stays = staying.set_apart(ids_of(request.person_id), now)
    _blank(ids)
    _unlink(ids, now)
    if stays is not None:
        staying.tell(stays, now)
    Request.objects.filter(person__in=ids, whole=True, state="answered").update(forgotten_at=now)
    until = last_backup(clock.day_in_japan(now))
    more = {"backups_until": until.isoformat()} if until else {}
    active = SubjectKey.objects.filter(subject__in=ids, state="active")
    return tuple(
        keys.destroyed(subject, number=request.number, **more)
        for subject in sorted(active.values_list("subject", flat=True))
    )


def last_backup(since: date) -> date | None:
    """The day on which our own last backup from before a day ends; None where nobody has said how long they are kept."""
    days = settings.HOME.own.get("backup_days")
    return since + timedelta(days=int(str(days))) if days is not None else None


def last_backup_of(sources: Sequence[str], since: date) -> date | None:
    """The day on which the last backup of these places from before a day ends; None where nobody has said it of them all."""
    known = settings.HOME.sources
    days = [known[source].backup_days if source in known else 0 for source in sources]
    return since + timedelta(days=max(days)) if days and all(days) else None


def _blank(ids: list[UUID]) -> None:
    """Of every request of a person, take out what was sealed; number, kind and days stay."""
    rows = Request.objects.filter(person__in=ids)
    mine = list(rows.values_list("pk", flat=True))
    rows.update(note=None, text=None, reply_to=None, plan=None)
    Asked.objects.filter(request__in=mine).update(
        sealed=None, agent=None, why=None, by=None, person_to=None
    )
    Asked.objects.filter(by__in=ids).update(by=None, by_through=None)
    Message.objects.filter(request__in=mine).delete()
    ProposedRefusal.objects.filter(request__in=mine).delete()
    of_steps = Step.objects.filter(request__in=mine)
    ByHand.objects.filter(step__in=of_steps).delete()
    Proposal.objects.filter(step__in=of_steps).delete()
    of_steps.update(note=None)
    subject_keys.destroy(mine)


def _unlink(ids: list[UUID], now: datetime) -> None:
    """Let links lead to nobody, with everything stopped; digests, pairs, choices and sessions go."""
    links = Link.objects.filter(person__in=ids)
    theirs = list(links.values_list("pk", flat=True))
    Identifier.objects.filter(link__in=theirs).delete()
    Candidate.objects.filter(Q(a__in=theirs) | Q(b__in=theirs)).delete()
    Merge.objects.filter(Q(kept__in=ids) | Q(gone__in=ids)).delete()
    Choice.objects.filter(person__in=ids).delete()
    OwnChoices.objects.filter(person__in=ids).delete()
    PartedNotice.objects.filter(person__in=ids).delete()
    PortalSession.objects.filter(person__in=ids).delete()
    HeldIndex.objects.filter(person__in=ids).delete()
    if theirs:
        nobody = Person.objects.create(id=canon.new_id(now), since=now)
        choices.write(nobody.pk, 0, suspension.EVERYTHING.on(0), now)
        Link.objects.filter(pk__in=theirs).update(person=nobody, verified="", name=None, seen=None)
        choices.tell([nobody.pk], "keys.destroyed", now)
