"""A Japanese and an English text of one company become the two sides of one policy, clause by clause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chikai.cli.main import main
from chikai.policy import lint, load, prose
from chikai.policy.importing import drafting, outline_of
from chikai.policy.outline import Outline

JA = """プライバシーポリシー

株式会社あさひ商店（以下「当社」といいます。）は、お客様の個人情報を次のとおり取り扱います。

1. 取得する情報
当社は、次の情報を取得します。
(1) 氏名
(2) 電話番号

2. 利用目的
当社は、次の目的で利用します。
(1) 商品の発送
(2) 料金の請求

3. お問い合わせ窓口
電話 03-1111-2222 privacy@asahi-shoten.example

2024年4月1日 制定
"""
EN = """Privacy Policy

Asahi Shoten Co., Ltd. ("we", "us") handles personal information as follows.

1. Information we collect
We collect the following information:
(1) name
(2) phone number

2. How we use it
We use the information for the following purposes:
(1) to ship products
(2) to bill you

3. Contact
+81 3-1111-2222 privacy@asahi-shoten.example

Established: April 1, 2024
"""


def read(*texts: str) -> Outline:
    return outline_of([(f"{at}.txt", text) for at, text in enumerate(texts)])


@pytest.mark.parametrize("texts", [(JA, EN), (EN, JA)])
def test_the_english_text_is_the_other_side_whatever_comes_first(texts: tuple[str, str]) -> None:
    outline = read(*texts)
    assert [node.id for node in outline.articles] == ["1", "2", "3"]
    assert not outline.notes
    made = drafting.draft(outline)
    assert prose.without_ids(made.files["ja.md"]).strip() == JA.strip()
    assert prose.without_ids(made.files["en.md"]).strip() == EN.strip()
    assert not any("other language" in what for what in made.open)


def test_names_are_said_in_both_languages() -> None:
    document = drafting.draft(read(JA, EN)).document
    assert document.controller.name.en == "Asahi Shoten Co., Ltd."
    assert [c.name.en for c in document.categories] == ["name", "phone number"]
    assert [(p.name.ja, p.name.en) for p in document.purposes] == [
        ("商品の発送", "to ship products"),
        ("料金の請求", "to bill you"),
    ]


def test_a_clause_that_english_lacks_is_said_and_stays_to_be_written() -> None:
    outline = read(JA, EN.replace("(2) to bill you\n", ""))
    assert "the English text lacks `2.2`; it stays to be written" in outline.notes
    made = drafting.draft(outline)
    assert "en.md: the other language of 1 clauses" in made.open
    assert "【要記入：translation of 2.2】" in prose.without_ids(made.files["en.md"]).replace(
        "(2)", "2.2"
    )
    assert "(1) to ship products" in made.files["en.md"]


def test_a_clause_that_only_english_has_keeps_its_words_in_the_clause_before() -> None:
    outline = read(JA, EN.replace("(2) to bill you\n", "(2) to bill you\n(3) to send news\n"))
    assert any("only the English text has `2.3`" in note for note in outline.notes)
    made = drafting.draft(outline)
    assert "(2) to bill you\n(3) to send news" in made.files["en.md"]
    assert "<!-- 2.3 -->" not in made.files["en.md"]


def test_what_is_begun_from_both_reads_as_a_policy_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ja.txt").write_text(JA, encoding="utf-8")
    (tmp_path / "en.txt").write_text(EN, encoding="utf-8")
    texts = [str(tmp_path / name) for name in ("ja.txt", "en.txt")]
    out = tmp_path / "policy"
    assert main(["policy", "import", *texts, "--out", str(out), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["clauses"]) == len(said["english"]["clauses"]) == 3
    assert [c["kind"] for c in said["english"]["clauses"]] == ["items", "purposes", "desk"]
    clause = load.read(out).document.clause("2.1")
    assert clause is not None
    assert clause.body.en == "to ship products"


def test_the_lint_reads_the_japanese_side() -> None:
    both, alone = (
        {(f.rule, f.clause) for f in lint.of_text(read(*texts))} for texts in ((JA, EN), (JA,))
    )
    assert both == alone
