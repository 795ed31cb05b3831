"""What every source does alike: one person changed in a transaction of their own, and what still stands of an erasure.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

from chikai.sources.catalogue import Table
from chikai.sources.erasing import Work
from chikai.sources.erasure import Replacing, within_rows
from chikai.sources.map import Map
from chikai.sources.protocol import Applying, Change, Keys

Verb = Literal["write", "erase"]


class Single(ABC):
    """A source whose changes are made for many people; one person is many of one."""

    name: str

    @abstractmethod
    def changing(self, applying: Applying | None = None) -> AbstractContextManager[Any]:
        """One transaction."""

    def lacks(self, table: str, verb: Verb) -> bool:  # noqa: ARG002  what can do both has nothing to look up
        """Whether rows of a table can only be changed by hand."""
        return False

    def write(
        self, map_: Map, keys: Keys, changes: Sequence[Change], *, at_most: int
    ) -> dict[str, int]:
        """Make the changes of one person, all or none; rows changed by table."""
        within_rows(len({(c.table, c.key) for c in changes}), at_most, self.name)
        with self.changing() as change:
            return dict(change.write(map_, {"": keys}, {"": changes})[""].rows)

    def erase(self, map_: Map, keys: Keys, *, at_most: Mapping[str, int]) -> dict[str, int]:
        """Erase one person by the map, all or none; rows changed by table."""
        with self.changing() as change:
            return dict(change.erase(map_, {"": keys}, planned={"": at_most})[""].rows)


def standing(
    work: Iterable[Work], table: Callable[[str], Table], replacing: Replacing
) -> dict[str, dict[str, int]]:
    """Of the rows of an erasure those that should be gone, or still say what they should not, by subject and table."""
    out: dict[str, dict[str, int]] = {}
    for one in work:
        name, described = one.step.table, table(one.step.table)
        for kept, rows in ((False, one.rows), (True, one.kept)):
            columns = one.step.of_held() if kept else one.step.columns
            for row in rows:
                clean = all(replacing.erased(described, c.name, row.seen[c.name]) for c in columns)
                if clean and (kept or not one.step.whole):
                    continue
                for subject in row.subjects:
                    tables = out.setdefault(subject, {})
                    tables[name] = tables.get(name, 0) + 1
    return out
