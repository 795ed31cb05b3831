"""What a line begins with is its number unless it counts something, and a number says what it stands below."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import Outline

# Words that begin as what a number may count: persons, days, cases, companies.
WORDS = (
    "人の生命、身体または財産を守るとき 人事 人材の募集 人権 項目名 件名 件数 回答の方法 回線 年齢 年収 年月日 月額 "
    "日本語の表示 日時 日程 点検 社員教育 社内の規程 社団 部署 号室 名前 名称 名簿 種類 条件 分析 分野 時刻 時期 "
    "円滑な運営 才能 番号 番組 階層 個人情報 本人確認 倍率 通知 級 室"
).split()
AMOUNTS = (
    "3 年間保存します 3 日以内に 10 人以上の者 2 社に渡します 30 日を経過 1.5 倍 2 週間 7 営業日 3 件の "
    "1.5 時間 5 分程度 3 名まで 2 回目 18 歳未満"
)

AFTER = "\n第2条（窓口）\n電話 03-1234-5678\n"


def read(text: str) -> Outline:
    return outline_of([("p.txt", f"プライバシーポリシー\n{text}")])


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("form", ["1.{n} {w}", "{n} {w}", "{n}. {w}", "1.{n}{w}"])
def test_a_word_that_begins_as_a_unit_keeps_its_number(word: str, form: str) -> None:
    entries = [form.format(n=n, w=w) for n, w in enumerate(["氏名", word, "住所"], 1)]
    above = "第1条（取得する情報）\n次の情報を取得します。\n"
    clause = read(above + "\n".join(entries) + AFTER).nodes[0]
    assert [child.text or child.title for child in clause.children] == ["氏名", word, "住所"]


@pytest.mark.parametrize(
    "said", [f"{a} {b}" for a, b in zip(*[iter(AMOUNTS.split())] * 2, strict=True)]
)
def test_an_amount_is_no_number_of_a_clause(said: str) -> None:
    clause = read(f"第1条（保存）\n当社は、次の期間保存します。\n{said}{AFTER}").nodes[0]
    assert [child.number for child in clause.children if child.number] == []


@pytest.mark.parametrize("lead", ["利用者が入力する情報", "利用者が入力する情報は次のとおりです。"])
def test_a_number_stands_below_the_number_that_it_goes_on(lead: str) -> None:
    text = (
        "1. 取得する情報\n"
        f"1.1 {lead}\n1.1.1 氏名\n1.1.2 住所\n1.2 自動的に取得する情報\n1.2.1 閲覧履歴\n"
        "2. 利用目的\n2.1 商品の発送\n"
    )
    first = read(text).nodes[0]
    assert [(child.id, len(child.children)) for child in first.children] == [("1.1", 2), ("1.2", 1)]
    assert [one.name for one in read(text).items] == ["氏名", "住所", "閲覧履歴"]


def test_a_number_in_a_box_of_its_own_is_that_of_the_heading_beside_it() -> None:
    page = "<html><body><h1>プライバシーポリシー</h1>" + "".join(
        f"<div><span>{n}</span><h2>{title}</h2><p>{said}</p></div>"
        for n, title, said in (
            (1, "取得する情報", "当社は、氏名、住所を取得します。"),
            (2, "利用目的", "取得した個人情報は、商品の発送のために利用します。"),
            (3, "窓口", "電話 03-1234-5678"),
        )
    )
    outline = outline_of([("p.html", page)])
    assert [node.title for node in outline.articles] == ["取得する情報", "利用目的", "窓口"]
    assert [one.name for one in outline.items] == ["氏名", "住所"]


@pytest.mark.parametrize(
    "goes_on", ["Ⅱの目的を改める場合は、掲示します。", "Ⅳ及びⅤは、別に定めます。"]
)
def test_a_roman_number_within_a_sentence_begins_no_clause(goes_on: str) -> None:
    outline = read(f"Ⅰ 利用目的\n発送のため利用します。\n{goes_on}\nⅡ 窓口\n電話 03-1234-5678\n")
    assert [(node.title, len(node.children)) for node in outline.articles] == [
        ("利用目的", 0),
        ("窓口", 0),
    ]


def test_a_reference_leads_to_the_article_that_prints_its_number_though_one_was_put_between() -> (
    None
):
    text = (
        "プライバシーポリシー\n第四条（利用目的）\n発送のために利用します。\n第四条の二（請求）\n請求のために利用します。\n"
        "第五条（第三者提供）\n第四条の二に定める場合を除き提供しません。第5条を参照してください。第6条によります。\n"
    )
    found = outline_of([("p.txt", text)])
    assert [(one.written, one.to) for one in found.references] == [
        ("第四条の二", "5"),
        ("第5条", "6"),
        ("第6条", ""),
    ]
