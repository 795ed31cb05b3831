"""Which service, item, purpose or recipient of an old edition is which one of a new edition.

An id that a person gave says so by itself. An id that an import made counts places, and means nothing in another
edition: there the name decides, then the likeness of the names, and what is like nothing has come or gone.

Clauses: 8.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from chikai.policy import kinds, marks
from chikai.policy.document import (
    CategoryId,
    DataCategory,
    Document,
    Purpose,
    PurposeId,
    Recipient,
    RecipientId,
    Service,
    ServiceId,
    Use,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Thing = TypeVar("Thing", DataCategory, Purpose, Recipient, Service)
ALIKE: Final = 0.6  # the least likeness of two names of one thing
# Behind the id of a thing that has gone, where a new edition gives the id to another.
_GONE: Final = "~"
_COUNTED: Final = re.compile(r"(?:service|item|purpose|recipient)_[0-9]+")


def by_new_ids(old: Document, new: Document) -> Document:
    """The old edition with the ids of the new one, so that one id is one thing in both."""
    services = _ids(old.services, new.services)
    categories = _ids(old.categories, new.categories)
    purposes = _ids(old.purposes, new.purposes)
    recipients = _ids(old.recipients, new.recipients)
    if all(
        was == now
        for ids in (services, categories, purposes, recipients)
        for was, now in ids.items()
    ):
        return old

    def named(ids: Sequence[CategoryId]) -> tuple[CategoryId, ...]:
        return tuple(CategoryId(categories[id_]) for id_ in ids)

    return replace(
        old,
        services=tuple(replace(s, id=ServiceId(services[s.id])) for s in old.services),
        categories=tuple(replace(c, id=CategoryId(categories[c.id])) for c in old.categories),
        purposes=tuple(
            replace(
                one,
                id=PurposeId(purposes[one.id]),
                uses=tuple(
                    Use(ServiceId(services[use.service]), named(use.categories)) for use in one.uses
                ),
            )
            for one in old.purposes
        ),
        recipients=tuple(
            replace(
                one,
                id=RecipientId(recipients[one.id]),
                purposes=tuple(PurposeId(purposes[p]) for p in one.purposes),
                categories=named(one.categories),
            )
            for one in old.recipients
        ),
    )


def own_id(id_: str) -> str:
    """The id that a thing which has gone had in its own edition."""
    return id_.removesuffix(_GONE)


def _ids(old: Sequence[Thing], new: Sequence[Thing]) -> Mapping[str, str]:
    """The id in the new edition of each thing of the old one."""
    pairs = matched(old, new)
    taken = {one.id for one in new}
    return {
        one.id: new[pairs[at]].id
        if at in pairs
        else f"{one.id}{_GONE}"
        if one.id in taken
        else one.id
        for at, one in enumerate(old)
    }


def matched(old: Sequence[Thing], new: Sequence[Thing]) -> Mapping[int, int]:
    """For each place in the old edition the place in the new one; what has gone or come stands in none."""
    found: dict[int, int] = {}
    left = dict(enumerate(new))

    def take(was: int, now: int) -> None:
        found[was] = now
        del left[now]

    by_id = {one.id: at for at, one in enumerate(new)}
    for was, one in enumerate(old):
        now = by_id.get(one.id)
        if now is not None and (not _made(one.id) or one.name == new[now].name):
            take(was, now)
    known = {one.id for one in new}
    named: dict[object, list[int]] = defaultdict(list)
    for now in reversed(left):
        named[left[now].name].append(now)
    for was, one in enumerate(old):
        if was not in found and named[one.name] and (_made(one.id) or one.id not in known):
            take(was, named[one.name].pop())
    for _, was, now in sorted(_alike(old, found, left), reverse=True):
        if was not in found and now in left:
            take(was, now)
    for was, one in enumerate(old):
        now = by_id.get(one.id)
        if was not in found and now in left and not _COUNTED.fullmatch(one.id):
            take(was, now)
    return found


def _alike(
    old: Sequence[Thing], found: Mapping[int, int], left: Mapping[int, Thing]
) -> list[tuple[tuple[float, bool], int, int]]:
    """How like each other the names are of what was not found yet; the same id decides between equals."""
    scores = [
        ((marks.likeness(_said(one), _said(other)), one.id == other.id), was, now)
        for was, one in enumerate(old)
        if was not in found and _made(one.id)
        for now, other in left.items()
        if _made(other.id)
    ]
    return [score for score in scores if score[0][0] >= ALIKE]


def _said(one: Thing) -> str:
    return marks.plain(one.name.ja or one.name.en)


def _made(id_: str) -> bool:
    """Whether an import makes such ids: from a place, or from the kind of an item."""
    return bool(_COUNTED.fullmatch(id_)) or id_ in kinds.BY_ID
