"""Which service, item, purpose or recipient of an old edition is which one of a new edition.

An id that a person gave says so by itself. An id that an import made counts places, and means nothing in another
edition: there the name decides, then the likeness of the names, and what is like nothing has come or gone.

Clauses: 8.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from chikai.policy import kinds, marks, widened
from chikai.policy.document import (
    CategoryId,
    Document,
    PurposeId,
    RecipientId,
    ServiceId,
    Use,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chikai.policy.document import Text


class Named(Protocol):
    """What an edition calls by a name: a service, an item, a purpose or a recipient."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> Text:
        """Its name in both languages."""


ALIKE: Final = widened.ALIKE
# Behind the id of a thing that has gone, where a new edition gives the id to another.
_GONE: Final = "~"
_COUNTED: Final = re.compile(r"(?:service|item|purpose|recipient)_[0-9]+")


@dataclass(frozen=True, slots=True)
class Ids:
    """What the ids of a document become; each map names every thing of its kind."""

    services: Mapping[str, str]
    categories: Mapping[str, str]
    purposes: Mapping[str, str]
    recipients: Mapping[str, str]


def by_new_ids(old: Document, new: Document) -> Document:
    """The old edition with the ids of the new one, so that one id is one thing in both."""
    return with_ids(
        old,
        Ids(
            _ids(old.services, new.services),
            _ids(old.categories, new.categories),
            _ids(old.purposes, new.purposes),
            _ids(old.recipients, new.recipients),
        ),
    )


def with_ids(one: Document, ids: Ids) -> Document:
    """A document whose services, items, purposes and recipients have other ids, wherever it names them."""
    every = (ids.services, ids.categories, ids.purposes, ids.recipients)
    if all(was == now for known in every for was, now in known.items()):
        return one

    def named(listed: Sequence[CategoryId]) -> tuple[CategoryId, ...]:
        return tuple(CategoryId(ids.categories[id_]) for id_ in listed)

    return replace(
        one,
        services=tuple(replace(s, id=ServiceId(ids.services[s.id])) for s in one.services),
        categories=tuple(replace(c, id=CategoryId(ids.categories[c.id])) for c in one.categories),
        purposes=tuple(
            replace(
                purpose,
                id=PurposeId(ids.purposes[purpose.id]),
                uses=tuple(
                    Use(ServiceId(ids.services[use.service]), named(use.categories))
                    for use in purpose.uses
                ),
            )
            for purpose in one.purposes
        ),
        recipients=tuple(
            replace(
                recipient,
                id=RecipientId(ids.recipients[recipient.id]),
                purposes=tuple(PurposeId(ids.purposes[p]) for p in recipient.purposes),
                categories=named(recipient.categories),
            )
            for recipient in one.recipients
        ),
    )


def own_id(id_: str) -> str:
    """The id that a thing which has gone had in its own edition."""
    return id_.removesuffix(_GONE)


def _ids(old: Sequence[Named], new: Sequence[Named]) -> Mapping[str, str]:
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


def matched(old: Sequence[Named], new: Sequence[Named], *, anew: bool = False) -> Mapping[int, int]:
    """For each place in the old edition the place in the new one; what has gone or come stands in none.

    With `anew` no id of the new edition says anything: it was begun from a text.
    """
    found: dict[int, int] = {}
    left = dict(enumerate(new))

    def take(was: int, now: int) -> None:
        found[was] = now
        del left[now]

    by_id = {} if anew else {one.id: at for at, one in enumerate(new)}
    for was, one in enumerate(old):
        now = by_id.get(one.id)
        if now is not None and (not is_made(one.id) or one.name == new[now].name):
            take(was, now)
    known = by_id.keys()
    named: dict[object, list[int]] = defaultdict(list)
    for now in reversed(left):
        named[left[now].name].append(now)
    for was, one in enumerate(old):
        if was not in found and named[one.name] and (is_made(one.id) or one.id not in known):
            take(was, named[one.name].pop())
    for _, was, now in sorted(_alike(old, found, left, anew=anew), reverse=True):
        if was not in found and now in left:
            take(was, now)
    for was, one in enumerate(old):
        now = by_id.get(one.id)
        if was not in found and now in left and not _COUNTED.fullmatch(one.id):
            take(was, now)
    return found


def _alike(
    old: Sequence[Named], found: Mapping[int, int], left: Mapping[int, Named], *, anew: bool
) -> list[tuple[tuple[float, bool], int, int]]:
    """How like each other the names are of what was not found yet; the same id decides between equals."""
    scores = [
        ((widened.likeness(_said(one), _said(other)), one.id == other.id), was, now)
        for was, one in enumerate(old)
        if was not in found and (anew or is_made(one.id))
        for now, other in left.items()
        if anew or is_made(other.id)
    ]
    return [score for score in scores if score[0][0] >= ALIKE]


def _said(one: Named) -> str:
    """The name of a thing without what a layout adds."""
    return marks.plain(one.name.ja or one.name.en)


def is_made(id_: str) -> bool:
    """Whether an import makes such ids: from a place, or from the kind of an item."""
    return bool(_COUNTED.fullmatch(id_)) or id_ in kinds.BY_ID
