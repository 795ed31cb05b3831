"""What every source of personal data can do, however it stores it.

A source is asked through a compiled map, never with free text. All calls of one `reading()` see one consistent picture
and change nothing. A `changing()` is one transaction for as many people as are handed in: it commits when its block ends
and leaves everything as it was when the block raises. Whether a change took hold is asked afterwards, on a connection of
its own (`left`, `unlike`): what a change reports is evidence, and never the judge.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from chikai.sources.catalogue import Catalogue
    from chikai.sources.map import Map

# A value as a source stores it, already in Python.
Value = object
Row = dict[str, Value]
# A person's local keys in an identity table: {"accounts": (17, 23)}. `resolve` adds entries of its own, which begin
# with `@`; they are kept sealed beside the others and handed back as they are.
Keys = dict[str, tuple[Value, ...]]
# Several people at once: an opaque id of the caller's, in the order that matters, to their keys.
Subjects = Mapping[str, Keys]
# Of one person in one table: how many rows are theirs, and a digest of what stands in them.
Held = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found. `privileges` is `select`, `write` or `more` (a superuser, say, which we advise against)."""

    reachable: bool
    dialect: str = ""
    server: str = ""
    privileges: Literal["none", "select", "write", "more"] = "none"
    tables: int = 0
    fault: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A new value for one column of the row of a subject that holds `key` (the table's primary key); None empties it.

    `old` is the digest (`values.digest`) of what stood there when the change was decided: if something else stands there
    by now, nothing is changed. Empty: whatever stands there.
    """

    table: str
    key: tuple[Value, ...]
    column: str
    value: Value
    old: str = ""


@dataclass(frozen=True, slots=True)
class Applying:
    """What a change is made for: written into the source's marker table where it has one, so that it is made once.

    `seqs` orders what was decided about each subject: a change older than one that stands there is refused. `epoch`
    is our counter for this source; it is written beside, and read back to notice that an old backup was restored. Where
    less than `least` stands, nothing is changed. What stands is raised by each change, so that their order shows.
    """

    step: str
    fence: int = 0
    seqs: Mapping[str, int] = field(default_factory=dict)
    epoch: int = 0
    least: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a table that a law keeps from being erased: under which hold, and until which day at the latest."""

    table: str
    rows: int
    hold: str
    until: date


@dataclass(frozen=True, slots=True)
class Holds:
    """The holds that maps may name, on one day: each tells until which day a row that began on a day must stay."""

    today: date
    until: Mapping[str, Callable[[date], date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did for one subject: rows by table. `recorded` says that it had been made before, by this step."""

    rows: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that a change would run: `rows` is how many rows it would touch now. It holds no value."""

    table: str
    sql: str
    rows: int


class Reading(Protocol):
    """One consistent picture of a source."""

    def find(
        self, map_: Map, table: str, column: str, values: Sequence[Value]
    ) -> tuple[Value, ...]:
        """The local keys in an identity table whose column holds one of the values."""
        ...

    def count(self, map_: Map, keys: Keys) -> dict[str, int]:
        """How many rows of each mapped table belong to the person with these keys."""
        ...

    def read(self, map_: Map, keys: Keys) -> Iterator[tuple[str, Iterator[Row]]]:
        """Table by table, in the order of the map, the rows that belong to the person with these keys."""
        ...

    def catalogue(self) -> Catalogue:
        """What the source said about itself when the picture was taken."""
        ...

    def identities(self, map_: Map, table: str, chunk: int = 10_000) -> Iterator[list[Row]]:
        """The rows of an identity table in chunks: only the columns that `Identity` names, keyed by its field names."""
        ...

    def sample(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[Value, ...]]:
        """Some rows of a table, spread over it; the caller keeps nothing of them."""
        ...

    def included(
        self, child: tuple[str, str], parent: tuple[str, str], rows: int
    ) -> tuple[int, int]:
        """Of up to `rows` distinct values in a child column: how many stand in the parent column, and how many there were."""
        ...


class Source(Protocol):
    """A place where personal data lives."""

    name: str

    def check(self) -> Health:
        """Whether it answers, what it is, and what it lets us do; never raises for an unreachable source."""
        ...

    def catalogue(self) -> Catalogue:
        """What it says about itself; Unreachable if it does not answer."""
        ...

    def reading(self) -> AbstractContextManager[Reading]:
        """One consistent picture, read-only, until the block ends."""
        ...

    def write(
        self, map_: Map, keys: Keys, changes: Sequence[Change], *, at_most: int
    ) -> dict[str, int]:
        """Make the changes to rows that belong to the person, in one transaction; rows changed by table."""
        ...

    def erase(self, map_: Map, keys: Keys, *, at_most: Mapping[str, int]) -> dict[str, int]:
        """Erase or replace, by the map, what belongs to the person, in one transaction; rows changed by table."""
        ...


class ReadingEach(Reading, Protocol):
    """One consistent picture of a source, for several people at once."""

    def count_each(self, map_: Map, subjects: Subjects) -> dict[str, dict[str, int]]:
        """For each subject, how many rows of each mapped table belong to it; one statement a table for them all."""
        ...

    def read_each(
        self, map_: Map, subjects: Subjects
    ) -> Iterator[tuple[str, Iterator[tuple[str, Row]]]]:
        """Table by table the rows with whose they are; a row of two subjects comes twice, once for each."""
        ...

    def held(self, map_: Map, subjects: Subjects) -> dict[str, dict[str, Held]]:
        """Of each subject and table: how many rows are theirs, and a digest that is the same while they stand as they are."""
        ...

    def resolve(self, map_: Map, subjects: Subjects) -> dict[str, Keys]:
        """The keys, and beside them what leads on to their rows and would go with an erasure. Text and numbers only.

        To be kept sealed before the first write: whoever hands it back finds every row again, whatever was erased.
        """
        ...

    def would_erase(
        self, map_: Map, subjects: Subjects, *, holds: Holds | None = None
    ) -> dict[str, Outcome]:
        """For each subject what an erasure would do now: the plan that is shown, approved and held against it."""
        ...


class Changeable(Source, Protocol):
    """A source that carries out what was decided about several people at once."""

    def reading(self, *, fresh: bool = False) -> AbstractContextManager[ReadingEach]:
        """One consistent picture; `fresh` on a connection that nobody used before."""
        ...

    def changing(self, applying: Applying | None = None) -> AbstractContextManager[Changing]:
        """One transaction; WrongState while the source is only observed. What another holds is tried once more."""
        ...

    def left(
        self, map_: Map, subjects: Subjects, *, holds: Holds | None = None
    ) -> dict[str, dict[str, int]]:
        """What an erasure should have taken and still stands, by subject and table; empty where nothing is left.

        It is asked on a connection of its own. Rows under a hold are not counted.
        """
        ...

    def unlike(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, tuple[Change, ...]]:
        """The changes whose new value does not stand in its row, by subject; asked on a connection of its own."""
        ...

    def preview(
        self,
        map_: Map,
        subjects: Subjects,
        *,
        changes: Mapping[str, Sequence[Change]] | None = None,
        holds: Holds | None = None,
    ) -> tuple[Statement, ...]:
        """The statements that an erasure, or these changes, would run, with counts; nothing is changed."""
        ...

    def lacks(self, table: str, verb: Literal["write", "erase"]) -> bool:
        """Whether rows of a table can only be changed by hand there."""
        ...

    def fingerprint(self) -> str:
        """A short text that changes when the shape of the source does; one cheap statement."""
        ...

    def epoch(self) -> int | None:
        """The epoch that our last change wrote here; None where there is no place for it."""
        ...

    def prepare(self) -> bool:
        """Make the tables for markers and epoch where our account may; whether they are there now."""
        ...


class Changing(Protocol):
    """One transaction of changes. `recorded` holds the subjects for whom this step was made before, and how.

    `written` is the epoch that stands in the source when the block ends, None where it has no place for one.
    """

    recorded: Mapping[str, Outcome]
    written: int | None

    @property
    def reading(self) -> Reading:
        """What stands there, inside the transaction."""
        ...

    def erase(
        self,
        map_: Map,
        subjects: Subjects,
        *,
        planned: Mapping[str, Mapping[str, int]],
        holds: Holds | None = None,
    ) -> dict[str, Outcome]:
        """Erase by the map, children first, identity rows last. Subjects in `recorded` are passed over.

        Args:
            map_: the map in force.
            subjects: their keys, as `resolve` gave them before the first write.
            planned: rows by subject and table that were counted and approved; one more stops everything.
            holds: the holds that the map names, and the day of today.

        Raises:
            Disagrees: more rows than planned or than the table's `most`, or rows of others hang on them.
            WrongState: something newer was already decided about a subject.
            Restored: an epoch below the least stands there.
        """
        ...

    def write(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, Outcome]:
        """Correct, add or delete single fields. A value that stands already is no change, and no fault.

        Raises:
            Disagrees: a row is not the subject's, or something else stands there than the change was decided on.
            WrongState: something newer was already decided about a subject.
        """
        ...
