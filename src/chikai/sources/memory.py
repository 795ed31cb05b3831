"""A source that is a dict: what the other sources are compared with, and what tests use instead of mocks.

Everything is done in the slow, obvious way: a row belongs to a person if its key is the person's, or if one of its
edges meets a row that does. No statement is compiled, so that an error of the compiler shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Lock

from chikai.errors import ConfigError, Unreachable
from chikai.sources.catalogue import Catalogue
from chikai.sources.correction import fit_change
from chikai.sources.erasing import refuse_restored
from chikai.sources.erasure import Replacing, refuse_observing
from chikai.sources.map import Map
from chikai.sources.memory_change import Applied, MemoryChanging
from chikai.sources.memory_read import MemoryReading, Rows
from chikai.sources.protocol import Applying, Change, Health, Holds, Statement, Subjects
from chikai.sources.single import Single, standing


@dataclass
class MemorySource(Single):
    """Tables as lists of rows. `down` makes it unreachable; `mode` and `secret` are as in a SQL source."""

    name: str
    shape: Catalogue
    rows: Rows
    mode: str = "enforce"
    secret: bytes = b"memory"
    down: bool = field(default=False)
    applied: Applied = field(default_factory=dict)
    written_epoch: int = 0
    _lock: Lock = field(default_factory=Lock)

    def check(self) -> Health:
        """Whether it answers."""
        if self.down:
            return Health(
                reachable=False, dialect="memory", fault="the source does not answer", do="Wait."
            )
        held = "select" if self.mode == "observe" else "write"
        return Health(
            True,
            "memory",
            "memory",
            "write" if held == "write" else "select",
            len(self.shape.tables),
        )

    def catalogue(self) -> Catalogue:
        """Its shape."""
        self._answer()
        return self.shape

    @contextmanager
    def reading(self, *, fresh: bool = False) -> Iterator[MemoryReading]:  # noqa: ARG002  all are fresh
        """A copy of everything as it is now."""
        self._answer()
        yield MemoryReading(self.name, self.shape, deepcopy(self.rows))

    @contextmanager
    def changing(self, applying: Applying | None = None) -> Iterator[MemoryChanging]:
        """One transaction on a copy, which becomes the source when the block ends."""
        self._answer()
        refuse_observing(self.mode, self.name)
        if not self.secret:
            raise ConfigError(
                "no secret for replacements", "Hand `secret` to the source.", self.name
            )
        with self._lock:
            copy = MemoryReading(self.name, self.shape, deepcopy(self.rows))
            change = MemoryChanging(copy, self.secret, self.rows, applying, self.applied)
            if applying is not None and applying.epoch:
                refuse_restored(applying, self.written_epoch, self.name)
                change.written = max(self.written_epoch + 1, applying.epoch)
            yield change
            self.rows.clear()
            self.rows.update(copy.rows)
            self.applied.update(change.made)
            self.written_epoch = change.written or self.written_epoch

    def left(
        self, map_: Map, subjects: Subjects, *, holds: Holds | None = None
    ) -> dict[str, dict[str, int]]:
        """What an erasure should have taken and still stands, by subject and table."""
        replacing = Replacing(map_, self.secret, self.shape)
        with self.reading() as reading:
            return standing(reading.work(map_, subjects, holds), reading.table, replacing)

    def unlike(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, tuple[Change, ...]]:
        """The changes whose new value does not stand in its row, by subject."""
        out: dict[str, tuple[Change, ...]] = {}
        with self.reading() as reading:
            for subject, wanted in changes.items():
                wrong = []
                for change in wanted:
                    row = reading.owned(map_, subjects[subject], change)
                    value = fit_change(
                        change, map_.by_name[change.table], reading.table(change.table)
                    )
                    if row is None or row[change.column] != value:
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
        """What would be done, in words: a dict has no statements."""
        with self.reading() as reading:
            if changes is not None:
                tables = [c.table for wanted in changes.values() for c in wanted]
                return tuple(
                    Statement(t, f"change {t}", tables.count(t)) for t in dict.fromkeys(tables)
                )
            return tuple(
                Statement(
                    w.step.table,
                    f"{'delete' if w.step.whole else 'change'} {w.step.table}",
                    len(w.rows),
                )
                for w in reading.work(map_, subjects, holds)
            )

    def fingerprint(self) -> str:
        """The digest of its shape."""
        self._answer()
        return self.shape.digest

    def epoch(self) -> int | None:
        """The epoch that our last change wrote here."""
        self._answer()
        return self.written_epoch

    def prepare(self) -> bool:
        """It always has a place for markers."""
        return True

    def _answer(self) -> None:
        if self.down:
            raise Unreachable("the source does not answer", "Wait.", self.name)
