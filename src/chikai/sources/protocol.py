"""What every source of personal data can do, however it stores it.

A source is asked through a compiled map, never with free text. `find` and `read` change nothing; `write` and `erase`
are one transaction each, return how many rows each table changed, and stop without any change when that is more than
`at_most`. All calls of one `reading()` see one consistent picture.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from chikai.sources.catalogue import Catalogue
    from chikai.sources.map import Map

# A value as a source stores it, already in Python.
Value = object
Row = dict[str, Value]
# A person's local keys in an identity table: {"accounts": (17, 23)}.
Keys = dict[str, tuple[Value, ...]]


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
    """A new value for one column of the rows of a subject that hold `key` (the table's primary key)."""

    table: str
    key: tuple[Value, ...]
    column: str
    value: Value


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
