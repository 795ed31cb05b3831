"""A clause is about what its title or its words say, and a right to stop something is a right."""

from __future__ import annotations

import pytest

from chikai.policy.importing import kinds, outline_of


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("第三者提供の停止", "rights.suspend"),
        ("個人データの第三者への提供の停止", "rights.suspend"),
        ("第三者提供に関する記録の開示請求", "rights"),
        ("第三者への提供を止める権利", "rights"),
        ("オプトアウトによる第三者提供", "third_party"),
        ("個人情報の第三者提供の禁止", "third_party"),
        ("いただく個人情報", "items"),
        ("個人情報を使う場面", "purposes"),
    ],
)
def test_a_title_says_what_a_clause_is_about(title: str, kind: str) -> None:
    assert kinds.by_title(title) == kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("お客様は、個人情報の第三者への提供の停止を請求することができます。", "rights.suspend"),
        ("ご本人は、利用目的の通知、開示、第三者への提供の停止を求めることができます。", "rights"),
        ("当社は、個人情報を第三者に提供しません。", "third_party"),
    ],
)
def test_words_that_ask_for_a_stop_are_a_right(words: str, kind: str) -> None:
    assert kinds.by_words(words) == kind


def test_a_service_is_no_item_though_its_name_holds_a_word_for_data() -> None:
    text = (
        "プライバシーポリシー\n\n1 取得する情報\n当社は、\n"
        "オンライン診療予約サービス「ヨヤクル」（以下「本サービス」といいます。）\n"
        "の登録時に、氏名、メールアドレスを取得します。\n2 利用目的\n本サービスの提供のため\n"
    )
    assert [one.text for one in outline_of([("p.txt", text)]).items] == ["氏名", "メールアドレス"]


def test_a_day_that_is_said_twice_is_one_day() -> None:
    text = (
        "プライバシーポリシー\n制定日：2020年1月1日\n\n1 目的\n発送のため利用します。\n"
        "2 窓口\na@b.example\n\n2020年1月1日 制定\n"
    )
    assert [day.kind for day in outline_of([("p.txt", text)]).days] == ["made"]


def test_purposes_and_items_stand_in_the_order_of_the_text() -> None:
    text = (
        "プライバシーポリシー\n\n1 利用目的\n当社は、個人情報を次の目的で利用します。\n"
        "(1) 発送のため\n(2) 連絡のため\nまた、お客様の情報を統計の作成のために利用します。\n"
        "2 窓口\na@b.example\n"
    )
    found = outline_of([("p.txt", text)]).purposes
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)
    assert [one.text for one in found] == ["発送のため", "連絡のため", "統計の作成"]


ENTRIES = """プライバシーポリシー

1. 取得する情報
当社は、次の情報を取得します。
(1) 氏名
(2) 連絡先
(3) Cookie

2. 利用目的
次の目的で利用します。
(1) 本サービスの改善、新サービスの開発のため
(2) お問い合わせへの対応のため
ア お客様
(ア) 規約の変更の通知のため

3. 利用目的の変更
目的を変更したときは公表します。
"""


def test_an_entry_of_a_list_of_data_or_purposes_has_no_kind_of_its_own() -> None:
    outline = outline_of([("p.txt", ENTRIES)])
    assert [top.kind for top in outline.articles] == ["items", "purposes", "purpose_change"]
    below = [one for top in outline.articles for one in top.walk() if one is not top]
    assert {one.kind for one in below} == {""}


def test_a_paragraph_among_purposes_keeps_its_kind() -> None:
    text = "規約\n\n1. 利用目的\n(1) 当社は、商品の発送のために個人情報を利用します。\n(2) 当社は、利用目的を変更したときは、公表します。\n\n2. 窓口\n電話 03-0000-0000\n"
    top, _desk = outline_of([("p.txt", text)]).articles
    assert [one.kind for one in top.children] == ["", "purpose_change"]
