"""What each of two who were parted is told: what was done while they were one at the other's request, and what was lost by it.

Each is told once, on their own pages, without a word that says who the other is: the days, what was done, in which of
the services where they are known themselves.

Clauses: 5, 6.
Law: APPI Art. 35(7), APPI Art. 37(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chikai import clock
from chikai.people.parting import whose
from chikai.rights import correction
from chikai.web.actions.rights import BEHIND
from chikai.web.models import Link, Person, Request, Step, TakenBack
from chikai.web.models.parted import PartedNotice
from chikai.web.models.people import ids_of
from chikai.web.models.rights_asked import ASKERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from chikai.web.actions.parting import Parting

CHANGES: Final = ("erase", *correction.KINDS)
BY_PERSON, BY_AGENT = ASKERS


@dataclass(frozen=True, slots=True)
class Done:
    """A place that a request changed while the two were one; `links` are those that it was about, None for all."""

    request: UUID
    kind: str
    source: str
    service: str
    links: Collection[int] | None
    at: datetime


def done_meanwhile(two: Parting) -> list[Done]:
    """The places that were changed as of both; read before what is planned is planned anew."""
    steps = Step.objects.filter(
        request__person__in=two.together,
        request__kind__in=CHANGES,
        request__decided_at__gte=two.since,
        ord__gte=BEHIND,
        action__in=("erase", "correct", "manual"),
        state__in=("verify", "done"),
    )
    return [
        Done(
            step.request_id,
            step.request.kind,
            step.source,
            step.service,
            step.request.links,
            step.done_at or clock.now(),
        )
        for step in steps.select_related("request").order_by("done_at", "ord")
    ]


def tell_each(
    two: Parting, done: Collection[Done], stopped: Mapping[UUID, list[str]], now: datetime
) -> int:
    """Write down what each of the two is told, after what was asked was given back; how many of them are told anything."""
    rows = []
    for person, mine, others in (
        (two.kept, two.rest, two.back),
        (two.gone, two.back, two.rest),
    ):
        told = {
            "withdrawn": _withdrawn(person, two, mine, others),
            "carried": _carried(person, done, mine),
            "stopped": stopped.get(person, []),
        }
        rows.append([(id_, told) for id_ in ids_of(person)] if any(told.values()) else [])
    PartedNotice.objects.bulk_create(
        PartedNotice(person_id=id_, since=two.since, until=now, told=told)
        for each in rows
        for id_, told in each
    )
    return sum(map(bool, rows))


def _withdrawn(
    person: UUID, two: Parting, mine: Collection[int], others: Collection[int]
) -> list[dict[str, Any]]:
    """The person's requests that were taken back by another than surely themselves."""
    rows = TakenBack.objects.filter(
        request__person__in=ids_of(person), request__between=None, at__gte=two.since
    )
    return [
        {
            "number": row.request.number,
            "kind": row.request.kind,
            "on": clock.day_in_japan(row.at).isoformat(),
            "sure": by == "gone",
        }
        for row in rows.exclude(by=BY_AGENT).select_related("request").order_by("at")
        if (by := whose(row.through, others, mine)) != "kept"
    ]


def _carried(person: UUID, done: Collection[Done], mine: Collection[int]) -> list[dict[str, Any]]:
    """What was carried out where the person is known, and was not surely asked by them: by request, its services and day."""
    there = Link.objects.filter(pk__in=mine).exclude(source=Link.NOWHERE)
    sources = {link.pk: link.source for link in there}
    asked = Request.objects.in_bulk({one.request for one in done})
    found: dict[UUID, dict[str, Any]] = {}
    for one in done:
        request = asked[one.request]
        sure = request.between_id is None
        own = sure and Person.resolve(request.person_id).pk == person
        about = {s for pk, s in sources.items() if one.links is None or pk in one.links}
        if own or one.source not in about:
            continue
        said = found.setdefault(one.request, {"kind": one.kind, "services": [], "sure": sure})
        if (service := one.service or one.source) not in said["services"]:
            said["services"].append(service)
        said["on"] = clock.day_in_japan(one.at).isoformat()
    return [*found.values()]
