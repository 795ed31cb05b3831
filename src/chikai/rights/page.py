"""The page of a package: what is held, why, and who may receive it, for someone who reads no JSON.

One HTML file that stands alone: no script, no outside address, readable when printed. Items come first, grouped as the
policy groups them; the rows of each table follow.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Final, cast

from chikai import clock, law
from chikai.rights import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chikai.policy.document import DataCategory, Document

KINDS: Final = {
    "entrusted": "委託",
    "consent": "同意による提供",
    "joint": "共同利用",
    "succession": "事業の承継",
    "law": "法令による提供",
    "cloud": "クラウド（中身は扱いません）",
}
STANDINGS: Final = {
    "asked": "調べました",
    "nothing": "あなたの登録はありません",
    "no_map": "まだ調べられません（地図がありません）",
    "manual": "担当者が別に調べます",
    "by_hand": "担当者が調べました",
    "unreachable": "いまは調べられません",
}
_DOUBTFUL: Final = "あなたのものかもしれない登録が{:,}件あり、たしかめています"
MOST_TEXTS: Final = 20_000
ROWS: Final = "<h2>内容</h2>\n"  # where the rows begin and end: on paper they stand whole
OF_FILES: Final = '<p class="soft">いっしょにお渡しした manifest.json に、各ファイルの件数と照合用の値があります。</p>\n'
OF_RECEIPT: Final = (
    '<p class="soft">ledger/receipt.txt は、このご請求の記録が当社の台帳にあることの証明です。'
    "当社に頼らず、chikai verify で確かめられます。"
    "この一式をお渡しした記録は、一式ができた後のものなので、入っていません。</p>\n"
)
CLOSING: Final = "<h2>まちがいを見つけたとき</h2>\n"
STYLE: Final = """
:root{--ink:#1a1a1c;--soft:#4d4d4d;--line:#d8d8db;--key:#0e4d73;--pale:#eef4f8}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:#f8f8fb;font:16px/1.75 "Hiragino Sans","Noto Sans JP",
"BIZ UDPGothic","Yu Gothic",Meiryo,sans-serif;word-break:auto-phrase;line-break:strict}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.75rem;line-height:1.4;margin:.5rem 0}h2{font-size:1.35rem;margin:2.5rem 0 .75rem}
h3{font-size:1.05rem;margin:0}p{margin:.25rem 0}.soft{color:var(--soft)}
.card{background:#fff;border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem;margin:.75rem 0}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;background:#fff;font-size:.94rem}
th,td{border-bottom:1px solid var(--line);padding:.5rem .65rem;text-align:left;vertical-align:top}
th{background:var(--pale);font-weight:600;white-space:nowrap}td{overflow-wrap:anywhere;min-width:6rem}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
dl{display:grid;grid-template-columns:7rem 1fr;gap:.25rem 1rem;margin:.5rem 0 0}dt{color:var(--soft)}dd{margin:0}
summary{cursor:pointer;font-weight:600;padding:.25rem 0}code{overflow-wrap:anywhere;font-size:.85rem}
@media(max-width:30rem){dl{grid-template-columns:1fr}dt{margin-top:.5rem}}
@media print{body{background:#fff;font-size:10.5pt}.card{break-inside:avoid}details>*{display:block}}
"""


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one table as the page shows them; `items` are (column, category), `rows` already text."""

    service: str
    table: str
    items: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    shared: bool = False


def html(policy: Document, manifest: Mapping[str, object], sections: Sequence[Section]) -> str:
    """The whole page, in Japanese."""
    made_on = clock.written(date.fromisoformat(str(manifest["made_on"])))
    rows = cast("int", manifest["rows"])
    operator = escape(policy.controller.name.ja)
    doubts = sum(
        cast("int", s["doubts"]) for s in cast("list[dict[str, object]]", manifest["sources"])
    )
    lead = (
        f"<p>{operator}がお預かりしている、あなたの情報の写しです（開示）。全部で{rows:,}件あります。</p>"
        if rows
        else f"<p>{escape(nothing_held(policy.controller.name.ja, doubts))}</p>"
    )
    return (
        '<!doctype html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>お預かりしている情報（開示） {escape(str(manifest['number']))}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="soft">{operator}・受付番号 {escape(str(manifest["number"]))}・{made_on}</p>\n'
        f"<h1>お預かりしている情報</h1>\n{lead}\n"
        f"{_left_out(policy, manifest)}{_places(policy, manifest)}{_items(policy, sections)}{_rows(policy, sections)}"
        f"{_closing(policy, manifest)}</main>\n</body>\n</html>\n"
    )


def nothing_held(operator: str, doubts: int, cite: str = "APPI Art. 33(3)") -> str:
    """What is said where no row was found: that there is none, with the article that asks for this answer."""
    if doubts:
        return f"{_DOUBTFUL.format(doubts)}。たしかめるまで、お預かりしていないとは言えません。"
    said = law.in_words(cite, "ja")
    return f"{operator}は、あなたの情報をお預かりしていません。{said}により、お知らせします。"


def standing(found: str, doubts: int = 0) -> str:
    """How a place stands, in words; registrations that may be the person's are never passed over as none."""
    if doubts and found == "nothing":
        return _DOUBTFUL.format(doubts)
    said = STANDINGS.get(found, found)
    return f"{said}。ほかに、{_DOUBTFUL.format(doubts)}" if doubts else said


def _left_out(policy: Document, manifest: Mapping[str, object]) -> str:
    """What is missing in this copy, on which ground, and where to complain."""
    said = []
    if "redacted" in manifest:
        said.append("<p>ほかの方の情報は、〔ほかの方の情報〕と書いて伏せました。</p>\n")
    if "left_out" in manifest:
        why = cast("dict[str, str]", manifest["left_out_because"])
        places = {
            str(s["source"]): s["service"]
            for s in cast("list[dict[str, object]]", manifest["sources"])
        }
        rows = []
        for one in cast("list[dict[str, str]]", manifest["left_out"]):
            service = policy.service(str(places.get(one["source"], "")))
            words = (service.name.ja if service else one["source"], one["table"], one["column"])
            rows.append(f"<li>{escape('・'.join(filter(None, words)))}</li>\n")
        said.append(
            f"<p>次のものは、お渡ししていません。</p>\n<ul>\n{''.join(rows)}</ul>\n"
            f"<p>理由：{escape(why['says'])}（{escape(law.in_words(why['cite'], 'ja'))}）</p>\n"
            f"<p>{escape(why['text'])}</p>\n<p>{escape(refusal.COMPLAINT.ja)}</p>\n"
        )
    return f"<h2>お渡ししていないもの</h2>\n{''.join(said)}" if said else ""


def _places(policy: Document, manifest: Mapping[str, object]) -> str:
    lines = []
    for source in cast("list[dict[str, object]]", manifest["sources"]):
        service = policy.service(str(source["service"]))
        name = service.name.ja if service else str(source["source"])
        referred = sum(cast("dict[str, int]", source["referred_to_customer"]).values())
        note = standing(str(source["standing"]), cast("int", source["doubts"]))
        if referred:
            note += f"。ほかに{referred:,}件を、契約した会社のためにお預かりしています"
        lines.append(
            f'<tr><th scope="row">{escape(name)}</th><td>{note}</td>'
            f'<td class="num">{cast("int", source["rows"]):,}件</td></tr>\n'
        )
    return (
        '<h2>調べた保管場所</h2>\n<div class="scroll" tabindex="0" role="region" '
        'aria-label="調べた保管場所"><table>\n<tr><th scope="col">保管場所</th>'
        '<th scope="col">結果</th><th scope="col" class="num">件数</th></tr>\n'
        f"{''.join(lines)}</table></div>\n"
    )


def _items(policy: Document, sections: Sequence[Section]) -> str:
    held = {category for section in sections for _, category in section.items}
    cards = [
        _card(policy, category, sections) for category in policy.categories if category.id in held
    ]
    return f"<h2>何を、何のために</h2>\n{''.join(cards)}" if cards else ""


def _card(policy: Document, category: DataCategory, sections: Sequence[Section]) -> str:
    services = frozenset(s.service for s in sections if any(c == category.id for _, c in s.items))
    return _known(
        (policy.digest, category.id, services), lambda: _card_of(policy, category, services)
    )


_texts: dict[tuple[object, ...], str] = {}  # what is the same for everybody


def _known(of: tuple[object, ...], make: Callable[[], str]) -> str:
    """A text that depends on the policy alone, made once in a process."""
    if of not in _texts:
        if len(_texts) >= MOST_TEXTS:
            _texts.clear()
        _texts[of] = make()
    return _texts[of]


def _card_of(policy: Document, category: DataCategory, services: frozenset[str]) -> str:
    purposes = [
        f"{escape(p.name.ja)}（{_number(policy, p.clause)}）"
        for p in policy.purposes
        if any(category.id in p.categories_at(service) for service in services)
    ]
    recipients = [
        f"{escape(r.name.ja)}（{KINDS[r.kind]}・{escape(r.country)}）"
        for r in policy.recipients_of(category.id)
    ]
    where = "、".join(escape(s.name.ja) for s in policy.services if s.id in services)
    return (
        f'<section class="card"><h3>{escape(category.name.ja)}</h3>\n<dl>'
        f"<dt>何のために</dt><dd>{'<br>'.join(purposes) or 'ポリシーに目的の定めがありません'}</dd>"
        f"<dt>渡すことがある先</dt><dd>{'<br>'.join(recipients) or 'ありません'}</dd>"
        f"<dt>ポリシーの条項</dt><dd>{_number(policy, category.clause)}</dd>"
        f"<dt>保管場所</dt><dd>{where}</dd></dl></section>\n"
    )


def _rows(policy: Document, sections: Sequence[Section]) -> str:
    return ROWS + "".join(_section(policy, s) for s in sections) if sections else ""


def _section(policy: Document, section: Section) -> str:
    service = policy.service(section.service)
    name = service.name.ja if service else section.service
    heads = _known((policy.digest, section.items), lambda: _heads(policy, section))
    body = "".join(
        "<tr>" + "".join([f"<td>{escape(value)}</td>" for value in row]) + "</tr>\n"
        for row in section.rows
    )
    more = (
        f'<p class="soft">はじめの{len(section.rows)}件です。全部はCSVにあります。</p>\n'
        if section.count > len(section.rows)
        else ""
    )
    shared = '<p class="soft">ほかの人といっしょに作ったものです。</p>\n' if section.shared else ""
    if not heads:
        table = '<p class="soft">番号などの記録だけです。CSVとJSONにあります。</p>\n'
    else:
        label = f"{escape(name)} {escape(section.table)}"
        table = (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'
            f"<tr>{heads}</tr>\n{body}</table></div>\n{more}"
        )
    return (
        f"<details{' open' if section.count <= 5 else ''}><summary>{escape(name)}・"
        f"{escape(section.table)}　{section.count:,}件</summary>\n{shared}{table}</details>\n"
    )


def _heads(policy: Document, section: Section) -> str:
    heads = []
    for column, category_id in section.items:
        category = policy.category(category_id)
        label = category.name.ja if category else category_id
        heads.append(f'<th scope="col">{escape(label)}<br><code>{escape(column)}</code></th>')
    return "".join(heads)


def _closing(policy: Document, manifest: Mapping[str, object]) -> str:
    desk = policy.controller.desk
    edition = cast("dict[str, str]", manifest["edition"])
    contact = "、".join(
        escape(t) for t in (desk.name.ja, desk.address.ja, desk.mail, desk.phone) if t
    )
    return (
        f"{CLOSING}"
        "<p>直すこと（訂正・追加・削除）や、使うのを止めること（利用停止）をお申し出いただけます。"
        "手数料はかかりません。</p>\n"
        f"<p>窓口：{contact or escape(policy.controller.name.ja)}</p>\n"
        f'<p class="soft">プライバシーポリシー {escape(edition["name"])}版 '
        f"<code>{escape(edition['digest'])}</code></p>\n"
        f"{OF_FILES}{OF_RECEIPT if manifest.get('ledger') else ''}"
    )


def _number(policy: Document, clause: str) -> str:
    found = policy.clause(clause)
    return escape((found.number or clause) if found else clause)
