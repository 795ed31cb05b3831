"""Two texts are compared by what the reader finds in them."""

import re

import pytest

from chikai.policy import change, pairing, sketch
from chikai.policy.document import Clause, Text
from chikai.policy.importing import outline_of
from tests.unit.policy.conftest import LEVII
from tests.unit.policy.test_diff import OLD_SCOPE

SEED = (LEVII / "seed.ja.txt").read_text(encoding="utf-8")


def older():
    """The older edition as a web page had it: other numbers, no training, no number of applicants, another word."""
    text = OLD_SCOPE + SEED.partition("における、")[2]
    text = "プライバシーポリシー\n\n" + text
    for old, new in (("その他の問題発生防止", "その他の問題発生の防止"), ("、申し込み人数", "")):
        assert old in text
        text = text.replace(old, new)
    return re.sub(r"^- \((\d)\)", r" (\1)", text, flags=re.MULTILINE)


def told(old, new):
    first, second = (sketch.of(outline_of([("t", text)])) for text in (old, new))
    return change.between(first, sketch.alike(first, second))


@pytest.mark.clause("8")
def test_two_texts_are_compared_without_anybodys_structure():
    found = told(older(), SEED)
    assert not [c for c in found if c.needs == "consent"]
    kinds = {c.kind for c in found}
    assert "service_added" in kinds
    assert "category_widened" in kinds, "the number of applicants stands in an item with others"
    assert {c.refs for c in found if c.kind == "wording"} == {("1.2",)}
    assert not {k for k in kinds if k.startswith("purpose")}, "no purpose changed"


def test_a_text_does_not_differ_from_itself_nor_by_its_line_breaks():
    assert not told(SEED, SEED)


def test_a_folder_is_sketched_from_its_own_words(tmp_path):
    file = tmp_path / "seed.txt"
    file.write_text(SEED, encoding="utf-8")
    first, second = sketch.of_path(file), sketch.of_path(LEVII)
    found = change.between(first, sketch.alike(first, second))
    assert {c.kind for c in found} <= {"numbering", "dates", "wording"}
    assert len(first.purposes) == len(second.purposes) == 7


ENTRUSTED = """プライバシーポリシー
株式会社みほん（以下「当社」といいます。）は、次のとおり定めます。
第1条（取得する情報）
当社は、氏名、住所を取得します。
第2条（利用目的）
当社は、商品の発送のために利用します。
第3条（委託）
当社は、決済業務を{}に委託します。
"""


def test_another_recipient_in_a_text_is_told_and_one_abroad_needs_a_decision():
    found = told(ENTRUSTED.format("青空決済株式会社"), ENTRUSTED.format("Stripe, Inc.（米国）"))
    by_kind = {c.kind: c for c in found}
    assert by_kind["recipient_ended"].refs == ("青空決済株式会社",)
    assert by_kind["recipient_added"].refs == ("Stripe, Inc.",)
    assert by_kind["recipient_added"].needs == "decision"
    home = told(ENTRUSTED.format("Stripe, Inc.（米国）"), ENTRUSTED.format("青空決済株式会社"))
    assert {c.needs for c in home if c.kind == "recipient_added"} == {"notice"}


LISTED = """プライバシーポリシー
株式会社みほん（以下「当社」といいます。）は、次のとおり定めます。
第1条（取得する情報）
当社は、次の情報を取得します。
(1) 氏名
(2) メールアドレス
(3) 閲覧履歴
第2条（利用目的）
当社は、次の目的のために利用します。
(1) 商品の発送
(2) お問い合わせへの対応
"""
MORE = {
    "(1) 氏名": "(1) 氏名及び住所",
    "閲覧履歴": "閲覧履歴・位置情報",
    "メールアドレス": "メールアドレスその他の連絡先",
}


def needs(found):
    return [(c.kind, c.needs, [duty.article for duty in c.duties]) for c in found]


@pytest.mark.clause("8")
@pytest.mark.parametrize(("old", "new"), MORE.items())
def test_an_item_that_says_more_is_widened_and_is_shown_on_the_form(old, new):
    found = told(LISTED, LISTED.replace(old, new))
    assert needs(found) == [("category_widened", "notice", ["APPI Art. 21(2)"])]
    assert found[0].name.ja == new.removeprefix("(1) ")


@pytest.mark.clause("8")
def test_a_purpose_that_says_more_waits_for_an_officer():
    found = told(LISTED, LISTED.replace("商品の発送", "商品の発送及び広告の配信"))
    assert needs(found) == [("purpose_widened", "decision", ["APPI Art. 17(2)", "APPI Art. 21(3)"])]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("閲覧履歴", "当サイトの閲覧履歴"),
        ("メールアドレス", "電子メールアドレス"),
        ("(1) 氏名", "(1) 氏名（任意）"),
    ],
)
def test_an_item_that_is_only_described_is_not_widened(old, new):
    assert [kind for kind, *_ in needs(told(LISTED, LISTED.replace(old, new)))] == [
        "category_reworded"
    ]


