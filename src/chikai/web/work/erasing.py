"""What the steps of an erasure do, for all requests of a batch: count first, and after the decision erase and look again.

Counting changes nothing. It resolves the persons' keys in the place and seals them in a file of the request, before the
first write, so that whoever tries again finds every row although the key that led to it is gone. Erasing is one
transaction a place: children first, identity rows last, never more than was counted and approved. Verifying asks on a
connection of its own what is left; a request with a row left is never answered. Rows that another law keeps stay, as
they were counted: the day of the count decides, so that what was approved is what is done.

Clauses: 5, 6.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

from chikai import canon, clock
from chikai.errors import Disagrees
from chikai.rights import holds
from chikai.sources.erasure import planned
from chikai.sources.graph import compile_map
from chikai.sources.protocol import Applying
from chikai.web import packages
from chikai.web.maps import map_named
from chikai.web.models.rights import BY_HAND
from chikai.web.work import first_writes, kept
from chikai.web.work.engine import point
from chikai.web.work.gathering import (
    Group,
    Made,
    keys_of_step,
    planned_map,
    together,
    unchanged,
)
from chikai.web.work.packing import compare_file
from chikai.web.work.sources import opened, order_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chikai.sources.catalogue import Catalogue
    from chikai.sources.map import Map
    from chikai.sources.protocol import Changeable, Holds, Keys, Outcome, ReadingEach
    from chikai.sources.single import Verb
    from chikai.web.models import Step

APPLYING: Final = (
    "erase"  # with the request as the subject: the name of a step in a place's own markers
)


AGAIN: Final = "again"  # in `found`: how often it was done, and had not taken hold


def count_places(group: Group) -> None:
    """Count in every place what would be erased, and seal the keys that lead there."""
    _each_source(group, _count)


def _each_source(group: Group, do: Callable[[Group, str, list[Step]], None]) -> None:
    for _source, steps in group.by_source():
        for alike in sorted(set(map(_alike, steps))):
            together(group, [s for s in steps if _alike(s) == alike], do)
        point(f"{steps[0].action}.written")


def _count(group: Group, name: str, steps: list[Step]) -> None:
    map_, source = planned_map(group, name, steps), opened(group.home, name)
    can = cast("Changeable", source)
    of = {str(step.request_id): step for step in steps}
    subjects = {id_: keys_of_step(group, step) for id_, step in of.items()}
    with source.reading() as opened_:
        reading = cast("ReadingEach", opened_)
        unchanged(source, reading.catalogue(), map_)
        resolved = reading.resolve(map_, subjects)
        today = clock.day_in_japan(clock.now())
        outcomes = reading.would_erase(map_, subjects, holds=_holds(group, today))
        referred = _referred(reading, map_, subjects)
    for id_, step in of.items():
        text = json.dumps(resolved[id_]).encode()
        file = f"keys-{step.ord}.{group.batch.mark}"
        with packages.writing(step.request_id, file, group.key(step), sure=False) as out:
            out.write(text)
        step.found = {**_found(outcomes[id_]), "on": today.isoformat()}
        if referred[id_]:
            step.found["referred"] = referred[id_]
        rows = sum(outcomes[id_].rows.values())
        if lacking := sorted(_lacking(can, reading.catalogue(), map_, outcomes[id_])):
            step.found[BY_HAND] = lacking
        group.made[step.pk] = Made(rows, f"sha256:{hashlib.sha256(text).hexdigest()}", file)
    packages.confirm([s.request_id for s in steps], {group.made[s.pk].file for s in steps})
    held = _holds(group, today)
    if mine := [step for step in steps if BY_HAND not in step.found]:
        seen = group.batch.at(name).seen
        first_writes.show(name, mine, lambda: can.preview(map_, resolved, holds=held), seen=seen)


def _referred(
    reading: ReadingEach, map_: Map, subjects: Mapping[str, Keys]
) -> dict[str, dict[str, int]]:
    """For each subject the rows that we hold for the service's customer: never erased by us, and told in the answer."""
    customers = {t.name for t in map_.tables if t.whose == "customer"}
    counted = reading.count_each(map_, subjects) if customers else {}
    return {
        id_: {t: n for t, n in counted.get(id_, {}).items() if t in customers and n}
        for id_ in subjects
    }


def _lacking(
    source: Changeable, catalogue: Catalogue, map_: Map, outcome: Outcome
) -> Iterator[str]:
    """The tables with rows of an erasure that the source has no way to change: a person does it there."""
    kept = {one.table for one in outcome.kept}
    for step in planned(compile_map(map_), catalogue):
        verb: Verb = "erase" if step.whole else "write"
        changes = step.table in kept and bool(step.of_held() or (step.hold and step.hold.set))
        if (outcome.rows.get(step.table) and source.lacks(step.table, verb)) or (
            changes and source.lacks(step.table, "write")
        ):
            yield step.table


def _holds(group: Group, on: date) -> Holds:
    return holds.holds(on, group.home.books)


