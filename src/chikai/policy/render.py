"""A Document becomes a page, Markdown or plain text, in Japanese or English.

The HTML is a fragment without style and script: it begins at `h2`, every clause has the anchor `c-4.1.2`, and every
word of the policy is escaped. Under each clause stands how it is kept.

Clauses: 1.1, 3.4, 7.
Law: APPI Art. 21(1), APPI Art. 32(1), APPI Art. 43(3).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from chikai.policy import kept as keeping
from chikai.policy import prose
from chikai.policy.document import Clause, Document, Language, Text
from chikai.policy.kept import Kept, Mechanism
from chikai.policy.passages import Cell, Table, blocks

CONTENTS: Final = Text("目次", "Contents")
TABLE: Final = Text("表 {}", "Table {}")
HOW_KEPT: Final = Text("この条のしくみ", "How this is kept")
DEEPEST_HEADING: Final = 6


def html(
    document: Document,
    language: Language,
    *,
    kept: Kept | Mapping[str, tuple[Mechanism, ...]] | None = None,
) -> str:
    """The whole policy as an HTML fragment.

    `kept` gives the mechanisms of a clause by its id: None means what the document itself says, and an empty tuple
    that there is none yet.
    """
    asked: Kept | None = kept.get if isinstance(kept, Mapping) else kept
    page = _Page(document, language, asked)
    return "".join(
        (f'<div class="policy" lang="{language}">\n', *page.contents(), *page.text(), "</div>\n")
    )


def text(document: Document, language: Language) -> str:
    """The policy as plain text: the words of its prose, and nothing else."""
    pieces = [document.title.in_(language)]
    for clause in document.clauses:
        label = prose.label(document, clause, language) or ("-" if clause.number else "")
        heading, body = clause.heading.in_(language), clause.body.in_(language)
        indent = "  " * max(clause.depth - 2, 0)
        said = "\n\n".join(filter(None, (heading, body)))
        lines = f"{label} {said}".strip().split("\n")
        pieces.append("\n".join(indent + line if line else "" for line in lines))
    return "\n\n".join(pieces) + "\n"


def markdown(document: Document, language: Language) -> str:
    """The policy as Markdown for a reader: the prose file without the ids."""
    return prose.without_ids(prose.written(document, language))


@dataclass(frozen=True, slots=True)
class _Page:
    document: Document
    language: Language
    kept: Kept | None

    def contents(self) -> Iterator[str]:
        """The table of contents: the headings of the first level."""
        headed = [c for c in self.document.clauses if c.depth == 1 and c.heading.in_(self.language)]
        if not headed:
            return
        title = escape(CONTENTS.in_(self.language))
        yield f'<nav class="policy-contents" aria-label="{title}">\n<ol>\n'
        for clause in headed:
            words = self._number(clause) + escape(clause.heading.in_(self.language))
            yield f'<li><a href="#{escape(anchor(clause.id))}">{words}</a></li>\n'
        yield "</ol>\n</nav>\n"

    def text(self) -> Iterator[str]:
        """Every clause, each inside the one that holds it."""
        yield '<div class="policy-text">\n'
        for clause in self.document.clauses:
            if self.document.clause(clause.parent) is None:
                yield f'<section class="clause" id="{escape(anchor(clause.id))}">\n'
                yield from self._clause(clause)
                yield "</section>\n"
        yield "</div>\n"

    def _clause(self, clause: Clause) -> Iterator[str]:
        heading = clause.heading.in_(self.language)
        body = clause.body.in_(self.language)
        if heading:
            tag = f"h{min(clause.depth + 1, DEEPEST_HEADING)}"
            yield f"<{tag}>{self._number(clause)}{escape(heading)}</{tag}>\n"
        lead = "" if heading else self._number(clause)
        tables = itertools.count(1)
        for block in blocks(body):
            if block.table is not None:
                yield f"<p>{lead}</p>\n" if lead else ""
                yield from _table(block.table, self._name(clause, next(tables)))
            elif block.is_list:
                items = "".join(f"<li>{escape(line)}</li>" for line in block.lines)
                yield f"<ul>{items}</ul>\n"
            else:
                yield f"<p>{lead}{'<br>'.join(map(escape, block.lines))}</p>\n"
            lead = ""
        if clause.kind == "register":
            yield f'<p class="register">{escape(keeping.NOTHING_MADE.in_(self.language))}</p>\n'
        if body:
            yield from self._how(clause)
        yield from self._below(clause)

    def _below(self, clause: Clause) -> Iterator[str]:
        below = self.document.below(clause.id)
        if not below:
            return
        # Where the policy prints no numbers, the list shows dots; else the printed number is part of the text.
        plain = not any(prose.label(self.document, c, self.language) for c in below)
        tag, name = ("ul", "items") if plain else ("ol", "clauses")
        yield f'<{tag} class="{name}">\n'
        for inner in below:
            yield f'<li class="clause" id="{escape(anchor(inner.id))}">\n'
            yield from self._clause(inner)
            yield "</li>\n"
        yield f"</{tag}>\n"

    def _how(self, clause: Clause) -> Iterator[str]:
        given = self.kept(clause.id) if self.kept else None
        mechanisms = keeping.by_modules(self.document, clause) if given is None else given
        summary = escape(HOW_KEPT.in_(self.language))
        # A reader of the screen hears many of these: each names its clause.
        which = escape(clause.number) or escape(clause.id)
        yield f'<details class="kept"><summary>{summary}<span class="vh"> {which}</span></summary>\n'
        entries = keeping.about(self.document, clause, self.language)
        if entries:
            yield "<dl>\n"
            for entry in entries:
                yield f"<dt>{escape(entry.term)}</dt>\n"
                yield from (f"<dd>{escape(said)}</dd>\n" for said in entry.says)
            yield "</dl>\n"
        if mechanisms:
            yield '<ul class="mechanisms">\n'
            for mechanism in mechanisms:
                evidence = mechanism.evidence.in_(self.language)
                said = escape(mechanism.sentence.in_(self.language))
                more = f' <span class="evidence">{escape(evidence)}</span>' if evidence else ""
                yield f"<li>{said} <code>{escape(mechanism.name)}</code>{more}</li>\n"
            yield "</ul>\n"
        else:
            yield f'<p class="none-yet">{escape(keeping.NOTHING_YET.in_(self.language))}</p>\n'
        yield "</details>\n"

    def _name(self, clause: Clause, count: int) -> str:
        """The name of a table, by the clause that it stands in: a keyboard scrolls it where it is wide."""
        which = f"{clause.number or clause.id}{f' ({count})' if count > 1 else ''}"
        return TABLE.in_(self.language).format(which)

    def _number(self, clause: Clause) -> str:
        label = prose.label(self.document, clause, self.language)
        return f'<span class="num">{escape(label)}</span> ' if label else ""


def _table(table: Table, name: str) -> Iterator[str]:
    yield f'<div class="policy-table" role="region" tabindex="0" aria-label="{escape(name)}">\n<table>\n'
    if table.head:
        cells = "".join(f'<th scope="col">{_cell(cell)}</th>' for cell in table.head)
        yield f"<thead><tr>{cells}</tr></thead>\n"
    yield "<tbody>\n"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"


def _cell(cell: Cell) -> str:
    return "<br>".join(map(escape, cell))


def anchor(clause: str) -> str:
    """The anchor of a clause on every page: `c-4.1.2`."""
    return f"c-{clause}"
