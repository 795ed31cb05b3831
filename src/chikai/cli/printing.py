"""How the command line prints: lists in columns or as JSON, and the options that every noun shares."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from typing import TYPE_CHECKING

from chikai.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def formats(parser: argparse.ArgumentParser, *more: str) -> None:
    """Give a command `--format`, text by default."""
    *first, last = ("text (default)", "json", *more)
    parser.add_argument(
        "--format",
        choices=("text", "json", *more),
        default="text",
        help=f"{', '.join(first)} or {last}",
    )


def port(text: str) -> int:
    """A port, as argparse reads it."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def columns(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns; a Japanese sign is two columns wide."""
    table = [[str(cell) for cell in row] for row in rows]
    widths = [
        max((wide(row[i]) for row in [list(heads), *table]), default=0) for i in range(len(heads))
    ]
    for row in [list(heads), *table]:
        line = "  ".join(
            cell + " " * (width - wide(cell)) for cell, width in zip(row, widths, strict=True)
        )
        print(line.rstrip())


def as_json(value: object) -> None:
    """Print a value as JSON, readable and stable."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def listing(
    format_: str, heads: Sequence[str], rows: Sequence[Mapping[str, object]], empty: str
) -> None:
    """Print the same rows as columns or as JSON; `empty` says what to do when there are none."""
    if format_ == "json":
        as_json([dict(row) for row in rows])
    elif rows:
        columns(heads, [[_cell(row.get(head, "")) for head in heads] for row in rows])
    else:
        print(empty)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " ".join(str(item) for item in value)
    return "" if value is None else str(value)


def wide(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def ask(question: str, default: str = "") -> str:
    """Ask at the terminal; the default on an empty answer. BadInput where nobody can answer."""
    if not sys.stdin.isatty():
        raise BadInput(
            f"{question}: nobody is here to answer", "pass it as an option, see `--help`"
        )
    hint = f" [{default}]" if default else ""
    return input(f"{question}{hint}: ").strip() or default


class Progress:
    """One line on a terminal that says how far something is; silent elsewhere."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.live = sys.stderr.isatty()

    def __call__(self, done: int, of: int) -> None:
        """Show `done` of `of`."""
        if self.live:
            end = "\n" if done >= of else ""
            print(f"\r{self.what}: {done} of {of}", end=end, file=sys.stderr, flush=True)
