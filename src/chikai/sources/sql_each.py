"""Rows of several people at once: one statement a table, and beside each row whose it is.

A row is told by the key that led to it, which a statement carries along every edge. Where several keys of one person
lead to one row, or the keys go in several portions, the row is given once. Tables in which nothing names a row, and
to which several edges or keys lead, are asked person by person: there is no other way to tell equal rows apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Protocol, cast

import sqlalchemy as sa

from chikai.errors import Disagrees
from chikai.sources.catalogue import ColumnType
from chikai.sources.erasing import Found
from chikai.sources.protocol import Keys, Row, Subjects, Value
from chikai.sources.sql_queries import EachReach
from chikai.sources.sql_reach import CHUNK, Query, Reach, anchor_name
from chikai.sources.values import tidied, tidied_row

COUNTED_AT_ONCE: Final = 20  # tables in one statement


class Picture(Protocol):
    """The picture that is asked: see `SqlReading`."""

    name: str
    connection: sa.Connection

    def plain(self, table: str) -> Any:
        """A block whose faults of the driver become errors of ours."""
        ...

    def streamed(
        self, query: Query, values: dict[str, object], *, reach: Reach | None = None
    ) -> Iterator[tuple[Value, ...]]:
        """Rows as they come."""
        ...

    def tidy(
        self, reach: Reach, table: str, columns: Sequence[str]
    ) -> tuple[tuple[int, ColumnType], ...]:
        """Which places of these columns need work."""
        ...

    def rows_of(
        self, reach: EachReach, table: str, columns: Sequence[str], keys: Keys
    ) -> Iterator[tuple[Value, ...]]:
        """Some columns of one person's rows of a table."""
        ...