def test_items_put_together_are_no_wider_than_they_were_apart():
    apart = LISTED.replace("(2) メール", "(2) 住所\n(3) メール").replace("(3) 閲覧", "(4) 閲覧")
    found = told(apart, LISTED.replace("(1) 氏名", "(1) 氏名及び住所"))
    assert "category_widened" not in {c.kind for c in found}


@pytest.mark.clause("8")
def test_an_item_of_special_care_in_a_text_needs_consent():
    found = told(LISTED, LISTED.replace("(3) 閲覧履歴", "(3) 閲覧履歴\n(4) 既往歴"))
    assert [c.needs for c in found if c.kind == "category_added"] == ["consent"]
    found = told(LISTED, LISTED.replace("閲覧履歴", "閲覧履歴及び病歴"))
    assert [c.needs for c in found if c.kind == "category_widened"] == ["consent"]


ABROAD = ["APPI Art. 25", "APPI Art. 28(1)", "APPI Art. 28(2)", "APPI Art. 28(3)"]


@pytest.mark.clause("4.1")
@pytest.mark.parametrize(
    "says",
    [
        "当社は、個人データの取扱いを米国の事業者に委託することがあります。",
        "当社は、個人データの取扱いの一部を外国にある第三者に委託します。",
        "当社は、業務の一部をベトナムの委託先に委託します。",
        "当社は、データ入力を海外の企業に委託します。",
        "当社は、個人データの取扱いをアメリカ合衆国に所在する業務委託先に委託します。",
        "当社は、個人データの取扱いを米国カリフォルニア州の事業者に委託します。",
    ],
)
def test_an_entrustment_abroad_that_names_nobody_waits_for_an_officer(says):
    old = ENTRUSTED.format("青空決済株式会社")
    found = told(old, old + says + "\n")
    assert needs(found) == [("recipient_added", "decision", ABROAD)]


@pytest.mark.clause("4.1")
def test_a_provision_abroad_needs_consent_with_what_is_told_of_the_country():
    says = "第4条（第三者提供）\n当社は、本人の同意を得て、シンガポールの提携会社に氏名を提供します。\n"
    old = ENTRUSTED.format("青空決済株式会社")
    (one,) = [c for c in told(old, old + says) if c.kind == "recipient_added"]
    assert one.needs == "consent"
    assert {"APPI Art. 27(1)", "APPI Art. 28(1)", "APPI Art. 28(2)"} <= {
        d.article for d in one.duties
    }


def test_what_is_said_not_to_go_abroad_adds_no_recipient():
    old = ENTRUSTED.format("青空決済株式会社")
    found = told(old, old + "当社は、個人データを外国にある第三者に提供しません。\n")
    assert "recipient_added" not in {c.kind for c in found}


ENGLISH = """Privacy Policy

1. Information we collect
We collect the following information:
- Name
- Browsing history

2. How we use information
We use your information for the following purposes:
- Shipping products
- Answering inquiries

3. Service providers
We entrust payment processing to Aozora Payment Co., Ltd.

4. Contact
privacy@example.com
"""


@pytest.mark.parametrize(
    ("old", "new", "kind", "needed"),
    [
        ("- Name", "- Name and address", "category_widened", "notice"),
        (
            "- Shipping products",
            "- Shipping products and advertising",
            "purpose_widened",
            "decision",
        ),
        (
            "Co., Ltd.",
            "Co., Ltd. and to a company in the United States.",
            "recipient_added",
            "decision",
        ),
        (
            "Co., Ltd.",
            "Co., Ltd. We also use servers outside Japan.",
            "recipient_added",
            "decision",
        ),
    ],
)
def test_english_texts_are_compared_alike_and_each_change_is_told_once(old, new, kind, needed):
    found = told(ENGLISH, ENGLISH.replace(old, new))
    assert [(c.kind, c.needs) for c in found] == [(kind, needed)]


def test_an_english_promise_not_to_send_abroad_adds_no_recipient():
    new = ENGLISH.replace(
        "Co., Ltd.", "Co., Ltd. We do not provide data to third parties outside Japan."
    )
    assert "recipient_added" not in {c.kind for c in told(ENGLISH, new)}


def test_a_mark_or_a_point_of_a_layout_is_no_other_number():
    lines = "■3 提供\n{} 個人データを提供しません。\n{} 法令によるときは、この限りではありません。\n\n■4 管理\n適切に管理します。\n"
    first, second = (
        sketch.of(outline_of([("t", "プライバシーポリシー\n\n" + lines.format(*marks))]))
        for marks in (("1", "2"), ("1.", "2."))
    )
    assert not [c for c in change.between(first, second) if c.kind == "numbering"]
    assert not any("■" in clause.number for clause in first.clauses)


def test_a_paragraph_of_an_article_is_called_without_a_point():
    clause = Clause("3.2", "第3条.2", Text("", ""), Text("提供しません。", ""))
    assert pairing.called(clause) == Text("第3条2", "第3条2")
