"""An answer that our own records give: a page to read, the same as CSV and JSON, and a manifest.

A section is a table of texts; a cell with several texts is a list. What counts as rows of the answer is said by the
section, so that the package can be compared with what was gathered.

Clauses: 6.
Law: APPI Art. 32(2), APPI Art. 33(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from chikai import clock
from chikai.rights import writing
from chikai.rights.page import OF_RECEIPT, STYLE
from chikai.rights.refusal import COMPLAINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from chikai.policy.document import Document
    from chikai.rights.package import Package

Cell = str | tuple[str, ...]
JOINED: Final = " / "


@dataclass(frozen=True, slots=True)
class Section:
    """One table of an answer: the name of its files, its heading, its columns as (key, label), and its rows.

    `empty` is what stands there when there is no row. `counts` says whether its rows are rows of the answer.
    """

    name: str
    heading: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    note: str = ""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person is answered: a title, what is said first, the tables, and what is said last."""

    kind: str
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the answer has."""
        return sum(len(section.rows) for section in self.sections if section.counts)


def put(pack: Package, answer: Answer, more: int = 0) -> dict[str, object]:
    """Write an answer into a package and close it; `more` rows came from places that were searched by hand."""
    for section in answer.sections:
        keys = [key for key, _ in section.columns]
        rows = [dict(zip(keys, row, strict=True)) for row in section.rows]
        count = len(rows) if section.counts else None
        csv = writing.BYTE_ORDER_MARK + writing.csv_line(label for _, label in section.columns)
        csv += "".join(writing.csv_line(map(_joined, row)) for row in section.rows)
        pack.add_file(f"json/{section.name}.json", writing.json_text(rows).encode(), count)
        pack.add_file(f"csv/{section.name}.csv", csv.encode(), count)
    edition = {"name": pack.policy.edition, "digest": pack.policy.digest}
    manifest: dict[str, object] = {
        "format": 1,
        "kind": answer.kind,
        "number": pack.number,
        "person": str(pack.plan.person),
        "made_at": pack.made_at.isoformat(timespec="seconds"),
        "made_on": clock.day_in_japan(pack.made_at).isoformat(),
        "operator": pack.policy.controller.name.ja,
        "edition": edition,
        "rows": answer.rows + more,
        "ledger": pack.ledger or None,
    }
    return pack.close(manifest, _page(pack, answer))


def _page(pack: Package, answer: Answer) -> str:
    made_on = clock.day_in_japan(pack.made_at)
    said = html(pack.policy, answer, pack.number, made_on)
    return said.replace("</main>", f"{OF_RECEIPT}</main>") if pack.ledger else said


def html(policy: Document, answer: Answer, number: str, made_on: date) -> str:
    """The whole page, in Japanese."""
    operator = escape(policy.controller.name.ja)
    lead = "".join(f"<p>{escape(text)}</p>\n" for text in answer.lead)
    closing = "".join(f"<p>{escape(text)}</p>\n" for text in (*answer.closing, COMPLAINT.ja))
    desk = policy.controller.desk
    contact = "、".join(escape(t) for t in (desk.name.ja, desk.mail, desk.phone) if t)
    return (
        '<!doctype html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(answer.title)} {escape(number)}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="soft">{operator}・受付番号 {escape(number)}・{clock.written(made_on)}</p>\n'
        f"<h1>{escape(answer.title)}</h1>\n{lead}{''.join(map(_table, answer.sections))}"
        f"<h2>ご不明な点があるとき</h2>\n{closing}<p>窓口：{contact or operator}</p>\n"
        f'<p class="soft">プライバシーポリシー {escape(policy.edition)}版 '
        f"<code>{escape(policy.digest)}</code></p>\n</main>\n</body>\n</html>\n"
    )


def _table(section: Section) -> str:
    heading, note = f"<h2>{escape(section.heading)}</h2>\n", ""
    if section.note:
        note = f"<p>{escape(section.note)}</p>\n"
    if not section.rows:
        return f"{heading}{note}<p>{escape(section.empty)}</p>\n"
    heads = "".join(f'<th scope="col">{escape(label)}</th>' for _, label in section.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>\n"
        for row in section.rows
    )
    return (
        f'{heading}{note}<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(section.heading)}"><table>\n<tr>{heads}</tr>\n{body}</table></div>\n'
    )


def _cell(cell: Cell) -> str:
    return escape(cell) if isinstance(cell, str) else "<br>".join(map(escape, cell))


def _joined(cell: Cell) -> str:
    return cell if isinstance(cell, str) else JOINED.join(cell)


def letter(
    policy: Document,
    answer: Answer,
    *,
    number: str,
    made_on: date,
    until: date,
    on_paper: bool = False,
) -> dict[str, Any]:
    """What the letter of an answer says: its lead, the first columns of its tables, and where to complain."""
    desk = policy.controller.desk
    tables = [_printed(section) for section in answer.sections if section.counts]
    return {
        "title": answer.title,
        "number": number,
        "made_on": clock.written(made_on),
        "addressee": "ご本人 様",
        "operator": policy.controller.name.ja,
        "desk": "　".join(t for t in (desk.name.ja, desk.mail, desk.phone) if t),
        "lead": list(answer.lead),
        "tables": tables,
        "closing": [
            *([] if on_paper else _files(until)),
            *answer.closing,
            COMPLAINT.ja,
            f"プライバシーポリシー {policy.edition}版",
        ],
    }


def _files(until: date) -> list[str]:
    return [
        "同じ内容が index.html、CSV、JSON の三つの形で入っています。",
        f"受け取りの期限は{clock.written(until)}です。",
    ]


def _printed(section: Section) -> Mapping[str, object]:
    rows: Sequence[Sequence[str]] = [[_joined(cell) for cell in row] for row in section.rows]
    text = "" if rows else section.empty
    heads = [label for _, label in section.columns]
    return {"heading": section.heading, "note": section.note or text, "heads": heads, "rows": rows}
