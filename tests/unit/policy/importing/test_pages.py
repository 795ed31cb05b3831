"""What pages repeat is no text: their numbers and running lines are left out, and what they cut is whole again."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of

PAGES = (
    """個人情報保護方針

株式会社あけぼの商事（以下「当社」という。）は、次のとおり個人情報を取り扱います。
1. 利用目的
当社は、取得した個人情報を次の目的で利用します。
(1) 商品の発送のため
(2) 代金の請求のため""",
    """(3) お問い合わせに回答する
ため
2. 第三者提供
当社は、法令に基づく場合を除き、本人の同意を得ないで個人デー""",
    """タを第三者に提供しません。
3. 窓口
電話　03-1234-5678
メール　kojin-joho@akebono-
shoji.example""",
)
FEET = ("- {n} -", "{n} / 3", "第 {n} ページ", "Page {n} of 3", "{n}ページ")
HEADS = ("", "あけぼの商事　　個人情報保護方針", "© あけぼの商事 2024", "社外秘　第{n}版")


def printed(head: str, foot: str, end: str = "\n") -> str:
    made = []
    for n, page in enumerate(PAGES, 1):
        made.append(f"{head.format(n=1)}\n{page}\n{foot.format(n=n)}".strip("\n"))
    return end.join(made) + "\n"


@pytest.mark.parametrize("end", ["\n", "\n\n", "\n\f"])
@pytest.mark.parametrize("foot", FEET)
@pytest.mark.parametrize("head", HEADS)
def test_the_furniture_of_pages_is_no_text(head: str, foot: str, end: str) -> None:
    outline = outline_of([("p.txt", printed(head, foot, end))])
    assert [node.title for node in outline.articles] == ["利用目的", "第三者提供", "窓口"]
    assert [one.name for one in outline.purposes] == [
        "商品の発送のため",
        "代金の請求のため",
        "お問い合わせに回答するため",
    ]
    assert outline.by_id["2"].text.endswith("個人データを第三者に提供しません。")
    assert outline.contact.mail == "kojin-joho@akebono-shoji.example"
    assert outline.title == "個人情報保護方針"


def test_what_comes_again_amid_pages_stays() -> None:
    text = printed("", "- {n} -").replace("ため\n2.", "ため\n以上\n2.")
    assert "以上" in outline_of([("p.txt", text)]).by_id["1"].whole


def test_numbers_that_do_not_count_up_are_no_pages() -> None:
    text = "プライバシーポリシー\n\n1. 目的\n商品の発送のため\n24 / 7\n2. 窓口\n受付\n9 / 5\na@b.example\n"
    whole = "\n".join(node.whole for node in outline_of([("p.txt", text)]).nodes)
    assert "24 / 7" in whole
    assert "9 / 5" in whole


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("privacy@\nmihon.example", "privacy@mihon.example"),
        ("privacy\n@mihon.example", "privacy@mihon.example"),
        ("privacy@mihon.\nexample.jp", "privacy@mihon.example.jp"),
    ],
)
def test_an_address_that_a_column_cut_is_one(cut: str, whole: str) -> None:
    text = f"プライバシーポリシー\n\n1. 目的\n商品の発送のため\n2. 窓口\nメール：{cut}\n電話：03-1111-2222\n"
    contact = outline_of([("p.txt", text)]).contact
    assert contact.mail == whole
    assert contact.phone == "03-1111-2222"


LEAFLET = """                個人情報の取扱いについて

　一般社団法人あかり会は、当会が主催する講座の受講者、会員、寄付者の
個人情報を、以下のように取り扱
います。

■取得する個人情報
・会員：お名前、ご住所
                                       1 / 2
\f                個人情報の取扱いについて
■利用の目的
　当会は、取得した個人情報を、講座の運営、会員証の発送、会費のご請求、寄付金
領収書の発行、報告書の送付に利用いたします。ほかの目的で利用することはありま
せん。

■お問合せ
一般社団法人あかり会　事務局
〒600-8001　京都府京都市下京区四条通1-2
TEL 075-123-4567（平日）　E-mail: info@akari.example
                                       2 / 2
