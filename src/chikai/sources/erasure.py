"""What erasing does to each table of a map: rows that go, columns that are emptied or replaced, rows that stand.

A row goes when every personal column of it is to be deleted. Otherwise the row stands for those who need it (an
invoice, a thread), and what it says about the person is emptied or replaced. A replacement in a column that an edge joins is made
from what stood there, so that joins still meet, and so is that of an address or a telephone number, whose one spelling
gives one mask in every source; elsewhere it is made from the person and the column. A row that a law
keeps stands until its day.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chikai import spelling
from chikai.errors import Disagrees, MapError, MoreThanPlanned, WrongState
from chikai.sources.catalogue import Catalogue, Column, Table
from chikai.sources.graph import Graph, erase_order
from chikai.sources.map import NOT_PERSONAL, UNDECIDED, ColumnMap, Hold, Map, TableMap
from chikai.sources.masks import is_mask, mask
from chikai.sources.protocol import Keys, Value
from chikai.sources.values import tidied


@dataclass(frozen=True, slots=True)
class Erasing:
    """What happens to rows of one table: they go, or `columns` of them get other values.

    `joined` are those of the columns that edges or addresses join: their new values come from the old ones.
    """

    table: str
    whole: bool
    columns: tuple[ColumnMap, ...] = ()
    joined: tuple[str, ...] = ()
    hold: Hold | None = None
    most: int = 0

    @property
    def looked_at(self) -> tuple[str, ...]:
        """The columns beside the key that must be known before a row is changed."""
        since = (self.hold.since,) if self.hold else ()
        return tuple(dict.fromkeys((*self.joined, *since)))

    def of_held(self) -> tuple[ColumnMap, ...]:
        """The columns that are erased though the row is kept."""
        if self.hold is None or not self.hold.columns:
            return ()
        return tuple(c for c in self.columns if c.name not in self.hold.columns)


def planned(graph: Graph, catalogue: Catalogue) -> tuple[Erasing, ...]:
    """The tables that erasing touches, children first; rows of customers and columns marked `keep` are not.

    Raises:
        MapError: nobody has decided what a column holds; erasing around it would leave it behind.
    """
    joins = _joins(graph.map)
    steps = (_erasing(graph.map.by_name[name], joins) for name in erase_order(graph, catalogue))
    return tuple(step for step in steps if step is not None)


def anchors(graph: Graph, catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """The columns that edges lead to and that an erasure takes away: without their values no row behind is found."""
    steps = {step.table: step for step in planned(graph, catalogue)}
    found: set[tuple[str, str]] = set()
    for name in graph.parents_first:
        for edge in graph.edges(name):
            step, identity = steps.get(edge.table), graph.map.by_name[edge.table].identity
            if step is None or len(edge.to) != 1 or (identity and identity.key == edge.to[0]):
                continue
            if step.whole or edge.to[0] in {c.name for c in step.columns}:
                found.add((edge.table, edge.to[0]))
    return frozenset(found)


def _joins(map_: Map) -> frozenset[tuple[str, str]]:
    return frozenset(
        pair
        for table in map_.tables
        for edge in table.edges
        for mine, to in zip(edge.columns, edge.to, strict=True)
        for pair in ((table.name, mine), (edge.table, to))
    )


def _erasing(table: TableMap, joins: frozenset[tuple[str, str]]) -> Erasing | None:
    if table.whose not in {"person", "shared"}:
        return None
    for column in table.columns:
        if column.category == UNDECIDED:
            raise MapError(
                f"nobody has decided what column `{table.name}.{column.name}` holds",
                "Set its category in the map; `-` says that it holds nothing personal.",
            )
    personal = [column for column in table.columns if column.category != NOT_PERSONAL]
    # Without the day that a hold runs from, nobody could say later why a row stands or went.
    since = table.held.since if table.held else ""
    changed = tuple(c for c in personal if table.erasing(c) != "keep" and c.name != since)
    # A shared work stands whatever its columns say: others made it too.
    whole = (
        table.whose == "person" and bool(personal) and all(c.erase == "delete" for c in personal)
    )
    if not changed:
        return None
    joined = tuple(
        c.name
        for c in changed
        if not whole
        and ((table.name, c.name) in joins or is_email(table, c.name) or is_phone(table, c.name))
    )
    return Erasing(table.name, whole, changed, joined, table.held, table.most)


@dataclass(frozen=True, slots=True)
class Replacing:
    """Makes the values that stand where a person's stood, and knows them again."""

    map: Map
    secret: bytes
    shape: Catalogue | None = None
    _shortest: dict[tuple[str, str], int | None] = field(default_factory=dict)
    _made: dict[tuple[object, ...], Value] = field(default_factory=dict)
    _known: dict[tuple[object, ...], bool] = field(default_factory=dict)

    def values(
        self,
        table: Table,
        columns: tuple[ColumnMap, ...],
        *,
        keys: Keys,
        row: tuple[Value, ...],
        now: Mapping[str, Value],
    ) -> dict[str, Value]:
        """The new values for the columns of a row.

        Args:
            table: as the source describes it.
            columns: those that are erased.
            keys: of the person whose row it is.
            row: its key, which tells rows apart where a column must be unique.
            now: what stands in its joined columns.
        """
        new: dict[str, Value] = {}
        for mapped in columns:
            column = described(table, mapped.name, self.map.source)
            if mapped.erase in {"null", "delete"} and column.nullable:
                new[mapped.name] = None
                continue
            unique = is_unique(table, mapped.name)
            if mapped.name in now:
                new[mapped.name] = self._joined(table, column, now[mapped.name], unique=unique)
            elif unique:
                new[mapped.name] = self._own(table, column, keys, row)
            else:
                known = (table.name, mapped.name, id(keys))
                if known not in self._made:
                    self._made[known] = self._own(table, column, keys, ())
                new[mapped.name] = self._made[known]
        return new

    def erased(self, table: Table, name: str, value: Value) -> bool:
        """Whether nothing of a person stands in a column any more."""
        if value is None or value == "":  # what people erase by hand they leave empty
            return True
        known = (table.name, name, value)
        if known not in self._known:
            root = _root(self.map, table.name, name)
            column = self._joint(root, described(table, name, self.map.source))
            self._known[known] = is_mask(self.secret, value, column, unique=is_unique(table, name))
        return self._known[known]

    def _joined(self, table: Table, column: Column, now: Value, *, unique: bool) -> Value:
        """The mask that comes from what stands there; what is a mask already stays."""
        root = _root(self.map, table.name, column.name)
        column, old = self._joint(root, column), tidied(now, column.type)
        if is_mask(self.secret, old, column, unique=unique):
            return now
        of = self.map.by_name[root[0]]
        email = is_email(of, root[1])
        seed: tuple[object, ...] = (self.map.source, "joined", *root, str(old))
        # What databases of several services are joined by gets one mask however each of them writes it.
        if email:
            seed = ("email", spelling.mail(old) or str(old))
        elif is_phone(of, root[1]):
            seed = ("phone", spelling.phone(old) or str(old))
        if unique and self._made.setdefault((table.name, column.name, *seed), old) != old:
            seed = (*seed, str(old))  # two spellings of one address, where none may stand twice
        return mask(self.secret, seed, column, email=email, unique=unique)

    def _own(self, table: Table, column: Column, keys: Keys, row: tuple[Value, ...]) -> Value:
        """The mask that comes from the person and the column, and from the row where it must be unique."""
        person = sorted((n, *map(str, k)) for n, k in keys.items() if k and n[0] != "@")
        seed = (self.map.source, "person", table.name, column.name, person, tuple(map(str, row)))
        email = is_email(self.map.by_name[table.name], column.name)
        return mask(self.secret, seed, column, email=email, unique=bool(row))

    def _joint(self, root: tuple[str, str], column: Column) -> Column:
        """The column with the length of the shortest that meets it: what stands there must fit them all."""
        if root not in self._shortest:
            known = self.shape.by_name if self.shape else {}
            lengths = [
                held.length
                for table in self.map.tables
                for held in (known[table.name].columns if table.name in known else ())
                if held.length is not None and _root(self.map, table.name, held.name) == root
            ]
            self._shortest[root] = min(lengths, default=column.length)
        return replace(column, length=self._shortest[root])


