"""The map of a source: whose each row is, how it is reached from a person, and which category each column holds.

A row is reached by edges: `comments (author_id) -> accounts (id)` says that a comment belongs to whom the account
belongs to. The edges of a table lead to another mapped table, up to an identity table, where a person's local key
stands. So each table needs one line, however many hops it is away.

Clauses: 2.2, 5.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from chikai import canon

# Whose row it is: one person's; the shared work of several; the service's customer's, for whom we only hold it;
# nobody's, because the table holds no personal data; or `unknown`, which an engineer must still decide.
Whose = Literal["person", "shared", "customer", "none", "unknown"]
Erase = Literal["", "delete", "null", "replace", "keep"]
# What people make together; in a shared row it stands when one of them goes, and all that says who they are goes.
WORK: Final = frozenset(
    ("public_content", "content", "free_text", "message", "file", "usage", "settings", "headcount")
)
NO_LAW: Final = "none"
NOT_PERSONAL: Final = "-"
UNDECIDED: Final = "?"


@dataclass(frozen=True, slots=True)
class Edge:
    """These columns of a table equal those columns of another: the row belongs to whom that row belongs to.

    `when` is an equality that must hold for a polymorphic key, such as `("owner_type", "User")`.
    """

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]
    when: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity table: its rows ARE persons as this service knows them.

    `key` is the local key of the person (what links hold). `email` and `verified` name the columns of an address and of
    the proof that the person reads it (a time or a boolean); without `verified` the address proves nothing.
    """

    key: str
    email: str = ""
    verified: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What a column holds: a category id of the policy, `-` for nothing personal, `?` while nobody has decided."""

    name: str
    category: str
    erase: Erase = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A law that keeps the rows of a table: until its time is over an erasure leaves them, and says so.

    `law` names the hold (`tax_books`), `since` the column of the day it runs from. With `columns` only these are kept
    and the others are erased; `set` gives columns new values by which the service knows that the row has no other use.
    An engineer who has looked, and found that no law keeps the rows, writes `none`.
    """

    law: str
    since: str
    columns: tuple[str, ...] = ()
    set: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TableMap:
    """One table of the map. `because` says in a sentence why a scan or an engineer put it so.

    `most` is how many rows of one person an erasure may touch; 0 is as many as the plan counted. `shape` is what the database said of the table when it was mapped (`drift.shape`); empty where nobody noted it.
    """

    name: str
    whose: Whose
    edges: tuple[Edge, ...] = ()
    identity: Identity | None = None
    columns: tuple[ColumnMap, ...] = ()
    key: tuple[str, ...] = ()
    because: str = ""
    shape: str = ""
    most: int = 0
    hold: Hold | None = None

    @property
    def held(self) -> Hold | None:
        """What keeps the rows; None where nothing does, and where somebody has said so."""
        return None if self.hold is None or self.hold.law == NO_LAW else self.hold

    def erasing(self, column: ColumnMap) -> Erase:
        """What an erasure does to a column: what the map says of it, else what the row asks for."""
        if column.erase:
            return column.erase
        return "keep" if self.whose == "shared" and column.kind in WORK else "replace"

    def column(self, name: str) -> ColumnMap | None:
        """The column with this name, if the map has it."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def personal(self) -> bool:
        """Whether rows of this table belong to somebody."""
        return self.whose in ("person", "shared", "customer")


@dataclass(frozen=True)
class Map:
    """The map of one source. `catalogue` is the digest of the shape that it was made for."""

    source: str
    service: str
    tables: tuple[TableMap, ...] = field(default=())
    catalogue: str = ""

    @cached_property
    def by_name(self) -> dict[str, TableMap]:
        """The tables by name."""
        return {table.name: table for table in self.tables}

    @cached_property
    def digest(self) -> str:
        """The name of this map in the ledger."""
        return canon.digest(self)

    @property
    def identities(self) -> tuple[TableMap, ...]:
        """The identity tables."""
        return tuple(table for table in self.tables if table.identity is not None)
