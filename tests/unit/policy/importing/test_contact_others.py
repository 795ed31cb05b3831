"""Who answers is told from headings, forms, other bodies and blanks; days are read in histories and in the middle."""

from __future__ import annotations

from datetime import date

import pytest

from chikai.policy import lint
from chikai.policy.importing import outline_of, report
from chikai.policy.outline import Contact, Outline

COMPANY = "株式会社さくら通販（以下「当社」）は、個人情報を次のとおり取り扱います。"
USE = "1. 利用目的\n商品の発送のために利用します。"


def read(desk: str, first: str = COMPANY) -> Outline:
    return outline_of([("p.txt", f"プライバシーポリシー\n\n{first}\n\n{USE}\n\n{desk}\n")])


def contact(desk: str, first: str = COMPANY) -> Contact:
    return read(desk, first).contact


@pytest.mark.parametrize(
    ("said", "desk"),
    [
        ("2. お問い合わせ\n受付窓口 | お客様サービス係\n電話 03-1234-5678", "お客様サービス係"),
        ("2. お問い合わせ\n受付窓口：株式会社さくら通販 総務部", "総務部"),
        ("2. 相談窓口\nお客様サービス係\n電話 03-1234-5678", "お客様サービス係"),
        ("2. 相談窓口\n電話 03-1234-5678", ""),
        ("【相談窓口】\n電話 03-1234-5678", ""),
        ("2. お問い合わせ\n受付窓口：https://sakura.example/form", ""),
        ("2. お問い合わせ\nお問い合わせ先：03-1234-5678", ""),
        (
            "2. お問い合わせ\n株式会社さくら通販 個人情報お問い合わせ窓口\n電話 03-1234-5678",
            "個人情報お問い合わせ窓口",
        ),
    ],
)
def test_the_word_of_a_heading_is_no_desk(said: str, desk: str) -> None:
    assert contact(said).desk == desk


def test_the_row_of_a_table_names_the_desk() -> None:
    rows = "2. お問い合わせ\n\n| 項目 | 内容 |\n|---|---|\n| 受付窓口 | お客様サービス係 |\n| 所在地 | 東京都港区 |"
    found = contact(rows)
    assert (found.desk, found.address) == ("お客様サービス係", "東京都港区")


def test_a_form_to_print_is_not_the_page_of_the_desk() -> None:
    said = "2. お問い合わせ\n請求書（https://sakura.example/kaiji.pdf）を郵送してください。\nhttps://sakura.example/privacy"
    assert contact(said).url == "https://sakura.example/privacy"
    assert contact(said.rpartition("\n")[0]).url == ""


OTHERS = """2. お問い合わせ窓口
株式会社さくら通販 お客様相談室
mail@sakura.example

3. 認定個人情報保護団体
苦情の解決の申出先
一般財団法人日本情報経済社会推進協会
〒106-0032 東京都港区六本木一丁目9番9号
電話 03-9999-0000"""


def test_the_body_that_hears_complaints_is_not_the_operator() -> None:
    found = contact(OTHERS)
    assert (found.desk, found.mail) == ("お客様相談室", "mail@sakura.example")
    assert (found.phone, found.address, found.postal_code) == ("", "", "")


def test_the_telephone_of_another_company_is_not_the_operators() -> None:
    said = "2. お問い合わせ窓口\nさくら通販 お客様相談室\n東京都港区海岸1-1\n\n【有限会社うめ物流】\n電話 06-3333-4444"
    found = contact(said)
    assert (found.address, found.phone) == ("東京都港区海岸1-1", "")
    assert contact(f"{said}\n\n3. 代表番号\nさくら通販 電話 03-1111-2222").phone == "03-1111-2222"


def test_the_signature_of_the_company_itself_is_read_wherever_it_stands() -> None:
    said = "2. 基本方針\n法令を守ります。\n\n株式会社さくら通販\n代表取締役　佐倉 花\n\n3. 窓口\n電話 03-1111-2222"
    assert contact(said).representative == "佐倉 花"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("住所：東京都港区", "東京都港区"),
        ("所在地：愛知県名古屋市千種区（詳細は後日）", "愛知県名古屋市千種区"),
        ("長野県松本市中央", "長野県松本市中央"),
        ("東京都港区の店舗でも受け付けます。", ""),
        ("東京都港区では", ""),
    ],
)
def test_an_address_may_end_at_its_city_or_ward(said: str, address: str) -> None:
    assert contact(f"2. お問い合わせ\n{said}\nmail@sakura.example").address == address


