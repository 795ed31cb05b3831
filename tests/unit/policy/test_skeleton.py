"""A new company's policy: it loads, says what is missing, and passes when that is filled in."""

import re
from dataclasses import replace

import pytest

from chikai.errors import BadInput
from chikai.policy import lint, load, skeleton
from chikai.policy.document import Desk, Text

NAME = Text('株式会社"見本"\\', "Mihon Inc.")
DESK = Desk(Text("窓口", "Desk"), Text("東京都", "Tokyo"), "desk@mihon.example")


def test_a_new_policy_reads_back_and_asks_for_what_is_missing(tmp_path):
    made = skeleton.make(tmp_path / "new", name=NAME, desk=DESK)
    draft = load.read(tmp_path / "new")
    assert draft.document == made
    blocking = lint.blocking(lint.findings(draft))
    assert {f.rule for f in blocking} == {"L-TRM-05", "L-DIS-03", "L-DIS-04"}
    assert {f.file for f in blocking} == {"policy.toml", "ja.md", "en.md"}


def test_the_names_of_the_company_stand_in_both_languages(tmp_path):
    document = skeleton.make(tmp_path / "new", name=NAME, desk=DESK)
    ja, en = document.clause("7").body.ja, document.clause("7").body.en
    assert NAME.ja in ja
    assert "desk@mihon.example" in ja
    assert "Tokyo" in en
    assert "【要記入：会社名】" not in str(document)


def test_a_policy_that_is_filled_in_may_be_published(tmp_path):
    document = skeleton.make(
        tmp_path / "new",
        name=NAME,
        desk=DESK,
        representative=Text("見本 一郎", "Ichiro Mihon"),
        service=Text("見本帳", "Samples"),
        identity=Text("サインイン", "sign-in"),
    )
    filled = tuple(
        replace(
            c,
            body=Text(
                *(re.sub(r"【要記入：[^】]*】", "暗号化", t) for t in (c.body.ja, c.body.en))
            ),
        )
        for c in document.clauses
    )
    draft = replace(load.read(tmp_path / "new"), document=replace(document, clauses=filled))
    assert not lint.blocking(lint.findings(draft))


def test_our_words_are_not_the_examples(levii, tmp_path):
    document = skeleton.make(tmp_path / "new", name=NAME)
    theirs = {
        s for c in levii.document.clauses for s in re.split(r"[。\n]", c.body.ja) if len(s) > 12
    }
    ours = {s for c in document.clauses for s in re.split(r"[。\n]", c.body.ja) if len(s) > 12}
    assert not theirs & ours


def test_a_policy_that_stands_is_kept(tmp_path):
    skeleton.make(tmp_path / "new", name=NAME)
    with pytest.raises(BadInput):
        skeleton.make(tmp_path / "new", name=Text("別会社", "Other"))
    assert NAME.ja in load.read(tmp_path / "new").document.controller.name.ja
