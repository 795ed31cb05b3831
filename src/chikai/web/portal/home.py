"""The person's home: what is held, why it is used, who received it, how far a request is, and every switch.

Clauses: 5, 6.
Law: APPI Art. 32(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from chikai import clock
from chikai.web.frame import language
from chikai.web.models.people import Link, Person, ids_of, keys_of
from chikai.web.models.policy import Announcement, NoticeAnswer
from chikai.web.models.provision import ProvisionRecord
from chikai.web.portal import access, held, parted, requests, services, switches

if TYPE_CHECKING:
    from datetime import datetime

    from chikai.web.portal.access import MeRequest

YEAR: Final = timedelta(days=365)
SHOWN: Final = 5  # data items and provisions on the home page
NEWS: Final = timedelta(days=60)  # for so long an announcement stands on the home page


@dataclass(frozen=True, slots=True)
class Given:
    """One provision as the page says it."""

    at: datetime
    to: str
    items: str
    why: str
    basis: str


@require_safe
@access.person_page
def show(request: MeRequest) -> HttpResponse:
    """The home page."""
    return access.page(request, "portal/home.html", "me", _facts(request))


def _facts(request: MeRequest) -> dict[str, Any]:
    person, now = request.person, clock.now()
    policy = services.document()
    index = held.index_of(person)
    asked = requests.asked_by(request)
    under_way = next((r for r in asked if requests.is_open(r) or r.ready(now)), None)
    given = [] if request.me.shared else given_to(person, now)
    track = requests.track(under_way, now, request.me) if under_way else None
    if track is None:
        others = requests.asked_for_others(request)
        for_other = next((r for r in others if requests.is_open(r) or r.ready(now)), None)
        track = requests.track(for_other, now, request.me, acts=True) if for_other else None
    return {
        "news": news_for(person, now),
        "parted": any(told.row.until > now - NEWS for told in parted.of(request)),
        "index": index,
        "items": index.items[:SHOWN],
        "asked": asked,
        "track": track,
        **switches.context(person),
        "heard": switches.heard_of(request.GET.get("v", ""), now),
        "given": given[:3],
        "given_count": len(given),
        "given_to": len({g.to for g in given}),
        "given_last": given[0].at if given else None,
        "has_fee": any(right.fee_yen for right in policy.rights) if policy else False,
        "for_others": any(right.agents for right in policy.rights) if policy else False,
        "desk": policy.controller.desk if policy else None,
        "is_unknown": not {*keys_of(person)} - {Link.NOWHERE},
        "edition": policy.dates.updated_on if policy else None,
        "signed_in_by": request.me.proof,
    }


def given_to(person: Person, now: datetime) -> list[Given]:
    """Who received data of this person within a year, newest first."""
    tongue, policy = language(), services.document()
    names = {c.id: c.name.in_(tongue) for c in policy.categories} if policy else {}
    rows = ProvisionRecord.objects.of(ids_of(person.pk)).filter(at__gt=now - YEAR)
    joint = "、" if tongue == "ja" else ", "
    return [
        Given(
            row.at,
            _said(row.name) or row.recipient,
            joint.join(names.get(item, item) for item in row.items),
            _said(row.why) or row.purpose,
            row.basis,
        )
        for row in rows
    ]


def _said(text: Any) -> str:
    return (
        str(text.get(language()) or text.get("ja") or "") if isinstance(text, dict) else str(text)
    )


def news_for(person: Person, now: datetime) -> Announcement | None:
    """The newest announcement, while it is news or still asks this person something."""
    newest = Announcement.objects.newest().first()
    if newest is None:
        return None
    answered = NoticeAnswer.objects.filter(announcement=newest, person__in=ids_of(person.pk))
    asks = bool(newest.questions) and not answered.exists()
    return newest if asks or newest.at > now - NEWS else None
