"""Clauses in Markdown: ids, printed numbers, headings, and text that runs over a page break."""

import pytest

from chikai.policy import prose
from tests.unit.policy.conftest import LEVII


def parts(text):
    return {p.id: p for p in prose.parse(text, "ja.md").parts}


def test_the_example_without_its_ids_is_the_companys_own_text_byte_for_byte():
    ours = (LEVII / "ja.md").read_bytes().decode("utf-8")
    assert prose.without_ids(ours).encode() == (LEVII / "seed.ja.txt").read_bytes()


@pytest.mark.parametrize(
    ("opening", "mark"),
    [
        ("1 目的", "1"),
        ("1. 目的", "1."),
        ("## 1. 目的", "1."),
        ("１　目的", "1"),
        ("第1条（目的）", "第1条"),
        ("(1) 目的", "(1)"),
        ("- （１） 目的", "(1)"),
    ],
)
def test_a_printed_number_is_read_from_the_text(opening, mark):
    assert parts(f"<!-- 1 -->\n{opening}\n")["1"].mark == mark


@pytest.mark.parametrize("opening", ["1.5倍", "2 目的", "10 目的", "11 目的", "目的 1"])
def test_another_number_is_part_of_the_text(opening):
    part = parts(f"<!-- 1 -->\n{opening}\n")["1"]
    assert (part.mark, part.body) == ("", opening)


def test_a_page_break_inside_a_sentence_is_closed():
    text = "<!-- 8 -->\n8 変更\n\n必要となるような\n\n<!-- 8 -->\n内容の変更。\n"
    assert parts(text)["8"].body == "必要となるような内容の変更。"
    assert parts("<!-- 8 -->\n\nthe law\n<!-- 8 -->\nsays\n")["8"].body == "the law says"


def test_numbers_are_joined_from_the_clauses_above(levii):
    numbers = {c.id: c.number for c in levii.document.clauses}
    assert numbers["2.3"] == "2(3)"
    assert numbers["2.3.5"] == "2(3)-5"
    assert numbers["4.1.2"] == "4.1(2)"
    assert numbers["pre"] == ""
    assert numbers["d.made"] == ""


@pytest.mark.parametrize(
    ("clause", "label"), [("4", "4"), ("4.1", "1."), ("4.1.2", "(2)"), ("2.2.1", ""), ("pre", "")]
)
def test_the_label_is_what_the_text_prints(levii, clause, label):
    document = levii.document
    assert prose.label(document, document.clause(clause)) == label


def test_a_comment_that_is_no_id_is_told():
    faults = prose.parse(
        "<!-- 1 -->\nA\n<!--1.1-->\n<!-- 2 -->\nB\n<!-- 1 -->\nC\n", "ja.md"
    ).faults
    assert [f.where for f in faults] == ["ja.md:3", "ja.md:6"]
