"""Each rule on texts of its own, in policies of four styles; and what must not change what is found."""

import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chikai.errors import BadInput
from chikai.policy import lint
from chikai.policy.importing.reading import outline_of
from tests.policies import framed
from tests.unit.policy.conftest import LEVII

CASES = list(framed.cases())
# What the golden list of the example names; a text needs no more than the text for all of it.
FOUND = frozenset(
    "L-REF-02 L-REF-03 L-REF-05 L-NUM-01 L-NUM-03 L-NUM-04 L-TRM-01 L-TRM-02 L-TRM-03 L-TRM-04 L-TRM-05 L-TRM-06 "
    "L-PUR-02 L-PUR-03 L-PUR-04 L-PUR-05 L-PUR-06 L-CAT-01 L-CAT-02 L-CAT-03 L-CAT-04 L-CAT-06 L-CAT-07 L-CAT-08 "
    "L-RET-01 L-DIS-03 L-DIS-04 L-DIS-05 L-DIS-06 L-DIS-09 L-RGT-01 L-RGT-02 L-RGT-03 L-RGT-04 L-RGT-05 L-RGT-07 "
    "L-RGT-09 L-RGT-11 L-RGT-12 L-TPP-01 L-TPP-02 L-TPP-03 L-TPP-06 L-TPP-07 L-TPP-11 L-TPP-12 L-ANO-01 L-ANO-02 "
    "L-ANO-03 L-ANO-04 L-ANO-06 L-CON-01 L-CON-02 L-CHG-02 L-CHG-03 L-CHG-05 L-DAT-01 L-DAT-02 L-DAT-03 L-LAW-03 "
    "L-TRM-07 L-INC-01".split()
)


