"""What the steps of requests do that our own records answer: counting, taking out records, stopping, and the answer.

Places are asked how many rows of which data item they hold, and no value is read. What was found waits in a sealed file
like everything that is gathered, and the answer is made of that file alone.

Clauses: 4.1, 5, 6.
Law: APPI Art. 32(2), APPI Art. 33(5), APPI Art. 35(3), APPI Art. 35(5).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final, cast

from chikai import canon, clock
from chikai.errors import Disagrees
from chikai.ledger import receipt
from chikai.rights import answers, deadline, fulfil, purposes, records
from chikai.rights.package import Package
from chikai.sources import each
from chikai.sources.map import NOT_PERSONAL, UNDECIDED
from chikai.web import packages
from chikai.web.actions import WORK, choices, stops
from chikai.web.models import ProvisionRecord
from chikai.web.models.choices import feed_number
from chikai.web.models.people import ids_of
from chikai.web.work import gathering, packing, proofs
from chikai.web.work.engine import point
from chikai.web.work.gathering import Group, Made, caught
from chikai.web.work.sources import opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from uuid import UUID

    from chikai.rights.answers import Answer
    from chikai.web.models import Request, Step

KINDS: Final = ("notify_purpose", "disclose_records")
POINTS: Final = tuple(
    f"{action}.{at}"
    for action in ("tally", "records", "stop")
    for at in ("doing", "made", "verify", "verified", "done")
)


def tally_places(group: Group) -> None:
    """Ask every place how many rows of which data item it holds."""
    for _source, steps in group.by_source():
        for digest in {step.plan_digest for step in steps}:
            mine = [s for s in steps if s.plan_digest == digest]
            gathering.together(group, mine, _tally)


def _tally(group: Group, name: str, steps: list[Step]) -> None:
    for step, items in _counted(group, name, steps).items():
        with caught(group, [step]):
            _keep(group, step, {"items": items}, len(items))


def _counted(group: Group, name: str, steps: list[Step]) -> dict[Step, dict[str, int]]:
    """Of each step the rows by data item; a row counts once for each item that its table holds."""
    map_, source = gathering.planned_map(group, name, steps), opened(group.home, name)
    of = {str(step.pk): step for step in steps}
    subjects = {id_: gathering.keys_of_step(group, step) for id_, step in of.items()}
    with each.picture(source, fresh=True) as reading:
        gathering.unchanged(source, reading.catalogue(), map_)
        held = reading.held(map_, subjects)
    found: dict[Step, dict[str, int]] = {}
    for id_, step in of.items():
        counts: dict[str, int] = {}
        for table, (rows, _) in held[id_].items():
            named = {c.category for c in map_.by_name[table].columns} - {NOT_PERSONAL, UNDECIDED}
            for category in named if rows else ():
                counts[category] = counts.get(category, 0) + rows
        found[step] = dict(sorted(counts.items()))
    return found


def verify_tallies(group: Group) -> None:
    """Count again on a fresh connection, and compare."""
    for _source, steps in group.by_source():
        gathering.together(group, steps, _verify_tally)


def _verify_tally(group: Group, name: str, steps: list[Step]) -> None:
    for step, items in _counted(group, name, steps).items():
        with caught(group, [step]):
            _same(step, _facts(group, step) == {"items": items})


def take_records(group: Group) -> None:
    """Take out the records of what was given to others about each person."""
    group.each(lambda step: _take(group, step))


def _take(group: Group, step: Step) -> None:
    found = _records(group.request(step).person_id)
    _keep(group, step, {"records": found}, len(found))


def verify_records(group: Group) -> None:
    """Ask again, and compare."""
    group.each(lambda step: _verify_records(group, step))


def _verify_records(group: Group, step: Step) -> None:
    there = {"records": _records(group.request(step).person_id)}
    _same(step, _facts(group, step) == there)


def _records(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "on": clock.day_in_japan(row.at).isoformat(),
            "recipient": row.recipient,
            "name": row.name,
            "items": row.items,
            "why": row.why,
            "basis": row.basis,
            "service": row.service,
            "owed": row.is_owed,
        }
        for row in ProvisionRecord.objects.of(ids_of(person))
    ]


def stop_units(group: Group) -> None:
    """Turn the switches, each as the person's own press would."""
    stops.stop_units(WORK, group.steps, hold=group.batch.hold)
    for step in group.steps:
        if "v" in step.found:
            group.made[step.pk] = Made(0, "")


def verify_stops(group: Group) -> None:
    """Each switch stands stopped, and the feed has given out the number that says so."""
    whole = [group.request(s).person_id for s in group.steps if group.request(s).whole]
    stopped = choices.who_stopped_everything(whole) if whole else {}
    group.each(lambda step: _verify_stop(group, step, stopped))


