"""Which line is the rest of the one above it, and which begins something of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import Outline

ROOT: Final = Path(__file__).parents[3] / "policies"


def read(text: str) -> Outline:
    return outline_of([("p.txt", text)])


def shape(text: str) -> list[tuple[str, str, str]]:
    """The clauses of a text by their ids, with their words in one line."""
    said = [(node.id, node.title, node.text) for node in read(text).walk()]
    return [(id_, title, words.replace("\n", "")) for id_, title, words in said]


LIST = """プライバシーポリシー

第1条（利用目的）
当社は、個人情報を次の目的で利用します。
(1) 商品を発送するため
(2) {}
(3) 料金を請求するため
(4) お問い合わせにお答えするため

第2条（窓口）
{}
"""
ENTRY = "障害の連絡とメンテナンスの予告をお届けするため"
DESK = "お問い合わせは、お客様相談室（〒100-0001 東京都千代田区1-1-1、電話 03-1234-5678、a-b@sample.example、https://sample.example/desk/form）で第12条の日に受け付け、手数料は1,000円です。"


@pytest.mark.parametrize("here", range(2, len(ENTRY) - 1))
def test_an_entry_that_is_cut_amid_others_of_one_line_is_one_entry(here: int) -> None:
    cut = f"{ENTRY[:here]}\n{ENTRY[here:]}"
    assert shape(LIST.format(cut, DESK)) == shape(LIST.format(ENTRY, DESK))


# `e、` may count an entry.
@pytest.mark.parametrize("here", sorted({*range(8, len(DESK) - 1)} - {DESK.index("e、")}))
def test_an_address_or_a_number_that_is_cut_anywhere_stays_whole(here: int) -> None:
    cut = read(LIST.format(ENTRY, f"{DESK[:here]}\n{DESK[here:]}"))
    at_blank = " " in DESK[here - 1 : here + 1]
    told, whole = (
        re.sub(r"\s", "", said) if at_blank else said.replace("\n", "")
        for said in (cut.articles[1].text, DESK)
    )
    assert told == whole
    assert not cut.articles[1].children


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("(4) お問い合わせにお答えする", "ため"),
        ("(4) 会員の方にお知らせをお送りす", "るため"),
        ("(4) 旅行のお申し込みにあたって必要な手続", "のため"),
    ],
)
def test_the_last_entry_goes_on_where_no_entry_begins_so(above: str, below: str) -> None:
    text = LIST.format(ENTRY, DESK)
    last = "(4) お問い合わせにお答えするため"
    cut, whole = (text.replace(last, said) for said in (f"{above}\n{below}", f"{above}{below}"))
    assert shape(cut) == shape(whole)


@pytest.mark.parametrize(
    "entries",
    [
        # Headings with words of their own below them.
        "(1) セキュリティ\nデータを暗号化します。\n(2) 委託先\n委託先を監督します。\n(3) 研修\n年に一度行います。",
        # Names of groups above their lists.
        "・商品の発送のため\n（通販部）\n・料金の請求のため\n（店舗部）\n・修理のため",
        # A note that says something of one entry.
        "(1) 氏名\n(2) 住所\n※番地まで伺います。\n(3) 電話番号\n(4) 年齢",
        # A sentence after a list, and a name in hiragana.
        "(1) 氏名\n(2) 住所\nこれらのほかは取得しません。",
        "■お問い合わせ\nみほん食品 0120-000-000\n■安全管理\nみほん食品の店長が責任を負います。",
    ],
)
def test_what_begins_something_of_its_own_is_joined_to_nothing(entries: str) -> None:
    text = f"プライバシーポリシー\n\n第1条（取扱い）\n当社は、次のとおり取り扱います。\n{entries}\n"
    told = [words for node in read(text).walk() for words in (node.title, node.text) if words]
    lines = "\n".join(told).split("\n")
    bare = [line for line in entries.split("\n") if line[0] not in "(・■"]
    assert all(any(line.strip("（）") == said.strip("（）") for said in lines) for line in bare)


def test_a_line_of_a_column_that_seems_to_begin_an_entry_begins_none() -> None:
    text = """個人情報の取扱い

1．開示等のご請求
ご本人から請求があった場合には、当社所定の手続により対応いたします。開示
・訂正等に際しましては、あらかじめ本人であることを確かめさせていただきま
す。窓口へのご来社、お電話、ファクシミリや電子メール、お手元のＦＡ
Ｘ、留守番電話でのご請求はお受けしておりませんので、書面でお送りください
ますようお願いいたします。ご請求には、手数料として７００円を申し受けます。
2．窓口
総務部　電話　03-1234-5678
"""
    outline = read(text)
    assert [len(article.children) for article in outline.articles] == [0, 0]


def test_lines_of_any_length_are_no_column() -> None:
    text = (ROOT / "voices" / "01-clinic.txt").read_text("utf-8")
    lines = [line for node in read(text).walk() for line in node.text.split("\n")]
    assert "院長 若葉 さとる" in lines


def test_a_word_in_latin_letters_that_is_cut_in_japanese_is_one_word() -> None:
    text = "個人情報の取扱い\n\n1．計測\n当社は、当社のサイトでCoo\nkieを利用し、閲覧の履歴を取得します。\n2．窓口\n総務部\n"
    assert "Cookieを" in read(text).articles[0].text


def test_an_entry_that_ends_in_furigana_is_whole_and_one_that_begins_with_others_is_one() -> None:
    entries = ["お名前、ふりがな", "ご住所、電話番号", "生年月日", "その他当社が定める事項"]
    listed = "\n".join(entries)
    text = f"個人情報の取扱い\n\n1．取得する情報\n当社は、次の情報を取得します。\n{listed}\n\n2．窓口\n総務部\n"
    assert [node.text for node in read(text).articles[0].children] == entries
