"""What a person reads once their registration was parted from another: what was done meanwhile, and what they can do now.

It says nothing of who the other is. Where others read the mailbox it is not shown there.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chikai import clock
from chikai.web import request_words
from chikai.web.frame import language
from chikai.web.models.parted import PartedNotice
from chikai.web.models.switches import choices_of
from chikai.web.portal import access, services

if TYPE_CHECKING:
    from uuid import UUID

    from chikai.policy.document import Text
    from chikai.web.portal.access import MeRequest


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done; `again` is the kind that can be asked once more."""

    says: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: the days, what was done, and the uses that are still stopped."""

    row: PartedNotice
    lines: tuple[Line, ...]
    stopped: tuple[Text, ...]


def of(request: MeRequest) -> list[Told]:
    """What this person is told, newest first; `is_hidden` says where it cannot be shown."""
    if request.me.shared:
        return []
    rows = PartedNotice.objects.filter(person=access.own_of(request))
    return [_told(row, request.person.pk) for row in rows]


def is_hidden(request: MeRequest) -> bool:
    """Whether there is something that this mailbox is not shown."""
    own = access.own_of(request)
    return request.me.shared and PartedNotice.objects.filter(person=own).exists()


def _told(row: PartedNotice, person: UUID) -> Told:
    told = row.told
    lines = [Line(_withdrawn(one), one["kind"]) for one in told["withdrawn"]]
    lines += [Line(_carried(one)) for one in told["carried"]]
    units = {*told["stopped"]}
    switches = [one for line in choices_of(person) for one in (line, *line.cells)] if units else []
    stopped = tuple(one.name for one in switches if one.unit in units and one.is_stopped)
    return Told(row, tuple(lines), stopped)


def _withdrawn(one: dict[str, Any]) -> str:
    facts = {"number": one["number"], **_facts(one)}
    said = _("Your request no. %(number)s (%(kind)s) was taken back on %(day)s.") % facts
    return said if one["sure"] else _unsure(said)


def _carried(one: dict[str, Any]) -> str:
    policy = services.document()
    joint = "、" if language() == "ja" else ", "
    places = joint.join(services.name(policy, name) for name in one["services"])
    said = _(
        "%(kind)s was carried out in %(places)s on %(day)s. It may have reached your information as well."
    ) % {"places": places, **_facts(one)}
    return said if one["sure"] else _unsure(said)


def _unsure(said: str) -> str:
    return _("%(said)s Of which of the two registrations it was asked is not known.") % {
        "said": said
    }


def _facts(one: dict[str, Any]) -> dict[str, str]:
    kind = request_words.kind(one["kind"]).in_(language())
    return {"kind": kind, "day": clock.written(date.fromisoformat(one["on"]), language())}
