"""What a request has stopped, as its pages show it: the switches, who has heard of them, and who holds the data already.

"Stopped" is said of a place once its running copies know it. What a recipient received before is not called back by a
switch, so the recipients of the last years stand beside.

Clauses: 5, 6.
Law: APPI Art. 35(3), APPI Art. 35(5), APPI Art. 35(7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chikai.policy.document import Text
from chikai.rights import carrying
from chikai.web.actions.rights import read_asked
from chikai.web.models import Edition, ProvisionRecord
from chikai.web.models.people import ids_of
from chikai.web.models.switches import acknowledged, choices_of

if TYPE_CHECKING:
    from datetime import datetime

    from chikai.web.models import Request
    from chikai.web.models.switches import Acknowledged


@dataclass(frozen=True, slots=True)
class Holder:
    """A recipient who received data of the person before, and when last."""

    name: Text
    last: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """The names of the switches that a request turned, who has heard of the newest, and who holds data already."""

    stopped: tuple[Text, ...]
    heard: Acknowledged
    holders: tuple[Holder, ...]


def of_request(request: Request, now: datetime) -> Carried | None:
    """What a request stopped; None where it stopped nothing, or has not yet."""
    steps = [s for s in request.steps.all() if s.action == "stop" and "v" in s.found]
    if not steps:
        return None
    lines = [one for line in choices_of(request.person_id) for one in (line, *line.cells)]
    names = {line.unit: line.name for line in lines}
    # What was carried out again after another look is one stop.
    units = dict.fromkeys(s.source for s in steps)
    stopped = tuple(names.get(unit, Text(unit, unit)) for unit in units)
    heard = acknowledged(max(int(s.found["v"]) for s in steps), now)
    holders = _holders(request) if request.kind == "stop_provision" else ()
    return Carried(stopped, heard, holders)


def _holders(request: Request) -> tuple[Holder, ...]:
    policy, wanted = Edition.objects.document(), read_asked(request).get("recipients", "")
    named = {r.id for r in carrying.recipients_of(policy, wanted)} if policy else {wanted}
    found: dict[str, Holder] = {}
    for row in ProvisionRecord.objects.of(ids_of(request.person_id)):
        if not wanted or row.recipient in named:
            name = Text(row.name.get("ja") or row.recipient, row.name.get("en") or row.recipient)
            found.setdefault(row.recipient, Holder(name, row.at))
    return tuple(found.values())
