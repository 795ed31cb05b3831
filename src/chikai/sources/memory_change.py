"""Erasure and corrections of a source in memory, on a copy that is kept or thrown away whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chikai.errors import Disagrees
from chikai.sources.correction import fit_change, stands
from chikai.sources.erasing import brake, outcomes, refuse_older
from chikai.sources.erasure import Replacing
from chikai.sources.graph import compile_map
from chikai.sources.map import Map
from chikai.sources.memory_read import MemoryReading, Rows
from chikai.sources.protocol import Applying, Change, Holds, Outcome, Subjects

Applied = dict[tuple[str, str], tuple[int, Outcome]]


@dataclass
class MemoryChanging:
    """The changes of one transaction. `applied` are the markers of all steps, `made` those of this one."""

    held: MemoryReading
    secret: bytes
    before: Rows
    applying: Applying | None
    applied: Applied
    recorded: Mapping[str, Outcome] = field(default_factory=dict)
    made: Applied = field(default_factory=dict)
    written: int | None = None

    def __post_init__(self) -> None:
        if self.applying is None:
            return
        newest: dict[str, int] = {}
        found: dict[str, Outcome] = {}
        for (step, subject), (seq, outcome) in self.applied.items():
            newest[subject] = max(seq, newest.get(subject, seq))
            if step == self.applying.step:
                found[subject] = replace(outcome, recorded=True)
        refuse_older(
            self.applying, {s: n for s, n in newest.items() if s not in found}, self.held.name
        )
        self.recorded = found

    def erase(
        self,
        map_: Map,
        subjects: Subjects,
        *,
        planned: Mapping[str, Mapping[str, int]],
        holds: Holds | None = None,
    ) -> dict[str, Outcome]:
        """Erase by the map, all or none."""
        open_ = {s: keys for s, keys in subjects.items() if s not in self.recorded}
        work = self.held.work(map_, open_, holds)
        found = outcomes(work, open_)
        brake(work, found, planned, self.held.name)
        replacing, gone = Replacing(map_, self.secret, self.held.shape), []
        for one in work:
            table = self.held.table(one.step.table)
            seen = {id(row.seen): row.seen for row in (*one.rows, *one.kept)}
            rows = [*(() if one.step.whole else one.rows), *one.kept]
            for row, writing in zip(rows, one.replaced(replacing, table, open_), strict=False):
                seen[id(row.seen)].update(writing.values)
            if one.step.whole and one.rows:
                going = {id(row.seen) for row in one.rows}
                kept = [r for r in self.held.rows[one.step.table] if id(r) not in going]
                self.held.rows[one.step.table] = kept
                gone.append(one.step.table)
        self._refuse_dangling(gone, {id(r.seen) for one in work for r in (*one.rows, *one.kept)})
        self._record(found)
        return {**found, **self.recorded}

    def write(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, Outcome]:
        """Make the changes, all or none."""
        found: dict[str, Outcome] = {}
        graph = compile_map(map_)
        for subject, wanted in changes.items():
            touched: dict[str, set[int]] = {}
            for change in () if subject in self.recorded else wanted:
                if not graph.reaches(change.table):
                    raise Disagrees(
                        f"table `{change.table}` is not in the map", "Map it first.", self.held.name
                    )
                table = self.held.table(change.table)
                value = fit_change(change, map_.by_name[change.table], table)
                row = self.held.owned(map_, subjects[subject], change)
                if row is None:
                    raise Disagrees(
                        f"a row of table `{change.table}` that is to change does not belong to the person",
                        "Nothing was changed; gather the person's rows again.",
                        self.held.name,
                    )
                if not stands(change, value, row[change.column], table):
                    row[change.column] = value
                touched.setdefault(change.table, set()).add(id(row))
            if subject not in self.recorded:
                found[subject] = Outcome({name: len(rows) for name, rows in touched.items()})
        self._record(found)
        return {**found, **self.recorded}

    def _record(self, found: Mapping[str, Outcome]) -> None:
        if self.applying is not None:
            for subject, outcome in found.items():
                seq = self.applying.seqs.get(subject, 0)
                self.made[self.applying.step, subject] = seq, outcome

    def _refuse_dangling(self, emptied: Sequence[str], ours: set[int]) -> None:
        """Disagrees if a declared foreign key points at a row that went; rows of the same people let go of it."""
        rows = self.held.rows
        for child in self.held.shape.tables:
            for foreign in (f for f in child.foreign_keys if f.table in emptied):
                there = {tuple(r[c] for c in foreign.to) for r in rows[foreign.table]}
                before = {tuple(r[c] for c in foreign.to) for r in self.before[foreign.table]}
                for row in rows.get(child.name, []):
                    target = tuple(row[c] for c in foreign.columns)
                    nullable = all(c.nullable for c in child.columns if c.name in foreign.columns)
                    if target in before - there and id(row) in ours and nullable:
                        row.update(dict.fromkeys(foreign.columns))
                    elif target in before - there:
                        raise Disagrees(
                            f"rows of another table still point at rows of table `{foreign.table}`",
                            "Nothing was changed; map that table too, or keep the row.",
                            self.held.name,
                        )
