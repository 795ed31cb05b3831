"""The passages of a clause's text: paragraphs, lists whose every line begins with a dash, and tables.

A table is written as in Markdown: each row stands between bars, and a row of dashes below the first makes it the head.

Clauses: 1.1.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Final

_BAR: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_BREAK: Final = re.compile(r"\s*<br ?/?>\s*")

# The words of one cell, line by line.
Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the cells of its head, empty where it has none, and its rows, each as wide as the widest."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, the items of a list, or the rows of a table, of a clause's text."""

    lines: tuple[str, ...]
    is_list: bool = False
    table: Table | None = None


def blocks(body: str) -> tuple[Block, ...]:
    """The paragraphs, lists and tables of a text."""
    made: list[Block] = []
    for piece in filter(None, (piece.strip() for piece in body.split("\n\n"))):
        lines = [line.strip() for line in piece.split("\n")]
        for in_table, found in itertools.groupby(lines, is_row):
            run = tuple(found)
            made.append(_table(run) if in_table else _plain(run))
    return tuple(made)


def is_row(line: str) -> bool:
    """Whether a line is the row of a table."""
    return len(line) > 2 and line.startswith("|") and line.endswith("|")


def _plain(lines: tuple[str, ...]) -> Block:
    is_list = all(line.startswith(("- ", "* ")) for line in lines)
    return Block(tuple(line[2:] for line in lines) if is_list else lines, is_list)


def _table(lines: tuple[str, ...]) -> Block:
    headed = len(lines) > 1 and bool(_RULE.fullmatch(lines[1]))
    said = [_cells(line) for line in lines if not _RULE.fullmatch(line)]
    wide = max(map(len, said), default=0)
    rows = [(*row, *[("",)] * (wide - len(row))) for row in said]
    head, rows = (rows[0], rows[1:]) if headed and rows else ((), rows)
    return Block(lines, table=Table(head, tuple(rows)))


def _cells(line: str) -> tuple[Cell, ...]:
    said = (cell.strip().replace("\\|", "|") for cell in _BAR.split(line[1:-1]))
    return tuple(tuple(_BREAK.split(cell)) for cell in said)