@pytest.mark.parametrize(
    ("said", "name", "head"),
    [
        ("パン工房こむぎ　店主　小麦 花子", "パン工房こむぎ", "小麦 花子"),
        ("手づくり雑貨ひなた　代表 日向 葵", "手づくり雑貨ひなた", "日向 葵"),
        ("個別指導塾まなび　塾長　学 太郎", "個別指導塾まなび", "学 太郎"),
        ("お客様　代表　山田", "", "山田"),
    ],
)
def test_a_trade_name_stands_before_its_head(said: str, name: str, head: str) -> None:
    found = contact(
        f"2. お問い合わせ\n{said}\nmail@shop.example", "お客様の個人情報を大切にします。"
    )
    assert (found.name, found.representative) == (name, head)


@pytest.mark.parametrize(
    "blank",
    [
        "【会社名】",
        "株式会社○○○",
        "〇〇株式会社",
        "株式会社***",
        "【要記入：会社名】",
        "株式会社XXX",
    ],
)
def test_the_blank_of_a_template_is_no_name(blank: str) -> None:
    first = f"{blank}（以下「当社」といいます。）は、個人情報を次のとおり取り扱います。"
    assert contact(
        f"2. お問い合わせ\n社名：{blank}\n担当：＿＿＿＿\n〒000-0000\nxxx@xxx.example", first
    ) == Contact(clause="2")


@pytest.mark.parametrize(("desk", "told"), [("", True), (" 個人情報係", False)])
def test_an_address_and_a_mail_are_half_a_contact_without_the_name_of_a_desk(desk, told) -> None:
    said = f"2. お問い合わせ\n株式会社さくら通販{desk}\n東京都港区海岸1-1\nmail@sakura.example"
    found = {one.rule: one.severity for one in lint.of_text(read(said))}
    assert found.get("L-DIS-09") == ("info" if told else None)


HISTORY = """2. 改定履歴

| 版 | 施行日 | 内容 |
|---|---|---|
| 1.0 | 2020年4月1日 | 初版 |
| 1.1 | 2023/10/01 | 利用目的の追加 |
| 2.0 | 令和7年6月1日 | 全面改定 |"""


def test_the_rows_of_a_history_are_days() -> None:
    outline = read(HISTORY)
    assert outline.day("made") == date(2020, 4, 1)
    assert outline.day("updated") == date(2025, 6, 1)
    assert outline.day("effective") == date(2025, 6, 1)
    assert not {one.rule for one in lint.of_text(outline)} & {"L-DAT-01", "L-DAT-03"}


def test_the_lines_of_a_history_are_days_by_what_was_done() -> None:
    said = "2. 変更履歴\n第1版 2020年4月1日 作成\n第2版　2023年10月1日　利用目的を追加しました"
    outline = read(said)
    assert (outline.day("made"), outline.day("updated")) == (date(2020, 4, 1), date(2023, 10, 1))


def test_a_table_without_days_of_the_policy_has_none() -> None:
    said = "2. 開示の期間\n\n| 請求日 | 回答日 |\n|---|---|\n| 2020年4月1日に受けたご請求 | 2020年4月8日までに回答 |"
    assert read(said).days == ()


def test_the_foot_of_the_policy_is_not_the_foot_of_the_page() -> None:
    page = (
        "<html><body><h1>プライバシーポリシー</h1><h2>1. 利用目的</h2><p>個人情報を発送のため利用します。</p>"
        "<div class='p-privacy__footer'><ul><li>制定 ２００５年４月１日</li></ul>"
        "<h4>株式会社さくら通販</h4><h5>代表取締役 佐倉 花</h5></div>"
        "<div class='site-footer'><p>改定 2001年1月1日</p></div></body></html>"
    )
    outline = outline_of([("p.html", page)])
    assert (outline.day("made"), outline.day("updated")) == (date(2005, 4, 1), None)
    assert outline.contact.representative == "佐倉 花"


@pytest.mark.parametrize(
    ("said", "made", "updated"),
    [
        ("制定：2020年8月\n改定：令和3年7月", "2020-08", "2021-07"),
        ("制定：2020年8月1日\n改定：2021年7月", "2020-08-01", "2021-07"),
    ],
)
def test_a_month_without_a_day_is_told_as_a_month(said: str, made: str, updated: str) -> None:
    dates = report.as_value(read(f"2. 窓口\n電話 03-0000-0000\n\n{said}"))["dates"]
    assert isinstance(dates, dict)
    assert (dates["made"], dates["updated"]) == (made, updated)
