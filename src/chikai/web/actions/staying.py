"""What stays of somebody who was erased, on the day on which the rest is forgotten: what the erasure did not mean.

That is a registration that was made after the answer, and one that was found to be theirs later and of which they took
the erasure back. It goes on under an id of its own, with what was chosen, asked and given since.

Clauses: 5, 6.
Law: APPI Art. 35(2), APPI Art. 35(5), APPI Art. 35(7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from chikai import canon
from chikai.choices.reading import bits_in
from chikai.rights import request as rules
from chikai.web.actions import choices, parting
from chikai.web.models import (
    Asked,
    HeldIndex,
    Link,
    Merge,
    NoticeAnswer,
    Outbox,
    Person,
    PortalSession,
    ProvisionRecord,
    Request,
)
from chikai.web.models.choices import Choice, OwnChoices, in_force
from chikai.web.models.people import own_ids

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID


def set_apart(ids: Collection[UUID], now: datetime) -> tuple[list[UUID], UUID | None]:
    """Let what stays stand by itself, within the transaction of the verb that forgets.

    The ids that are to be forgotten, and the person whose the rest is from now on; None where nothing stays.
    """
    erasures = Request.objects.filter(person__in=ids, whole=True, state="answered")
    answers = Outbox.objects.filter(request__in=erasures.filter(follows=None), kind="answered")
    since = answers.aggregate(last=Max("made_at"))["last"]
    links = _links(ids, since) if since is not None else []
    here = Link.objects.present().filter(pk__in=links)
    if since is None or not here.exclude(source=Link.NOWHERE).exists():
        return [*ids], None
    asked = {*erasures.values_list("person", flat=True)}
    own = _own(ids, links) - asked
    root = Person.resolve(next(iter(ids))).pk
    stays = min(own, key=_age) if own else Person.objects.create(id=canon.new_id(now), since=now).pk
    old = [id_ for id_ in ids if id_ not in own]
    _choose(root, stays, own, since)
    _part(ids, old, own, stays, root)
    Link.objects.filter(person__in=[*ids, stays], pk__in=links).update(person=stays)
    _give(old, stays, links, since)
    HeldIndex.objects.filter(person__in=ids).delete()
    return old, stays


def _links(ids: Collection[UUID], since: datetime) -> list[int]:
    """The links that were made after the answer, and those whose erasure was asked for later and did not come about."""
    theirs = Link.objects.filter(person__in=ids)
    later = Request.objects.filter(person__in=ids, follows__isnull=False)
    kept = {
        link
        for listed in later.filter(state__in=rules.CLOSED).exclude(state="answered")
        .values_list("links", flat=True)
        for link in listed or ()
    }  # fmt: skip
    gone = {
        link
        for listed in later.filter(state="answered").values_list("links", flat=True)
        for link in listed or ()
    }
    fresh = {*theirs.filter(since__gt=since).values_list("pk", flat=True)}
    return [*theirs.filter(pk__in=fresh | kept - gone).values_list("pk", flat=True)]


def _own(ids: Collection[UUID], links: Collection[int]) -> set[UUID]:
    """The ids under which nothing but these links was ever registered."""
    held = dict(Link.objects.filter(person__in=ids).values_list("pk", "person"))
    own = own_ids(held)
    others = {id_ for link, id_ in own.items() if link not in links}
    return {own[link] for link in links} - others


def _age(person: UUID) -> str:
    return person.hex


def _choose(root: UUID, stays: UUID, own: Collection[UUID], since: datetime) -> None:
    """What stands stopped stays stopped; of agreements those that were given for what stays."""
    stand, found = Choice.objects.since(root), in_force()
    wanted = found[0].wanted if found is not None else 0
    mine = 0
    for bits in OwnChoices.objects.filter(person__in=own).values_list("bits", flat=True):
        mine |= int(bits, 16)
    given = {bit for bit in bits_in(wanted) if not mine >> bit & 1}
    kept = {bit: at for bit, at in stand.items() if bit not in given or at > since}
    Choice.objects.filter(person=stays).delete()
    Choice.objects.bulk_create(
        Choice(person_id=stays, bit=bit, since=at) for bit, at in sorted(kept.items())
    )


def _part(
    ids: Collection[UUID],
    old: Collection[UUID],
    own: Collection[UUID],
    stays: UUID,
    root: UUID,
) -> None:
    """Let the ids that stay point to one of them, and the others to one of theirs."""
    top = root if root in old else min(old, key=_age)
    Link.objects.filter(person__in=ids).update(person=top)
    Person.objects.filter(pk__in=own).update(merged_into=stays)
    Person.objects.filter(pk__in=old, merged_into__in=own).update(merged_into=top)
    Person.objects.filter(pk__in=(stays, top)).update(merged_into=None)
    Merge.objects.filter(kept__in=old, gone__in=[id_ for id_ in own if id_ != stays]).update(
        kept=stays
    )
    Merge.objects.filter(gone=stays).delete()
    if len(own) == 1:  # nobody is left from whom they could be parted
        OwnChoices.objects.filter(person=stays).delete()


def _give(old: Collection[UUID], stays: UUID, links: Collection[int], since: datetime) -> None:
    """Hand over what was asked and recorded after the answer, and the sessions that came through what stays."""
    later = Request.objects.filter(person__in=old, follows=None, arrived_at__gt=since)
    for request in later.select_for_update(of=("self",)).order_by("pk"):
        parting.hand_over(request, stays)
    acted = Asked.objects.filter(by__in=old, request__arrived_at__gt=since)
    acted.update(by=stays)
    NoticeAnswer.objects.filter(person__in=old, at__gt=since).update(person=stays)
    records = ProvisionRecord.objects.filter(person__in=old, at__gt=since)
    there = ProvisionRecord.objects.filter(person=stays).values("act")
    records.exclude(act__in=there).update(person=stays)
    for session in PortalSession.objects.filter(person__in=[*old, stays]):
        if session.links and {*session.links} <= {*links}:
            PortalSession.objects.filter(pk=session.pk).update(person=stays)


def tell(stays: UUID, now: datetime) -> None:
    """Tell the services what stands for what stays."""
    choices.tell([stays], "keys.destroyed", now)
