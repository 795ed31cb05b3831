"""The policy as sheets of paper: what stands on them, and the program by which typst sets them.

The words of the policy are data and never code. Headings go down by one level at the most, so that a reader's tool finds
its way. Nothing about how a clause is kept is printed: the sheets are the policy, word for word.

Clauses: 1.1.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chikai.policy import passages, prose
from chikai.policy.document import Text

if TYPE_CHECKING:
    from chikai.policy.document import Clause, Document, Language

EDITION: Final = Text("{}版", "Edition {}")
SAMPLE: Final = Text("見本", "Example")
SOURCE: Final = """
#let d = json(bytes(sys.inputs.data))
#set document(title: d.title, author: d.operator)
#set page(
  paper: "a4", margin: (x: 24mm, top: 24mm, bottom: 26mm),
  footer: context [
    #set text(8pt)
    #d.foot #h(1fr) #counter(page).display("1 / 1", both: true)
  ],
)
#set text(font: sys.inputs.font, lang: d.language, size: 10.5pt)
#set par(leading: 0.8em, spacing: 1.05em, justify: true)
#show heading.where(level: 1): it => align(center, block(below: 7mm, text(16pt, it.body)))
#show heading.where(level: 2): it => block(above: 7mm, below: 3.5mm, text(12.5pt, it.body))
#show heading: it => if it.level > 2 { block(above: 5mm, below: 3mm, text(10.5pt, it.body)) } else { it }
#heading(level: 1, d.title)
#for c in d.clauses {
  if c.heading != "" { heading(level: c.level, c.heading) }
  pad(left: c.indent * 1.4em, for b in c.blocks {
    if b.table != none {
      let cells(row) = row.map(cell => cell.join(linebreak()))
      let head = if b.table.head.len() > 0 { (table.header(..cells(b.table.head).map(strong)),) } else { () }
      table(columns: (1fr,) * b.table.columns, inset: 5pt, stroke: 0.5pt, ..head, ..b.table.rows.map(cells).flatten())
    } else if b.list { list(..b.lines) } else { par(hanging-indent: c.hang * 1em, b.lines.join(linebreak())) }
  })
}
#for p in d.closing [#p #parbreak()]
"""


def data(document: Document, language: Language) -> dict[str, Any]:
    """What stands on the sheets, in the order of the clauses."""
    edition = EDITION.in_(language).format(document.edition)
    sample = [SAMPLE.in_(language)] if document.sample else []
    clauses, level = [], 1
    for clause in document.clauses:
        made = _clause(document, clause, language, level)
        level = made["level"] if made["heading"] else level
        clauses.append(made)
    operator = document.controller.name.in_(language)
    return {
        "title": document.title.in_(language) or operator,
        "operator": operator,
        "language": language,
        "foot": "　".join((*sample, operator, edition, document.digest[:19])),
        "clauses": clauses,
        "closing": [],
    }


def _clause(document: Document, clause: Clause, language: Language, level: int) -> dict[str, Any]:
    heading, body = clause.heading.in_(language), clause.body.in_(language)
    label = prose.label(document, clause, language) or ("・" if clause.number else "")
    blocks: list[dict[str, Any]] = [
        {"list": b.is_list, "lines": list(b.lines), "table": _table(b.table)}
        for b in passages.blocks(body)
    ]
    if heading:
        heading = f"{label} {heading}".strip()
    elif label and blocks and not blocks[0]["list"] and not blocks[0]["table"]:
        blocks[0]["lines"] = [f"{label} {blocks[0]['lines'][0]}", *blocks[0]["lines"][1:]]
    elif label:
        blocks.insert(0, {"list": False, "lines": [label], "table": None})
    return {
        "heading": heading,
        "level": min(clause.depth + 1, level + 1),
        "indent": max(clause.depth - 2, 0),
        "hang": 0 if heading or not label else 1,
        "blocks": blocks,
    }


def _table(table: passages.Table | None) -> dict[str, Any] | None:
    """A table as typst sets it."""
    if table is None:
        return None
    every = [row for row in (table.head, *table.rows) if row]
    rows = [[list(cell) for cell in row] for row in table.rows]
    head = [list(cell) for cell in table.head]
    return {"columns": max(map(len, every), default=1), "head": head, "rows": rows}
