"""A table of a policy stays a table: in the folder, on the page, in the text and on the sheets."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chikai.policy import change, load, passages, render, sheet
from chikai.policy.document import Text
from chikai.policy.importing import drafting, outline_of
from chikai.web import typeset

TABLE = """| 取得する情報 | 利用目的 |
| --- | --- |
| 氏名、住所 | 商品を発送するため |
| メールアドレス | 回答<br>するため |
"""
POLICY = f"""# プライバシーポリシー

株式会社見本（以下「当社」といいます。）は、次のとおり定めます。

## 1. 取得する情報と利用目的

当社は、次の情報を取得し、利用します。

{TABLE}
なお、16歳未満の方の情報は取得しません。

## 2. 窓口

電話 03-0000-0000
"""
PAGE = """<html><h1>プライバシーポリシー</h1><p>株式会社見本は次のとおり定めます。</p><h2>1. 取得する情報と利用目的</h2>
<p>当社は、次の情報を取得し、利用します。</p><table><tr><th>取得する情報</th><th>利用目的</th></tr>
<tr><td>氏名、住所</td><td>商品を発送するため</td></tr></table><h2>2. 窓口</h2><p>電話 03-0000-0000</p></html>"""


@pytest.fixture(params=["p.md", "p.html"])
def document(request, tmp_path):
    text = POLICY if request.param.endswith("md") else PAGE
    drafting.folder(outline_of([(request.param, text)]), tmp_path / "policy")
    return load.read(tmp_path / "policy").document


def test_a_table_is_a_passage_of_its_clause_and_its_head_is_no_clause(document):
    assert [c.id for c in document.clauses] == ["pre", "1", "2"]
    assert [p.name.ja for p in document.purposes][:1] == ["商品を発送するため"]
    assert {p.clause for p in document.purposes} == {"1"}
    assert document.categories[0].clause == "1"


def test_a_table_is_a_table_on_the_page_with_the_names_of_its_columns(document):
    page = render.html(document, "ja")
    assert (
        '<thead><tr><th scope="col">取得する情報</th><th scope="col">利用目的</th></tr></thead>'
        in page
    )
    assert "<tr><td>氏名、住所</td><td>商品を発送するため</td></tr>" in page
    assert 'role="region" tabindex="0" aria-label="表 1"' in page
    assert "---" not in page
    assert "<p>|" not in page


def test_rows_stay_rows_in_the_text(document):
    lines = render.text(document, "ja").split("\n")
    at = lines.index("| 取得する情報 | 利用目的 |")
    assert lines[at + 2] == "| 氏名、住所 | 商品を発送するため |"


def test_words_before_and_after_a_table_and_two_tables_are_passages_of_their_own():
    found = passages.blocks(f"前の文\n{TABLE}\n- い\n- ろ\n\n| 一 | 二 |\n| 三 |")
    assert [(b.is_list, b.table is not None) for b in found] == [
        (False, False),
        (False, True),
        (True, False),
        (False, True),
    ]
    first, last = found[1].table, found[3].table
    assert first == passages.Table(
        (("取得する情報",), ("利用目的",)),
        (
            (("氏名、住所",), ("商品を発送するため",)),
            (("メールアドレス",), ("回答", "するため")),
        ),
    )
    assert last == passages.Table((), ((("一",), ("二",)), (("三",), ("",))))


def test_nothing_that_a_cell_says_is_a_tag(levii):
    first, *rest = levii.document.clauses
    body = Text("| <b>甲</b> | a\\|b |\n| - | - |\n| <script> | 丙 |", "x")
    page = render.html(replace(levii.document, clauses=(replace(first, body=body), *rest)), "ja")
    assert "&lt;b&gt;甲&lt;/b&gt;" in page
    assert "a|b" in page
    assert "<script>" not in page


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext reads the file back")
def test_a_table_stands_on_the_sheets(document, tmp_path):
    tables = [b["table"] for c in sheet.data(document, "ja")["clauses"] for b in c["blocks"]]
    assert next(t for t in tables if t)["columns"] == 2
    file = tmp_path / "policy.pdf"
    file.write_bytes(typeset.policy(document, "ja", datetime(2026, 11, 26, tzinfo=UTC)))
    said = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    row = next(line for line in said.split("\n") if "氏名、住所" in line)
    assert "商品を発送するため" in row
    assert "|" not in row


def test_one_more_row_leaves_the_purposes_of_the_others_as_they_were(tmp_path):
    more = POLICY.replace("\nなお", "| 生年月日 | 年齢を確かめるため |\n\nなお", 1)
    drafting.folder(outline_of([("p.md", POLICY)]), tmp_path / "old")
    drafting.folder(outline_of([("p.md", more.replace("|\n\n|", "|\n|"))]), tmp_path / "new")
    old, new = (load.read(tmp_path / name).document for name in ("old", "new"))
    told = [(c.kind, c.name.ja) for c in change.between(old, new)]
    assert told == [("purpose_added", "年齢を確かめるため"), ("category_added", "生年月日")]
