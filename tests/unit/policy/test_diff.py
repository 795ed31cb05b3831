"""What differs between two editions is told once each, and nothing else is told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai import law
from chikai.errors import BadInput
from chikai.policy import change, diff, duties, lint, load, marks, pairing
from chikai.policy.change import Decision
from chikai.policy.document import Clause, Recipient, Text, Use
from tests.unit.policy.conftest import LEVII
from tests.unit.policy.test_write import documents

# The beginning of the edition that stood at the same address before: its words where they are known.
OLD_SCOPE = (
    "株式会社レヴィ(以下「当社」といいます。)は、当社が運営するウェブサイト及び、当社によって提供されるクラウド型サービス"
    "「Balus」並びにこれに付随して提供される「KATA」(以下、総称して「本サービス」といいます。)における、"
)
STYLES = {"(1)": "1.", "(2)": "2.", "(3)": "3.", "(4)": "4."}


def older(document):
    """The older edition as far as it is known: no training, no number of applicants, another word, other numbers."""
    changed = {
        "pre": lambda body: OLD_SCOPE + body.partition("における、")[2],
        "1.2": lambda body: body.replace("その他の問題発生防止", "その他の問題発生の防止"),
        "2.2.1": lambda body: body.replace("、申し込み人数", ""),
    }

    def clause(one):
        body = Text(changed.get(one.id, str)(one.body.ja), one.body.en)
        number = one.number.replace("(1)", ".1").replace("(2)", ".2").replace("(3)", ".3")
        return replace(one, body=body, number=number)

    def without(uses):
        kept = (use for use in uses if use.service != "training")
        return tuple(
            Use(u.service, tuple(c for c in u.categories if c != "headcount")) for u in kept
        )

    return replace(
        document,
        services=tuple(s for s in document.services if s.id != "training"),
        categories=tuple(c for c in document.categories if c.id != "headcount"),
        purposes=tuple(replace(p, uses=without(p.uses)) for p in document.purposes),
        clauses=tuple(map(clause, document.clauses)),
    )


def told(old, new):
    return [(c.kind, c.refs, c.needs) for c in change.between(old, new)]


@pytest.mark.clause("8")
def test_the_older_edition_differs_in_one_service_one_item_one_word_and_the_numbers(levii):
    assert told(older(levii.document), levii.document) == [
        ("category_added", ("headcount",), "notice"),
        ("service_added", ("training",), "notice"),
        ("wording", ("1.2",), "notice"),
        ("numbering", (), "nothing"),
    ]


@pytest.mark.clause("8")
def test_a_new_service_and_a_new_item_ask_for_the_purposes_on_the_form_and_for_no_consent(levii):
    changes = change.between(older(levii.document), levii.document)
    assert not change.open_decisions(changes)
    by_kind = {c.kind: [duty.article for duty in c.duties] for c in changes}
    assert by_kind["service_added"] == by_kind["category_added"] == ["APPI Art. 21(2)"]


def test_a_new_service_without_a_purpose_is_found_by_the_lint(levii):
    old = older(levii.document)
    without = replace(old, services=levii.document.services)
    found = lint.findings(replace(levii, document=without))
    assert [f.rule for f in found if "研修" in f.message.ja] == ["L-PUR-04"]


def advertising(document):
    """A purpose worded anew, and one that nobody could expect."""
    first, *rest = document.purposes
    clauses = []
    for clause in document.clauses:
        if clause.id == first.clause:
            clause = replace(clause, body=Text("登録の受付、及び料金の計算のため", clause.body.en))
        clauses.append(clause)
        if clause.id == "2.3.7":
            words = Text("第三者の商品の広告を配信するため", "To send advertisements of others")
            clauses.append(Clause("2.3.8", "2(3)-8", Text(), words))
    ads = replace(rest[0], id="ads", name=Text("広告の配信", "advertising"), clause="2.3.8")
    return replace(document, purposes=(first, *rest, ads), clauses=tuple(clauses))


@pytest.mark.clause("8")
def test_a_reworded_purpose_and_an_advertising_one_wait_for_an_officer(levii):
    new = advertising(levii.document)
    same_clause = tuple(p.id for p in new.purposes if p.clause == "2.3.1")
    assert told(levii.document, new) == [
        ("purpose_added", ("ads",), "decision"),
        ("purpose_reworded", same_clause, "decision"),
    ]


@pytest.mark.clause("8")
def test_a_decision_has_a_reason_and_makes_consent_or_notice_of_the_change(levii):
    new = advertising(levii.document)
    first = new.purposes[0].id
    changes = change.between(levii.document, new)
    decisions = [
        Decision("ads", "unrelated", "広告は前の目的から予想できない"),
        Decision(first, "wording", "意味は同じ"),
    ]
    after = change.by_decisions(changes, decisions)
    assert [c.needs for c in after] == ["consent", "notice"]
    assert {(use[1], use[2]) for use in change.uses_for_consent(new, after)} == {("ads", "")}
    with pytest.raises(BadInput, match="no reason"):
        change.by_decisions(changes, [Decision("ads", "related", "  ")])
    with pytest.raises(BadInput, match="no answer"):
        change.by_decisions(changes, [Decision("ads", "wording", "同じ")])


def test_the_numbers_of_a_clause_that_moved_are_all_that_is_told(levii):
    document = levii.document
    new = Clause("3", "3", Text("新しい条", "A new clause"), Text("新しいことを定めます。", "New."))

    def moved(clause):
        top, dot, rest = clause.id.partition(".")
        if not top.isdigit() or int(top) < 3:
            return clause
        number = clause.number.replace(top, str(int(top) + 1), 1)
        return replace(clause, id=f"{int(top) + 1}{dot}{rest}", number=number)

    place = next(i for i, c in enumerate(document.clauses) if c.id == "3")
    clauses = [*map(moved, document.clauses)]
    clauses.insert(place, new)
    found = diff.between(document, replace(document, clauses=tuple(clauses)))
    assert [(d.kind, d.refs) for d in found] == [("clause_added", ("3",)), ("numbering", ())]


def test_each_thing_that_went_is_told(levii):
    document = levii.document
    fewer = replace(
        document,
        recipients=document.recipients[1:],
        rights=document.rights[1:],
        purposes=document.purposes[1:],
    )
    kinds = {d.kind for d in diff.between(document, fewer)}
    assert kinds == {"recipient_ended", "right_ended", "purpose_ended"}


def test_an_item_that_becomes_special_care_information_needs_consent(levii):
    document = levii.document
    last = replace(document.categories[-1], special_care="yes")
    new = replace(document, categories=(*document.categories[:-1], last))
    assert told(document, new) == [("category_widened", (last.id,), "consent")]


def test_a_recipient_that_moves_abroad_waits_for_an_officer(levii):
    one = Recipient("x", Text("x", "x"), "entrusted", "4.1", ("guidance",), ("email",))
    here = replace(levii.document, recipients=(*levii.document.recipients, one))
    there = replace(here, recipients=(*levii.document.recipients, replace(one, country="US")))
    assert told(here, there) == [("recipient_widened", ("x",), "decision")]


def test_a_new_id_for_the_same_purpose_is_no_change(levii):
    first, *rest = levii.document.purposes
    recipients = tuple(
        replace(r, purposes=tuple("other" if p == first.id else p for p in r.purposes))
        for r in levii.document.recipients
    )
    new = replace(
        levii.document, purposes=(replace(first, id="other"), *rest), recipients=recipients
    )
    kinds = {d.kind for d in diff.between(levii.document, new)}
    assert kinds <= {"recipient_widened"}


@given(documents())
def test_a_document_does_not_differ_from_itself(document):
    assert not diff.between(document, document)


@given(documents(), documents())
def test_every_changed_clause_is_told_once_or_with_what_it_names(old, new):
    found = diff.between(old, new)
    changed = {p.place for p in pairing.pairs(old, new) if p.is_changed}
    places = [place for d in found if d.kind != "numbering" for place in d.places]
    assert set(places) == changed
    assert {d.kind for d in found} <= set(diff.KINDS)


@given(documents(), documents())
def test_each_clause_stands_in_one_pair(old, new):
    found = pairing.pairs(old, new)
    assert [p.new.id for p in found if p.new] == [c.id for c in new.clauses]
    assert sorted(p.old.id for p in found if p.old) == sorted(c.id for c in old.clauses)


words = st.text(st.sampled_from("あい漢字ab 1。\n"), max_size=60)


@given(words, words)
def test_the_marks_give_both_wordings_again(old, new):
    found = marks.between(old, new)
    assert "".join(m.text for m in found if m.kind != "added") == old
    assert "".join(m.text for m in found if m.kind != "removed") == new


def test_a_very_long_clause_is_compared_by_its_sentences():
    old = "".join(f"文{i}です。" for i in range(1500))
    new = old.replace("文700です。", "文700ではありません。")
    found = marks.between(old, new)
    assert [m.kind for m in found] == ["same", "removed", "added", "same"]


def test_every_article_that_a_change_cites_is_known():
    for duty in vars(duties).values():
        if isinstance(duty, duties.Duty):
            assert law.cite(duty.article)


def test_the_two_editions_of_the_example_differ_as_their_comments_say(levii):
    found = diff.between(levii.document, load.read(LEVII / "next").document)
    assert ("purpose_added", ("research_invitation",)) in [(d.kind, d.refs) for d in found]


def test_what_the_first_edition_leaves_open_the_second_has_mended(levii):
    new = load.read(LEVII / "next")
    before = {f.rule for f in lint.findings(levii) if f.severity != "info"}
    after = [f for f in lint.findings(new) if f.severity != "info" and not f.is_accepted]
    assert len(before) > 30
    assert not [(f.rule, f.clause) for f in after if f.severity == "error"]
    assert len(after) <= len(before) // 10, [(f.rule, f.clause, f.quote) for f in after]
    assert {a.rule for a in new.accepted} < before | {"L-RGT-11"}


def reworded(document, old, new, *, names):
    """An edition with other Japanese words in its clauses, and in the names of its items and purposes if asked."""

    def text(one):
        return Text(one.ja.replace(old, new), one.en)

    clauses = tuple(replace(c, body=text(c.body)) for c in document.clauses)
    if not names:
        return replace(document, clauses=clauses)
    return replace(
        document,
        clauses=clauses,
        categories=tuple(replace(c, name=text(c.name)) for c in document.categories),
        purposes=tuple(replace(p, name=text(p.name)) for p in document.purposes),
    )


@pytest.mark.clause("8")
@pytest.mark.parametrize("names", [True, False])
def test_an_item_of_a_folder_that_says_more_is_widened_though_its_name_may_stay(levii, names):
    new = reworded(levii.document, "勤務先", "勤務先及び役職", names=names)
    (one,) = change.between(levii.document, new)
    assert (one.kind, one.needs) == ("category_widened", "notice")
    assert "workplace" in one.refs
    assert [duty.article for duty in one.duties] == ["APPI Art. 21(2)"]


@pytest.mark.clause("8")
@pytest.mark.parametrize("names", [True, False])
def test_a_purpose_of_a_folder_that_says_more_waits_for_an_officer(levii, names):
    said = "規約等の変更等を通知する"
    new = reworded(
        levii.document, said, "規約等の変更等を通知する、又は広告を配信する", names=names
    )
    (one,) = change.between(levii.document, new)
    assert (one.kind, one.needs) == ("purpose_widened", "decision")
    assert [duty.article for duty in one.duties] == ["APPI Art. 17(2)", "APPI Art. 21(3)"]
    assert change.answers_to([one], one.key) == change.NEW


def test_a_description_of_an_item_widens_nothing(levii):
    new = reworded(levii.document, "勤務先", "現在の勤務先", names=True)
    assert [c.kind for c in change.between(levii.document, new)] == ["category_reworded"]


@pytest.mark.clause("8")
@pytest.mark.parametrize(
    ("kind", "needed", "article"),
    [
        ("health", "consent", "APPI Art. 20(2)"),
        ("mynumber", "decision", "APPI Art. 20(1)"),
        ("phone", "notice", "APPI Art. 21(2)"),
    ],
)
def test_an_item_that_begins_to_cover_health_or_a_number_asks_for_more_than_notice(
    levii, kind, needed, article
):
    first, *rest = levii.document.categories
    wider = replace(first, kinds=(*first.kinds, kind), special_care="no")
    was = replace(without(kind)(first), special_care="no")
    old = replace(levii.document, categories=(was, *map(without(kind), rest)))
    changes = change.between(old, replace(old, categories=(wider, *old.categories[1:])))
    assert [(c.kind, c.needs) for c in changes] == [("category_widened", needed)]
    assert changes[0].duties[0].article == article
    if needed == "decision":
        assert change.answers_to(changes, first.id) == ("lawful",)


def without(kind):
    """An item as it is, but for one kind."""
    return lambda item: replace(item, kinds=tuple(k for k in item.kinds if k != kind))
