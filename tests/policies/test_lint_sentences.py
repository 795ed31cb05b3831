"""Sentences in the voices of many houses, each in a whole policy: what a rule finds in it, and what not.

The sentences of `voices_*.toml` were written before their rules were read again, so that they ask for the language
and not for a pattern.
"""

import time
from typing import Final

import pytest

from chikai.policy.importing.reading import outline_of
from chikai.policy.rules import RULES
from chikai.policy.rules.reading import Reading
from tests.policies import framed

# Each stands in the next of the styles; that a style changes no finding is told of the texts of each rule.
SENTENCES = [
    (*case, framed.STYLES[at % len(framed.STYLES)])
    for at, case in enumerate(framed.cases("voices_*.toml"))
]


@pytest.mark.parametrize(
    ("rule", "section", "title", "text", "expected", "style"),
    SENTENCES,
    ids=[f"{rule}-{'yes' if e else 'no'}-{i}" for i, (rule, *_, e, _) in enumerate(SENTENCES)],
)
def test_a_rule_hears_every_voice(rule, section, title, text, expected, style):
    found = rule in framed.rules_of(framed.framed(section, title, text, style))
    assert found is expected


_SIGNED = """プライバシーポリシー
{}株式会社青空（以下「当社」）は、お客様の個人情報を以下のとおり取り扱います。

■取得する情報
氏名、住所を取得します。

■利用目的
商品の発送のために利用します。
"""


@pytest.mark.parametrize(
    "opening", ["", "■はじめに\n", "■基本的な考え方\n当社は、法令を守ります。\n"]
)
def test_a_first_clause_that_says_how_the_policy_goes_on_announces_what_stands_behind_it(opening):
    assert "L-REF-03" not in framed.rules_of(_SIGNED.format(opening))
    late = _SIGNED.format(opening) + "\n■委託\n委託先の情報は以下のとおり取り扱います。\n"
    assert "L-REF-03" in framed.rules_of(late)


_BETWEEN = """プライバシーポリシー
株式会社青空（以下「当社」）は、次のとおり定めます。

第1条（利用目的）
商品の発送のために利用します。

第2条（第三者提供）
当社は、第三者に提供しません。

第2条の2（共同利用）
当社は、共同利用をしません。

第3条（安全管理）
当社は、通信を暗号化します。

第4条（開示等）
{}

第5条（窓口）
お問い合わせは、03-0000-1234まで。
"""


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("第5条に定める窓口に請求できます。", set()),
        ("第1条に定める利用目的の範囲で利用します。", set()),
        ("第2条の2に定める共同利用を含みます。", set()),
        ("第3条に定める安全管理措置を講じます。", set()),
        ("第3条に定める利用目的の範囲で利用します。", {"L-REF-02"}),
        ("第4条に定める窓口に請求できます。", {"L-REF-02"}),
        ("第6条に定める窓口に請求できます。", {"L-REF-01"}),
        ("第2条の3に定める場合に請求できます。", {"L-REF-01"}),
    ],
)
def test_a_reference_leads_to_the_article_that_prints_its_number(words, rules):
    found = framed.rules_of(_BETWEEN.format(words))
    assert {rule for rule in found if rule.startswith("L-REF-0")} == rules


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("上記一に定める利用目的の範囲で利用します。", True),
        ("「１．」に掲げる利用目的の範囲で利用します。", True),
        ("「２．」に掲げる利用目的の範囲で利用します。", False),
        ("ご質問は、上記2.のお問い合わせ窓口へお寄せください。", True),
        ("ご質問は、上記2.の相談窓口へお寄せください。", True),
    ],
)
def test_a_number_alone_is_a_reference_where_articles_are_printed_so(words, expected):
    text = f"プライバシーポリシー\n\n1. 取得する情報\n・氏名\n・住所\n\n2. 利用目的\n・商品の発送のため\n\n3. 委託\n{words}\n"
    assert ("L-REF-02" in framed.rules_of(text)) is expected


