"""What the pages of a print repeat stands neither in the folder nor on its page, and makes no difference."""

import pytest

from chikai.policy import diff, load, prose, render, sketch
from chikai.policy.importing import drafting, files, outline_of

FIRST = """個人情報保護方針

1. 取得する情報
当会は、氏名、住所を取得します。
2. 利用目的
当会は、個人情報を次の目的で利用します。
(1) 会報の発
"""
SECOND = """送及びイベントの案内
(2) お問い合わせへの対応
3. お問い合わせ
見本会 事務局 電話 03-1234-5678
制定日：2024年4月1日
"""
PRINTS = {
    "a dashed foot and a running head": f"{FIRST}- 1 -\n\f個人情報保護方針\n{SECOND}- 2 -\n",
    "a bare foot": f"{FIRST}1\n\f{SECOND}2\n\f",
    "a foot and the break in one line": f"{FIRST}- 1 -\f{SECOND}- 2 -\n",
    "a foot amid blank lines": f"{FIRST}\n\n      1 / 2\n\f\n{SECOND}\n\n      2 / 2\n\f",
    "no break": f"{FIRST}- 1 -\n個人情報保護方針\n{SECOND}- 2 -\n",
}


@pytest.fixture(params=PRINTS)
def printed(request, tmp_path):
    """A print, and the folder that begins with it."""
    path = tmp_path / "print.txt"
    path.write_text(PRINTS[request.param], encoding="utf-8")
    drafting.folder(files.read([path]), tmp_path / "policy")
    return path, tmp_path / "policy"


def test_a_folder_and_its_text_have_no_furniture_of_the_print(printed):
    _, folder = printed
    document = load.read(folder).document
    said = [c.body.ja for c in document.clauses]
    assert "会報の発送及びイベントの案内" in said
    text = render.text(document, "ja")
    assert text.count("個人情報保護方針") == 1
    for foot in ("- 1 -", "- 2 -", "/ 2"):
        assert foot not in text
        assert foot not in prose.without_ids((folder / "ja.md").read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.split("\n")]
    assert not {"1", "2"} & set(lines)
    assert [p.name.ja for p in document.purposes] == [
        "会報の発送及びイベントの案内",
        "お問い合わせへの対応",
    ]


def test_a_print_does_not_differ_from_its_own_import(printed):
    path, folder = printed
    old, new = sketch.of_path(path), sketch.of_path(folder)
    assert not list(diff.between(old, sketch.alike(old, new)))


def test_without_pages_a_text_stays_as_it_is():
    text = f"{FIRST[:-1]}{SECOND}"
    outline = outline_of([("a.txt", text)])
    assert not outline.furniture
    made = drafting.draft(outline).files["ja.md"]
    assert "".join(line for line in made.splitlines(True) if "<!--" not in line) == text
