"""A folder is read, or every fault in it is told with its place."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.errors import PolicyErrors
from chikai.policy import lint, load, render
from chikai.policy.document import Text
from tests.unit.policy.conftest import ENGLISH, JAPANESE, STRUCTURE


def faults(folder):
    with pytest.raises(PolicyErrors) as caught:
        load.read(folder)
    return [(f.where, f.what, f.do) for f in caught.value.faults]


def only(folder):
    found = faults(folder)
    assert len(found) == 1, found
    return found[0]


def test_the_example_is_read(levii):
    document = levii.document
    assert [s.id for s in document.services] == ["website", "balus", "kata", "training"]
    assert len(document.categories) == 14
    assert document.purpose("billing").categories_at("balus")
    assert document.controller.representative == Text()
    assert document.controller.desk.mail.endswith(".example")
    assert {r.id for r in document.recipients if r.sample} == {
        "aoba_payment",
        "northmail",
        "manabi",
    }


def test_the_example_collects_no_birthday_gender_health_or_my_number(levii):
    for kind in ("birth_date", "gender", "health", "special_care", "mynumber", "id_document"):
        assert levii.document.category_of_kind(kind) is None


def test_every_kind_is_covered_by_one_category_at_most(levii):
    covered = [kind for category in levii.document.categories for kind in category.kinds]
    assert len(covered) == len(set(covered))


def test_every_right_of_the_document_is_there(levii):
    assert {r.kind for r in levii.document.rights} == set(load.RIGHT_KINDS)


def test_places_name_file_and_line(levii):
    assert levii.places["pre"].startswith("ja.md:")
    assert levii.places["en:pre"].startswith("en.md:")
    assert levii.places["purpose:billing"].startswith("policy.toml:")


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(PolicyErrors, match="no folder"):
        load.read(tmp_path / "none")


@pytest.mark.parametrize("name", ["policy.toml", "ja.md", "en.md"])
def test_a_missing_file_is_told(folder, name):
    (folder / name).unlink()
    assert only(folder)[:2] == (f"{name}:1", "the file is missing")


@pytest.mark.parametrize("name", ["policy.toml", "ja.md", "en.md"])
def test_an_empty_file_is_told(folder, name):
    (folder / name).write_text(" \n\n")
    assert only(folder)[:2] == (f"{name}:1", "the file is empty")


def test_a_folder_in_the_place_of_a_file_is_told(folder):
    (folder / "ja.md").unlink()
    (folder / "ja.md").mkdir()
    assert only(folder)[1] == "the file cannot be read"


def test_another_encoding_is_told_with_its_line(folder):
    text = (folder / "ja.md").read_text(encoding="utf-8")
    (folder / "ja.md").write_bytes(b"# abc\n" + text.encode("shift_jis"))
    assert only(folder)[:2] == ("ja.md:2", "this is not UTF-8")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(folder, small):
    for name in ("policy.toml", "ja.md", "en.md"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load.read(folder).document == small.document
    assert load.read(folder).places == small.places


def test_a_syntax_error_has_its_line(change):
    where, what, do = only(change('edition = "1"', "edition = 1.x"))
    assert where == "policy.toml:2"
    assert what.startswith("this is not valid TOML")
    assert do


def test_an_open_string_has_its_line(change):
    assert only(change("shop = [", 'shop = "['))[0] == "policy.toml:29"


# What is replaced, by what, the line of the fault, a part of what is said, a part of what to do.
FAULTS = [
    ('edition = "1"', "", "policy.toml:1", "lacks `edition`", "add"),
    ('edition = "1"', "edition = 1", "policy.toml:2", "wrong kind", 'edition = "..."'),
    ("format = 1", "format = 2", "policy.toml:1", "format `2`", "newer Chikai"),
    ('edition = "1"', 'edition = "1"\neditoin = 2', "policy.toml:3", "unknown key `editoin`", "`edition`"),
    ('kind = "company"', 'kind = "firm"', "policy.toml:6", "`firm`", "`company`"),
    ("desk@mihon.example", "mihon", "policy.toml:10", "no mail address", "desk@"),
    ('id = "shop"', 'id = "My Shop"', "policy.toml:13", "cannot be an id", "small letters"),
    ('kinds = ["name"]', 'kinds = ["nmae"]', "policy.toml:20", "unknown kind `nmae`", "did you mean `name`?"),
    ('kinds = ["name"]', "kinds = [3]", "policy.toml:20", "more than strings", "names"),
    ('kinds = ["name"]', 'kinds = ["name", "name"]', "policy.toml:20", "twice", "once"),
    ('kinds = ["name"]', 'kinds = "name"', "policy.toml:20", "wrong kind", '["name", "email"]'),
    ('clause = "1.1"', 'clause = "1.2"', "policy.toml:19", "unknown clause `1.2`", "did you mean"),
    ('clause = "1.1"', "personal = 1", "policy.toml:16", "lacks `clause`", "add"),
    ('stop = "switch"', 'stop = "swich"', "policy.toml:26", "`swich`", "did you mean `switch`?"),
    ('stop = "switch"', 'stop = "law"', "policy.toml:22", "lacks `law`", "add"),
    ('stop = "switch"', 'stop = "law"\nlaw = "APPI Art. 99"', "policy.toml:27", "citation", "APPI Art."),
    ('stop = "switch"', 'stop = "switch"\nlaw = "APPI Art. 18(3)"', "policy.toml:27", "can be stopped", "law"),
    ('en = "Nothing is delivered."', 'en = ""', "policy.toml:27", "no words in `en`", "both"),
    ('stop_effect = { ja = "届かなくなります。", en = "Nothing is delivered." }\n', "", "policy.toml:22", "lacks `stop_effect`", "add"),
    ('shop = ["name"]', 'shpo = ["name"]', "policy.toml:29", "unknown service `shpo`", "`shop`"),
    ('shop = ["name"]', 'shop = ["nam"]', "policy.toml:29", "unknown category `nam`", "`name`"),
    ('shop = ["name"]', "shop = []", "policy.toml:29", "uses nothing", "out"),
    ('purposes = ["delivery"]', 'purposes = ["delivry"]', "policy.toml:36", "unknown purpose", "`delivery`"),
    ('kind = "entrusted"', 'kind = "entrusted"\ncountry = "usa"', "policy.toml:35", "country code", "ISO"),
    ('kind = "disclose"', 'kind = "disclosure"', "policy.toml:40", "`disclosure`", "`disclose`"),
    ('kind = "disclose"', 'kind = "disclose"\napprovals = 3', "policy.toml:41", "within 0 and 2", ""),
    ('by = ["policy.load"]', 'by = ["Policy Load"]', "policy.toml:45", "no module", "gate.meaning"),
    ('id = "2"\nkind', 'id = "9"\nkind', "policy.toml:49", "unknown clause `9`", ""),
    ('id = "2"\nkind', 'id = "1"\nkind', "policy.toml:49", "stands twice", "own"),
    ('kind = "items"', 'kind = "itms"', "policy.toml:46", "`itms`", "did you mean `items`?"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "what", "do"), FAULTS)
def test_a_fault_of_the_structure_has_its_line_and_its_remedy(change, old, new, where, what, do):
    found = faults(change(old, new))
    assert any(w == where and what in said and do in remedy for w, said, remedy in found), found


def test_two_items_of_one_name_are_told(change):
    again = '[[service]]\nid = "shop"\nname = { ja = "a", en = "b" }\n\n[[category]]'
    assert only(change("[[category]]", again))[1] == "`shop` stands twice among `[[service]]`"


@pytest.mark.parametrize("day", ["2025-13-01", "never", "2025-02-22T10:00:00"])
def test_a_day_that_is_none_is_told(change, day):
    where, what, _ = only(change("[controller]", f'[dates]\nmade_on = "{day}"\n\n[controller]'))
    assert (where, what) == ("policy.toml:5", "`made_on` of `[dates]` is not a day")


def test_a_clause_of_one_language_only_is_told(change):
    folder = change("- name", "- name\n\n<!-- 1.2 -->\n- more", "en.md")
    assert only(folder)[:2] == ("en.md:10", "clause `1.2` is not in `ja.md`")
    folder = change("- 氏名", "- 氏名\n\n<!-- 1.3 -->\n- 住所", "ja.md")
    assert ("ja.md:10", "clause `1.3` is not in `en.md`") in [f[:2] for f in faults(folder)]


def test_the_lint_reads_a_folder_that_says_something_in_one_language_only(change):
    change("- name", "", "en.md")
    change("<!-- 1.1 -->\n", "", "en.md")
    change("Complaints are received here.", "", "en.md")
    folder = change("<!-- 1.1 -->\n- 氏名", "<!-- 1.1 -->\n- 氏名\n\n<!-- 1.2 -->\n- 住所", "ja.md")
    with pytest.raises(PolicyErrors):
        load.read(folder)
    found = lint.findings(load.read(folder, halves=True))
    uneven = [(f.clause, f.place) for f in found if f.rule == "L-LNG-01"]
    assert uneven == [("1.1", "ja.md:7"), ("1.2", "ja.md:10"), ("3", "ja.md:18")]
    assert "L-DIS-02" in {f.rule for f in found}
    assert {f.rule for f in lint.blocking(found)} >= {"L-LNG-01"}


def test_what_stands_in_english_alone_is_found_though_the_structure_names_it(change):
    folder = change("<!-- 1.1 -->\n- 氏名", "", "ja.md")
    (uneven,) = (f for f in lint.findings(load.read(folder, halves=True)) if f.rule == "L-LNG-01")
    assert (uneven.clause, uneven.place) == ("1.1", "en.md:7")


def test_a_clause_outside_its_parent_is_told(change):
    change("<!-- 1.1 -->", "<!-- 7.1 -->", "en.md")
    found = faults(change("<!-- 1.1 -->", "<!-- 7.1 -->", "ja.md"))
    assert any(f[1] == "clause `7.1` stands outside clause `7`" for f in found)


def test_text_before_the_first_clause_must_be_the_title(change):
    where, what, _ = only(change("# プライバシーポリシー", "# 前書き", "ja.md"))
    assert where == "ja.md:1"
    assert "not the title" in what


def test_all_faults_are_told_together_in_the_order_of_the_files(change):
    change("- name", "", "en.md")
    change('kind = "company"', 'kind = "firm"')
    folder = change('stop = "switch"', 'stop = "never"')
    assert [f[0] for f in faults(folder)] == [
        "policy.toml:6",
        "policy.toml:26",
        "ja.md:7",
        "en.md:6",
    ]


def test_messages_begin_small_and_say_what_to_do(change):
    folder = change('stop = "switch"', "stop = 1")
    change('edition = "1"', "")
    for _, what, do in faults(folder):
        assert what[0].islower() or what[0] == "`"
        assert do


def test_an_accepted_finding_has_a_reason(change):
    table = '[[accepted]]\nrule = "L-DIS-03"\nclause = "2"\nreason = "見本"\n\n[[right]]'
    (one,) = load.read(change("[[right]]", table)).accepted
    assert one.reason == Text("見本", "")


def test_the_order_of_uses_is_the_order_of_the_services(levii, levii_folder):
    path = levii_folder / "policy.toml"
    text = path.read_text(encoding="utf-8")
    head = '[purpose.uses]\nwebsite = ["usage_history", "voluntary"]\n'
    assert head in text
    line = head.splitlines()[1]
    tail = 'training = ["usage_history", "voluntary"]\n\n[[purpose]]\nid = "anonymised'
    assert tail in text
    moved = text.replace(head, "[purpose.uses]\n").replace(tail, f"{line}\n{tail}")
    path.write_text(moved, encoding="utf-8")
    assert load.read(levii_folder).document.digest == levii.document.digest


def test_comments_blank_lines_and_the_order_of_tables_do_not_change_the_digest(levii, levii_folder):
    path = levii_folder / "policy.toml"
    text = path.read_text(encoding="utf-8")
    first, second = text.index("[[service]]"), text.index("[[category]]")
    third = text.index("[[purpose]]")
    moved = (
        text[:first] + text[second:third] + "\n\n# a comment\n" + text[first:second] + text[third:]
    )
    path.write_text(moved.replace(" = ", "   =  "), encoding="utf-8")
    read = load.read(levii_folder).document
    assert read == levii.document
    assert read.digest == levii.document.digest


def test_one_word_more_changes_the_digest(levii, levii_folder):
    path = levii_folder / "en.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("To bill users", "To bill all users"), "utf-8"
    )
    assert load.read(levii_folder).document.digest != levii.document.digest


def test_reading_leaves_the_folder_as_it_was(levii_folder, tmp_path_factory):
    before = tmp_path_factory.mktemp("before") / "copy"
    shutil.copytree(levii_folder, before)
    load.read(levii_folder)
    for name in ("policy.toml", "ja.md", "en.md"):
        assert (before / name).read_bytes() == (levii_folder / name).read_bytes()
    assert len(list(levii_folder.iterdir())) == 3


def test_tables_without_end_are_told(folder):
    (folder / "policy.toml").write_text(f"a = {'[' * 20_000}", encoding="utf-8")
    assert only(folder)[0] == "policy.toml:1"


@pytest.mark.parametrize("name", ["policy.toml", "ja.md", "en.md"])
@given(data=st.data())
def test_whatever_is_spoilt_the_answer_is_a_policy_or_its_faults(tmp_path_factory, name, data):
    folder = tmp_path_factory.mktemp("spoilt")
    for file, text in zip(
        ("policy.toml", "ja.md", "en.md"), (STRUCTURE, JAPANESE, ENGLISH), strict=True
    ):
        (folder / file).write_text(text, encoding="utf-8")
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        new = data.draw(st.one_of(st.sampled_from(lines), st.text(max_size=8), st.just(None)))
        lines[place : place + 1] = [] if new is None else [new]
        lines = lines or [""]
    (folder / name).write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    try:
        draft = load.read(folder)
    except PolicyErrors as caught:
        for fault in caught.faults:
            file, _, line = fault.where.rpartition(":")
            assert file in {"policy.toml", "ja.md", "en.md"}
            assert int(line) >= 1
            assert fault.what
            assert fault.do
    else:
        lint.findings(draft)
        render.html(draft.document, "ja")
        render.text(draft.document, "en")
