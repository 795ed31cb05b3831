"""Verbs about who is who: merging two persons, undoing it, and deciding doubtful pairs.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import F, Q

from chikai import canon, clock
from chikai.errors import BadInput, WrongState
from chikai.ledger.events import Event
from chikai.web.actions import (
    Actor,
    action,
    choices,
    parted,
    parting,
    planning,
    subject_keys,
    unasked,
)
from chikai.web.actions.people_reading import TableRead
from chikai.web.actions.people_sync import Synced, lock_links, merge_rows, merged_event, sync
from chikai.web.models import Request
from chikai.web.models.people import Candidate, Identifier, Link, Merge, Person, ids_of, own_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

__all__ = ["Synced", "TableRead", "confirm", "deny", "merge", "part", "part_link", "sync"]

NO_ADDRESS: Final = b""


@action("officer")
def merge(by: Actor, one: UUID, other: UUID, *, at: int | None = None) -> Event:
    """Find two persons to be one, as an officer knows from elsewhere. The older id stays.

    What either stopped stays stopped; what one agreed to holds only if the other did too. Somebody who was merged away
    may be named: if they are parted again, the one who joined them goes with them. `at` is the one registration that was
    named: who was unknown to every service goes with it.
    """
    lock_links()
    return _merge(_person(one), _person(other), clock.now(), (one, other), at)


@action("officer")
def confirm(by: Actor, candidate: int) -> Event:
    """Find that the two links of a doubtful pair are one person, and merge."""
    lock_links()
    row = _waiting(candidate)
    now = clock.now()
    a, b = row.a.person, row.b.person
    named = [own_id(link.person, [link.pk]) or link.person_id for link in (row.a, row.b)]
    Candidate.objects.filter(id=row.id).update(decided="confirmed", decided_at=now)
    known = [link.pk for link in (row.a, row.b) if link.source != Link.NOWHERE]
    return _merge(a, b, now, named, known[0] if len(known) == 1 else None)


@action("officer")
def deny(by: Actor, candidate: int) -> Event:
    """Find that the two links of a doubtful pair are not one person: no sync joins them."""
    row = _waiting(candidate)
    if row.a.person_id == row.b.person_id:
        raise WrongState("the two links are one person already", "part them first")
    Candidate.objects.filter(id=row.id).update(decided="denied", decided_at=clock.now())
    return Event(
        "people.kept_apart",
        {"other": str(row.b.person_id), "reason": row.reason},
        subject=row.a.person_id,
    )


@action("officer")
def part(by: Actor, merge_id: int) -> Event:
    """Undo a merge: the links that moved then go back, and no sync joins the two persons again.

    What the one person stopped stays stopped for both. What was asked meanwhile goes to who asked it; where that cannot be
    said, it waits for an officer.
    """
    lock_links()
    try:
        row = Merge.objects.select_related("kept", "gone").get(id=merge_id)
    except Merge.DoesNotExist:
        raise BadInput(f"there is no merge `{merge_id}`", "see the list of merges") from None
    if row.undone_at is not None:
        raise WrongState("this merge was undone already", "nothing is left to undo")
    return _undo(row)


def _undo(row: Merge) -> Event:
    if row.gone.merged_into_id != row.kept_id:
        raise WrongState("the person stands elsewhere by now", "undo the later merge first")
    now = clock.now()
    kept = Person.resolve(row.kept_id)
    back = list(Link.objects.filter(id__in=row.links, person=kept).values_list("id", flat=True))
    rest = list(Link.objects.filter(person=kept).exclude(id__in=back).values_list("id", flat=True))
    together = ids_of(kept.id)
    Link.objects.filter(id__in=back).update(person=row.gone)
    Person.objects.filter(id=row.gone_id).update(merged_into=None)
    Merge.objects.filter(id=row.id).update(undone_at=now)
    _went_home(kept.id, back)
    two = parting.Parting(together, kept.id, row.gone_id, back, rest, row.at)
    return _part(two, together, now)


@action("officer")
def part_link(by: Actor, link: int) -> Event:
    """Take one link from its person, to whoever it had before, or to a new one: it was joined by mistake. No sync joins them again."""
    lock_links()
    try:
        row = Link.objects.select_related("person").get(id=link)
    except Link.DoesNotExist:
        raise BadInput(f"there is no link `{link}`", "see the links of the person") from None
    links = Link.objects.filter(person=row.person)
    rest = list(links.exclude(id=link).values_list("id", flat=True))
    if not rest:
        raise WrongState("it is the person's only link", "nothing is left to part it from")
    if (merge := _brought_alone(row)) is not None:
        return _undo(merge)
    now = clock.now()
    person = Person.objects.create(id=canon.new_id(now), since=now)
    together = ids_of(row.person_id)
    back = [link, *_joined_at(link, rest, together, person)]
    rest = [one for one in rest if one not in back]
    Link.objects.filter(id__in=back).update(person=person)
    _went_home(row.person_id, back)
    two = parting.Parting(together, row.person_id, person.id, back, rest, row.since, is_alone=True)
    return _part(two, [*together, person.id], now)


def _brought_alone(link: Link) -> Merge | None:
    """The merge that brought this link and no other: the person of before has their own history, and gets it back."""
    standing = Merge.objects.filter(undone_at=None, kept__in=ids_of(link.person_id))
    if standing.filter(at_link=link.pk).exists():  # whoever was joined here goes along
        return None
    brought = standing.filter(gone__merged_into=F("kept")).select_related("kept", "gone")
    for merge in brought.order_by("at", "pk"):
        here = Link.objects.filter(pk__in=merge.links, person=link.person)
        if [*here.values_list("pk", flat=True)] == [link.pk]:
            return merge
    return None


def _joined_at(
    link: int, rest: Collection[int], together: Collection[UUID], person: Person
) -> list[int]:
    """The links of those whom no service knew, and who were joined at this one: they go along with it to a person.

    None where nobody else would stay: then it is they from whom it is parted.
    """
    joined = Merge.objects.filter(undone_at=None, at_link=link)
    merges = list(joined.filter(Q(gone__in=together) | Q(kept__in=together)))
    keys = {str(id_) for merge in merges for id_ in (merge.gone_id, merge.kept_id)}
    nowhere = Link.objects.filter(pk__in=rest, source=Link.NOWHERE)
    found = dict(nowhere.filter(key__in=keys).values_list("key", "pk"))
    if not {*rest} - {*found.values()}:
        return []
    for merge in merges:
        if str(merge.gone_id) in found:
            Person.objects.filter(id=merge.gone_id).update(merged_into=person)
            Merge.objects.filter(id=merge.id).update(kept=person)
    return [*found.values()]


def _part(two: parting.Parting, people: Collection[UUID], now: datetime) -> Event:
    """Give each of two their own, once the links have moved: choices, requests, packages; and tell each what was done."""
    stopped = choices.divide(two.kept, two.gone, now)
    _keep_apart(two.back, two.rest, now)
    done = parted.done_meanwhile(two)
    asked = parting.give_back(two)
    asked["left_out"] = unasked.take_out((two.kept, two.gone))  # before the steps are planned anew
    closed = _take_back(people, two.since, now)
    told = parted.tell_each(two, done, stopped, now)
    choices.tell((two.kept, two.gone), "people.parted", now)
    return Event(
        "people.parted",
        {"from": str(two.kept), "links": len(two.back), "closed": closed, "told": told, **asked},
        subject=two.gone,
    )


def _went_home(kept: UUID, back: Collection[int]) -> None:
    """Take links that left from the merges that still stand: should they come again by another, that one brought them."""
    for row in Merge.objects.filter(undone_at=None, gone__in=ids_of(kept)):
        row.links = [link for link in row.links if link not in back]
        row.save(update_fields=["links"])


def _take_back(people: Collection[UUID], since: datetime, now: datetime) -> int:
    """Close packages that were made while the two were taken for one, and let what was gathered be gathered anew.

    How many packages were closed.
    """
    theirs = Request.objects.filter(person__in=people)
    made = theirs.filter(decided_at__gte=since, expired_at=None).exclude(package_digest="")
    subject_keys.destroy(made.values_list("pk", flat=True))
    closed = made.update(expired_at=now, plan=None)
    going = Q(state__in=("gathering", "review", "acting"))
    waiting = Q(state="waiting_for_person", back__in=("gathering", "review"))
    planning.begin_anew(theirs.filter(going | waiting).select_for_update())
    return closed


def _person(id_: UUID) -> Person:
    try:
        return Person.resolve(id_)
    except Person.DoesNotExist:
        raise BadInput(f"there is no person `{id_}`", "see `chikai people find`") from None


def _waiting(candidate: int) -> Candidate:
    """A pair that waits for a decision."""
    try:
        row = Candidate.objects.select_related("a__person", "b__person").get(id=candidate)
    except Candidate.DoesNotExist:
        raise BadInput(
            f"there is no doubtful pair `{candidate}`", "see `chikai people candidates`"
        ) from None
    if row.decided:
        raise WrongState(f"the pair was {row.decided} already", "merge or part the persons instead")
    return row


def _merge(
    one: Person,
    other: Person,
    now: datetime,
    named: Collection[UUID],
    at: int | None = None,
) -> Event:
    if one.id == other.id:
        raise WrongState("the two are one person already", "nothing is left to merge")
    kept, gone = sorted((one.id, other.id), key=lambda id_: id_.hex)
    into = next((id_ for id_ in named if Person.resolve(id_).pk == kept), kept)
    moved = merge_rows(kept, gone, "officer", now, into=into, at=at)
    _lift(kept, now)
    choices.tell([kept], "people.merged", now)
    return merged_event(kept, gone, "officer", moved)


def _lift(person: UUID, now: datetime) -> None:
    """Turn earlier findings that these links are not one person: the later finding holds."""
    Candidate.objects.filter(decided="denied", a__person=person, b__person=person).update(
        decided="confirmed", decided_at=now
    )


def _keep_apart(some: Collection[int], others: Collection[int], now: datetime) -> None:
    """Deny every pair across two sets of links that carry one address, or one pair where none does."""
    if not (some and others):
        return
    addresses = Identifier.objects.exclude(kind="phone")
    digests = {
        (link, bytes(digest))
        for link, digest in addresses.filter(link_id__in=[*some, *others]).values_list(
            "link_id", "digest"
        )
    }
    carriers: dict[bytes, set[int]] = {}
    for link, digest in digests:
        carriers.setdefault(digest, set()).add(link)
    pairs = {
        (min(a, b), max(a, b), digest)
        for digest, links in carriers.items()
        for a in links & set(some)
        for b in links & set(others)
    }
    a, b = sorted((min(some), min(others)))
    for first, second, digest in sorted(pairs or {(a, b, NO_ADDRESS)}):
        decision = {"decided": "denied", "decided_at": now}
        known = Candidate.objects.filter(a=first, b=second, digest=digest)
        if not known.update(**decision):
            Candidate.objects.create(
                reason="parted", a_id=first, b_id=second, digest=digest, at=now, **decision
            )