def is_email(table: TableMap, column: str) -> bool:
    """Whether a column holds mail addresses, as the map says."""
    kind = next((c.kind for c in table.columns if c.name == column), "")
    return kind == "email" or (table.identity is not None and table.identity.email == column)


def is_phone(table: TableMap, column: str) -> bool:
    """Whether a column holds telephone numbers, as the map says."""
    kind = next((c.kind for c in table.columns if c.name == column), "")
    return kind == "phone" or (table.identity is not None and table.identity.phone == column)


def described(table: Table, name: str, source: str) -> Column:
    """What the source says about a mapped column; Disagrees where it has none."""
    column = table.column(name)
    if column is None:
        raise Disagrees(
            f"column `{table.name}.{name}` is in the map and missing from the source",
            f"Run `chikai map drift {source}` to see what has changed.",
            source,
        )
    return column


def is_unique(table: Table, column: str) -> bool:
    """Whether no two rows may hold the same value in this column, alone or with others."""
    return any(column in key for key in (table.primary_key, *table.unique))


def within(found: Mapping[str, int], at_most: Mapping[str, int], source: str) -> None:
    """MoreThanPlanned if more rows were found in a table than it is bound to; a table without a bound is bound to none."""
    for table, rows in found.items():
        bound = at_most.get(table, 0)
        if rows > bound:
            raise MoreThanPlanned(
                f"{rows} rows of table `{table}` would change, and the plan allows {bound}",
                "Nothing was changed; count again, look at the rows and approve a new plan.",
                source,
            )


def within_rows(rows: int, at_most: int, source: str) -> None:
    """MoreThanPlanned if more rows are to be corrected than the plan allows."""
    if rows > at_most:
        raise MoreThanPlanned(
            f"{rows} rows would change, and the plan allows {at_most}",
            "Nothing was changed; approve a new plan.",
            source,
        )


def refuse_observing(mode: str, name: str) -> None:
    """WrongState if this source is only observed."""
    if mode == "observe":
        raise WrongState(
            f"source `{name}` is only observed",
            f"Look at what would change, then set `mode` of `[source.{name}]` in chikai.toml to `shadow` or `enforce`.",
            name,
        )


def _root(map_: Map, table: str, column: str) -> tuple[str, str]:
    """The column that a column repeats by its edges, at the end of them."""
    for edge in map_.by_name[table].edges:
        if column in edge.columns and edge.table in map_.by_name:
            return _root(map_, edge.table, edge.to[edge.columns.index(column)])
    return table, column
