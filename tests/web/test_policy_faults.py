"""Every fault of a policy that a page can show has its Japanese: the sentences are read from the code that raises them."""

import ast
import itertools
import re

import pytest
from django.utils import translation

from chikai.errors import PolicyErrors
from chikai.policy import load
from chikai.policy.importing import decoding
from chikai.web import fault_words
from tests.web import world

ROOMS = [
    "policy/tables.py",
    "policy/load.py",
    "policy/prose.py",
    "policy/mend.py",
    "policy/edit.py",
    "policy/stored.py",
    "choices/registry.py",
    "policy/change.py",
    "policy/publication.py",
    "policy/write.py",
    "policy/importing/decoding.py",
    "policy/importing/notes.py",
    "web/actions/policy.py",
    "web/actions/policy_announce.py",
    "web/actions/policy_draft.py",
    "web/actions/policy_notice.py",
    "web/actions/policy_prepare.py",
    "web/console/policy_import.py",
    "web/work/letters.py",
]
ERRORS = {"PolicyError", "BadInput", "WrongState", "Tampered", "MailAway", "Unreachable", "fault"}
# What a sentence holds that is no name in backticks; whatever is not listed here must be.
HOLDS = {
    "self.name": ["`[purpose]` `news`", "`policy.toml`"],
    "table.name": ["`[right]`"],
    "purpose.name": ["`[purpose]` `news`"],
    "noun": ["clause", "category", "purpose"],
    "lacks": ["heading", "text"],
    "self.lacks": ["heading", "text"],
    "low": ["0"],
    "high": ["365"],
    "FORMAT": ["1"],
    "MOST": ["20"],
    "names": ["`a`, `b`"],
    "said": ["`a`, `b`"],
    "tables.listed(known)": ["`a`, `b` or `c`"],
    "listed(choices)": ["`a` or `b`"],
    "listed(sorted(self.asked))": ["`a`"],
    "_named(seen)": ["`1`, `2.1`"],
    "_named(circle)": ["`1`, `2.1`"],
    "_named(unsure[:_SOME])": ["`2.1`, `c`"],
    "_named(lacking[:_SOME])": ["`2.1`, `c`"],
    "_named(more[:_SOME])": ["`2.1`, `c`"],
    "len(blocking)": ["12"],
    "documents": ["2"],
    "both.said": ["domain `a` and `b`, last day `2024-04-01` and `2021-04-01`"],
    "''.join(lines)": ["\n  policy.toml:3: `L-DIS-03` (-)"],
    "more": ["\n  and 2 more"],
    "', '.join(lacks)": ["no purposes, no desk"],
}
KANA = re.compile(r"[ぁ-んァ-ン]")


def spelt(node, names):
    """Every text that an expression can be."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return spelt(node.body, names) + spelt(node.orelse, names)
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in spelt(value, names)]
    if isinstance(node, ast.Name):
        return [text for value in names.get(node.id, ()) for text in spelt(value, names)]
    if isinstance(node, ast.Call):
        near = ["did you mean `x`?"] if "suggest" in ast.unparse(node.func) else []
        return near + [text for value in node.args[2:] for text in spelt(value, names)]
    if not isinstance(node, ast.JoinedStr):
        return []
    made = [""]
    for part in node.values:
        if isinstance(part, ast.Constant):
            made = [text + part.value for text in made]
            continue
        inside = made[0].count("`") % 2
        held = ["x"] if inside else HOLDS[ast.unparse(part.value)]
        made = [text + one for text, one in itertools.product(made, held)]
    return made


def assigned(function):
    """What each name of a function can be."""
    names = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    names.setdefault(target.id, []).append(node.value)
    return names


def sentences():
    """Every sentence that these rooms say when something is wrong."""
    found = set()
    for room in ROOMS:
        tree = ast.parse((world.ROOT / "src" / "chikai" / room).read_text("utf-8"))
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            names = assigned(function)
            for node in ast.walk(function):
                if isinstance(node, ast.Yield) and room.endswith("notes.py"):
                    found.update(spelt(node.value, names))
                if isinstance(node, ast.Call):
                    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    said = node.args[called == "fault" :][:2] if called in ERRORS else []
                    found.update(text for part in said for text in spelt(part, names))
                    if called == "suggest_id":
                        found |= {"declare it first", "declare it first, or use `a`, `b` or `c`"}
    found |= {text for signature in decoding._SIGNATURES for text in signature[1:]}
    return sorted(filter(None, found))


def test_the_sentences_are_found():
    found = sentences()
    assert len(found) > 120
    assert "`x` of `[purpose]` `news` is of the wrong kind" in found
    assert "who prepared this does not let it go" in found
    assert "this does not look like a privacy policy: no purposes, no desk" in found


@pytest.mark.parametrize("english", sentences())
def test_each_sentence_has_its_japanese(english):
    with translation.override("ja"):
        said = fault_words.sentence(english)
    assert KANA.search(said), said
    assert not re.search(
        r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", re.sub("`[^`]*`", "", said.partition("\n")[0])
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "文章がありません"),
        (
            "今日は晴れです。\n散歩に行きます。\n",
            "プライバシーポリシーではないようです：利用目的がない",
        ),
    ],
)
def test_the_page_of_the_import_says_its_faults_in_japanese(as_role, words, said):
    world.begin()
    page = as_role("officer").post("/desk/policy/import", {"words": words}).content.decode()
    assert said in page
    assert "There is no text" not in page


@pytest.mark.django_db
def test_the_page_of_the_import_says_its_notes_in_japanese(as_role):
    world.begin()
    seed = (world.EXAMPLE / "seed.ja.txt").read_text("utf-8")
    words = seed.replace("2(2)", "第99条")
    page = as_role("officer").post("/desk/policy/import", {"words": words})
    assert page.context["notes"]
    assert all(KANA.search(note) for note in page.context["notes"])


@pytest.mark.django_db
def test_the_page_of_the_policy_says_in_japanese_what_is_wrong_in_the_files(as_role):
    world.begin()
    world.replaced("policy.toml", 'kind = "company"', 'kind = "firm"')
    page = as_role("officer").get("/desk/policy").content.decode()
    assert "policy.toml:" in page
    assert "この語は知られていません" in page


def test_a_list_of_names_is_one_name():
    with translation.override("ja"):
        said = fault_words.sentence("it can be `switch`, `ends_service` or `law`")
    assert "`switch`、`ends_service`、`law`" in said


def test_a_folder_with_many_faults_is_said_in_japanese(tmp_path):
    for name in ("ja.md", "en.md"):
        (tmp_path / name).write_text(
            "# a\n\n<!-- 1 -->\n\n<!-- 7.1 -->\nx\n<!-- x y -->\n", "utf-8"
        )
    (tmp_path / "policy.toml").write_text(
        'format = 1\nedition = 3\nsampel = true\n[[purpose]]\nid = "A b"\nclause = "9"\nstop = "swich"\n',
        "utf-8",
    )
    with pytest.raises(PolicyErrors) as found, translation.override("ja"):
        load.read(tmp_path)
    with translation.override("ja"):
        said = [fault_words.said(fault) for fault in found.value.faults]
    assert len(said) > 10
    assert all(KANA.search(text) for text in said), said