@dataclass
class Owners:
    """Whose the keys are: from a register and a key, as a statement gives them, to subjects."""

    reach: EachReach
    subjects: Subjects
    _by: list[dict[Value, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for register in self.reach.registers:
            held: dict[Value, list[str]] = defaultdict(list)
            for subject, keys in self.subjects.items():
                for key in keys.get(register, ()):
                    for form in self._forms(register, key):
                        if subject not in held[form]:
                            held[form].append(subject)
            self._by.append(dict(held))

    def of(self, register: int, key: Value) -> Sequence[str]:
        """The subjects that a key of a register belongs to."""
        held = self._by[register]
        found = held.get(self._form(key))
        if found is None and isinstance(key, str):  # a database that takes A for a says so here
            found = held.get(("folded", key.rstrip().casefold()))
        return found or ()

    def merged(self) -> Keys:
        """The keys of them all."""
        keys: dict[str, dict[Value, None]] = defaultdict(dict)
        for held in self.subjects.values():
            for register, values in held.items():
                keys[register].update(dict.fromkeys(values))
        return {register: tuple(values) for register, values in keys.items()}

    @property
    def several(self) -> bool:
        """Whether one row may be reached by several keys of one subject."""
        return any(sum(map(len, keys.values())) > 1 for keys in self.subjects.values())

    def _form(self, key: Value) -> Value:
        type_ = self.reach.key_type
        return tidied(key, type_) if type_ else str(key)

    def _forms(self, register: str, key: Value) -> Iterator[Value]:
        type_ = self.reach.key_type or self._own_type(register)
        held = tidied(key, type_)
        yield held if self.reach.key_type else str(held)
        if isinstance(held, str) and self.reach.folds(*self.reach.own_column(register)):
            yield ("folded", held.rstrip().casefold())

    def _own_type(self, register: str) -> ColumnType:
        return self.reach.type_of(*self.reach.own_column(register))


@dataclass
class SqlEach:
    """What one picture says of several people."""

    reading: Picture
    reach: EachReach
    owners: Owners

    @classmethod
    def of(cls, reading: Picture, reach: EachReach, subjects: Subjects) -> SqlEach:
        """Ready to be asked about these people."""
        return cls(reading, reach, Owners(reach, subjects))

    def rows(
        self, name: str, columns: Sequence[str], *, raw: bool = False, lock: bool = False
    ) -> Generator[tuple[str, tuple[Value, ...]], None, None]:
        """Rows of a table with whose they are, each once for each subject; `raw` as they are stored."""
        key = self.reach.key_of(name)
        if not self.joint(name):
            tidy = () if raw else self.reading.tidy(self.reach, name, columns)
            for subject, row in self._one_by_one(name, columns):
                yield subject, tidied_row(row, tidy)
            return
        wanted = tuple(dict.fromkeys((*key, *columns)))
        query = self.reach.rows_each(name, wanted, lock=lock)
        portions = list(self.reach.parameters(query, self.owners.merged()))
        marks = len(key) if self.owners.several or len(portions) > 1 else 0
        places = [wanted.index(c) + 2 for c in columns]
        tidy = () if raw else self.reading.tidy(self.reach, name, columns)
        seen: set[tuple[object, ...]] = set()
        with self.reading.plain(name):
            for values in portions:
                for row in self.reading.streamed(query, values, reach=self.reach):
                    for subject in self.owners.of(cast("int", row[0]), row[1]):
                        if marks and (mark := (subject, *row[2 : 2 + marks])) in seen:
                            continue
                        if marks:
                            seen.add(mark)
                        yield subject, tidied_row(tuple(row[n] for n in places), tidy)

    def joint(self, name: str) -> bool:
        """Whether one statement tells the rows of all apart."""
        if self.reach.key_of(name):
            return True
        again = self.owners.several or self._portioned
        return self._certain(name) if again else len(list(self.reach.ways(name))) == 1

    def found(self, name: str, columns: Sequence[str], *, lock: bool = False) -> list[Found]:
        """The rows of a table to be changed, each once, with all its subjects in their order."""
        key = self.reach.key_of(name)
        known: dict[tuple[Value, ...], Found] = {}
        made: list[Found] = []
        for subject, row in self.rows(name, (*key, *columns), raw=True, lock=lock):
            mark = row[: len(key)]
            if key and mark in known:
                known[mark].subjects.append(subject)
                continue
            one = Found(mark, [subject], dict(zip(columns, row[len(key) :], strict=True)))
            if key:
                known[mark] = one
            made.append(one)
        order = {subject: n for n, subject in enumerate(self.owners.subjects)}
        for one in made:
            if len(one.subjects) > 1:
                one.subjects.sort(key=order.__getitem__)
        return made

    def counts(self) -> dict[str, dict[str, int]]:
        """For each subject how many rows of each table."""
        tables = [t.name for t in self.reach.graph.worked("person", "shared", "customer")]
        counts = {s: dict.fromkeys(tables, 0) for s in self.owners.subjects}
        together = [name for name in tables if self.countable(name)]
        for start in range(0, len(together), COUNTED_AT_ONCE):
            self._count(together[start : start + COUNTED_AT_ONCE], counts)
        for name in tables:
            if name not in together:
                for subject, _ in self.rows(name, self.reach.key_of(name)):
                    counts[subject][name] += 1
        return counts

    def countable(self, name: str) -> bool:
        """Whether the database can count: no row comes twice for one subject."""
        if self.reach.dialect != "postgresql" and self._portioned:
            return self._certain(name)
        if not self.owners.several:
            return bool(self.reach.key_of(name)) or len(list(self.reach.graph.ways(name))) == 1
        return self._certain(name)

    @cached_property
    def _portioned(self) -> bool:
        return any(len(held) > CHUNK for held in self.owners.merged().values())

    def _certain(self, name: str) -> bool:
        """Whether every row of the table leads to one key and no more."""
        chains = list(self.reach.graph.ways(name))
        if len(chains) != 1 or self.reach.anchors:
            return False
        for edge in chains[0]:
            above = self.reach.described(edge.table)
            identity = self.reach.graph.map.by_name[edge.table].identity
            single = identity is not None and edge.to == (identity.key,)
            if not single and not any(
                set(k) <= set(edge.to) for k in (above.primary_key, *above.unique) if k
            ):
                return False
        return True

    def _count(self, names: list[str], counts: dict[str, dict[str, int]]) -> None:
        query = self.reach.counts_each(tuple(names))
        with self.reading.plain(names[0] if len(names) == 1 else ""):
            for values in self.reach.parameters(query, self.owners.merged()):
                for n, register, key, rows in self.reading.streamed(
                    query, values, reach=self.reach
                ):
                    for subject in self.owners.of(cast("int", register), key):
                        counts[subject][names[cast("int", n)]] += cast("int", rows)

    def _one_by_one(
        self, name: str, columns: Sequence[str]
    ) -> Iterator[tuple[str, tuple[Value, ...]]]:
        asked = columns or self.reach.columns(self.reach.graph.map.by_name[name])
        for subject, keys in self.owners.subjects.items():
            for row in self.reading.rows_of(self.reach, name, asked, keys):
                yield subject, row[: len(columns)]


def resolved(each: SqlEach, anchors: frozenset[tuple[str, str]]) -> dict[str, Keys]:
    """The keys of each subject, and the values of the anchors in its rows, as text and numbers."""
    out: dict[str, Keys] = {s: dict(keys) for s, keys in each.owners.subjects.items()}
    for table, column in sorted(anchors):
        held: dict[str, dict[Value, None]] = defaultdict(dict)
        for subject, (value,) in each.rows(table, (column,)):
            if value is not None:
                held[subject][_plain(value)] = None
        for subject, values in held.items():
            name = anchor_name(table, column)
            out[subject][name] = tuple(dict.fromkeys((*out[subject].get(name, ()), *values)))
    return out


def _plain(value: Value) -> Value:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return value if isinstance(value, int | str) else str(value)


def known_subjects(
    subjects: Mapping[str, object], wanted: Mapping[str, object], source: str
) -> None:
    """Disagrees if a change is for a subject whose keys were not handed in."""
    if set(wanted) - set(subjects):
        raise Disagrees(
            "a change is for somebody whose keys were not handed in",
            "Resolve the keys first.",
            source,
        )


def as_rows(
    names: Sequence[str], rows: Iterator[tuple[str, tuple[Value, ...]]]
) -> Iterator[tuple[str, Row]]:
    """The rows of a table by the names of their columns."""
    for subject, row in rows:
        yield subject, dict(zip(names, row, strict=True))
