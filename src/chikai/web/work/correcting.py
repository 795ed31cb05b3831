"""What the steps of a correction do: look up the fields that a request is about, and after the decision change them.

Looking changes nothing: the person's rows of the item are read, and go sealed into a file of the request with a digest
of each value. Changing is one transaction a place, and stops where another value stands by now. Verifying asks on a
connection of its own whether the new values stand.

Clauses: 6.
Law: APPI Art. 34(1), APPI Art. 34(2).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, cast

from chikai import canon
from chikai.errors import Disagrees
from chikai.rights import correction
from chikai.rights.correction import Cell
from chikai.rights.package import WITHHELD_KINDS
from chikai.sources import values
from chikai.sources.protocol import Applying
from chikai.web import packages
from chikai.web.actions import correcting, rights
from chikai.web.maps import map_named
from chikai.web.models import Proposal
from chikai.web.models.rights import BY_HAND
from chikai.web.work import first_writes, kept
from chikai.web.work.engine import point
from chikai.web.work.erasing import AGAIN, anew, name_of
from chikai.web.work.gathering import (
    Changed,
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
    from collections.abc import Callable, Iterator, Sequence

    from chikai.sources.catalogue import Table
    from chikai.sources.map import TableMap
    from chikai.sources.protocol import Change, Changeable, Keys, ReadingEach, Row
    from chikai.web.models import Step

POINTS: Final = (
    *("look.doing", "look.written", "look.made", "look.verify", "look.verified", "look.done"),
    *("correct.doing", "correct.table", "correct.written", "correct.made", "correct.verify"),
    *("correct.verified", "correct.done"),
)
_NOT_WRITTEN: Final = ("bytes", "json")  # nobody writes these in a form


def look_places(group: Group) -> None:
    """Look up in every place the fields that the requests are about."""
    _each_alike(group, _look, lambda step: step.plan_digest)


def _each_alike(group: Group, do: Any, alike: Callable[[Step], Any]) -> None:
    for _source, steps in group.by_source():
        for value in sorted({alike(step) for step in steps}):
            together(group, [s for s in steps if alike(s) == value], do)
        if steps[0].state == "doing":
            point(f"{steps[0].action}.written")


def _look(group: Group, name: str, steps: list[Step]) -> None:
    map_, source = planned_map(group, name, steps), opened(group.home, name)
    can = cast("Changeable", source)
    of = {str(step.request_id): step for step in steps}
    subjects = {id_: keys_of_step(group, step) for id_, step in of.items()}
    asked = {i: rights.read_asked(group.request(s)).get("items", "") for i, s in of.items()}
    cells: dict[str, list[Cell]] = {id_: [] for id_ in of}
    counts: dict[str, dict[str, int]] = {id_: {} for id_ in of}
    with source.reading() as opened_:
        reading = cast("ReadingEach", opened_)
        catalogue = reading.catalogue()
        unchanged(source, catalogue, map_)
        resolved = reading.resolve(map_, subjects)
        for table, rows in reading.read_each(map_, subjects):
            mapped, described = map_.by_name[table], catalogue.by_name[table]
            if not any(list(_columns(mapped, described, item)) for item in asked.values()):
                continue
            for id_, row in rows:
                found = _cells(mapped, described, row, asked[id_])
                seen = counts[id_].get(table, 0)
                if found:
                    counts[id_][table] = seen + 1
                    cells[id_] += found if seen < correction.MOST else []
    for id_, step in of.items():
        said = {"keys": resolved[id_], "cells": json.loads(correction.dump_cells(cells[id_]))}
        text = json.dumps(said, ensure_ascii=False).encode()
        file = f"found-{step.ord}.{group.batch.mark}"
        with packages.writing(step.request_id, file, group.key(step), sure=False) as out:
            out.write(text)
        step.found = {"rows": counts[id_]}
        tables = {cell.table for cell in cells[id_]}
        if lacking := sorted(t for t in tables if can.lacks(t, "write")):
            step.found[BY_HAND] = lacking
        digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
        group.made[step.pk] = Made(sum(counts[id_].values()), digest, file)
    packages.confirm([s.request_id for s in steps], {group.made[s.pk].file for s in steps})


def _columns(mapped: TableMap, described: Table, item: str) -> Iterator[Any]:
    """The columns of a table that a request about an item may change; a key is not corrected."""
    keys = {*_key(mapped, described), mapped.identity.key if mapped.identity else ""}
    if not _key(mapped, described) or mapped.whose == "customer":
        return
    for column in mapped.columns:
        known = described.column(column.name)
        if known is None or column.name in keys or column.kind in WITHHELD_KINDS:
            continue
        if column.category == item and known.type not in _NOT_WRITTEN:
            yield known


def _key(mapped: TableMap, described: Table) -> tuple[str, ...]:
    return described.primary_key or mapped.key


def _cells(mapped: TableMap, described: Table, row: Row, item: str) -> list[Cell]:
    key = tuple(
        v if isinstance(v, int) else str(v) for v in (row[c] for c in _key(mapped, described))
    )
    return [
        Cell(
            *(mapped.name, key, known.name, known.type),
            text=None if row[known.name] is None else str(row[known.name]),
            old=values.digest(row[known.name]),
            item=item,
            nullable=known.nullable,
            length=known.length,
        )
        for known in _columns(mapped, described, item)
    ]


def verify_looks(group: Group) -> None:
    """Read the sealed files again."""
    group.each(lambda step: compare_file(group, step))


def correct_places(group: Group) -> None:
    """Change in every place what was written and approved."""

    def alike(step: Step) -> tuple[str, int, int]:
        return step.plan_digest, group.request(step).decision_no, step.found.get(AGAIN, 0)

    _each_alike(group, _correct, alike)


def _correct(group: Group, name: str, steps: list[Step]) -> None:
    map_, source = planned_map(group, name, steps), opened(group.home, name)
    of = {str(step.request_id): step for step in steps}
    subjects = {id_: _keys(group, step) for id_, step in of.items()}
    changes = _changes(group, steps)
    decision = group.request(steps[0]).decision_no
    can = cast("Changeable", source)
    known = group.batch.at(name)
    first_writes.stop_first(
        name, steps, lambda: can.preview(map_, subjects, changes=changes), seen=known.seen
    )
    marked = name_of(f"correct-{decision}", steps[0])
    seqs = dict.fromkeys(of, decision)
    applying = Applying(marked, seqs=seqs, epoch=known.epoch + 1, least=known.epoch)
    try:
        with can.changing(applying) as change:
            unchanged(source, change.reading.catalogue(), map_)
            outcomes = dict(change.recorded) | change.write(map_, subjects, changes)
            point("correct.table")
            group.batch.sure(steps)
    except Changed:
        raise
    except Disagrees as fault:
        if len(steps) > 1:
            raise
        # Trying again changes nothing: somebody looks at what stands there now.
        raise Changed(fault.what, fault.do, name) from None
    for id_, step in of.items():
        rows = dict(outcomes[id_].rows)
        step.found = {**step.found, "corrected": rows, "epoch": change.written}
        group.made[step.pk] = Made(sum(rows.values()), canon.digest(rows), step.file)


def _keys(group: Group, step: Step) -> Keys:
    with packages.reading(step.request_id, step.file, group.key(step)) as file:
        found: dict[str, list[object]] = json.loads(file.read())["keys"]
    return {table: tuple(keys) for table, keys in found.items()}


def _changes(group: Group, steps: Sequence[Step]) -> dict[str, Sequence[Change]]:
    """What was written for each request in this place, opened with the request's own key."""
    wanted = {(s.request_id, s.ord - rights.BEHIND): s for s in steps}
    rows = Proposal.objects.filter(step__request__in=[s.request_id for s in steps])
    found: dict[str, Sequence[Change]] = {}
    for row in rows.select_related("step"):
        step = wanted.get((row.step.request_id, row.step.ord))
        if step is not None:
            written = correcting.read_proposal(row, group.key(step))
            found[str(step.request_id)] = [one.change for one in written]
    return found


