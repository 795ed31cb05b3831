"""Each rule on the example, on a policy that breaks it, and on one that does not."""

import re
from dataclasses import replace
from datetime import date

import pytest

from chikai import law
from chikai.policy import lint, load
from chikai.policy.document import Clause, Dates, Desk, Text
from chikai.policy.importing.reading import outline_of


def found(draft, rule):
    return [f for f in lint.findings(draft) if f.rule == rule]


def with_document(draft, **changes):
    return replace(draft, document=replace(draft.document, **changes), accepted=())


def with_body(draft, id_, body):
    clauses = tuple(
        replace(c, body=Text(body, c.body.en)) if c.id == id_ else c for c in draft.document.clauses
    )
    return with_document(draft, clauses=clauses)


def test_each_rule_has_a_sentence_and_articles_that_are_known():
    assert len(lint.RULES) == 89
    for rule in lint.RULES.values():
        assert rule.says.endswith(".")
        assert rule.checked is (bool(rule.articles) and all(map(law.is_checked, rule.articles)))


def test_each_finding_speaks_both_languages_and_has_a_place(levii, tmp_path):
    from chikai.policy import skeleton

    skeleton.make(tmp_path / "new", name=Text("株式会社見本", "Mihon Inc."))
    for draft in (levii, load.read(tmp_path / "new")):
        for finding in lint.findings(draft):
            for text in (finding.message, finding.fix):
                assert text.ja
                assert text.en
            assert finding.line >= 1
            assert finding.file in {"policy.toml", "ja.md", "en.md"}


def test_the_wrong_reference_of_the_example_is_placed_and_quoted(levii):
    (finding,) = found(levii, "L-REF-02")
    assert finding.place == levii.places["2.1"]
    assert finding.quote.startswith("2(2)に定める利用目的")
    assert "2(3)" in finding.fix.ja


@pytest.mark.parametrize(
    "body", ["9(1)に定める。", "第9条による。", "12において定める。", "３（９）に定める。"]
)
def test_a_reference_to_no_clause_is_found(levii, body):
    assert [f.clause for f in found(with_body(levii, "1.2", body), "L-REF-01")] == ["1.2"]


@pytest.mark.parametrize(
    "body",
    [
        "2(3)に定める。",
        "4において定める。",
        "第2条による。",
        "個人情報保護法第99条による。",
        "「民法」第99条",
        "電話03-9(9)",
        "2025年(1)号",
    ],
)
def test_a_reference_that_leads_somewhere_or_to_another_law_is_not(levii, body):
    assert not found(with_body(levii, "1.2", body), "L-REF-01")


def test_a_reference_to_the_right_kind_is_not_found(levii):
    assert not found(with_body(levii, "2.1", "2(3)に定める利用目的の範囲内"), "L-REF-02")
    assert found(with_body(levii, "2.1", "7に定める第三者提供"), "L-REF-02")


def test_what_a_clause_is_about_is_also_seen_from_the_structure(levii):
    bare = tuple(replace(c, kind="") for c in levii.document.clauses)
    (finding,) = found(with_document(levii, clauses=bare), "L-REF-02")
    assert finding.clause == "2.1"


@pytest.mark.parametrize(
    "body", ["以下のとおりです。", "次の各号に掲げる場合", "次の通りとします。"]
)
def test_a_list_that_is_announced_and_missing_is_found(levii, body):
    assert [f.clause for f in found(with_body(levii, "3.4", body), "L-REF-03")] == ["3.4"]


@pytest.mark.parametrize(
    "body", ["以下のとおりです。\n\n- ありません。", "下記の窓口です。", "ありません。"]
)
def test_a_list_that_stands_there_is_not(levii, body):
    assert not found(with_body(levii, "3.4", body), "L-REF-03")


@pytest.mark.parametrize("mark", ["【要記入：会社名】", "________", "[会社名]", "○○"])
def test_a_blank_of_a_template_is_found_in_prose_and_structure(small, mark):
    assert found(with_body(small, "2", f"株式会社見本の{mark}"), "L-TRM-05")
    (service,) = small.document.services
    named = with_document(small, services=(replace(service, name=Text(mark, "Shop")),))
    assert found(named, "L-TRM-05")[0].place == small.places["service:shop"]


def test_brackets_of_the_company_are_no_blank(levii):
    assert [(f.severity, f.quote) for f in found(levii, "L-TRM-05")] == [("info", "システムング")]


def test_a_policy_without_purpose_is_found(levii):
    assert found(with_document(levii, purposes=()), "L-PUR-01")
    assert not found(levii, "L-PUR-01")


def test_a_service_without_purpose_is_found(levii, small):
    (finding,) = found(levii, "L-PUR-04")
    assert finding.quote == "研修サービス"
    assert finding.articles[0] == "APPI Art. 17(1)"
    assert finding.checked
    begins = int(levii.places["service:training"].rpartition(":")[2])
    assert finding.file == "policy.toml"
    assert "研修サービス" in levii.structure.split("\n")[finding.line - 1]
    assert begins < finding.line < begins + 4
    unused = replace(small.document.services[0], id="unused", name=Text("本", "Books"))
    services = (*small.document.services, unused)
    assert [f.quote for f in found(with_document(small, services=services), "L-PUR-04")] == ["本"]
    assert not found(small, "L-PUR-04")


def test_an_item_that_no_purpose_uses_is_a_warning(small):
    more = (*small.document.categories, replace(small.document.categories[0], id="extra"))
    (finding,) = found(with_document(small, categories=more), "L-CAT-03")
    assert finding.severity == "warn"
    assert not lint.blocking([finding])