def counted_on(step: Step) -> date:
    """The day of the count, which decides what a law keeps."""
    # Of a step that the release before has counted, nobody noted the day.
    said = step.found.get("on")
    return date.fromisoformat(said) if said else clock.day_in_japan(clock.now())


def _alike(step: Step) -> tuple[str, date, int]:
    return step.plan_digest, counted_on(step), step.found.get(AGAIN, 0)


def name_of(does: str, step: Step) -> str:
    """The name of a step in a place's own markers: another one when what was done has not taken hold."""
    again = step.found.get(AGAIN, 0)
    return f"{does}.{again}" if again else does


def anew(group: Group, step: Step, fault: Disagrees) -> None:
    """Let a step be done anew that was verified and found otherwise, although its marker says that it was done."""
    step.state = "todo"
    step.found = {**step.found, AGAIN: step.found.get(AGAIN, 0) + 1}
    group.faults[step.pk] = fault


def _found(outcome: Outcome) -> dict[str, Any]:
    """An outcome as a row keeps it: names of tables and numbers, no value of anybody."""
    kept = [[k.table, k.rows, k.hold, k.until.isoformat()] for k in outcome.kept]
    return {"rows": {t: n for t, n in outcome.rows.items() if n}, "kept": kept}


def verify_counts(group: Group) -> None:
    """Read the sealed keys again."""
    group.each(lambda step: compare_file(group, step))


def erase_places(group: Group) -> None:
    """Erase in every place what was counted and approved."""
    _each_source(group, _erase)


def _erase(group: Group, name: str, steps: list[Step]) -> None:
    map_ = planned_map(group, name, steps)
    source = opened(group.home, name)
    of = {str(step.request_id): step for step in steps}
    subjects = {id_: _sealed_keys(group, step) for id_, step in of.items()}
    approved = {id_: step.found["rows"] for id_, step in of.items()}
    seqs = {id_: group.request(step).decision_no for id_, step in of.items()}
    held, can = _holds(group, counted_on(steps[0])), cast("Changeable", source)
    known = group.batch.at(name)
    first_writes.stop_first(
        name, steps, lambda: can.preview(map_, subjects, holds=held), seen=known.seen
    )
    step_name = name_of(APPLYING, steps[0])
    applying = Applying(step_name, seqs=seqs, epoch=known.epoch + 1, least=known.epoch)
    with can.changing(applying) as change:
        unchanged(source, change.reading.catalogue(), map_)
        erased = change.erase(map_, subjects, planned=approved, holds=held)
        outcomes = dict(change.recorded) | erased
        point("erase.table")
        group.batch.sure(steps)
    for id_, step in of.items():
        found = _found(outcomes[id_])
        # What is done again erases what came back; what was erased before is gone as well.
        before = step.found.get("erased", {}) if step.found.get(AGAIN) else {}
        erased_now = {
            t: max(before.get(t, 0), found["rows"].get(t, 0)) for t in {**before, **found["rows"]}
        }
        written = {"erased": erased_now, "kept": found["kept"], "epoch": change.written}
        step.found = {**step.found, **written}
        rows = sum(outcomes[id_].rows.values())
        group.made[step.pk] = Made(rows, canon.digest(found), step.file)


def _sealed_keys(group: Group, step: Step) -> Keys:
    """The keys as they were resolved before anything was written, from the request's own sealed file."""
    with packages.reading(step.request_id, step.file, group.key(step)) as file:
        found: dict[str, list[object]] = json.loads(file.read())
    return {table: tuple(keys) for table, keys in found.items()}


def verify_erasures(group: Group) -> None:
    """Ask every place on a fresh connection what is left of what should be gone."""
    for _source, steps in group.by_source():
        for alike in sorted(set(map(_alike, steps))):
            together(group, [s for s in steps if _alike(s) == alike], _verify)


def left_of(group: Group, name: str, steps: list[Step]) -> dict[int, dict[str, int]]:
    """What is left of what should be gone, by step and table, asked on a fresh connection."""
    map_ = map_named(name, steps[0].plan_digest)
    source = cast("Changeable", opened(group.home, name))
    of = {str(step.request_id): step for step in steps}
    subjects = {id_: _sealed_keys(group, step) for id_, step in of.items()}
    left = source.left(map_, subjects, holds=_holds(group, counted_on(steps[0])))
    return {of[id_].pk: {t: n for t, n in tables.items() if n} for id_, tables in left.items()}


def _verify(group: Group, name: str, steps: list[Step]) -> None:
    left, secret = left_of(group, name, steps), order_secret(group.home, name)
    for step in steps:
        if standing := left.get(step.pk):
            where = ", ".join(f"`{t}`" for t in standing)
            fault = Disagrees(
                f"{sum(standing.values())} rows are left in {where}",
                "they are erased anew; look at what writes them when it goes on",
                name,
            )
            anew(group, step, fault)
        else:
            group.orders[step.pk] = kept.draft(
                secret, _sealed_keys(group, step), step.found.get("epoch")
            )
