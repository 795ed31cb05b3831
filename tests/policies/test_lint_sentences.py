"""Sentences in the voices of many houses, each in a whole policy: what a rule finds in it, and what not.

The sentences of `voices_*.toml` were written before their rules were read again, so that they ask for the language
and not for a pattern.
"""

import pytest

from tests.policies import framed

SENTENCES = list(framed.cases("voices_*.toml"))


@pytest.mark.parametrize("style", framed.STYLES[::3])
@pytest.mark.parametrize(
    ("rule", "section", "title", "text", "expected"),
    SENTENCES,
    ids=[f"{rule}-{'yes' if e else 'no'}-{i}" for i, (rule, *_, e) in enumerate(SENTENCES)],
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