def test_a_missing_name_is_found(small):
    controller = replace(small.document.controller, name=Text())
    assert found(with_document(small, controller=controller), "L-DIS-01")
    assert found(with_body(small, "2", "当社は届けます。"), "L-DIS-01")


@pytest.mark.parametrize(
    ("kind", "count"), [("company", 1), ("association", 1), ("sole_trader", 0), ("unknown", 0)]
)
def test_only_a_body_with_a_representative_must_name_one(small, kind, count):
    controller = replace(small.document.controller, kind=kind, representative=Text())
    assert len(found(with_document(small, controller=controller), "L-DIS-03")) == count


def test_a_desk_for_complaints_must_be_reachable_and_named(small):
    controller = replace(small.document.controller, desk=Desk())
    assert found(with_document(small, controller=controller), "L-DIS-07")
    assert found(with_body(small, "3", "質問を受け付けます。"), "L-DIS-07")


@pytest.mark.parametrize("kind", ["correct", "add", "delete", "suspend", "erase", "stop_provision"])
def test_a_fee_for_a_right_that_is_free_is_found(small, kind):
    rights = (replace(small.document.rights[0], kind=kind, fee_yen=500),)
    assert found(with_document(small, rights=rights), "L-RGT-06")


@pytest.mark.parametrize("kind", ["disclose", "disclose_records", "notify_purpose"])
def test_a_fee_for_disclosure_is_lawful(small, kind):
    rights = (replace(small.document.rights[0], kind=kind, fee_yen=500),)
    assert not found(with_document(small, rights=rights), "L-RGT-06")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("苦情を受け付けます。開示等の請求には手数料500円がかかります。", 1),
        ("苦情を受け付けます。訂正の手数料はかかりません。", 0),
        ("苦情を受け付けます。開示の手数料は500円です。", 0),
    ],
)
def test_a_fee_in_the_prose_is_read(small, body, count):
    assert len(found(with_body(small, "3", body), "L-RGT-06")) == count


def test_a_clause_without_mechanism_is_only_a_note(small):
    notes = found(small, "L-PRM-01")
    assert [f.clause for f in notes] == ["2", "3"]
    assert not lint.blocking(notes)


def test_a_mechanism_of_the_clause_above_keeps_the_clause_below(small):
    assert small.document.kept_by(small.document.clause("1.1")) == ("policy.load",)
    lone = Clause("9", "9", Text(), Text("文", "text"))
    assert small.document.kept_by(lone) == ()


def test_an_error_blocks_and_an_accepted_one_stays_listed(levii):
    bare = replace(levii, accepted=())
    errors = {f.rule for f in lint.blocking(lint.findings(bare))}
    assert {"L-REF-02", "L-REF-03", "L-DIS-03"} <= errors
    assert not lint.blocking(lint.findings(levii))
    assert {f.rule for f in lint.findings(levii) if f.is_accepted} == errors


def test_accepting_one_clause_accepts_no_other(levii):
    moved = tuple(replace(a, clause="2.2") for a in levii.accepted if a.rule == "L-REF-02")
    assert lint.blocking(found(replace(levii, accepted=moved), "L-REF-02"))


def test_a_provider_is_named_as_the_text_writes_it():
    text = (
        "プライバシーポリシー\n\n第1条（委託）\n当社は、決済を Google Cloud 上で委託しています。\n"
    )
    found = lint.of_text(outline_of([("policy.txt", text)]))
    told = next(f.message.ja for f in found if f.rule == "L-TPP-10")
    assert told.startswith("Google Cloud は")


def test_the_days_that_a_folder_names_are_its_days(levii):
    bare = tuple(c for c in levii.document.clauses if not re.search(r"\d年.*\d月", c.body.ja))
    for rule, dates in (
        ("L-DAT-01", Dates(made_on=date(2024, 10, 1))),
        ("L-DAT-01", Dates(updated_on=date(2024, 10, 1))),
        ("L-CHG-02", Dates(effective_on=date(2024, 10, 1))),
    ):
        assert found(with_document(levii, clauses=bare, dates=Dates()), rule)
        assert not found(with_document(levii, clauses=bare, dates=dates), rule)


def test_the_english_words_of_a_finding_name_kinds_of_measures_in_english():
    text = "個人情報保護方針\n\n1. 安全管理措置\n当社は、外国にあるサーバーで情報を取り扱います。\n"
    (one,) = (f for f in lint.of_text(outline_of([("policy.txt", text)])) if f.rule == "L-DIS-05")
    assert "組織的" in one.message.ja
    assert re.search(r"organisation, people, premises, technology", one.message.en)
    assert one.message.en.isascii()


@pytest.mark.parametrize(
    ("country", "kind", "expected"),
    [
        ("CN", "consent", True),
        ("US", "entrusted", True),
        ("JP", "consent", False),
        ("DE", "consent", False),  # held to be equal
        ("US", "cloud", False),  # nothing is provided
    ],
)
def test_a_recipient_of_a_folder_who_is_abroad_asks_for_its_country(
    tmp_path, levii, country, kind, expected
):
    from chikai.policy import skeleton

    skeleton.make(tmp_path / "new", name=Text("株式会社見本", "Mihon Inc."))
    draft = load.read(tmp_path / "new")
    one = replace(levii.document.recipients[0], country=country, kind=kind)
    seen = found(with_document(draft, recipients=(one,)), "L-TPP-03")
    assert bool(seen) is expected
