"""One k-anonymous table by the simplest honest method: the same ladder step for a whole column, and small groups left out.

A row stands for one person in one combination of generalised values: repeated uses of one person are one row, so that
the size of a group counts persons. Every node of the lattice of ladder steps is tried; the one that keeps the most is
taken. No random number and no table of ids is used, so none has to be destroyed; the persons' keys stay in memory only.

Clauses: 3.1.
Law: APPI Art. 43(1).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from chikai.errors import StandardNotMet

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from chikai.anonymise.standard import Standard

Values = tuple[str, ...]
# One thing that is known of one person: who (never leaves), and a value for each quasi-identifier in the standard's order.
Fact = tuple["Hashable", Values]
LARGEST_LATTICE: Final = 5_000


@dataclass(frozen=True)
class Made:
    """What was made: the rows that leave, in sorted order, and the choices that made them, which stay sealed."""

    header: tuple[str, ...]
    rows: tuple[Values, ...]
    levels: tuple[int, ...]
    persons: int
    left_out: int
    smallest: int

    def method(self) -> dict[str, object]:
        """What the sealed record keeps of the method: the chosen steps and the counts. No key and no id."""
        return {
            "levels": list(self.levels),
            "persons": self.persons,
            "left_out": self.left_out,
            "smallest": self.smallest,
        }


@dataclass(frozen=True)
class _Node:
    loss: float
    left_out: int
    levels: tuple[int, ...]
    groups: Counter[Values]


def make(standard: Standard, facts: Iterable[Fact]) -> Made:
    """The table that meets the standard and keeps the most.

    Raises:
        StandardNotMet: when no node of the lattice meets it, or nobody is left.
    """
    ladders = [column.ladder for column in standard.quasi]
    nodes = list(product(*(range(len(ladder)) for ladder in ladders)))
    if len(nodes) > LARGEST_LATTICE:
        raise StandardNotMet(
            f"the ladders give {len(nodes)} combinations", "shorten them: this method tries each"
        )
    known = set(facts)
    persons = len({person for person, _ in known})
    best: _Node | None = None
    for levels in nodes:
        node = _tried(standard, known, levels, persons)
        if node is not None and (best is None or _order(node) < _order(best)):
            best = node
    if best is None:
        raise StandardNotMet(
            f"no way of generalising puts {standard.k} persons behind each row and leaves out "
            f"at most {standard.at_most_suppressed} %",
            "wait for more persons, or fix another standard; nothing was made",
        )
    rows = tuple(sorted(values for values, n in best.groups.items() for _ in range(n)))
    return Made(
        header=tuple(column.name for column in standard.quasi),
        rows=rows,
        levels=best.levels,
        persons=persons,
        left_out=best.left_out,
        smallest=min(best.groups.values()),
    )


def _order(node: _Node) -> tuple[float, int, tuple[int, ...]]:
    return node.loss, node.left_out, node.levels


def _tried(
    standard: Standard, known: set[Fact], levels: tuple[int, ...], persons: int
) -> _Node | None:
    steps = [column.ladder[n] for column, n in zip(standard.quasi, levels, strict=True)]
    seen = {
        (person, tuple(step.said(v) for step, v in zip(steps, values, strict=True)))
        for person, values in known
    }
    groups = Counter(values for _, values in seen)
    kept = Counter({values: n for values, n in groups.items() if n >= standard.k})
    # A person is left out who stands in no row that leaves.
    left_out = persons - len({person for person, values in seen if values in kept})
    if not kept or left_out * 100 > persons * standard.at_most_suppressed:
        return None
    heights = [
        level / (len(column.ladder) - 1) if len(column.ladder) > 1 else 0.0
        for column, level in zip(standard.quasi, levels, strict=True)
    ]
    dropped = 1 - sum(kept.values()) / len(seen)
    return _Node(sum(heights) / len(heights) + dropped, left_out, levels, kept)


def groups_below(rows: Iterable[Values], k: int) -> int:
    """How many combinations of values stand for fewer than k persons; 0 is what a table must give before it leaves."""
    return sum(1 for count in Counter(rows).values() if count < k)


def as_csv(made: Made) -> bytes:
    """The table as CSV: UTF-8 with its mark, CRLF; a value that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(made.header)
    writer.writerows([[_plain(value) for value in row] for row in made.rows])
    return out.getvalue().encode("utf-8-sig")


def _plain(value: str) -> str:
    return f"'{value}" if value[:1] in ("=", "+", "@", "\t", "\r") else value
