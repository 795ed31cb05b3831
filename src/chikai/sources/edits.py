"""Putting a map or a proposal into an existing file, so that comments, order and human decisions stay."""

from __future__ import annotations

from typing import Any, Final, cast

import tomlkit

from chikai.sources import maptext, notation
from chikai.sources.map import NOT_PERSONAL, UNDECIDED, ColumnMap, Map, TableMap
from chikai.sources.scan import Proposal

_NEW: Final = "new since the last scan"


def merged(content: str, what: Map | Proposal) -> str:
    """The file's text with `what` put into it: a proposal fills and adds, a map replaces."""
    map_ = what.map if isinstance(what, Proposal) else what
    decided = not isinstance(what, Proposal)
    old = maptext.parse(content)
    document = tomlkit.parse(content)
    tables: Any = document.get("table")
    if tables is None:
        return maptext.text(what)
    added: list[TableMap] = []
    for table in map_.tables:
        before = old.by_name.get(table.name)
        if before is None:
            added.append(table)
        elif decided:
            _replace(tables[table.name], before, table)
        else:
            _fill(tables[table.name], before, table)
    document["catalogue"] = map_.catalogue
    shapes: Any = document.pop("shape", None)
    content = tomlkit.dumps(document).rstrip() + "\n\n"
    # A scan says what the database holds today; a map that was only corrected keeps what the scan said.
    before_scan = {t.name: t.shape for t in old.tables} if decided else {}
    kept = before_scan | {t.name: t.shape for t in map_.tables if t.shape}
    del shapes
    # New blocks and the shapes are appended as text: a comment that a person wrote is never moved by it.
    fresh = maptext.text(
        Proposal(Map(map_.source, map_.service, tuple(added)), (), getattr(what, "columns", {}))
    )
    blocks = (
        fresh[fresh.index("\n[table.") :].partition(maptext.SHAPES)[0].lstrip() if added else ""
    )
    lines = [f"{maptext.key_text(n)} = {maptext.string_text(s)}" for n, s in kept.items() if s]
    tail = (
        "\n".join(
            [
                maptext.SHAPES,
                "[shape]",
                *lines,
            ]
        )
        if lines
        else ""
    )
    content = content.replace(f"{maptext.SHAPES}\n", "")
    return "\n".join(part.rstrip() + "\n" for part in (content, blocks, tail) if part.strip())


def _replace(block: Any, before: TableMap, after: TableMap) -> None:
    """Write a decided table over the lines of the file, touching only those that differ."""
    if before.whose != after.whose:
        block["whose"] = after.whose
    if before.because != after.because:
        block["because"] = after.because
    if before.edges != after.edges:
        block["through"] = [notation.written(edge) for edge in after.edges]
    if before.key != after.key:
        block["key"] = list(after.key)
    if before.identity != after.identity:
        block.pop("identity", None)
        if after.identity is not None:
            line = tomlkit.inline_table()
            line.update(
                {
                    k: v
                    for k in ("key", "email", "verified", "name", "phone")
                    if (v := getattr(after.identity, k))
                }
            )
            block["identity"] = line
    for column in after.columns:
        if before.column(column.name) != column:
            _set(block, column)


def _fill(block: Any, before: TableMap, after: TableMap) -> None:
    """Add what a scan found anew to a table that people have decided."""
    if before.whose == "unknown" and after.whose != "unknown":
        _replace(
            block,
            before,
            TableMap(
                after.name,
                after.whose,
                before.edges or after.edges,  # a way that people wrote wins
                before.identity or after.identity,
                (),
                before.key or after.key,
                after.because,
            ),
        )
    elif (
        before.personal
        and not before.edges
        and before.identity is None
        and before.whose != "customer"
    ):
        # Whose it is was decided, and how it is reached was left to the scan.
        reached = TableMap(before.name, before.whose, after.edges, after.identity, (), before.key)
        _replace(block, before, reached)
    if not before.key and after.key and "key" not in block:
        block["key"] = list(after.key)
    for column in after.columns:
        held = before.column(column.name)
        if held is None or (held.category == UNDECIDED and column.category != UNDECIDED):
            _set(block, column, note=_NEW if held is None else "")


def _set(block: Any, column: ColumnMap, note: str = "") -> None:
    """Put one column into a block, out of `nothing` if it stood there."""
    nothing = block.get("nothing")
    if column.category == NOT_PERSONAL and column.erase == "keep" and not column.kind:
        columns = block.get("columns")
        if columns is not None and column.name in columns:
            columns[column.name] = NOT_PERSONAL
        elif nothing is None:
            block["nothing"] = [column.name]
        elif column.name not in nothing:
            nothing.append(column.name)
        return
    said = f"{column.category}/{column.kind}" if column.kind else column.category
    value: Any = tomlkit.item(said)
    if column.erase != ("keep" if column.category == NOT_PERSONAL else ""):
        value = tomlkit.inline_table()
        value.update({"is": said, "erase": column.erase})
    if note:
        value.comment(note)
    if "columns" not in block:
        block["columns"] = tomlkit.table()
    cast("Any", block["columns"])[column.name] = value
    if nothing is not None and column.name in nothing:
        nothing.remove(column.name)
