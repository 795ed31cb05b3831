"""A package as one page to print: everything that the person is given, with every row and nothing left to open.

The page of a package shows the first rows of a long table and keeps short ones folded; on paper each table stands whole,
as its CSV has it.

Clauses: 6.
Law: APPI Art. 33(1), APPI Art. 33(2).
"""

from __future__ import annotations

import csv
import io
from html import escape
from typing import TYPE_CHECKING

from chikai.rights.page import CLOSING, OF_FILES, OF_RECEIPT, ROWS

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator


def page(archive: zipfile.ZipFile) -> Iterator[str]:
    """The page of a package, piece by piece, with every table whole and what was searched by hand behind it."""
    html = archive.read("index.html").decode()
    for of_files in (OF_FILES, OF_RECEIPT):  # on paper there are no files
        html = html.replace(of_files, "")
    head, begins, rest = html.partition(ROWS)
    if not begins:  # an answer of our own records stands whole already
        head, ends, rest = html.partition(CLOSING)
        yield head
        yield from _by_hand(archive)
        yield ends + rest
        return
    yield head + begins
    for name in sorted(archive.namelist()):
        if name.startswith("csv/"):
            yield from _table(archive, name)
    yield from _by_hand(archive)
    _, ends, rest = rest.partition(CLOSING)
    yield ends + rest


def _table(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    title = name.removeprefix("csv/").removesuffix(".csv")
    yield f"<h3>{escape(title)}</h3>\n<table>\n"
    with archive.open(name) as raw:
        lines = io.TextIOWrapper(raw, "utf-8-sig", newline="")
        for number, row in enumerate(csv.reader(lines)):
            cell = "td" if number else "th"
            yield ("<tr>" + "".join(f"<{cell}>{escape(text)}</{cell}>" for text in row) + "</tr>\n")
    yield "</table>\n"


def _by_hand(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in sorted(archive.namelist()):
        if name.startswith("by-hand/"):
            title = name.removeprefix("by-hand/").removesuffix(".txt")
            text = escape(archive.read(name).decode()).replace("\n", "<br>")
            yield f"<h3>{escape(title)}（担当者が調べました）</h3>\n<p>{text}</p>\n"
