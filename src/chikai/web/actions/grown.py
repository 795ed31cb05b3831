"""Whether what is known as a person's is still what a request was planned for.

Persons are found to be one, or two after all, and people register anew, while a request waits for weeks. An answer that
left a registration out would say that it is all, and one with another's rows is never given: so both are looked at before
anybody approves, and before an erasure is answered.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 35(2).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chikai.errors import WrongState
from chikai.ledger import sealing
from chikai.rights import carrying, correction
from chikai.web.models import Link
from chikai.web.models.people import ids_of, keys_of_each

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from uuid import UUID

    from chikai.web.models import Request

Held = dict[str, dict[str, list[str]]]  # local keys by source and table
Tables = dict[str, dict[str, tuple[str, ...]]]


def outgrown(
    requests: Collection[Request],
    keys: Mapping[UUID, bytes],
    local: Callable[[Collection[UUID]], Mapping[UUID, Tables]] = keys_of_each,
) -> dict[UUID, set[str]]:
    """The places where another thing is known as the person's today than when a request was planned, by request.

    More may be known, which a correction need not look at, or what was planned was found to be another's.
    `keys` are the requests' own keys, which their plans are sealed with; `local` says what is known of persons today.
    """
    kinds = (*carrying.ASKED, *correction.KINDS)
    planned = {r.pk: read_plan(r, keys[r.pk]) for r in requests if r.plan and r.kind in kinds}
    today = local({r.person_id for r in requests if r.pk in planned})
    found: dict[UUID, set[str]] = {}
    for request in requests:
        for source, known in planned.get(request.pk, {}).items():
            held = narrowed(request, today[request.person_id]).get(source, {})
            more = any(not set(local) <= set(known.get(table, ())) for table, local in held.items())
            looks = more and request.kind in carrying.ASKED
            if looks or _is_anothers(request.person_id, source, known, held):
                found.setdefault(request.pk, set()).add(source)
    return found


def narrowed(request: Request, held: Tables) -> Tables:
    """The person's keys that a request is about: of one that follows an erasure only what was found since."""
    if request.links is None:
        return held
    found: dict[str, dict[str, list[str]]] = {}
    for link in Link.objects.present().filter(pk__in=request.links).order_by("key"):
        if link.key in held.get(link.source, {}).get(link.table, ()):
            found.setdefault(link.source, {}).setdefault(link.table, []).append(link.key)
    return {s: {t: tuple(keys) for t, keys in tables.items()} for s, tables in found.items()}


def _is_anothers(
    person: UUID, source: str, planned: Mapping[str, Collection[str]], held: Mapping[str, Any]
) -> bool:
    """Whether a row that was planned with is another person's by now; one that is gone is nobody's."""
    lost = {table: {*keys} - {*held.get(table, ())} for table, keys in planned.items()}
    return any(
        Link.objects.filter(source=source, table=table, key__in=keys)
        .exclude(person__in=ids_of(person))
        .exists()
        for table, keys in lost.items()
        if keys
    )


def refuse_unsure(request: Request) -> None:
    """WrongState while an officer has not said whose a request is: the two were taken for one when it arrived."""
    if request.between_id is not None:
        raise WrongState(
            "it is not clear which of two persons asked this", "say first which of them it was"
        )


def refuse_outgrown(request: Request, key: bytes) -> None:
    """WrongState if another thing is known as the person's than was looked at."""
    if places := outgrown([request], {request.pk: key}).get(request.pk):
        listed = ", ".join(f"`{name}`" for name in sorted(places))
        raise WrongState(
            f"since the search began what is known as the person's has changed, in {listed}",
            "let these places be looked at anew, then approve it",
        )


def read_plan(request: Request, key: bytes) -> Held:
    """The local keys that a request was planned with, by source and table."""
    found: Held = json.loads(sealing.unseal(key, bytes(request.plan or b""), _context(request)))
    return found


def seal_plan(request: Request, key: bytes, plan: Held) -> bytes:
    """The plan as it is stored."""
    return sealing.seal(key, json.dumps(plan).encode(), _context(request))


def _context(request: Request) -> str:
    return f"request|{request.pk}|plan"
