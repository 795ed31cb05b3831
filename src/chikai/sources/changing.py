"""Corrections and erasure where a source has no transaction: every row is worked out first, then all are changed.

Whatever can be refused is refused with nothing changed. There are no markers: a step that is made again finds the rows
that still stand, and a correction that was decided on other content says so.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from chikai.errors import ConfigError, Disagrees
from chikai.sources.catalogue import Catalogue
from chikai.sources.config import SourceConfig
from chikai.sources.correction import fit_change, stands
from chikai.sources.erasing import brake, outcomes
from chikai.sources.erasure import Replacing, refuse_observing
from chikai.sources.graph import compile_map
from chikai.sources.map import Map
from chikai.sources.picture import Picture
from chikai.sources.protocol import (
    Applying,
    Change,
    Holds,
    Outcome,
    Row,
    Statement,
    Subjects,
    Value,
)
from chikai.sources.single import Single, standing


@dataclass(frozen=True, slots=True)
class Edit:
    """One row that changes: it goes, or these columns of it get these values."""

    table: str
    row: Row
    whole: bool = False
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass
class RowsChanging:
    """The changes of one step, worked out; they are made when its block ends."""

    picture: Picture
    secret: bytes
    edits: list[Edit] = field(default_factory=list)
    written: int | None = None
    recorded: Mapping[str, Outcome] = field(default_factory=dict)

    @property
    def reading(self) -> Picture:
        """What stood there when it began."""
        return self.picture

    def erase(
        self,
        map_: Map,
        subjects: Subjects,
        *,
        planned: Mapping[str, Mapping[str, int]],
        holds: Holds | None = None,
    ) -> dict[str, Outcome]:
        """The rows that go or change, children first; Disagrees beyond the plan."""
        work = self.picture.work(map_, subjects, holds)
        found = outcomes(work, subjects)
        brake(work, found, planned, self.picture.source.name)
        replacing = Replacing(map_, self.secret, self.picture.source.shape)
        for one in work:
            name, table = one.step.table, self.picture.source.shape.by_name[one.step.table]
            going = one.rows if one.step.whole else ()
            self.edits += [Edit(name, row.seen, whole=True) for row in going]
            changed = [*(() if one.step.whole else one.rows), *one.kept]
            new = one.replaced(replacing, table, subjects)
            for row, writing in zip(changed, new, strict=False):
                values = {c: v for c, v in writing.values.items() if row.seen[c] != v}
                if values:
                    self.edits.append(Edit(name, row.seen, values=values))
        return found

    def write(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, Outcome]:
        """The rows that get other values; what stands already is no change."""
        graph, name = compile_map(map_), self.picture.source.name
        new: dict[int, tuple[str, Row, dict[str, Value]]] = {}
        found: dict[str, Outcome] = {}
        for subject, wanted in changes.items():
            touched: dict[str, set[int]] = {}
            for change in wanted:
                if not graph.reaches(change.table):
                    raise Disagrees(
                        f"table `{change.table}` is not in the map", "Map it first.", name
                    )
                table = self.picture.source.shape.by_name[change.table]
                value = fit_change(change, map_.by_name[change.table], table)
                row = self.picture.owned(map_, subjects[subject], change)
                if row is None:
                    raise Disagrees(
                        f"a row of table `{change.table}` that is to change does not belong to the person",
                        "Nothing was changed; gather the person's rows again.",
                        name,
                    )
                if not stands(change, value, row[change.column], table):
                    new.setdefault(id(row), (change.table, row, {}))[2][change.column] = value
                touched.setdefault(change.table, set()).add(id(row))
            found[subject] = Outcome({table: len(rows) for table, rows in touched.items()})
        self.edits += [Edit(table, row, values=values) for table, row, values in new.values()]
        return found


class ByRows(Single):
    """What every source does alike that gives its rows as a `Picture` and changes them one by one."""

    name: str
    config: SourceConfig
    secret: bytes
    reads_many = True

    @abstractmethod
    def picture(self) -> Picture:
        """Its rows as they are now."""

    @abstractmethod
    def make(self, edits: Sequence[Edit], picture: Picture, applying: Applying | None) -> None:
        """Make the changes, in this order."""

    @abstractmethod
    def words(self, edit: Edit) -> str:
        """How a change is made there, without a value."""

    def alone(self) -> AbstractContextManager[None]:
        """Keeps other writers away while a change is made, where that can be done."""
        return nullcontext()

    def catalogue(self) -> Catalogue:
        """What it says about itself now."""
        return self.picture().catalogue()

    @contextmanager
    def reading(self, *, fresh: bool = False) -> Iterator[Picture]:  # noqa: ARG002  every picture is
        """One picture."""
        yield self.picture()

    @contextmanager
    def changing(self, applying: Applying | None = None) -> Iterator[RowsChanging]:
        """Work out the changes within the block; they are made at its end, or none of them is."""
        refuse_observing(self.config.mode, self.name)
        if not self.secret:
            raise ConfigError(
                f"source `{self.name}` was opened without the secret that replacements are made from",
                "Hand `secret` to it.",
                self.name,
            )
        with self.alone():
            picture = self.picture()
            change = RowsChanging(picture, self.secret)
            yield change
            self.make(change.edits, picture, applying)

    def left(
        self, map_: Map, subjects: Subjects, *, holds: Holds | None = None
    ) -> dict[str, dict[str, int]]:
        """What an erasure should have taken and still stands, by subject and table."""
        picture = self.picture()
        replacing, shape = Replacing(map_, self.secret, picture.source.shape), picture.source.shape
        return standing(picture.work(map_, subjects, holds), shape.by_name.__getitem__, replacing)

    def unlike(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, tuple[Change, ...]]:
        """The changes whose new value does not stand in its row, by subject."""
        out: dict[str, tuple[Change, ...]] = {}
        picture = self.picture()
        for subject, wanted in changes.items():
            wrong = []
            for change in wanted:
                table = picture.source.shape.by_name[change.table]
                value = fit_change(change, map_.by_name[change.table], table)
                row = picture.owned(map_, subjects[subject], change)
                if row is None or (row[change.column] or None) != (value or None):
                    wrong.append(change)
            if wrong:
                out[subject] = tuple(wrong)
        return out

    def preview(
        self,
        map_: Map,
        subjects: Subjects,
        *,
        changes: Mapping[str, Sequence[Change]] | None = None,
        holds: Holds | None = None,
    ) -> tuple[Statement, ...]:
        """What would be done, and to how many rows; nothing is changed."""
        change = RowsChanging(self.picture(), self.secret)
        if changes is None:
            counted = change.picture.would_erase(map_, subjects, holds=holds)
            planned = {subject: outcome.rows for subject, outcome in counted.items()}
            change.erase(map_, subjects, planned=planned, holds=holds)
        else:
            change.write(map_, subjects, changes)
        rows: dict[tuple[str, str], int] = {}
        for edit in change.edits:
            said = edit.table, self.words(edit)
            rows[said] = rows.get(said, 0) + 1
        return tuple(Statement(table, words, n) for (table, words), n in rows.items())

    def fingerprint(self) -> str:
        """The digest of its shape."""
        return self.catalogue().digest

    def epoch(self) -> int | None:
        """None: there is no place for it."""
        return None

    def prepare(self) -> bool:
        """False: there is no place for markers."""
        return False
