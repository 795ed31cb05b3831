"""What is held: counts from the index, and values only as a worker reads them for this browser, for fifteen minutes.

No page opens a source. A source that does not answer is said to, and its values are not left out in silence.

Clauses: 2.2, 6.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chikai.web import held_file
from chikai.web.actions import PERSON
from chikai.web.actions import portal as actions
from chikai.web.frame import language
from chikai.web.models import Job
from chikai.web.models.people import doubts_about
from chikai.web.models.portal import HeldIndex
from chikai.web.portal import access, services

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chikai.policy.document import Document
    from chikai.web.models import Person
    from chikai.web.portal.access import MeRequest


FEW: Final = 3  # purposes of an item on the home page


@dataclass(frozen=True, slots=True)
class Item:
    """One data item: its name, what it is used for, how many rows hold it in which services."""

    name: str
    purposes: str
    few: str
    rows: int
    services: str


@dataclass(frozen=True, slots=True)
class Place:
    """One source: its service, and whether it could be counted."""

    name: str
    standing: str
    rows: int


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that is known without a value; `as_of` is None before the first count."""

    items: tuple[Item, ...] = ()
    places: tuple[Place, ...] = ()
    as_of: datetime | None = None
    services: int = 0

    @property
    def missing(self) -> int:
        """How many places could not be counted."""
        return sum(p.standing not in ("counted", "nothing", "doubtful") for p in self.places)

    @property
    def doubtful(self) -> bool:
        """Whether somewhere a registration waits for a finding that may be the person's."""
        return any(p.standing == "doubtful" for p in self.places)


def index_of(person: Person) -> Index:
    """The index of a person, in the words of the policy in force."""
    rows = list(HeldIndex.objects.filter(person=person).order_by("pk"))
    policy = services.document()
    if policy is None or not rows:
        return Index()
    items = []
    for category in policy.categories:
        there = [r for r in rows if r.counts.get(category.id)]
        if there:
            items.append(_item(policy, category.id, there))
    doubts = doubts_about(person)
    places = tuple(
        Place(_place(policy, r), _standing(r.source, r.standing, doubts), sum(r.counts.values()))
        for r in rows
    )
    count = len({r.service for r in rows if r.counts})
    return Index(tuple(items), places, min(r.as_of for r in rows), count)


def _item(policy: Document, category: str, rows: list[HeldIndex]) -> Item:
    tongue = language()
    joint = "、" if tongue == "ja" else ", "
    known = policy.category(category)
    where = dict.fromkeys(services.name(policy, r.service) for r in rows)
    why = [p.name.in_(tongue) for p in policy.purposes_of(category)]
    return Item(
        known.name.in_(tongue) if known else category,
        joint.join(why),
        _few(why, joint),
        sum(int(r.counts[category]) for r in rows),
        joint.join(where),
    )


def _few(why: list[str], joint: str) -> str:
    """The first purposes, and how many more."""
    more = len(why) - FEW
    said = joint.join(why[:FEW])
    return said if more <= 0 else _("%(said)s and %(n)s more") % {"said": said, "n": more}


def _standing(source: str, standing: str, doubts: Mapping[str, int]) -> str:
    """Nobody is told that they are not registered where a registration waits for a finding."""
    return "doubtful" if standing == "nothing" and doubts.get(source) else standing


def _place(policy: Document, row: HeldIndex) -> str:
    return services.name(policy, row.service) or row.source


@require_http_methods(["GET", "HEAD", "POST"])
@access.person_page
def show(request: MeRequest) -> HttpResponse:
    """What is held; a POST asks a worker to read it. htmx asks for the inner part alone every two seconds."""
    if request.method == "POST":
        if not request.me.shared:
            actions.ask_read(PERSON, request.me)
        return redirect("me-held")
    policy = services.document()
    kinds = {str(right.kind) for right in policy.rights} if policy else set()
    context = {"index": index_of(request.person), "shared": request.me.shared, **_read(request)}
    context["may_point"] = kinds & {"correct", "add", "delete"}
    if request.headers.get("HX-Request"):
        return render(request, "portal/held_part.html", {"me": request.me, **context})
    return access.page(request, "portal/held.html", "me-held", context)


def _read(request: MeRequest) -> dict[str, Any]:
    """The values that were read for this browser, or how far the reading is."""
    if request.me.shared:
        return {"read": None, "job": None}
    job = (
        Job.objects.filter(verb="read", about={"session": str(request.me.pk)})
        .order_by("-asked_at")
        .first()
    )
    read = held_file.read(request.me.pk, request.token)
    if read is not None and job is not None:
        until = datetime.fromisoformat(read["at"]) + held_file.LASTS
        doubts = doubts_about(request.person)
        return {"read": _worded(read, doubts), "until": until, "job": None}
    return {"read": None, "job": job if job and job.state != "done" else None}


def pointed_at(request: MeRequest, where: str) -> tuple[str, str] | None:
    """The item and the value that somebody points at: place, item and value by their numbers in what was read for them."""
    read = None if request.me.shared else held_file.read(request.me.pk, request.token)
    try:
        place, item, value = map(int, where.split("."))
        found = (read or {"places": []})["places"][place]["items"][item]
        return str(found["category"]), str(found["values"][value])
    except (ValueError, IndexError):
        return None


def _worded(read: dict[str, Any], doubts: Mapping[str, int]) -> list[dict[str, Any]]:
    """What was read, source by source, in the words of the policy."""
    policy, tongue = services.document(), language()
    names = {c.id: c.name.in_(tongue) for c in policy.categories} if policy else {}
    return [
        {
            "name": services.name(policy, place["service"]),
            "standing": _standing(place.get("source", ""), place["standing"], doubts),
            "items": [
                {
                    "id": i["category"] if i["category"] in names else "",
                    "name": names.get(i["category"], i["category"]),
                    "values": i["values"],
                    "more": i["more"],
                }
                for i in place["items"]
            ],
        }
        for place in read["places"]
    ]