def test_a_roman_numeral_that_stands_twice_is_found():
    text = "方針\n\nI. 情報\n氏名を取得します。\n\nII. 目的\n発送のため。\n\n{}. 管理\n施錠します。\n\nIV. 窓口\n電話 03-0000-0000\n"
    assert "L-NUM-02" in framed.rules_of(text.format("II"))
    assert "L-NUM-02" not in framed.rules_of(text.format("III"))


_ROMAN = "方針\n\nⅠ 情報\n氏名を取得します。\n\nⅡ 目的\n商品の発送のために利用します。\n\nⅢ 委託\n{}、配送を委託します。\n\nⅣ 窓口\n電話 03-0000-0000\n"


def test_a_clause_counted_by_a_roman_numeral_has_no_paragraph_before_its_first():
    assert "L-REF-04" in framed.rules_of(_ROMAN.format("前項の規定にかかわらず"))
    assert "L-REF-04" not in framed.rules_of(_ROMAN.format("Ⅱの目的のために"))


_TWO_PARTS = """個人情報保護方針
株式会社青空文具（以下「当社」）は、個人情報を大切にします。

## 1. 法令の遵守
当社は、法令を守ります。

## 2. 安全管理
書類を施錠して保管します。

## 個人情報の取扱いについて
当社が催しのために取得する個人情報について、以下のとおりお知らせします。

## 1. 取得する情報
氏名、住所を取得します。

## 2. 利用目的
催しの運営のために利用します。

## 3. 委託
{}
"""


def test_a_second_document_announces_the_clauses_that_it_counts_anew():
    assert "L-REF-03" not in framed.rules_of(_TWO_PARTS.format("配送を委託します。"))
    assert "L-REF-03" in framed.rules_of(_TWO_PARTS.format("委託先は、以下のとおりです。"))


@pytest.mark.parametrize("own", ["当館", "当代理店", "当社"])
@pytest.mark.parametrize("named", ["青空の湯は", "青空の湯（以下「{}」といいます。）は"])
def test_a_house_that_is_called_a_company_here_and_there_has_two_names(own, named):
    opening = named.format(own) + "、お客様の個人情報を取り扱います。"
    text = framed.framed("pre", "", opening).replace("当社", own)
    assert "L-TRM-02" not in framed.rules_of(text)
    copied = text.replace(f"{own}は", "当社は", 1)
    assert ("L-TRM-02" in framed.rules_of(copied)) is (own != "当社")


def test_a_clause_of_many_short_sentences_is_read_once_and_not_once_for_each():
    read = Reading(outline_of([("policy.txt", "してください。" * 40_000)]))
    assert read.text
    began = time.process_time()
    assert not list(RULES["L-REF-03"].check(read))
    assert time.process_time() - began < 1.0  # once for each would be three


_LONG: Final = (
    "当社は、給与計算業務を社会保険労務士法人に委託しています。同法人が当社の業務を適切に取り扱うよう監督します。",
    "当社は、商品の発送と代金の請求を運送会社に委託しています。委託先の管理状況を毎年確認し、必要な改善を求めます。",
    "当社は、書類の印刷を外部の会社に委託することがあります。その会社の従業者にも秘密保持の義務を負わせています。",
)


@pytest.mark.parametrize("width", [18, 22, 26])
def test_a_text_that_breaks_every_line_at_one_width_cuts_no_sentence(width):
    def broken(text: str) -> str:
        return "\n".join(text[at : at + width] for at in range(0, len(text), width))

    wrapped = "\n\n".join(f"{n}. 委託\n{broken(text)}" for n, text in enumerate(_LONG, 1))
    once = "\n\n".join(f"{n}. 委託\n{text}" for n, text in enumerate(_LONG, 1))
    assert "L-NUM-04" not in framed.rules_of(f"個人情報保護方針\n\n{wrapped}\n")
    assert "L-NUM-04" in framed.rules_of(
        f"個人情報保護方針\n\n{once}\n".replace("法人に", "法\n人に")
    )
