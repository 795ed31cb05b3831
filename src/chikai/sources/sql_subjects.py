"""The rows of many persons in one statement a table: each row comes with the key that it was reached from.

That key is carried up the chain of joins as text, with the number of its identity table, and says whose the row is. A
row that two of the persons share comes once for each of them.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from chikai.sources.values import fitted

if TYPE_CHECKING:
    from chikai.sources.catalogue import ColumnType
    from chikai.sources.map import Edge
    from chikai.sources.protocol import Keys, Subjects, Value
    from chikai.sources.sql_reach import Query, Reach

ROOT: Final = ("chikai_of", "chikai_root")  # the two columns behind those that were asked for
_Part = tuple[sa.FromClause, sa.ColumnElement[bool], sa.ColumnElement[Any], sa.ColumnElement[Any]]


def together(subjects: Subjects) -> Keys:
    """The keys of many persons as one set of parameters."""
    found: dict[str, dict[Value, None]] = {}
    for keys in subjects.values():
        for table, held in keys.items():
            found.setdefault(table, {}).update(dict.fromkeys(held))
    return {table: tuple(held) for table, held in found.items()}


@dataclass
class Whose:
    """Which persons a row belongs to, by the key that it was reached from."""

    reach: Reach
    subjects: Subjects
    _exact: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    _alike: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._types = [
            self.reach.type_of(t.name, t.identity.key)
            for t in self.reach.graph.map.identities
            if t.identity is not None
        ]
        names = [t.name for t in self.reach.graph.map.identities]
        for subject, keys in self.subjects.items():
            for name, held in keys.items():
                number = names.index(name) if name in names else -1
                for key in held if number >= 0 else ():
                    text = _plain(key, self._types[number])
                    self._exact.setdefault((number, text), []).append(subject)
                    self._alike.setdefault((number, _loose(text)), []).append(subject)

    def of(self, number: int, root: str) -> Sequence[str]:
        """The persons of a row; nobody where the key is no key of theirs."""
        found = self._exact.get((number, root))
        if found is None:
            text = _plain(root, self._types[number])
            # MariaDB takes `a` for `A` and for `a `: its own foreign keys do so too.
            found = self._exact.get((number, text)) or self._alike.get((number, _loose(text)), [])
        return found


def _plain(key: Value, type_: ColumnType) -> str:
    """A key as text, the same however it was written."""
    try:
        value = fitted(key.removeprefix("\\x") if isinstance(key, str) else key, type_)
    except ValueError:
        return str(key)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def _loose(text: str) -> str:
    return text.casefold().rstrip()


@dataclass
class ManyReach:
    """The statements of a reach, with whose each row is."""

    reach: Reach
    _queries: dict[tuple[str, ...], Query | None] = field(default_factory=dict)

    def rows(self, name: str, columns: Sequence[str]) -> Query | None:
        """The rows of a table with the key that each was reached from, in the order of the table's key.

        None where nothing names a row and several ways lead to it: then each person is asked for alone.
        """
        known = (name, *columns)
        if known not in self._queries:
            self._queries[known] = self._rows(name, columns)
        return self._queries[known]

    def _rows(self, name: str, columns: Sequence[str]) -> Query | None:
        table, parts = self.reach.graph.map.by_name[name], list(self._parts(name))
        clause, key = self.reach.clause(name), self.reach.key(table)
        chosen = [clause.c[c] for c in columns]
        of, root = ROOT
        if len(parts) == 1:
            source, condition, number, text = parts[0]
            query = sa.select(*chosen, number.label(of), text.label(root)).select_from(source)
            query = query.where(condition)
        elif key:
            own = [clause.c[c] for c in key]
            found = sa.union(
                *(
                    sa.select(*own, n.label(of), t.label(root)).select_from(s).where(w)
                    for s, w, n, t in parts
                )
            ).subquery()
            same = sa.and_(*(clause.c[c] == found.c[c] for c in key))
            query = sa.select(*chosen, found.c[of], found.c[root])
            query = query.select_from(clause.join(found, same))
        else:
            return None
        order = [clause.c[c] for c in key] or [
            clause.c[c] for c in self.reach.sortable(name, columns)
        ]
        return query.order_by(*order)

    def _parts(self, name: str) -> Iterator[_Part]:
        reach = self.reach
        clause, table = reach.clause(name), reach.graph.map.by_name[name]
        if table.identity is not None:
            key = table.identity.key
            yield clause, reach.held(name, key, name), *self._root(name, key, name)
        for edge in reach.graph.edges(name):
            if reach.ends_at_key(edge):
                condition = reach.when(name, edge) & reach.held(name, edge.columns[0], edge.table)
                yield clause, condition, *self._root(name, edge.columns[0], edge.table)
                if not reach.graph.edges(edge.table):
                    continue
            above = self._above(edge)
            same = sa.and_(*reach.pairs(name, edge, above))
            of, root = ROOT
            yield clause.join(above, same), reach.when(name, edge), above.c[of], above.c[root]

    def _above(self, edge: Edge) -> sa.Subquery:
        clause = self.reach.clause(edge.table)
        columns = [clause.c[c].label(f"c{n}") for n, c in enumerate(edge.to)]
        of, root = ROOT
        parts = [
            sa.select(*columns, n.label(of), t.label(root)).select_from(s).where(w)
            for s, w, n, t in self._parts(edge.table)
        ]
        return (parts[0].distinct() if len(parts) == 1 else sa.union(*parts)).subquery()

    def _root(
        self, name: str, column: str, identity: str
    ) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
        """The number of an identity table and the key there, as text in any dialect."""
        reach = self.reach
        number = [t.name for t in reach.graph.map.identities].index(identity)
        here: sa.ColumnElement[Any] = reach.clause(name).c[column]
        if reach.type_of(name, column) == "bytes":
            hexed = (
                sa.func.encode(here, "hex") if reach.dialect == "postgresql" else sa.func.hex(here)
            )
            return sa.literal_column(str(number)), sa.func.lower(hexed)
        return sa.literal_column(str(number)), reach.as_text(here)
