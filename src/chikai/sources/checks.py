"""What an engineer must still decide in a map, and what in it contradicts the policy or the database."""

from __future__ import annotations

from collections.abc import Iterator

from chikai.errors import MapError
from chikai.policy.document import Document
from chikai.sources import holding
from chikai.sources.catalogue import Catalogue
from chikai.sources.map import NOT_PERSONAL, UNDECIDED, ColumnMap, Map, TableMap
from chikai.sources.scan import Finding


def check(map_: Map, policy: Document, catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """The findings of a map against the policy in force and, where it is given, the database's own words."""
    found: list[Finding] = []
    scanned = any(table.shape for table in map_.tables)
    if policy.service(map_.service) is None:
        found.append(Finding(
            "service", map_.source, f"the map is of service `{map_.service}`, which the policy does not name",
            "correct `service`, or add the service to the policy",
        ))  # fmt: skip
    for table in map_.tables:
        found.extend(_of_table(table, map_, policy))
        if catalogue is not None:
            found.extend(_missing(table, catalogue))
        elif scanned:
            found.extend(_lost(table))
    found.extend(_graph(map_))
    return tuple(found)


def _of_table(table: TableMap, map_: Map, policy: Document) -> Iterator[Finding]:
    name = table.name
    personal = [c.name for c in table.columns if c.category not in (NOT_PERSONAL, UNDECIDED)]
    if table.whose == "unknown":
        yield Finding(
            "unreachable" if personal else "undecided", name,
            f"table `{name}` holds {len(personal)} personal columns, and nothing says whose its rows are",
            'write `through = "COLUMN -> TABLE.COLUMN"`, or `whose = "none"`',
        )  # fmt: skip
    if table.whose == "none":
        return  # nobody's row: what its columns are called does not matter
    for column in table.columns:
        yield from _of_column(table, column, map_, policy)
    named = () if table.identity is None else (
        table.identity.key, table.identity.email, table.identity.verified, table.identity.name, table.identity.phone,
    )  # fmt: skip
    if holding.is_asked(table):
        yield Finding(
            "hold", name, f"table `{name}` has money and days, and nothing says whether a law keeps its rows",
            'write `hold = { law = "tax_books", since = "COLUMN" }`, or `hold = "none"`', error=False,
        )  # fmt: skip
    under = table.held
    held = () if under is None else (under.since, *under.columns, *(name for name, _ in under.set))
    for column_name in filter(
        None, (*named, *table.key, *held, *(c for e in table.edges for c in e.columns))
    ):
        if table.column(column_name) is None:
            yield Finding(
                "missing", name, f"table `{name}` has no column `{column_name}`, which its own lines name",
                "correct the name", column_name,
            )  # fmt: skip


def _of_column(
    table: TableMap, column: ColumnMap, map_: Map, policy: Document
) -> Iterator[Finding]:
    where = f"`{table.name}.{column.name}`"
    if column.category == NOT_PERSONAL:
        return
    if column.category == UNDECIDED:
        seems = (
            f" (it looks like `{column.kind}`, which no category of the policy covers)"
            if column.kind
            else ""
        )
        yield Finding(
            "undecided",
            table.name,
            f"column {where} is not decided{seems}",
            "write its category, or `-`",
            column.name,
        )
        return
    if table.whose == "shared" and not column.kind and not column.erase:
        yield Finding(
            "undecided", table.name, f"nothing says whether column {where} of a shared work is erased with its author",
            'write its kind after a slash, or { is = "...", erase = "keep" or "replace" }', column.name,
        )  # fmt: skip
    category = policy.category(column.category)
    if category is None:
        yield Finding(
            "category", table.name, f"column {where} is put into `{column.category}`, which the policy does not have",
            f"write one of {', '.join(c.id for c in policy.categories)}, or `-`", column.name,
        )  # fmt: skip
    elif (
        category.personal and policy.purposes and not policy.purposes_of(category.id, map_.service)
    ):
        yield Finding(
            "use", table.name,
            f"column {where} holds `{category.id}`, which the policy does not let service `{map_.service}` use",
            "name the use in the policy, or stop holding it", column.name,
        )  # fmt: skip


def _lost(table: TableMap) -> Iterator[Finding]:
    """What the last scan did not see any more: the map still names it, and no request could be carried out."""
    if not table.shape:
        yield Finding(
            "missing", table.name, f"the database had no table `{table.name}` when it was last scanned",
            "remove its lines from the map, and the edges that lead to it",
        )  # fmt: skip
        return
    seen = {part.rpartition(" ")[0] for part in table.shape.rsplit("|", 2)[0].strip().split(", ")}
    for column in table.columns:
        if column.name not in seen:
            yield Finding(
                "missing", table.name, f"table `{table.name}` had no column `{column.name}` when it was last scanned",
                "remove it from the map", column.name,
            )  # fmt: skip


def _missing(table: TableMap, catalogue: Catalogue) -> Iterator[Finding]:
    known = catalogue.by_name.get(table.name)
    if known is None:
        yield Finding(
            "missing",
            table.name,
            f"the database has no table `{table.name}`",
            "remove it from the map",
        )
        return
    for column in table.columns:
        if known.column(column.name) is None:
            yield Finding(
                "missing", table.name, f"table `{table.name}` of the database has no column `{column.name}`",
                "remove it from the map", column.name,
            )  # fmt: skip
    for new in known.columns:
        if table.column(new.name) is None:
            yield Finding(
                "undecided", table.name, f"column `{table.name}.{new.name}` is in no line of the map",
                "write its category, or `-`", new.name,
            )  # fmt: skip


def _graph(map_: Map) -> Iterator[Finding]:
    """What keeps the map from being worked with: circles, edges to nowhere, persons out of reach."""
    from chikai.sources import graph

    try:
        graph.compile_map(map_)
    except MapError as error:
        table = (error.where or map_.source).rpartition(".")[2]
        yield Finding("unreachable", table, error.what, error.do)
