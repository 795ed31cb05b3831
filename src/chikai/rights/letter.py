"""The letter that stands in a package: one page in Japanese, typeset by typst from data that is never code.

Every character is checked against the font before typesetting: one that the font lacks is printed as its code with a
note, never as an empty box.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from chikai import clock
from chikai.rights import page
from chikai.rights.refusal import COMPLAINT

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from datetime import date

    from chikai.policy.document import Document

NOTE: Final = "文字の一部は、この書体にないため符号（U+…）で示しています。"
SOURCE: Final = """
#let d = json(bytes(sys.inputs.letter))
#set document(title: d.title, author: d.operator)
#set page(paper: "a4", margin: (x: 25mm, y: 22mm))
#set text(font: sys.inputs.font, lang: "ja", size: 10.5pt)
#set par(leading: 0.85em, justify: true)
#align(right)[#d.made_on \\ 受付番号 #d.number]
#v(4mm)
#d.addressee
#v(2mm)
#align(right)[#d.operator \\ #d.desk]
#v(6mm)
#align(center, text(15pt, weight: "bold", d.title))
#v(4mm)
#for p in d.lead [#p #parbreak()]
#v(2mm)
#if "places" in d [#table(
  columns: (1fr, 1fr, auto), inset: 6pt, stroke: 0.5pt + luma(160),
  table.header([保管場所], [結果], [件数]),
  ..d.places.map(r => (r.at(0), r.at(1), align(right, r.at(2)))).flatten(),
)]
#for t in d.at("tables", default: ()) [
  #text(weight: "bold", t.heading) #parbreak()
  #t.note #parbreak()
  #if t.rows.len() > 0 [#table(
    columns: (1fr,) * t.heads.len(), inset: 4pt, stroke: 0.5pt + luma(160),
    table.header(..t.heads),
    ..t.rows.flatten(),
  )]
  #v(3mm)
]
#v(2mm)
#for p in d.closing [#p #parbreak()]
"""


IN_FILES: Final = (
    "内容は index.html、CSV、JSON の三つの形で入っています。"
    "何のために使い、だれに渡すことがあるかは、index.html に項目ごとに書きました。"
)
ON_PAPER: Final = (
    "内容と、何のために使い、だれに渡すことがあるかは、いっしょの紙に項目ごとに書きました。"
)


def data(
    policy: Document,
    *,
    number: str,
    made_on: date,
    name: str,
    places: Sequence[tuple[str, str, int, int]],
    until: date,
    left: Sequence[str] = (),
    on_paper: bool = False,
) -> dict[str, Any]:
    """What the letter says. `places` are (service, standing, rows, doubts); `left` is what stays back, and why."""
    desk = policy.controller.desk
    rows, doubts = sum(place[2] for place in places), sum(place[3] for place in places)
    shown = [
        [
            found.name.ja if (found := policy.service(service)) else service,
            page.standing(how, may),
            f"{count:,}件",
        ]
        for service, how, count, may in places
    ]
    first = (
        "ご請求いただいた、お預かりしているあなたの情報を、この書面といっしょにお渡しします。"
        f"全部で{rows:,}件です。"
    )
    return {
        "title": "お預かりしている情報の開示について",
        "number": number,
        "made_on": clock.written(made_on),
        "addressee": f"{name} 様" if name else "ご本人 様",
        "operator": policy.controller.name.ja,
        "desk": "　".join(t for t in (desk.name.ja, desk.mail, desk.phone) if t),
        "lead": [
            first if rows else page.nothing_held(policy.controller.name.ja, doubts),
            ON_PAPER if on_paper else IN_FILES,
        ],
        "places": shown,
        "closing": [
            *left,
            *([] if on_paper else [f"受け取りの期限は{clock.written(until)}です。"]),
            (
                "まちがいを見つけたときは、訂正・追加・削除、または利用停止をお申し出いただけます。"
                "手数料はかかりません。"
            ),
            COMPLAINT.ja,
            f"プライバシーポリシー {policy.edition}版",
        ],
    }


def checked(said: Mapping[str, Any], covered: Container[int]) -> tuple[str, int]:
    """The letter's data as JSON with every character that no font has replaced by its code; how many there were."""
    lacking: set[str] = set()

    def plain(value: Any) -> Any:
        if isinstance(value, str):
            return "".join(map(sign, value))
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        return [plain(i) for i in value] if isinstance(value, list | tuple) else value

    def sign(character: str) -> str:
        if character.isspace():
            return " " if character != "　" else character
        if ord(character) in covered:
            return character
        lacking.add(character)
        return f"〔U+{ord(character):04X}〕"

    ready = plain(dict(said))
    if lacking:
        ready["closing"].append(NOTE)
    return json.dumps(ready, ensure_ascii=False), len(lacking)