def _verify_stop(group: Group, step: Step, everything: Mapping[UUID, int]) -> None:
    person, v = group.request(step).person_id, int(step.found["v"])
    if person in everything:
        _same(step, everything[person] >= v)
    else:
        _same(step, choices.stands_stopped(person, step.source) and feed_number() >= v)


def _same(step: Step, same: bool) -> None:  # noqa: FBT001  the one thing that it is asked
    if not same:
        step.state = "todo"
        raise Disagrees(
            "what stands there is not what was found or done a moment ago",
            "it is done anew; look at it when it goes on changing",
            step.source,
        )


def _keep(group: Group, step: Step, facts: Mapping[str, object], rows: int) -> None:
    data = canon.encode(facts)
    name = f"part-{step.ord}.{group.batch.mark}"
    with packages.writing(step.request_id, name, group.key(step)) as out:
        out.write(data)
    group.made[step.pk] = Made(rows, _digest(data), name)


def _facts(group: Group, step: Step) -> dict[str, Any]:
    with packages.reading(step.request_id, step.file, group.key(step)) as file:
        data = file.read()
    _same(step, _digest(data) == step.digest)
    return cast("dict[str, Any]", json.loads(data))


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _answer(group: Group, request: Request) -> Answer:
    policy, steps = gathering.policy_of(request), group.batch.steps[request.pk]
    if request.kind == "disclose_records":
        mine = next(s for s in steps if s.action == "records")
        return records.given(policy, _facts(group, mine)["records"])
    doubts = group.batch.doubts(request)
    standings = {"tally": "asked", "manual": "by_hand", "nothing": "nothing"}
    places = [
        purposes.Counted(
            *(s.source, s.service, standings[s.action]),
            _facts(group, s)["items"] if s.action == "tally" else {},
            doubts.get(s.source, 0),
        )
        for s in steps
        if s.action in standings
    ]
    return purposes.told(policy, places)


def write_letters(group: Group) -> None:
    """Set the letters in type, each in the form of its kind."""
    mine, others = _parted(group)
    packing.write_letters(others)
    mine.each(lambda step: _letter(mine, step))


def _letter(group: Group, step: Step) -> None:
    request, now = group.request(step), clock.now()
    said = answers.letter(
        gathering.policy_of(request),
        _answer(group, request),
        number=request.number,
        made_on=clock.day_in_japan(now),
        until=packing.last_day(deadline.package_until(now)),
        on_paper=packing.is_on_paper(group.batch.steps[request.pk]),
    )
    packing.typeset_letter(group, step, said)


def make_packages(group: Group) -> None:
    """Make the packages, each of what its kind answers with."""
    mine, others = _parted(group)
    packing.make_packages(others)
    scratch = packages.spool()
    proved = proofs.receipts_of(map(mine.request, mine.steps))
    mine.each(lambda step: _package(mine, step, scratch, proved))


def _package(group: Group, step: Step, scratch: Path, proved: proofs.Proved) -> None:
    request = group.request(step)
    all_ = group.batch.steps[request.pk]
    name = f"{packages.PACKAGE}.{group.batch.mark}"
    with packages.writing(request, name, group.key(step)) as out:
        summing = packing.Summing(out)
        few = io.BufferedWriter(summing, packing.AT_ONCE)
        with few, zipfile.ZipFile(few, "w") as archive:
            plan, policy = fulfil.Plan(request.person_id, ()), gathering.policy_of(request)
            pack = Package(policy, plan, request.number, clock.now(), archive, scratch)
            # Notes of places that were searched by hand stay with the desk: nobody looks through this package.
            by_hand = [s for s in all_ if s.action == "manual"]
            for row in all_:
                if row.action == "pdf" and row.digest:
                    with packages.reading(request, row.file, group.key(row)) as file:
                        pack.add_file("letter.pdf", file.read())
                point("package.part")
            if request.pk in proved:
                pack.add_receipt(receipt.join(proved[request.pk]))
            more = sum(s.rows for s in by_hand)
            manifest = answers.put(pack, _answer(group, request), more)
    made = Made(int(str(manifest["rows"])), f"sha256:{summing.hexdigest}", name)
    group.made[step.pk] = made


def _parted(group: Group) -> tuple[Group, Group]:
    """The steps of requests that our own records answer, and the others."""
    mine = [s for s in group.steps if group.request(s).kind in KINDS]
    others = [s for s in group.steps if group.request(s).kind not in KINDS]
    return group.narrowed(mine), group.narrowed(others)
