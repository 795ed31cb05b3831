"""Editing the structure of a policy: one thing put, renamed or taken out, and what pointed at it follows.

The prose stays as it is. An id is given once and never shown as a name: renaming a thing changes its words alone, so
that choices and maps that know the id stay true.

Clauses: 1.1, 2.2, 2.3.
Law: APPI Art. 17(1).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, TypeVar, get_args

from chikai.errors import BadInput
from chikai.policy.document import ServiceId, Use

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chikai.policy.document import (
        Clause,
        DataCategory,
        Document,
        Purpose,
        Recipient,
        Right,
        Service,
    )

    Thing = Service | DataCategory | Purpose | Recipient

Id = TypeVar("Id", bound=str)
Noun = Literal["service", "category", "purpose", "recipient"]
NOUNS: Final[tuple[Noun, ...]] = get_args(Noun)
_LIST: Final[Mapping[Noun, str]] = {
    "service": "services",
    "category": "categories",
    "purpose": "purposes",
    "recipient": "recipients",
}


def things(document: Document, noun: Noun) -> tuple[Thing, ...]:
    """The things of one kind, in their order."""
    found: tuple[Thing, ...] = getattr(document, _LIST[noun])
    return found


def thing(document: Document, noun: Noun, id_: str) -> Thing | None:
    """The thing with this id, if the policy has it."""
    return next((one for one in things(document, noun) if one.id == id_), None)


def free_id(document: Document, noun: Noun) -> str:
    """An id that nothing of this kind has."""
    numbers = [
        int(match[1])
        for one in things(document, noun)
        if (match := re.fullmatch(rf"{noun}_(\d{{1,6}})", one.id))
    ]
    return f"{noun}_{max(numbers, default=0) + 1}"


def put(document: Document, noun: Noun, made: Thing) -> Document:
    """Put a thing in the place of the one with its id, or at the end."""
    found = things(document, noun)
    known = any(one.id == made.id for one in found)
    after = tuple(made if one.id == made.id else one for one in found) if known else (*found, made)
    return _with(document, noun, after)


def without(document: Document, noun: Noun, id_: str) -> Document:
    """Take a thing out, with every use and recipient's mention of it; BadInput where it is not there."""
    if thing(document, noun, id_) is None:
        raise BadInput(f"the draft has no `{id_}`", "look at the page again")
    left = _with(document, noun, tuple(one for one in things(document, noun) if one.id != id_))
    purposes = tuple(replace(p, uses=_used(p, noun, id_)) for p in left.purposes)
    recipients = tuple(
        replace(
            r,
            purposes=_less(r.purposes, noun == "purpose", id_),
            categories=_less(r.categories, noun == "category", id_),
        )
        for r in left.recipients
    )
    return replace(left, purposes=purposes, recipients=recipients)


def with_uses(
    document: Document,
    service: str,
    chosen: Mapping[str, Collection[str]],
    asked: Mapping[str, Collection[str]] | None = None,
) -> Document:
    """What one service uses for each purpose, of the items that were asked about; without `asked`, of all."""
    if document.service(service) is None:
        raise BadInput(f"the draft has no `{service}`", "look at the page again")
    order = [one.id for one in document.services]

    def uses(purpose: Purpose) -> tuple[Use, ...]:
        wanted, had = chosen.get(purpose.id, ()), purpose.categories_at(ServiceId(service))
        about = None if asked is None else asked.get(purpose.id, ())
        used = tuple(
            c.id
            for c in document.categories
            if c.id in (wanted if about is None or c.id in about else had)
        )
        others = [use for use in purpose.uses if use.service != service]
        made = [*others, Use(ServiceId(service), used)] if used else others
        return tuple(sorted(made, key=lambda use: order.index(use.service)))

    return replace(document, purposes=tuple(replace(p, uses=uses(p)) for p in document.purposes))


def with_right(document: Document, kind: str, made: Right | None) -> Document:
    """Put a right in the place of the one of this kind, or at the end; without one, take it out."""
    kept: list[Right] = []
    for right in document.rights:
        if right.kind != kind:
            kept.append(right)
        elif made is not None:
            kept.append(made)
    if made is not None and made not in kept:
        kept.append(made)
    return replace(document, rights=tuple(kept))


def with_clause(document: Document, made: Clause) -> Document:
    """Put a clause with another meaning in its place; its words are those of the prose files."""
    return replace(
        document, clauses=tuple(made if one.id == made.id else one for one in document.clauses)
    )


def pages_of_uses(document: Document, cells: int) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """The items of each purpose in order, parted so that no page asks about more than so many cells."""
    items = [c.id for c in document.categories]
    pages: list[dict[str, tuple[str, ...]]] = [{}]
    for purpose in document.purposes:
        for start in range(0, len(items), cells):
            part = tuple(items[start : start + cells])
            if purpose.id in pages[-1] or sum(map(len, pages[-1].values())) + len(part) > cells:
                pages.append({})
            pages[-1][purpose.id] = part
    return tuple(pages)


def unused(document: Document) -> tuple[Purpose, ...]:
    """The purposes for which no service uses anything yet: the draft has still to say it."""
    return tuple(purpose for purpose in document.purposes if not purpose.uses)


def _with(document: Document, noun: Noun, made: tuple[Thing, ...]) -> Document:
    changes: dict[str, tuple[Thing, ...]] = {_LIST[noun]: made}
    return replace(document, **changes)  # type: ignore[arg-type]


def _used(purpose: Purpose, noun: Noun, id_: str) -> tuple[Use, ...]:
    if noun == "service":
        return tuple(use for use in purpose.uses if use.service != id_)
    left = (
        replace(use, categories=_less(use.categories, noun == "category", id_))
        for use in purpose.uses
    )
    return tuple(use for use in left if use.categories)


def _less(ids: tuple[Id, ...], is_meant: bool, id_: str) -> tuple[Id, ...]:  # noqa: FBT001 - read at its three calls
    return tuple(one for one in ids if not (is_meant and one == id_))