def seed() -> str:
    from chikai.policy import prose

    return prose.without_ids((LEVII / "ja.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("style", framed.STYLES)
def test_nothing_is_found_in_the_policy_around_the_texts(style):
    assert framed.rules_of(framed.framed("", "", "", style)) == set()


@pytest.mark.parametrize("style", framed.STYLES[::3])
@pytest.mark.parametrize(
    ("rule", "section", "title", "text", "expected"),
    CASES,
    ids=[
        f"{rule}-{'yes' if expected else 'no'}-{i}" for i, (rule, *_, expected) in enumerate(CASES)
    ],
)
def test_a_rule_finds_its_fault_and_no_other(rule, section, title, text, expected, style):
    found = rule in framed.rules_of(framed.framed(section, title, text, style))
    assert found is expected


def test_the_example_gives_exactly_what_is_known_of_it():
    assert framed.rules_of(seed()) == FOUND


def test_the_folder_of_the_example_gives_the_same_and_what_has_no_mechanism():
    from chikai.policy import load

    assert {f.rule for f in lint.findings(load.read(LEVII))} == FOUND | {"L-PRM-01"}


def test_a_rule_finds_the_example_in_its_places():
    found = lint.of_text(outline_of([("policy.txt", seed())]))
    placed = {(f.rule, f.clause) for f in found}
    assert {
        ("L-REF-02", "2.1"),
        ("L-REF-03", "3.4"),
        ("L-REF-05", "4.1"),
        ("L-NUM-01", "4"),
        ("L-NUM-03", "2.3"),
        ("L-NUM-04", "4.1.4"),
        ("L-TRM-04", "2.3.5"),
        ("L-RGT-09", "5"),
        ("L-RGT-09", "6"),
        ("L-CON-01", "pre"),
        ("L-CON-01", "8"),
    } <= placed
    counted = [f.rule for f in found]
    assert counted.count("L-RGT-01") == 3
    assert counted.count("L-CAT-01") >= 4
    assert counted.count("L-TRM-02") >= 4


def test_what_to_act_on_stands_first_and_usual_gaps_behind():
    found = lint.of_text(outline_of([("policy.txt", seed())]))
    assert [f.rule for f in found[:2]] == ["L-REF-02", "L-REF-03"]
    assert {f.severity for f in found[:5]} == {"error"}
    assert len({f.rule for f in found[:5]}) == 5
    usual = [f.is_usual for f in found]
    assert usual == sorted(usual)


@pytest.mark.parametrize("style", framed.STYLES[1:])
def test_the_way_of_numbering_changes_no_finding(style):
    for rule, section, title, text, _ in CASES[::7]:
        if rule[:5] in {"L-REF", "L-NUM"}:
            continue
        articles = framed.rules_of(framed.framed(section, title, text))
        assert framed.rules_of(framed.framed(section, title, text, style)) == articles, text


@given(st.sampled_from([case for case in CASES if case[0] != "L-TRM-05"]))
@settings(max_examples=60, deadline=None)
def test_full_width_forms_change_no_finding(case):
    rule, section, title, text, expected = case
    wide = framed.framed(section, title, text)
    wide = wide.translate({ord(a): ord(a) + 0xFEE0 for a in "0123456789()"})
    assert unicodedata.normalize("NFKC", wide)
    assert (rule in framed.rules_of(wide)) is expected


@given(st.sampled_from(CASES))
@settings(max_examples=60, deadline=None)
def test_bullets_of_another_make_change_no_finding(case):
    rule, section, title, text, expected = case
    for mark in ("- ", "• ", "●"):
        other = framed.framed(section, title, text).replace("\n・", f"\n{mark}")
        assert (rule in framed.rules_of(other)) is expected, mark


@pytest.mark.parametrize(
    "hostile",
    [
        "共同利用" * 40_000,
        "第三者に提供" * 30_000,
        "（" * 80_000,
        "- 氏名等の情報\n" * 10_000,
        "利用した場合、" * 30_000 + "同意",
        "第1条" * 40_000,
        "ご案内" * 50_000 + "。",
        "匿名加工情報を作成し、" * 20_000,
        "。\n" * 80_000,
    ],
    ids=range(9),
)
def test_a_hostile_text_ends(hostile):
    assert isinstance(framed.rules_of(hostile), set)


def test_no_finding_says_that_a_company_complies():
    words = "".join(
        f"{f.message.ja}{f.message.en}{f.fix.ja}{f.fix.en}"
        for f in lint.of_text(outline_of([("policy.txt", seed())]))
    )
    for said in ("legally compliant", "適法", "法令遵守済み", "compliant"):
        assert said not in words


@pytest.mark.parametrize(
    "profile", ["appi@2030-01-01", "appi@2021-12-31", "appi@tomorrow", "appi", "gdpr@2024-04-01"]
)
def test_a_profile_of_a_law_that_nobody_compared_is_refused_with_what_exists(profile):
    with pytest.raises(BadInput, match="from 2022-04-01 to 2026-11-02"):
        lint.of_text(outline_of([("policy.txt", seed())]), profile=profile)


def test_a_rule_is_not_run_before_the_day_from_which_it_is_in_force():
    sold = _POSTED_ONLY.format("当社のウェブサイトを運営します。")
    outline = outline_of([("policy.txt", sold)])
    before = {f.rule for f in lint.of_text(outline, profile="appi@2023-06-15")}
    after = {f.rule for f in lint.of_text(outline, profile="appi@2023-06-16")}
    assert after - before == {"L-CAT-04"}
    assert {one.rule for one in lint.asleep("appi@2023-06-15")} == {"L-CAT-04", "L-LAW-02"}
    assert lint.asleep() == ()


def test_a_rule_that_is_not_in_force_is_listed_as_such_and_not_as_a_finding():
    found = lint.of_text(outline_of([("policy.txt", seed())]), profile="appi@2022-04-01")
    asleep = lint.asleep("appi@2022-04-01")
    assert "L-CAT-04" not in {f.rule for f in found}
    assert "L-CAT-04 since 2023-06-16: not in force at this date" in lint.as_text(
        found, "en", asleep
    )
    told = json.loads(lint.as_json(found, asleep=asleep))
    assert {"rule": "L-CAT-04", "since": "2023-06-16"} in told["not_in_force"]
    rules = json.loads(lint.as_sarif(found, asleep=asleep))["runs"][0]["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules if r.get("defaultConfiguration") == {"enabled": False}] == [
        one.rule for one in asleep
    ]


def test_a_register_is_asked_only_where_it_is_handed_in():
    from chikai.policy import load
    from chikai.policy.rules.reading import Flow, Registers

    draft = load.read(LEVII)
    assert not {"L-CAT-05", "L-PUR-08", "L-TPP-09", "L-DIS-08", "L-PRM-02"} & {
        f.rule for f in lint.findings(draft)
    }
    registers = Registers(
        columns=("users.shoe_size",),
        flows=(Flow("nobody", ("name",)),),
        anonymised=("年代",),
        uses=(("unknown_purpose", 3),),
        accredited="見本協会",
        evidence_days=(("1.2", None),),
    )
    found = {f.rule for f in lint.findings(draft, registers=registers)}
    assert {"L-CAT-05", "L-PUR-08", "L-TPP-09", "L-DIS-08", "L-PRM-02"} <= found


NESTED = "".join(["<ol><li>商品の発送のため"] * 1500 + ["</ol>"] * 1500)


def test_a_clause_of_a_thousand_sentences_is_parted_once(monkeypatch):
    from chikai.policy.importing.markup import as_text
    from chikai.policy.rules import reading

    page = f"<html><body><h1>プライバシーポリシー</h1><h2>利用目的</h2>{NESTED}"
    read = reading.Reading(outline_of([("policy.txt", as_text(page)[0])]))
    parted: list[str] = []
    ends = reading._END

    class Counting:
        @staticmethod
        def split(text: str) -> list[str]:
            parted.append(text)
            return ends.split(text)

    monkeypatch.setattr(reading, "_END", Counting)
    list(lint.RULES["L-REF-05"].check(read))
    assert len(parted) <= 2 * len(list(read.outline.walk()))


def test_a_site_on_which_a_notice_is_posted_is_not_in_scope():
    text = "本方針を改定するときは、1か月前までに当社ウェブサイトでお知らせします。"
    outline = outline_of([("policy.txt", _POSTED_ONLY.format(text))])
    assert "L-CAT-04" not in {f.rule for f in lint.of_text(outline)}
    sold = outline_of([("policy.txt", _POSTED_ONLY.format("当社のウェブサイトを運営します。"))])
    assert "L-CAT-04" in {f.rule for f in lint.of_text(sold)}


def test_purposes_that_share_only_a_word_for_contact_do_not_overlap():
    outline = outline_of([("policy.txt", _POSTED_ONLY.format(""))])
    assert "L-PUR-03" not in {f.rule for f in lint.of_text(outline)}


def test_a_missing_place_for_complaints_is_shown_at_the_desk_and_not_at_a_purpose():
    outline = outline_of([("policy.txt", _POSTED_ONLY.format(""))])
    (seen,) = (f for f in lint.of_text(outline) if f.rule == "L-DIS-07")
    assert seen.clause == "4"


def test_a_missing_right_names_its_own_articles():
    outline = outline_of([("policy.txt", _POSTED_ONLY.format(""))])
    cited = {f.message.ja: f.articles for f in lint.of_text(outline) if f.rule == "L-RGT-01"}
    said = "「訂正・追加・削除」の請求について文書にありません"
    assert cited[said] == ("APPI Art. 32(1)(iii)", "APPI Art. 34(1)")


def test_an_error_comes_before_every_warning_that_is_not_a_usual_gap():
    found = lint.of_text(outline_of([("p.txt", _POSTED_ONLY.format(""))]))
    first_of_each = {f.rule: f for f in reversed(found) if not f.is_usual}
    grave = [f.severity == "error" for f in found if f is first_of_each.get(f.rule)]
    assert grave == sorted(grave, reverse=True)


@pytest.mark.parametrize("day", ["2019年6月1日", "令和3年4月1日"])
def test_a_text_from_before_2022_that_lacks_what_was_asked_since_is_stale(day):
    old = _POSTED_ONLY.format("").replace("2023年6月1日", day)
    assert "L-DAT-02" in framed.rules_of(old)
    assert "L-DAT-02" not in framed.rules_of(framed.framed("", "", ""))


@pytest.mark.parametrize(("odd", "expected"), [("(1) {}\n(2) {}", True), ("1. {}\n2. {}", False)])
def test_paragraphs_that_are_numbered_unlike_those_of_other_articles_are_found(odd, expected):
    two = "当社は、配送を委託します。", "委託先は監督します。"
    ways = ("1. {}\n2. {}", "1. {}\n2. {}", odd)
    articles = (f"第{n}条（委託）\n{way.format(*two)}" for n, way in enumerate(ways, 1))
    text = "プライバシーポリシー\n" + "\n".join(articles) + "\n"
    assert ("L-NUM-01" in framed.rules_of(text)) is expected


LISTED = [c for c in CASES if "\n・" in c[3] and c[0][:5] not in {"L-REF", "L-NUM"}]


@given(st.sampled_from(LISTED))
@settings(max_examples=60, deadline=None)
def test_bullets_left_out_change_no_finding(case):
    rule, section, title, text, expected = case
    bare = framed.framed(section, title, text.replace("\n・", "\n"))
    assert (rule in framed.rules_of(bare)) is expected


@given(st.sampled_from([c for c in CASES if c[0][:5] not in {"L-REF", "L-NUM"}]), st.data())
@settings(max_examples=40, deadline=None)
def test_a_line_broken_inside_a_sentence_changes_no_finding(case, data):
    rule, section, title, text, expected = case
    whole = framed.framed(section, title, text)
    lines = whole.split("\n")
    long = [i for i, line in enumerate(lines) if len(line) > 40 and "://" not in line]
    for i in data.draw(st.lists(st.sampled_from(long), max_size=4, unique=True)):
        at = data.draw(st.integers(20, len(lines[i]) - 10))
        # What goes on with kana cannot be a new item; a break before a kanji is told from one only by its neighbours.
        if re.match(r"[一-龥ぁ-ん][ぁ-んー](?<![おごんー])", lines[i][at - 1 : at + 1]):
            lines[i] = f"{lines[i][:at]}\n{lines[i][at:]}"
    assert (rule in framed.rules_of("\n".join(lines))) is expected


def wrapped(text: str, width: int) -> str:
    """The text as a program prints it that knows no words: every line cut at a width, amid whatever stands there."""
    lines = []
    for line in text.split("\n"):
        cut = range(0, len(line), width) if "://" not in line and "〒" not in line else ()
        lines += [line[at : at + width] for at in cut] or [line]
    return "\n".join(lines)


@given(
    st.sampled_from([c for c in CASES if c[0][:5] not in {"L-REF", "L-NUM"}]), st.integers(34, 60)
)
@settings(max_examples=60, deadline=None)
def test_lines_cut_at_a_width_change_no_finding(case, width):
    rule, section, title, text, expected = case
    cut = wrapped(framed.framed(section, title, text), width)
    assert (rule in framed.rules_of(cut)) is expected


_POSTED_ONLY = """プライバシーポリシー
さくら物流株式会社（以下「当社」といいます。）は、次のとおり個人情報を取り扱います。
1. 取得する情報
当社は、次の情報を取得します。
(1) 氏名
(2) 住所
2. 利用目的
当社は、次の目的で利用します。
(1) 商談、業務上の連絡のため
(2) お問い合わせに対応するため
(3) 採用に関するご連絡のため
3. 改定
{}
4. お問い合わせ窓口
さくら物流株式会社　総務部　電話：06-1234-5678
制定日：2023年6月1日
"""
