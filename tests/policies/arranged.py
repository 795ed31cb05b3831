"""Policies put together in rarer shapes: headings of three levels, tables, joint use, page feet, words that are no data."""

from __future__ import annotations

import random
from typing import Final

from tests.policies.composed import ITEMS, KANJI, OTHERS, PURPOSES, Composed

# Each names nouns that look like data or purposes, and acquires nothing.
NEITHER: Final = (
    (
        "Cookieの利用",
        "当サイトでは、利便性の向上のためCookieを利用します。ブラウザの設定により無効にできます。",
    ),
    (
        "アクセス解析ツール",
        "当サイトでは、Googleアナリティクスを利用しています。個人を特定する情報は含みません。",
    ),
    ("SSLの使用", "当サイトは、通信の暗号化のためSSLに対応しています。"),
    (
        "リンク先のサイト",
        "リンク先のサイトにおける個人情報の取扱いについて、{s}は責任を負いません。",
    ),
    (
        "個人情報の定義",
        "個人情報とは、氏名、生年月日その他の記述により特定の個人を識別できるものをいいます。",
    ),
    ("カード情報の取扱い", "クレジットカード情報は、決済代行会社が管理し、{s}では保持しません。"),
)
HEADS: Final = (
    ("{n}. {t}", "{n}.{m} {t}", "{n}.{m}.{i} "),
    ("第{n}条（{t}）", "{m}. {t}", "({i}) "),
    ("{n}．{t}", "（{m}）{t}", "{c}"),
    ("■{t}", "（{m}）{t}", "・"),
    ("{k}、{t}", "{m}. {t}", "・"),
    ("第{n}条　{t}", "({m}) {t}", "{a}. "),
    ("{t}", "（{m}）{t}", "・"),
    ("## {t}", "### {t}", "- "),
)
TABLES: Final = ("| {0} | {1} |", "|{0}|{1}|")
GROUPS: Final = ("お客様に関する情報", "お取引先に関する情報", "採用に応募された方に関する情報")
OWNERS: Final = ("お客様の個人情報", "お取引先の個人情報", "採用に応募された方の個人情報")


def policy(seed: int) -> Composed:
    """The policy that a seed gives."""
    draw = random.Random(seed)
    who = draw.choice(("当社", "弊社", "当協会", "本学"))
    items, purposes = draw.sample(ITEMS, 6), draw.sample(PURPOSES, 6)
    forms = draw.choice(HEADS)
    shape = draw.choice((_nested, _tables, _nested))
    sections = [*shape(draw, forms, items, purposes)]
    sections += [
        (draw.choice(titles), [line for line in lines if line[0] != "+"][:1])
        for titles, lines in draw.sample(OTHERS[1:4], 2)
    ]
    sections += [(title, [line]) for title, line in draw.sample(NEITHER, draw.randint(1, 3))]
    if draw.random() < 0.4:
        sections.append(_joint(draw, forms, purposes))
    sections.append(("お問い合わせ窓口", ["NPO法人つばさ　個人情報相談窓口", "電話：03-1234-5678"]))
    lines = [
        "個人情報保護方針",
        "",
        "NPO法人つばさ（以下「{s}」といいます。）は、次のとおり定めます。",
        "",
    ]
    for n, (title, body) in enumerate(sections, 1):
        lines += [forms[0].format(n=n, k=KANJI[n - 1], t=title), *[""] * (forms[0] == "{t}")]
        lines += [line.replace("{n}", str(n)) for line in body] + [""]
    # One clause goes on over a page.
    text = [line.replace("{s}", who).replace("{p}", "会員") for line in lines]
    if draw.random() < 0.5:
        text = _paged(draw, text)
    return Composed("\n".join(text), len(sections), items, purposes)


def _nested(
    draw: random.Random, forms: tuple[str, str, str], items: list[str], purposes: list[str]
) -> list[tuple[str, list[str]]]:
    """Two articles, each with two parts that have headings of their own and a list below."""
    said = (
        ("取得する情報", "{s}は、次の情報を取得します。", GROUPS, items),
        ("利用目的", "{s}は、個人情報を次の目的で利用します。", OWNERS, purposes),
    )
    made = []
    for title, lead, groups, named in said:
        body = [lead] if draw.random() < 0.7 else []
        for m, (group, mine) in enumerate(zip(groups, (named[:3], named[3:]), strict=False), 1):
            body.append(forms[1].replace("{n}", "{{n}}").format(m=m, t=group))
            body += [
                forms[2].replace("{n}", "{{n}}").format(m=m, i=i, c="①②③"[i - 1], a="abc"[i - 1])
                + one
                for i, one in enumerate(mine, 1)
            ]
        made.append((title, body))
    return made


def _tables(
    draw: random.Random, _: tuple[str, str, str], items: list[str], purposes: list[str]
) -> list[tuple[str, list[str]]]:
    """One article whose table says what is used for what, and one whose table says who receives data."""
    row = draw.choice(TABLES).format
    head, heads = draw.choice((("取得する情報", "利用目的"), ("個人情報の項目", "利用の目的")))
    rows = [row(one, what) for one, what in zip(items, purposes, strict=True)]
    whom = [row("委託先", "委託する業務"), row("株式会社みなと運輸", "配送業務")]
    return [
        (
            "取得する情報と利用目的",
            [
                "{s}は、次のとおり個人情報を取得し、利用します。",
                row(head, heads),
                row("---", "---"),
                *rows,
            ],
        ),
        (
            "業務の委託先",
            ["{s}は、業務の一部を次の者に委託します。", whom[0], row("---", "---"), whom[1]],
        ),
    ]


def _joint(
    draw: random.Random, forms: tuple[str, str, str], purposes: list[str]
) -> tuple[str, list[str]]:
    """Joint use by the four points of the law, whose data and purposes are not those of the policy itself."""
    points = (
        ("共同して利用される個人データの項目", "氏名、住所、電話番号"),
        ("共同して利用する者の範囲", "株式会社みなと運輸、株式会社みなと商事"),
        ("利用する者の利用目的", draw.choice(purposes)),
        ("管理について責任を有する者", "NPO法人つばさ"),
    )
    colon = draw.choice(("：", "　"))
    marks = [
        forms[2].replace("{n}.{m}.", "{{n}}.").format(i=i, c="①②③④"[i - 1], a="abcd"[i - 1])
        for i in range(1, 5)
    ]
    return "共同利用", [
        "{s}は、個人データを次のとおり共同で利用します。",
        *(f"{mark}{point}{colon}{what}" for mark, (point, what) in zip(marks, points, strict=True)),
    ]


def _paged(draw: random.Random, lines: list[str]) -> list[str]:
    """The lines with a foot after every dozen or so, now and then amid a sentence."""
    foot = draw.choice(("- {} -", "{} / 9", "{} ページ"))
    made: list[str] = []
    page = 0
    for at, line in enumerate(lines):
        if at and at % 14 == 0 and len(line) > 9 and not line.startswith("|"):
            page += 1
            half = len(line) * 2 // 3
            made += (
                [line[:half], foot.format(page), line[half:]]
                if "。" in line
                else [foot.format(page), line]
            )
        else:
            made.append(line)
    return made
