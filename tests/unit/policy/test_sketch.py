"""Two texts are compared by what the reader finds in them."""

import re

import pytest

from chikai.policy import change, sketch
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
    assert kinds & {"category_added", "category_reworded"}
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
