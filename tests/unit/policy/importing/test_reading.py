"""The example company's own text becomes the tree of clauses that a reader sees in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import Outline

SEED = Path(__file__).parents[4] / "examples" / "levii" / "seed.ja.txt"


@pytest.fixture(scope="module")
def seed() -> Outline:
    return outline_of([("seed.ja.txt", SEED.read_text(encoding="utf-8"))])


def below(outline: Outline, id_: str) -> int:
    return len(outline.by_id[id_].children)


def test_the_seed_has_eight_clauses_a_preamble_and_two_dates(seed: Outline) -> None:
    assert [node.id for node in seed.nodes] == ["pre", *"12345678", "d.upd", "d.made"]


def test_the_seed_has_the_items_that_a_reader_counts(seed: Outline) -> None:
    counted = {id_: below(seed, id_) for id_ in ("1", "2", "2.2", "2.3", "3", "4", "4.1", "4.2")}
    assert counted == {"1": 2, "2": 3, "2.2": 5, "2.3": 7, "3": 4, "4": 2, "4.1": 5, "4.2": 0}


def test_a_sentence_that_a_page_cut_is_one_again(seed: Outline) -> None:
    assert "場合であつて、利用者の同意" in seed.by_id["4.1.4"].text
    assert [why for why, _ in seed.by_id["4.1.4"].breaks] == ["page"]
    assert "必要となるような内容の変更" in seed.by_id["8"].text


def test_a_list_that_a_page_cut_is_one_list_and_says_so(seed: Outline) -> None:
    assert [why for why, _ in seed.by_id["2.3.3"].breaks] == ["list"]


def test_every_span_is_a_place_in_the_source(seed: Outline) -> None:
    source = dict(seed.sources)
    for node in seed.walk():
        said = source[node.span.file][node.span.start : node.span.end]
        assert said.startswith((node.number, node.title or node.text[:4])), node.id
        assert source[node.span.file][: node.span.start].count("\n") + 1 == node.span.line


def test_the_seed_names_five_items_and_seven_purposes(seed: Outline) -> None:
    assert [item.clause for item in seed.items] == [f"2.2.{n}" for n in range(1, 6)]
    assert [purpose.clause for purpose in seed.purposes] == [f"2.3.{n}" for n in range(1, 8)]


def test_what_was_found_points_at_its_own_words(seed: Outline) -> None:
    source = dict(seed.sources)
    found = [(one.span, one.text) for one in seed.items]
    found += [(one.span, one.text) for one in seed.purposes]
    assert all(source[span.file][span.start : span.end] == text for span, text in found)


def test_what_is_observed_is_told_from_what_is_provided(seed: Outline) -> None:
    assert [item.source for item in seed.items] == [*["provided"] * 3, "observed", "provided"]


def test_the_rows_of_a_table_are_never_joined() -> None:
    rows = "".join(
        f"|お申込みの機会その{n}|氏名{n}、住所{n}、メールアドレス{n}|\n" for n in range(9)
    )
    text = f"## 取得する情報\n\n|取得の機会|取得する個人情報|\n|---|---|\n{rows}\n## 窓口\n\na@b.example\n"
    outline = outline_of([("p.md", text)])
    assert len(outline.items) == 27
    assert outline.items[-1].text == "メールアドレス8"


def test_lines_that_never_end_a_sentence_are_joined_no_longer_than_a_sentence_is() -> None:
    text = (
        "プライバシーポリシー\n\n第1条（目的）\n"
        + "個人情報を次の目的のために利用する当社の定める" * 2
        + "\n"
    )
    outline = outline_of(
        [("p.txt", text + "お客様に商品を発送するための情報と代金を請求するための情報と\n" * 300)]
    )
    said = max((line for node in outline.walk() for line in node.text.split("\n")), key=len)
    assert len(said) < 2_000


def test_words_that_a_clause_names_twice_are_placed_each_in_its_sentence() -> None:
    text = "■取得する情報\n当社は、住所、氏名を取得します。また、電話番号を取得します。\n\n■窓口\na@b.example\n"
    found = outline_of([("p.txt", text)]).items
    assert [text[one.span.start : one.span.end] for one in found] == ["住所", "氏名", "電話番号"]
    assert all(one.span.line == 2 for one in found)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2024年10月1日 改定・施行", ["updated", "effective"]),
        ("2024年10月1日に改定し、同日より施行します。", ["updated", "effective"]),
        ("2024年10月1日制定・施行", ["made", "effective"]),
        ("2024年10月1日改定", ["updated"]),
        ("改定日：2024年10月1日（同日施行）", ["updated", "effective"]),
        ("2024年10月1日制定、即日施行", ["made", "effective"]),
        ("令和6年1月15日改定（同年2月1日施行）", ["updated", "effective"]),
        ("2020年4月1日制定 2024年10月1日改定", ["made", "updated"]),
    ],
)
def test_one_day_may_be_that_of_the_change_and_of_its_force(line, expected):
    text = f"プライバシーポリシー\n\n1. 利用目的\n商品の発送のため\n\n2. お問い合わせ窓口\n電話 03-0000-0000\n\n{line}\n"
    assert [day.kind for day in outline_of([("p.txt", text)]).days] == expected


def test_a_company_of_one_sign_is_named_alone():
    text = "プライバシーポリシー\n\n株式会社甲は次のように扱います。\n\n1. 利用目的\n商品の発送のため\n"
    assert outline_of([("p.txt", text)]).contact.name == "株式会社甲"


@pytest.mark.parametrize(
    "line",
    [
        "制定 2005年4月1日／改定 2022年4月1日／最終改定 2024年7月16日（同年8月1日施行）",
        "2005年4月1日制定 2024年7月16日改定(第4版) 2024年8月1日施行\n代表取締役社長 細見 隆",
        "Adopted 1 April 2005. Last amended 16 July 2024, in force from 1 August 2024.",
    ],
)
def test_several_days_of_one_line_are_told_apart(line: str) -> None:
    text = f"プライバシーポリシー\n\n1. 利用目的\n商品の発送のため\n\n2. お問い合わせ窓口\n電話 03-0000-0000\n\n{line}\n"
    outline = outline_of([("p.txt", text)])
    days = {kind: str(outline.day(kind)) for kind in ("made", "updated", "effective")}
    assert days == {"made": "2005-04-01", "updated": "2024-07-16", "effective": "2024-08-01"}


def test_what_a_template_leaves_open_is_no_bullet() -> None:
    text = "プライバシーポリシー\n\n1. 第三者提供\n○○教室は、第三者に渡しません。\n\n2. 窓口\n電話 03-0000-0000\n"
    assert [len(node.children) for node in outline_of([("p.txt", text)]).articles] == [0, 0]


def test_a_row_of_a_history_names_the_day_of_force_beside_that_of_the_change() -> None:
    rows = "| 版 | 日付 | 内容 |\n|---|---|---|\n| 1 | 2021年4月1日 | 制定 |\n"
    rows += "| 2 | 2024年11月5日 | 4を追加（2024年11月20日施行） |\n"
    outline = outline_of(
        [("p.md", f"# プライバシーポリシー\n\n## 利用目的\n\n発送のため利用します。\n\n{rows}")]
    )
    days = {kind: str(outline.day(kind)) for kind in ("made", "updated", "effective")}
    assert days == {"made": "2021-04-01", "updated": "2024-11-05", "effective": "2024-11-20"}


def test_the_data_in_the_headings_over_purposes_are_items() -> None:
    text = "個人情報の取扱いについて\n\n1. 利用目的\n(1) お取引先の個人情報（氏名、部署名、電話番号）\n・受注のため\n"
    text += (
        "(2) 応募者の個人情報（履歴書、職務経歴書）\n・選考のため\n\n2. 窓口\n電話 03-0000-0000\n"
    )
    outline = outline_of([("p.txt", text)])
    assert [one.text for one in outline.items] == [
        "氏名",
        "部署名",
        "電話番号",
        "履歴書",
        "職務経歴書",
    ]
    assert [one.text for one in outline.purposes] == ["受注のため", "選考のため"]


def test_an_item_knows_the_data_that_its_words_count(seed: Outline) -> None:
    counted = {item.clause: item.examples for item in seed.items}
    assert counted["2.2.1"] == ("氏名(法人の場合は会社名)", "住所", "勤務先", "申し込み人数")
    assert counted["2.2.2"] == ("電話番号", "メールアドレス")
    assert counted["2.2.3"] == ("クレジットカード情報",)
    assert counted["2.2.4"][0] == "本サービスの利用履歴"
    assert counted["2.2.5"] == ()  # 本サービスの利用を通じて is no datum


@pytest.mark.parametrize(
    ("entry", "counted"),
    [
        ("連絡先（電話番号、メールアドレス）", ("電話番号", "メールアドレス")),
        ("端末情報（例：OS、機種名など）", ("OS", "機種名")),
        (
            "診療で得られるレントゲン写真、口腔内写真、歯型",
            ("レントゲン写真", "口腔内写真", "歯型"),
        ),
        ("保護者の氏名・住所・電話番号", ("保護者の氏名", "住所", "電話番号")),
        ("旅券番号及び旅券の有効期限", ("旅券番号", "旅券の有効期限")),
        ("氏名", ()),
        ("その他当社が定める情報", ()),
    ],
)
def test_an_entry_counts_the_data_of_its_words(entry: str, counted: tuple[str, ...]) -> None:
    text = f"プライバシーポリシー\n\n1. 取得する情報\n当社は、次の情報を取得します。\n・{entry}\n・会員番号\n\n2. 窓口\n電話：03-1234-5678\n"
    found = outline_of([("p.txt", text)]).items
    assert [item.text for item in found] == [entry, "会員番号"]
    assert found[0].examples == counted


def test_an_entry_in_english_counts_the_data_of_its_words() -> None:
    text = "Privacy Policy\n\n1. Information we collect\nWe collect the following personal information:\n- names, delivery addresses and telephone numbers\n- cookies\n\n2. Contact\nprivacy@example.com\n"
    found = outline_of([("p.txt", text)]).items
    assert found[0].examples == ("names", "delivery addresses", "telephone numbers")