"""


def test_short_lines_of_an_address_hide_no_column() -> None:
    outline = outline_of([("p.txt", LEAFLET)])
    assert [one.name for one in outline.purposes] == [
        "講座の運営",
        "会員証の発送",
        "会費のご請求",
        "寄付金領収書の発行",
        "報告書の送付",
    ]


@pytest.mark.parametrize("foot", ["{n} -", "{n}-", "- {n} -", "{n} ~"])
def test_a_number_with_a_stroke_behind_it_is_that_of_a_page(foot: str) -> None:
    lines = ["プライバシーポリシー", "1. 利用目的", "次の目的で利用します。", "(1) 発送のため"]
    lines += [
        foot.format(n=1),
        "(2) ご連絡のため",
        foot.format(n=2),
        "2. 窓口",
        "電話 03-1234-5678",
    ]
    outline = outline_of([("p.txt", "\n".join(lines))])
    assert [node.whole for node in outline.articles] == [
        "利用目的\n次の目的で利用します。\n発送のため\nご連絡のため",
        "窓口\n電話 03-1234-5678",
    ]


def test_the_title_that_the_second_page_repeats_is_no_text() -> None:
    lines = [
        "株式会社甲　プライバシーポリシー",
        "",
        "1. 利用目的",
        "次の目的で利用します。",
        "(1) 発送のため",
    ]
    lines += [
        "",
        "- 1 / 2 -",
        "",
        "株式会社甲　プライバシーポリシー",
        "",
        "(2) ご連絡のため",
        "2. 窓口",
    ]
    lines += ["電話 03-1234-5678", "", "- 2 / 2 -"]
    outline = outline_of([("p.txt", "\n".join(lines))])
    assert [one.text for one in outline.purposes] == ["発送のため", "ご連絡のため"]
    assert [node.title for node in outline.articles] == ["利用目的", "窓口"]


def test_numbers_of_pages_in_turn_count_up_in_any_form() -> None:
    lines = [
        "プライバシーポリシー",
        "1. 利用目的",
        "次の目的で利用します。",
        "(1) 発送のため",
        "1 -",
    ]
    lines += ["(2) ご連絡のため", "- 2 -", "2. 窓口", "電話 03-1234-5678", "- 3 -"]
    text = "\n".join(node.whole for node in outline_of([("p.txt", "\n".join(lines))]).articles)
    assert "1 -" not in text
    assert "- 2" not in text


def test_the_number_of_the_last_page_is_no_text() -> None:
    outline = outline_of([("p.txt", LEAFLET)])
    assert "2 / 2" not in "".join(node.text for node in outline.walk())


CUT = """個人情報保護方針
株式会社あけぼの商事（以下「当社」という。）は、個人情報を次のとおり取り扱います。

1. 取得する情報
当社は、次の情報を取得します。
・氏名、住所、電{foot}話番号、メールアドレス
・ご利用の履歴

2. 利用目的
次の目的で利用します。
・発送のため
"""


@pytest.mark.parametrize(
    "foot", ["\f", "\n\f", "\n1 / 2 ページ\n\f", "\n1 / 2 ページ\n", "\n- 1 -\n\f", "\n"]
)
def test_an_item_that_a_page_cut_within_a_word_is_whole(foot: str) -> None:
    found = outline_of([("p.txt", CUT.format(foot=foot))])
    assert [one.text for one in found.items] == [
        "氏名、住所、電話番号、メールアドレス",
        "ご利用の履歴",
    ]


def test_bare_items_on_both_sides_of_a_page_stay_two() -> None:
    text = CUT.replace(
        "・氏名、住所、電{foot}話番号、メールアドレス", "・氏名\n1 / 2 ページ\n\f・住所"
    )
    assert [one.text for one in outline_of([("p.txt", text)]).items][:2] == ["氏名", "住所"]


@pytest.mark.parametrize("foot", ["- 1 -\n", "\f", "- 1 -\n\f"])
@pytest.mark.parametrize("marks", ["(1) |(2) |(3) ", "・|・|・", "1.1 |1.2 |1.3 "])
@pytest.mark.parametrize("at", [2, 3, 5, 6])
def test_an_entry_that_a_page_cuts_is_one_entry(foot: str, marks: str, at: int) -> None:
    one, two, three = marks.split("|")
    cut = "学校行事の連絡"
    text = (
        "個人情報保護方針\n1. 利用目的\n"
        f"{one}授業の計画\n{two}{cut[:at]}\n{foot}{cut[at:]}\n{three}教材の発送\n2. 窓口\n電話 03-1234-5678\n"
    )
    assert [one.name for one in outline_of([("p.txt", text)]).purposes] == [
        "授業の計画",
        cut,
        "教材の発送",
    ]
