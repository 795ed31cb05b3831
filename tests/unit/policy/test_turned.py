"""A promise that is turned, and a provision or a use that a text begins to tell, are never told as new wording alone."""

from dataclasses import replace

import pytest

from chikai.policy import change, sketch, turned
from chikai.policy.change import Decision
from chikai.policy.document import Clause, Controller, Document, Purpose, Recipient, Text
from chikai.policy.importing import outline_of

REFUSED = "当社は、あらかじめ本人の同意を得ることなく、個人データを第三者に提供しません。"
WITH = "当社は、本人の同意を得て、個人データを上海の会社に提供します。"
TEXT = """プライバシーポリシー

株式会社あおば（以下「当社」といいます。）は、個人情報を次のとおり取り扱います。

第1条（利用目的）
当社は、次の目的で個人情報を利用します。
(1) 商品の発送のため
(2) お問い合わせへの対応のため

第2条（取得する情報）
当社は、氏名、住所を取得します。

第3条（第三者提供）
1 当社は、あらかじめ本人の同意を得ることなく、個人データを第三者に提供しません。
2 当社は、法令に基づく場合には、前項によりません。

第4条（提供先）
当社は、次の者に個人データを提供します。
(1) 株式会社みどり
(2) 株式会社そら

第5条（管理）
当社は、個人データを適切に管理します。
"""


def turn(old, new):
    said, says = (frozenset(turned.sentences(text)) for text in (old, new))
    found = turned.turns(old, new, turned.Before(said, says))
    return next((t for t in turned.TURNS if t in found), "")


def told(old, new):
    first, second = (sketch.of(outline_of([("t", text)])) for text in (old, new))
    found = change.between(first, sketch.alike(first, second))
    return {(c.kind, c.refs, c.needs) for c in found}


@pytest.mark.clause("8")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (REFUSED, REFUSED.replace("提供しません", "提供します")),
        (REFUSED, "当社は、個人データを第三者に提供することがあります。"),
        (REFUSED, ""),
        (WITH, WITH.replace("得て", "得ずに")),
        (WITH, WITH.replace("本人の同意を得て、", "")),
        ("個人情報を販売しません。", "個人情報を販売しないよう努めます。"),
        ("個人情報を第三者に提供しません。", "必要な場合を除き、個人情報を第三者に提供しません。"),
        ("Cookieを広告に利用していません。", "Cookieを広告に利用しています。"),
        ("利用目的の達成に必要な範囲内で取り扱います。", "業務に応じて取り扱います。"),
        ("退会から1年後に個人情報を削除します。", "退会から10年後に個人情報を削除します。"),
        ("本人の請求に応じて開示します。", "本人の請求があっても開示しません。"),
        ("We do not sell your data to third parties.", "We may sell your data to third parties."),
        ("We share data with your consent.", "We share data without your consent."),
        ("We delete your data on request.", "We do not delete your data on request."),
    ],
)
def test_a_promise_that_turns_or_goes_is_told(old, new):
    assert turn(old, new) == "promise_turned"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("個人情報を第三者に提供することはありません。", "個人情報を第三者に提供いたしません。"),
        ("個人データを第三者に提供します。", "個人データを第三者に提供しません。"),
        ("個人情報を適切に管理します。", "個人情報を適切に管理いたします。"),
        ("当社は、サービスを提供します。", "当社は、個人情報を用いてサービスを提供いたします。"),
        (REFUSED, "\n" + REFUSED.replace("当社は、", "当社は、 ")),
        ("We sell data to advertisers.", "We do not sell data to advertisers."),
        ("", "委託した業務のためにだけ利用します。"),
        ("", "第三者に提供するときは、その項目を公表します。"),
    ],
)
def test_what_says_the_same_or_promises_more_is_no_turn(old, new):
    assert turn(old, new) == ""


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("個人情報を管理します。", "個人情報を管理し、広告会社に販売します。", "provision_begun"),
        ("", "お客様の情報を提携先と共有する場合があります。", "provision_begun"),
        (
            "",
            "同意を得た場合又は当社が認めた場合に、個人情報を他社に提供します。",
            "provision_begun",
        ),
        ("", "本人の同意を得て、個人情報を他社に提供します。", "provision_asked"),
        ("", "We share your information with advertisers.", "provision_begun"),
        ("発送のために利用します。", "与信審査のために利用します。", "purpose_said"),
    ],
)
def test_what_is_said_for_the_first_time_is_told(old, new, kind):
    assert turn(old, new) == kind


@pytest.mark.clause("8")
def test_in_two_texts_a_turned_promise_waits_for_an_officer():
    new = TEXT.replace("第三者に提供しません", "第三者に提供します")
    assert told(TEXT, new) == {("promise_turned", ("3.1",), "decision")}
    assert told(new, TEXT) == {("wording", ("3.1",), "notice")}


def test_a_promise_that_moved_to_another_clause_was_not_taken_out():
    sentence = "1 当社は、あらかじめ本人の同意を得ることなく、個人データを第三者に提供しません。\n"
    moved = TEXT.replace(sentence, "").replace("2 当社は、法令", "1 当社は、法令")
    assert "promise_turned" in {kind for kind, _, _ in told(TEXT, moved)}
    kinds = {kind for kind, _, _ in told(TEXT, moved + sentence.replace("1 ", ""))}
    assert "promise_turned" not in kinds


def test_a_new_recipient_in_a_list_and_a_new_use_in_a_sentence_wait_for_an_officer():
    longer = TEXT.replace("(2) 株式会社そら", "(2) 株式会社そら\n(3) データブローカー各社")
    assert told(TEXT, longer) == {("provision_begun", ("4.3",), "decision")}
    used = "第5条の2（審査）\n当社は、取得した情報を与信審査のために利用します。\n"
    kinds = {(kind, needs) for kind, _, needs in told(TEXT, TEXT + "\n" + used)}
    assert ("purpose_said", "decision") in kinds or ("purpose_added", "decision") in kinds


def policy(words):
    """A clause on third parties that says a purpose and a recipient abroad as well."""
    return Document(
        controller=Controller(Text("あおば", "Aoba")),
        services=(),
        categories=(),
        purposes=(Purpose("ads", Text("広告", "ads"), "4", (), "switch"),),
        recipients=(Recipient("acme", Text("上海の会社", "Acme"), "consent", "4", (), (), "CN"),),
        rights=(),
        clauses=(Clause("4", "4", Text("提供", "Provision"), Text(words, "")),),
    )


@pytest.mark.clause("8")
def test_a_turn_of_a_clause_is_not_asked_about_as_the_wording_of_its_purpose():
    changes = change.between(policy(WITH), policy(WITH.replace("得て", "得ずに")))
    assert [(c.kind, c.needs) for c in changes] == [("promise_turned", "decision")]
    offered = change.answers_to(changes, "4")
    assert offered == ("standing", "lawful", "agreed")
    asked = change.by_decisions(changes, [Decision("4", "agreed", "同意を集めます。")])
    assert [c.needs for c in asked] == ["consent"]
    lawful = change.by_decisions(changes, [Decision("4", "lawful", "27条1項1号です。")])
    assert [c.needs for c in lawful] == ["notice"]


def test_other_words_of_a_clause_on_third_parties_are_still_asked_about_as_its_purpose():
    longer = policy(WITH + "広告の方法を改めました。")
    assert {c.kind for c in change.between(policy(WITH), longer)} & {
        "purpose_widened",
        "purpose_reworded",
    }
    assert not change.between(policy(WITH), replace(policy(WITH), edition="2"))