def verify_corrections(group: Group) -> None:
    """Ask every place on a fresh connection whether the new values stand."""
    _each_alike(group, _verify, lambda step: step.plan_digest)


def unlike_of(group: Group, name: str, steps: list[Step]) -> dict[int, dict[str, int]]:
    """How many new values do not stand, by step and table, asked on a fresh connection."""
    map_ = map_named(name, steps[0].plan_digest)
    source = cast("Changeable", opened(group.home, name))
    of = {str(step.request_id): step for step in steps}
    subjects = {id_: _keys(group, step) for id_, step in of.items()}
    unlike = source.unlike(map_, subjects, _changes(group, steps))
    return {of[id_].pk: dict(Counter(c.table for c in wrong)) for id_, wrong in unlike.items()}


def _verify(group: Group, name: str, steps: list[Step]) -> None:
    unlike = unlike_of(group, name, steps)
    changes, secret = _changes(group, steps), order_secret(group.home, name)
    for step in steps:
        if wrong := unlike.get(step.pk):
            where = ", ".join(f"`{table}`" for table in sorted(wrong))
            fault = Disagrees(
                f"{sum(wrong.values())} new values do not stand in {where}",
                "they are written anew; look at what writes there when it goes on",
                name,
            )
            anew(group, step, fault)
        else:
            keys, epoch = _keys(group, step), step.found.get("epoch")
            written = changes.get(str(step.request_id), ())
            group.orders[step.pk] = kept.draft(secret, keys, epoch, written)
