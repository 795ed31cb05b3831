"""What was gathered for a request, read from its sealed parts for the officer who reviews it; no source is opened.

The person's own names are known from the identity rows, and others' names from the rows of the same parts. What the
finder proposes is shown with a little of the text around it.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final, cast

from chikai.rights import parts, redaction, review, writing
from chikai.web import packages
from chikai.web.actions.rights import key_of, read_step_note
from chikai.web.maps import map_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.rights.review import Left
    from chikai.sources.map import TableMap
    from chikai.sources.protocol import Row
    from chikai.web.models import Request, Step

SHOWN_ROWS: Final = 20  # of a table on the page; the package holds all
SHOWN_FREE: Final = 200  # of a table in which people write: an officer reads it
SHOWN_CONTEXTS: Final = 3
AROUND: Final = 20  # signs on either side of a find


@dataclass
class Table:
    """A table of a place: how many rows, its columns, its first rows as texts, and which columns are free text."""

    source: str
    service: str
    name: str
    columns: tuple[str, ...] = ()
    free: frozenset[str] = frozenset()
    count: int = 0
    rows: list[list[tuple[str, str]]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return key_of_left((self.source, self.name, ""))

    @property
    def column_keys(self) -> list[tuple[str, str]]:
        """Each column with what a form sends for it."""
        return [(c, key_of_left((self.source, self.name, c))) for c in self.columns]


@dataclass
class Word:
    """A word that may speak of somebody else: by which sign it was found, how often, and some of the texts around it."""

    text: str
    kind: str
    count: int = 0
    contexts: list[tuple[str, str, str]] = field(default_factory=list)  # before, the word, behind


@dataclass(frozen=True)
class Gathered:
    """Everything that the page of a review shows."""

    tables: tuple[Table, ...]
    words: tuple[Word, ...]
    notes: tuple[
        tuple[str, str], ...
    ] = ()  # of places that were searched by hand: they are handed out too

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(table.count for table in self.tables)

    @property
    def known(self) -> frozenset[Left]:
        """Every table and column that can be left out."""
        return frozenset(
            (t.source, t.name, column) for t in self.tables for column in ("", *t.columns)
        )


def key_of_left(left: Left) -> str:
    """A table or column as a form sends it."""
    return writing.json_line(left)


def of_request(request: Request) -> Gathered:
    """What was gathered; WrongState when its files or its key are gone."""
    own: set[str] = set()
    others: set[str] = set()
    for _step, table, rows in _all(request):
        for row in rows:
            own.update(review.own_words(table, row))
            others.update(review.other_names(table, row))
    tables, words = [], dict[str, Word]()
    for step, table, rows in _all(request):
        found = Table(step.source, step.service, table.name, free=review.free_columns(table))
        for row in rows:
            _take(found, row)
            for column in found.free & row.keys():
                _find(row[column], words, own, others - own)
        tables.append(found)
    notes = tuple(_notes(request))
    for _source, note in notes:
        _find(note, words, own, others - own)
    sorted_ = sorted(words.values(), key=lambda w: (w.kind, w.text))
    return Gathered(tuple(tables), tuple(sorted_), notes)


def _notes(request: Request) -> Iterator[tuple[str, str]]:
    for step in request.steps.filter(action="manual", state="done").order_by("ord"):
        yield step.service or step.source, read_step_note(request, step)


def _all(request: Request) -> Iterator[tuple[Step, TableMap, Iterator[Row]]]:
    key = key_of(request)
    for step in request.steps.filter(action="read", state="done").order_by("ord"):
        map_ = map_named(step.source, step.plan_digest)
        with packages.reading(request, step.file, key) as file:
            lines = parts.Lines(cast("IO[bytes]", file), step.digest)
            for name, _numbers, rows in lines.tables():
                yield step, map_.by_name[name], rows


def _take(table: Table, row: Row) -> None:
    table.count += 1
    table.columns = table.columns or tuple(row)
    if len(table.rows) < (SHOWN_FREE if table.free else SHOWN_ROWS):
        table.rows.append([(k, writing.as_text(v)) for k, v in row.items() if v not in (None, "")])


def _find(value: Any, words: dict[str, Word], own: set[str], others: set[str]) -> None:
    for text in review.texts(value):
        for found in redaction.find(text, own=own, known=others):
            word = words.setdefault(found.text, Word(found.text, found.kind))
            word.count += 1
            if len(word.contexts) < SHOWN_CONTEXTS:
                before = text[max(0, found.start - AROUND) : found.start]
                behind = text[found.end : found.end + AROUND]
                word.contexts.append((before, found.text, behind))
