"""The rows that a correction or an erasure would change, worked out before the first of them is touched.

For sources without transactions of their own: everything that can be refused is refused here, with nothing changed.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chikai.errors import ConfigError, Disagrees
from chikai.sources.correction import fit_change
from chikai.sources.erasure import Replacing, planned, within
from chikai.sources.graph import compile_map
from chikai.sources.map import Map
from chikai.sources.picture import Picture, mark
from chikai.sources.protocol import Change, Keys, Row, Value


@dataclass(frozen=True, slots=True)
class Edit:
    """One row that changes: it goes, or these columns of it get these values."""

    table: str
    row: Row
    whole: bool = False
    values: Mapping[str, Value] = field(default_factory=dict)


def corrections(
    picture: Picture, map_: Map, keys: Keys, changes: Sequence[Change], at_most: int
) -> list[Edit]:
    """The rows that the changes touch; Disagrees if one is not the person's or there are more than planned."""
    graph, name = compile_map(map_), picture.source.name
    held = picture.held(graph, keys)
    found: dict[int, tuple[str, Row, dict[str, Value]]] = {}
    for change in changes:
        table = map_.by_name.get(change.table)
        if table is None or not graph.reaches(change.table):
            raise Disagrees(f"table `{change.table}` is not in the map", "Map it first.", name)
        described = picture.source.shape.by_name[change.table]
        value = fit_change(change, table, described)
        key = picture.key(map_, change.table)
        wanted = tuple(mark(part) for part in change.key)
        mine = [r for r in held[change.table] if tuple(mark(r[c]) for c in key) == wanted]
        if not key or len(mine) != 1:
            raise Disagrees(
                f"a row of table `{change.table}` that is to change does not belong to the person",
                "Nothing was changed; gather the person's rows again.",
                name,
            )
        found.setdefault(id(mine[0]), (change.table, mine[0], {}))[2][change.column] = value
    if len(found) > at_most:
        raise Disagrees(
            f"{len(found)} rows would change, and the plan allows {at_most}",
            "Nothing was changed; approve a new plan.",
            name,
        )
    return [Edit(table, row, values=values) for table, row, values in found.values()]


def erasures(
    picture: Picture, map_: Map, keys: Keys, at_most: Mapping[str, int], secret: bytes
) -> tuple[list[Edit], dict[str, int]]:
    """The rows that erasing touches, children first, and their number by table; Disagrees beyond the bounds."""
    if not secret:
        raise ConfigError(
            f"source `{picture.source.name}` was opened without the secret that replacements are made from",
            "Hand `secret` to it.",
            picture.source.name,
        )
    graph, shape = compile_map(map_), picture.source.shape
    held = picture.held(graph, keys)
    steps = planned(graph, shape)
    counts = {step.table: len(held[step.table]) for step in steps}
    within(counts, at_most, picture.source.name)
    replacing, edits = Replacing(map_, secret, shape), list[Edit]()
    for step in steps:
        table, rows = shape.by_name[step.table], held[step.table]
        key = picture.key(map_, step.table)
        for row in rows:
            if step.whole:
                edits.append(Edit(step.table, row, whole=True))
                continue
            named, now = tuple(row[c] for c in key), {name: row[name] for name in step.joined}
            new = replacing.values(table, step.columns, keys=keys, row=named, now=now)
            edits.append(Edit(step.table, row, values=new))
    return edits, counts
