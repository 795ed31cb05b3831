"""Policies put together at random from the words of many companies, with what a reader would count in them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

TOPS: Final = (
    *("第{n}条（{t}）", "第{n}条　{t}", "第{k}条（{t}）", "{n}. {t}", "{n} {t}", "{n}）{t}"),
    *("{k}、{t}", "{k}　{t}", "■{t}", "◆ {t}", "【{t}】", "＜{t}＞", "[{t}]", "（{n}）{t}", "{t}"),
)
INNER: Final = ("・", "- ", "{a}. ", "({a}) ", "○ ", "* ", "{c} ")
KANJI: Final = (*"一二三四五六七八九十", "十一", "十二")
ITEMS: Final = (
    "氏名 フリガナ 生年月日 性別 住所 電話番号 携帯電話番号 メールアドレス 勤務先 所属部署 役職 職業 国籍 顔写真 銀行口座情報 "
    "クレジットカード情報 購入履歴 閲覧履歴 アクセスログ IPアドレス 端末情報 位置情報 お問い合わせ内容 ログインID 学歴 職歴 資格 "
    "既往歴 家族構成 緊急連絡先 会員番号 配送先 受講履歴 成績 通話の録音 年収 免許証番号"
).split()
PURPOSES: Final = (
    "商品の発送 ご注文の確認 代金の請求 料金の決済 お問い合わせへの対応 本人確認 アフターサービス メールマガジンの配信 "
    "新商品のご案内 サービスの改善 新サービスの開発 利用状況の分析 不正利用の防止 会員登録の管理 予約の受付 セミナーの運営 "
    "修了証の発行 採用選考 契約の履行 統計資料の作成 検査結果の連絡 教材の送付 障害時の連絡 広告の配信 抽選と当選の通知"
).split()
ACQUIRED: Final = (
    "{s}は、{p}から、{x}を取得します。",
    "{s}は、{p}の{x}などの個人情報をお預かりします。",
    "{s}が取得する個人情報は、{x}です。",
    "会員登録の際に、{x}をご入力いただきます。",
    "お申し込み時に{x}をお伺いします。",
)
USED: Final = (
    "{s}は、取得した個人情報を、{x}のために利用します。",
    "お預かりした個人情報は、{x}に利用いたします。",
    "利用目的は、{x}です。",
    "個人情報は、{x}の目的で利用いたします。",
)
LISTED: Final = (
    ("{s}は、次の個人情報を取得します。", "以下の情報をお預かりします。"),
    (
        "{s}は、取得した個人情報を次の目的で利用します。",
        "取得した情報は、以下のことに利用させていただきます。",
    ),
)
TITLES: Final = (
    ("取得する情報", "個人情報の収集について", "お預かりする個人情報", "収集する情報"),
    ("利用目的", "個人情報の利用", "個人情報を利用する目的", "利用の目的"),
)
OTHERS: Final = (
    (
        ("第三者への提供", "第三者への開示・提供の制限", "個人情報の第三者提供"),
        (
            "{s}は、次の場合を除き、{p}の同意なく個人情報を第三者に提供しません。",
            "+法令に基づく場合",
            "+業務を委託する場合",
        ),
    ),
    (
        ("委託先の監督", "業務委託"),
        ("{s}は、業務の一部を外部に委託する場合、委託先を適切に監督します。",),
    ),
    (
        ("安全管理措置", "セキュリティ"),
        ("{s}は、漏えい、滅失又は毀損の防止のため、必要な措置を講じます。",),
    ),
    (
        ("開示等の請求", "照会・訂正・削除について"),
        ("{p}は、{s}に対し、開示、訂正、利用停止を請求できます。",),
    ),
    (
        ("アクセス解析ツール", "Cookieの使用"),
        ("当サイトでは、Googleアナリティクスを利用しています。",),
    ),
    (("ポリシーの変更について", "改善と見直し"), ("{s}は、本ポリシーを変更することがあります。",)),
)
DESK: Final = (
    "NPO法人つばさ　個人情報相談窓口",
    "電話：03-1234-5678",
    "メール：privacy@example.jp",
)


@dataclass(frozen=True, slots=True)
class Composed:
    """A text, the number of its articles, and the items and purposes that it names."""

    text: str
    articles: int
    items: list[str]
    purposes: list[str]


def policy(seed: int) -> Composed:
    """The policy that a seed gives."""
    draw = random.Random(seed)
    top, inner = draw.choice(TOPS), draw.choice(INNER)
    who = {
        "s": draw.choice(("当社", "弊社", "当協会", "本学")),
        "p": draw.choice(("お客様", "会員", "受講者", "ご利用者")),
    }
    items, purposes = (
        draw.sample(ITEMS, draw.randint(3, 6)),
        draw.sample(PURPOSES, draw.randint(3, 6)),
    )
    parts = [
        (draw.choice(titles), _said(draw, prose, lead, named))
        for titles, prose, lead, named in zip(
            TITLES, (ACQUIRED, USED), LISTED, (items, purposes), strict=True
        )
    ]
    parts += [
        (draw.choice(titles), said) for titles, said in draw.sample(OTHERS, draw.randint(3, 6))
    ]
    parts.append(("お問い合わせ窓口", DESK))
    width = draw.choice((0, 0, 36, 40))
    apart = [""] if "{" not in top.replace("{t}", "") else []
    lines = [
        "個人情報保護方針",
        "",
        "NPO法人つばさ（以下「{s}」といいます。）は、{p}の個人情報を以下のとおり取り扱います。",
        "",
    ]
    for n, (title, said) in enumerate(parts, 1):
        lines += [top.format(n=n, k=KANJI[n - 1], t=title), *apart]
        for m, line in enumerate(said):
            mark = inner.format(a="abcdefgh"[m - 1], c="①②③④⑤⑥⑦⑧"[m - 1]) if line[0] == "+" else ""
            lines.append(mark + line.removeprefix("+"))
        lines += ["", *apart]
    lines = [line.format(**who) for line in lines]
    cut = (
        [line[at : at + width] for line in lines for at in range(0, len(line) or 1, width)]
        if width
        else lines
    )
    return Composed("\n".join(cut), len(parts), items, purposes)


def _said(
    draw: random.Random, prose: tuple[str, ...], lead: tuple[str, ...], named: list[str]
) -> tuple[str, ...]:
    if draw.random() < 0.5:
        return (draw.choice(prose).replace("{x}", "、".join(named)),)
    return (draw.choice(lead), *(f"+{one}" for one in named))
