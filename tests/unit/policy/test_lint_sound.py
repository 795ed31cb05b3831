"""Sound texts of which a rule once said something that is not so."""

import pytest

from chikai.policy import lint
from chikai.policy.importing.reading import outline_of

PARAGRAPHS = """見本倶楽部 個人情報取扱規約

第1条(利用目的)
本会は、個人情報を会報の発送のために利用する。
第2項 本会は、目的を変更したときは公表する。

第2条(請求)
第1条第{}項により変更した目的の通知を請求できる。

第3条(窓口)
電話 03-5555-0103
"""
TWO_PARTS = """見本の方針

1. 法令の遵守
当店は、個人情報の取扱いに関する法令を遵守します。

2. 改善
当店は、改善を続けます。

見本青果店

個人情報の取扱いについて

1. 利用目的
氏名を青果の配達のために利用します。

2. 請求
開示は、第{}項の窓口に請求できます。

3. 窓口
電話 03-5555-0103
"""
DEFINED = """個人情報取扱規約

第1条(利用目的)
利用者{}の個人情報を、教材の発送のために利用する。

第2条(窓口)
利用者は、電話 03-5555-0103 に苦情を申し出ることができる。
"""
HEADED = """個人情報について

1 利用目的
当院は次の目的で患者さんの個人情報を利用します。
【{}】
(1) 実習への協力
(2) 症例研究

2 窓口
電話 03-5555-0103
"""


@pytest.mark.parametrize(
    ("rule", "text", "sound", "faulty"),
    [
        ("L-REF-01", PARAGRAPHS, "2", "5"),
        ("L-REF-02", TWO_PARTS, "3", "1"),
        ("L-TRM-03", DEFINED, "(本講座に登録した者をいう。以下同じ。)", "(満20歳以上。)"),
    ],
)
def test_a_rule_tells_what_is_sound_from_what_is_not(rule, text, sound, faulty):
    for said, expected in ((sound, False), (faulty, True)):
        found = {f.rule for f in lint.of_text(outline_of([("policy.txt", text.format(said))]))}
        assert (rule in found) is expected, said


def test_the_heading_of_a_list_of_purposes_is_no_purpose_that_takes_in_whatever():
    text = HEADED.format("その他の利用")
    assert "L-PUR-07" not in {f.rule for f in lint.of_text(outline_of([("policy.txt", text)]))}
