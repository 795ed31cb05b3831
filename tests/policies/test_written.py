"""A folder that is written anew keeps the company's own text, byte for byte, but for the clause that was edited."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.policy import load, prose, write
from chikai.policy.document import Text
from chikai.policy.importing import drafting, outline_of
from tests.policies.framed import HERE

TEXTS = sorted(one.name for one in (HERE / "texts").iterdir() if one.suffix != ".json")


@cache
def drafted(name: str) -> drafting.Drafted:
    text = (HERE / "texts" / name).read_text(encoding="utf-8")
    return drafting.draft(outline_of([(name, text)]))


@pytest.mark.parametrize("name", TEXTS)
def test_an_import_that_nobody_edited_is_written_as_it_was(name: str, tmp_path: Path) -> None:
    made = drafted(name)
    write.folder(made.document, tmp_path / "p", like=made.files)
    for file in ("ja.md", "en.md"):
        assert (tmp_path / "p" / file).read_text("utf-8") == made.files[file]


@given(name=st.sampled_from(TEXTS), data=st.data())
def test_an_edited_clause_leaves_the_others_byte_for_byte(name: str, data: st.DataObject) -> None:
    made = drafted(name)
    at = data.draw(st.integers(0, len(made.document.clauses) - 1))
    one = made.document.clauses[at]
    words = Text("改めた文です。", "New words.")
    clauses = (*made.document.clauses[:at], replace(one, body=words))
    document = replace(made.document, clauses=(*clauses, *made.document.clauses[at + 1 :]))
    before, after = made.files["ja.md"], prose.written(document, "ja", made.files["ja.md"])
    for clause in document.clauses:
        if clause.id != one.id:
            assert prose.raw(after, clause.id) == prose.raw(before, clause.id)
    assert "改めた文です。" in str(prose.raw(after, one.id))
    assert [part.id for part in prose.parse(after, "ja.md").parts] == [
        c.id for c in document.clauses
    ]


def test_a_folder_that_is_written_over_keeps_the_layout_that_stood_there(tmp_path: Path) -> None:
    made = drafted("14-pdf.txt")
    folder = tmp_path / "p"
    write.folder(made.document, folder, like=made.files)
    document = replace(made.document, edition="2")
    write.folder(document, folder, overwrite=True)
    assert load.read(folder).document == document
    assert (folder / "ja.md").read_text("utf-8") == made.files["ja.md"]


def test_without_a_text_to_keep_the_words_stay_and_the_layout_goes(tmp_path: Path) -> None:
    made = drafted("14-pdf.txt")
    write.folder(made.document, tmp_path / "p")
    assert load.read(tmp_path / "p").document == made.document
    assert (tmp_path / "p" / "ja.md").read_text("utf-8") != made.files["ja.md"]
