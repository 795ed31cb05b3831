"""One policy as Markdown, as a page and as plain text is read as one policy."""

from __future__ import annotations

import html

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import Node, Outline

TITLE = "プライバシーポリシー"
OPENING = "株式会社見本（以下「当社」といいます。）は、次のとおり定めます。"
# A title, and below it sentences, lists and tables in their order.
SECTIONS: tuple[tuple[str, tuple[str | tuple[str, ...] | list[tuple[str, ...]], ...]], ...] = (
    (
        "取得する情報",
        (
            "当社は、次の情報を取得します。",
            ("氏名、住所", "メールアドレス", "閲覧の履歴"),
            "お問い合わせの際には、会社名、ご相談の内容を記入していただきます。",
        ),
    ),
    (
        "利用目的",
        (
            "当社は、取得した情報を次の目的で利用します。",
            ("商品の発送のため", "料金の請求のため", "お問い合わせへの回答"),
            "利用目的を変更したときは、公表します。",
        ),
    ),
    (
        "情報と目的の一覧",
        (
            [
                ("取得する情報", "利用目的"),
                ("端末の識別子", "不正な利用の防止"),
                ("アンケートの回答", "商品の改善"),
            ],
        ),
    ),
    (
        "第三者への提供",
        ("次の場合を除き、同意なく第三者に提供しません。", ("法令に基づく場合", "緊急の場合")),
    ),
    ("お問い合わせ窓口", ("株式会社見本　総務部", "電話：03-1111-2222", "メール：a@mihon.example")),
)


def markdown(bullet: str = "- ") -> str:
    parts = [f"# {TITLE}", OPENING]
    for title, body in SECTIONS:
        parts.append(f"## {title}")
        for one in body:
            if isinstance(one, str):
                parts.append(one)
            elif isinstance(one, tuple):
                parts.append("\n".join(bullet + entry for entry in one))
            else:
                rows = ["| " + " | ".join(row) + " |" for row in one]
                parts.append("\n".join([rows[0], "| --- | --- |", *rows[1:]]))
    return "\n\n".join(parts) + "\n"


def page(item: str = "ul", wrap: str = "{}") -> str:
    parts = [f"<h1>{TITLE}</h1><p>{OPENING}</p>"]
    for title, body in SECTIONS:
        parts.append(f"<h2>{title}</h2>")
        for one in body:
            if isinstance(one, str):
                parts.append(f"<p>{html.escape(one)}</p>")
            elif isinstance(one, tuple):
                parts.append(f"<{item}>{''.join(f'<li>{e}</li>' for e in one)}</{item}>")
            else:
                rows = ["".join(f"<td>{cell}</td>" for cell in row) for row in one]
                parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    nav = "<nav><ul><li>商品</li><li>会社概要</li></ul></nav>"
    return f"<html><body>{nav}{wrap.format(''.join(parts))}<footer>© Mihon</footer></body></html>"


def plain(head: str = "■{t}", bullet: str = "・") -> str:
    parts = [TITLE, OPENING]
    for n, (title, body) in enumerate(SECTIONS, 1):
        lines = [head.format(t=title, n=n)]
        for one in body:
            if isinstance(one, str):
                lines.append(one)
            elif isinstance(one, tuple):
                lines += [bullet + entry for entry in one]
            else:
                lines += ["| " + " | ".join(row) + " |" for row in one]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def below(node: Node) -> int:
    """The entries below a clause, without the rule that Markdown draws below the head of a table."""
    return sum(not set(child.text) <= set("|-: ") for child in node.children)


def seen(outline: Outline) -> dict[str, object]:
    return {
        "title": outline.title,
        "titles": [node.title.lstrip("■") for node in outline.articles],
        "shapes": [(node.kind, below(node)) for node in outline.articles],
        "items": [one.name for one in outline.items],
        "purposes": [one.name for one in outline.purposes],
        "contact": (outline.contact.name, outline.contact.phone, outline.contact.mail),
    }


FIRST = seen(outline_of([("p.md", markdown())]))


def test_the_markdown_form_is_what_was_written() -> None:
    assert FIRST["titles"] == [title for title, _ in SECTIONS]
    assert FIRST["items"] == [
        "氏名、住所",
        "メールアドレス",
        "閲覧の履歴",
        "会社名",
        "ご相談の内容",
        "端末の識別子",
        "アンケートの回答",
    ]
    assert FIRST["purposes"] == [
        "商品の発送のため",
        "料金の請求のため",
        "お問い合わせへの回答",
        "不正な利用の防止",
        "商品の改善",
    ]
    assert FIRST["contact"] == ("株式会社見本", "03-1111-2222", "a@mihon.example")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.md", markdown("* ")),
        ("p.md", markdown("1. ")),
        ("p.html", page()),
        ("p.html", page("ol")),
        ("p.html", page(wrap="<main><div class='x'><section>{}</section></div></main>")),
        ("p.txt", plain()),
        ("p.txt", plain("【{t}】", "● ")),
        ("p.txt", plain("第{n}条（{t}）", "- ")),
        ("p.txt", plain("{n}. {t}", "・")),
    ],
)
def test_every_form_gives_the_same_reading(name: str, text: str) -> None:
    assert seen(outline_of([(name, text)])) == FIRST
