"""What one place gave, kept as a sealed file of lines until everything is there.

The first line names the format; a table is one line with its columns, then a line for each row; the last line holds
the counts, the digest that the place itself made of what stands there, and what the worker noted beside. Whoever reads
it again compares the sum over all lines with the one that was noted.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final, cast

from chikai.errors import Tampered
from chikai.rights import review as reviews
from chikai.rights import writing
from chikai.rights.package import WITHHELD, WITHHELD_KINDS, Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chikai.rights.fulfil import Step
    from chikai.rights.review import Review
    from chikai.sources.map import Map, TableMap
    from chikai.sources.protocol import Held, Row

FORMAT: Final = b'{"format": 2}\n'
PIECE: Final = 2**15  # what waits in memory before it goes to the file
_dumps: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass
class Part:
    """A part while a place is read: lines wait in memory, and the file is opened when there are many, or at the end."""

    open: Callable[[], IO[bytes]]
    counts: dict[str, int] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    free: int = 0  # rows in which somebody wrote something

    def __post_init__(self) -> None:
        self._waiting, self._sum = bytearray(FORMAT), hashlib.sha256()
        self._file: IO[bytes] | None = None
        self._table, self._hidden, self._free = "", frozenset[str](), frozenset[str]()

    def add(self, table: TableMap, row: Row, numbers: frozenset[str]) -> None:
        """Take a row; `numbers` are the columns that hold exact numbers, which stand as text in a line."""
        if table.name != self._table:
            self._table = table.name
            self._hidden = frozenset(c.name for c in table.columns if c.kind in WITHHELD_KINDS)
            self._free = reviews.free_columns(table)
            exact = [c for c in row if c in numbers]
            self._line({"table": table.name, "columns": list(row), "numbers": exact})
            self.counts[table.name] = 0
        self.counts[table.name] += 1
        if self._free and reviews.says_something(self._free, row):
            self.free += 1
        plain, hidden = writing.PLAIN, self._hidden
        values = [
            WITHHELD if c in hidden and v else v if type(v) in plain else writing.plain(v)
            for c, v in row.items()
        ]
        self._line(values)

    def finish(self, held: Mapping[str, Held], referred: Mapping[str, int]) -> tuple[int, str]:
        """Write the last line; how many rows there are, and the sum over all lines. The caller closes the file."""
        last = {"held": held, "counts": self.counts, "referred": referred, "more": self.more}
        self._line({"end": last})
        self._flush()
        return sum(self.counts.values()), f"sha256:{self._sum.hexdigest()}"

    def _line(self, value: object) -> None:
        self._waiting += _dumps(value).encode() + b"\n"
        if len(self._waiting) > PIECE:
            self._flush()

    def _flush(self) -> None:
        if self._file is None:
            self._file = self.open()
        self._sum.update(self._waiting)
        self._file.write(bytes(self._waiting))
        self._waiting.clear()


@dataclass
class Lines:
    """A part that is read again; Tampered when a line is not what was gathered."""

    file: IO[bytes]
    digest: str

    def __post_init__(self) -> None:
        self._lines = io.BufferedReader(cast("io.RawIOBase", self.file), 2**16)
        self._sum = hashlib.sha256(first := self._lines.readline())
        self._said: Iterator[Any] = iter(())
        self.end: dict[str, Any] = {}
        if first != FORMAT:
            raise Tampered("a part has a form that this version does not read", "gather it again")

    def tables(self) -> Iterator[tuple[str, frozenset[str], Iterator[Row]]]:
        """Each table's name, its columns of exact numbers, and its rows; these are taken before the next table is."""
        said = self._next()
        while "table" in said:
            rows = _Rows(self, said["columns"])
            yield said["table"], frozenset(said["numbers"]), rows
            for _ in rows:
                continue
            said = rows.after
        self.end = said["end"]
        self._compare()

    def finish(self) -> dict[str, Any]:
        """Sum all lines without reading them, and what the last one says."""
        last = b""
        for last in self._lines:
            self._sum.update(last)
        self._compare()
        self.end = json.loads(last)["end"]
        return self.end

    def _compare(self) -> None:
        if f"sha256:{self._sum.hexdigest()}" != self.digest:
            raise Tampered("a part is not what was gathered", "gather it again")

    def _next(self) -> Any:
        for said in self._said:
            return said
        lines = self._lines.readlines(PIECE)  # many lines are summed and read at once
        self._sum.update(b"".join(lines))
        if not lines:
            raise Tampered("a part ends in the middle", "gather it again")
        self._said = iter(json.loads(f"[{b','.join(lines).decode()}]"))
        return next(self._said)


class _Rows:
    """The rows of one table of a part, and the line behind them."""

    def __init__(self, lines: Lines, columns: list[str]) -> None:
        self._lines, self._columns = lines, columns
        self.after: Any = None

    def __iter__(self) -> _Rows:
        return self

    def __next__(self) -> Row:
        if self.after is None:
            found = self._lines._next()  # noqa: SLF001  two halves of one reader
            if isinstance(found, list):
                return dict(zip(self._columns, found, strict=True))
            self.after = found
        raise StopIteration


def add(
    pack: Package, step: Step, map_: Map, lines: Lines, review: Review | None = None
) -> dict[str, Any]:
    """Take a part over into the package, as an officer's review leaves it; its last line."""
    for name, numbers, rows in lines.tables():
        table = map_.by_name[name]
        if review is None:
            pack.add_table(step, table, rows, numbers)
        elif not review.leaves_table(step.source, name):
            pack.add_table(step, table, review.rows(step.source, table, rows), numbers)
    known = pack.counts.setdefault(step.source, {})
    for table in map_.tables:
        if table.whose in ("person", "shared"):
            known.setdefault(table.name, 0)
    pack.refer(step, lines.end["referred"])
    return lines.end
