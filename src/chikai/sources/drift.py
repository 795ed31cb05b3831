"""What changed in a database since its map was made, each with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chikai.sources.catalogue import Catalogue, Table
from chikai.sources.map import NOT_PERSONAL, Map, TableMap

Fault = Literal[
    "new_table",
    "lost_table",
    "new_column",
    "lost_column",
    "new_type",
    "new_key",
    "new_reference",
    "lost_reference",
]


@dataclass(frozen=True, slots=True)
class Drift:
    """One change: what it is, where, and what to do."""

    kind: Fault
    table: str
    what: str
    do: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.what}; {self.do}"


def shape(table: Table) -> str:
    """A table's columns, types, key and references in one line of text, as a map notes them."""
    columns = ", ".join(f"{c.name} {c.type}" for c in table.columns)
    keys = ", ".join(table.primary_key)
    references = ", ".join(
        f"{'+'.join(f.columns)} > {f.table}.{'+'.join(f.to)}" for f in table.foreign_keys
    )
    return f"{columns} | {keys} | {references}"


def drift(map_: Map, catalogue: Catalogue) -> tuple[Drift, ...]:
    """The changes between the shape for which a map was made and what the database says now."""
    found: list[Drift] = []
    for table in catalogue.tables:
        mapped = map_.by_name.get(table.name)
        if mapped is None:
            found.append(Drift(
                "new_table", table.name, f"table `{table.name}` is new and in no map",
                "scan the source again and decide whose its rows are",
            ))  # fmt: skip
        else:
            found.extend(_of_table(mapped, table))
    found.extend(
        Drift(
            "lost_table", table.name, f"table `{table.name}` is in the map and no longer in the database",
            "remove it from the map, and the edges that lead to it",
        )
        for table in map_.tables
        if table.name not in catalogue.by_name
    )  # fmt: skip
    return tuple(found)


def _of_table(mapped: TableMap, table: Table) -> list[Drift]:
    name = table.name
    found: list[Drift] = []
    found.extend(
        Drift("new_column", name, f"column `{name}.{new.name}` is new and in no map",
              "write its category in the map, or `-`", new.name)
        for new in table.columns if mapped.column(new.name) is None
    )  # fmt: skip
    used = {c for edge in mapped.edges for c in edge.columns}
    for lost in mapped.columns:
        if table.column(lost.name) is None:
            grave = lost.name in used
            found.append(Drift(
                "lost_column", name, f"column `{name}.{lost.name}` is in the map and no longer in the table",
                "choose another edge: by this column the rows were found" if grave else "remove it from the map",
                lost.name,
            ))  # fmt: skip
    if mapped.shape:
        found.extend(_of_shape(mapped, table))
    return found


def _of_shape(mapped: TableMap, table: Table) -> list[Drift]:
    """Changed types, keys and references, where the map noted them."""
    name, found = table.name, []
    (old_columns, old_key, old_references), (columns, key, references) = (
        _parts(mapped.shape),
        _parts(shape(table)),
    )
    types = dict(part.rsplit(" ", 1) for part in columns)
    for part in old_columns:
        column, _, was = part.rpartition(" ")
        now = types.get(column, was)
        personal = mapped.column(column)
        if now != was:
            kept = personal is not None and personal.category == NOT_PERSONAL
            found.append(Drift(
                "new_type", name, f"column `{name}.{column}` was {was} and is now {now}",
                "see whether it now holds something of a person" if kept else "see whether its category still fits", column,
            ))  # fmt: skip
    if old_key != key:
        found.append(Drift(
            "new_key", name, f"the key of table `{name}` was `{', '.join(old_key)}` and is now `{', '.join(key)}`",
            "correct `key` in the map: changes name rows by it",
        ))  # fmt: skip
    found.extend(
        Drift("new_reference", name, f"table `{name}` has a new foreign key: {reference}",
              "see whether the rows now belong to somebody by it")
        for reference in references if reference not in old_references
    )  # fmt: skip
    found.extend(
        Drift("lost_reference", name, f"table `{name}` has lost a foreign key: {reference}",
              "the map still holds; rows may now point at nobody")
        for reference in old_references if reference not in references
    )  # fmt: skip
    return found


def _parts(text: str) -> tuple[list[str], list[str], list[str]]:
    columns, key, references = (part.strip() for part in text.rsplit("|", 2))

    def split(part: str) -> list[str]:
        return part.split(", ") if part else []

    return split(columns), split(key), split(references)
