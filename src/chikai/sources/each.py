"""Many persons at once where a source knows only one at a time: a folder, a service behind HTTP.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chikai import canon
from chikai.sources.graph import compile_map

if TYPE_CHECKING:
    from chikai.sources.catalogue import Catalogue
    from chikai.sources.map import Map
    from chikai.sources.protocol import Held, Reading, Row, Source, Subjects


@dataclass
class OneByOne:
    """A picture that is asked for each person."""

    reading: Reading
    shape: Catalogue

    def catalogue(self) -> Catalogue:
        """What the source said about itself when it was opened."""
        return self.shape

    def read_each(
        self, map_: Map, subjects: Subjects
    ) -> Iterator[tuple[str, Iterator[tuple[str, Row]]]]:
        """Table by table the rows with whose they are."""
        found: dict[str, list[tuple[str, Row]]] = {}
        for subject, keys in subjects.items():
            for table, rows in self.reading.read(map_, keys):
                found.setdefault(table, []).extend((subject, row) for row in rows)
        for each in compile_map(map_).worked("person", "shared"):
            yield each.name, iter(found.get(each.name, []))

    def held(self, map_: Map, subjects: Subjects) -> dict[str, dict[str, Held]]:
        """Of each subject and table: how many rows are theirs, and a digest of what stands there."""
        found: dict[str, dict[str, Held]] = {}
        for subject, keys in subjects.items():
            read = {
                table: canon.digest_bytes(repr(list(rows)).encode())
                for table, rows in self.reading.read(map_, keys)
            }
            counts = self.reading.count(map_, keys)
            found[subject] = {table: (n, read.get(table, "")) for table, n in counts.items()}
        return found


@contextmanager
def picture(source: Source, *, fresh: bool = False) -> Iterator[Any]:
    """A picture of a source that several persons can be read from; `fresh` on a connection that nobody used before."""
    opened: Any = source
    many = getattr(opened, "reads_many", False)
    with opened.reading(fresh=fresh) if many else source.reading() as reading:
        yield reading if many else OneByOne(reading, source.catalogue())
