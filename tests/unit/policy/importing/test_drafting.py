"""A policy folder that begins with a company's own text keeps that text, reads back, and says what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chikai.errors import BadInput
from chikai.policy import load, prose
from chikai.policy.document import Document
from chikai.policy.importing import drafting, outline_of
from chikai.policy.outline import Outline

LEVII = Path(__file__).parents[4] / "examples" / "levii"
SHORT = """プライバシーポリシー

株式会社見本（以下「当社」といいます。）は、個人情報を次のとおり取り扱います。

【取得する情報】
当社は、次の情報を取得します。
・氏名、住所
・閲覧履歴

【利用目的】
当社は、取得した情報を次の目的で利用します。
・商品を発送するため
・広告を配信するため

【お問い合わせ窓口】
電話 03-0000-0000
"""


@pytest.fixture(scope="module")
def seed() -> Outline:
    return outline_of([("seed.ja.txt", (LEVII / "seed.ja.txt").read_text(encoding="utf-8"))])


def test_the_seed_gets_the_ids_that_the_example_has_by_hand(seed: Outline) -> None:
    made = drafting.draft(seed).files["ja.md"]
    assert made == (LEVII / "ja.md").read_text(encoding="utf-8") + "\n"


def test_without_its_ids_the_file_is_the_text_again(seed: Outline) -> None:
    made = drafting.draft(seed).files["ja.md"]
    assert prose.without_ids(made) == dict(seed.sources)["seed.ja.txt"] + "\n"


def test_what_the_importer_makes_of_the_seed_is_the_example_but_for_what_the_text_does_not_say(
    seed: Outline, tmp_path: Path
) -> None:
    drafting.folder(seed, tmp_path / "policy")
    made, hand = load.read(tmp_path / "policy").document, load.read(LEVII).document
    assert [c.id for c in made.clauses] == [c.id for c in hand.clauses]
    assert [c.body.ja for c in made.clauses] == [c.body.ja for c in hand.clauses]
    assert [(c.id, c.kind) for c in made.clauses] == [(c.id, c.kind) for c in hand.clauses]
    assert {c.clause for c in made.categories} == {c.clause for c in hand.categories}
    assert {p.clause for p in made.purposes} == {p.clause for p in hand.purposes}
    assert made.dates == hand.dates
    assert made.controller.name.ja == hand.controller.name.ja
    assert hand.controller.address.ja.endswith(made.controller.address.ja)
    assert [s.name.ja for s in made.services] == ["ウェブサイト", "研修サービス", "Balus", "KATA"]
    # The hand splits a line that names several items; the importer keeps the text's own line as one.
    differences = {(c.clause, c.name.ja) for c in hand.categories} - {
        (c.clause, c.name.ja) for c in made.categories
    }
    assert {clause for clause, _ in differences} == {f"2.2.{n}" for n in range(1, 6)}


def test_an_imported_purpose_allows_no_use_until_somebody_says_so(tmp_path: Path) -> None:
    drafting.folder(outline_of([("p.txt", SHORT)]), tmp_path / "policy")
    purposes = load.read(tmp_path / "policy").document.purposes
    assert [p.name.ja for p in purposes] == ["商品を発送するため", "広告を配信するため"]
    assert all(not p.uses for p in purposes)
    assert [p.marketing for p in purposes] == [False, True]


LINES = """プライバシーポリシー
株式会社見本は、次のとおり個人情報を取り扱います。

第1条（取得する情報）
1. 氏名
2. 住所
3. メールアドレス

第2条（利用目的）
取得した情報を次の目的で利用します。
1. 氏名、住所：商品を発送するため
2. メールアドレスは、メールマガジンを配信するために利用します。
3. お問い合わせに回答するため

第3条（窓口）
メール：desk@mihon.example
"""
ROWS = """プライバシーポリシー
1 取得する情報と利用目的
| 情報 | 利用目的 |
| 氏名、住所 | 商品の発送のため |
| メールアドレス | メールマガジンの配信のため |

2 お問い合わせ
電話 03-1234-5678
"""


def drafted(text: str, folder: Path) -> Document:
    drafting.folder(outline_of([("p.txt", text)]), folder)
    return load.read(folder).document


def test_a_line_that_names_items_and_a_purpose_drafts_the_use(tmp_path: Path) -> None:
    made = drafted(LINES, tmp_path / "policy")
    names = {c.id: c.name.ja for c in made.categories}
    used = [[names[c] for use in p.uses for c in use.categories] for p in made.purposes]
    assert used == [["氏名", "住所"], ["メールアドレス"], []], "the last line names no item"


def test_a_row_of_a_table_drafts_the_use(tmp_path: Path) -> None:
    made = drafted(ROWS, tmp_path / "policy")
    names = {c.id: c.name.ja for c in made.categories}
    used = [[names[c] for use in p.uses for c in use.categories] for p in made.purposes]
    assert used == [["氏名、住所"], ["メールアドレス"]]


def test_of_two_services_none_is_guessed(tmp_path: Path) -> None:
    two = replace(outline_of([("p.txt", LINES)]), services=("店舗", "通販"))
    drafting.folder(two, tmp_path / "policy")
    assert all(not p.uses for p in load.read(tmp_path / "policy").document.purposes)


def test_a_recipient_that_is_named_is_drafted_with_nothing_to_receive(tmp_path: Path) -> None:
    text = LINES.replace(
        "第3条（窓口）", "第3条（委託）\n配送業務を見本運輸株式会社に委託します。\n\n第4条（窓口）"
    )
    made = drafted(text, tmp_path / "policy").recipients
    assert [(r.name.ja, r.kind, r.categories) for r in made] == [
        ("見本運輸株式会社", "entrusted", ())
    ]


def test_the_draft_says_what_is_still_to_be_written() -> None:
    said = "\n".join(drafting.draft(outline_of([("p.txt", SHORT)])).open)
    assert "representative" in said
    assert "address" in said
    assert "name" not in said.replace("representative", "")


def test_a_folder_that_holds_something_is_left_alone(seed: Outline, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match="holds something already"):
        drafting.folder(seed, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_nothing_half_written_is_left_where_the_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadInput):
        drafting.folder(outline_of([("p.txt", SHORT)]), tmp_path / "file" / "policy")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_english_policy_begins_with_its_english_side(tmp_path: Path) -> None:
    text = "Privacy Policy\n\n1. Purposes\nWe use data to ship goods.\n\n2. Contact\nmail@sample.example\n"
    outline = outline_of([("p.txt", text)])
    assert outline.language == "en"
    drafting.folder(outline, tmp_path / "policy")
    assert "We use data" in (tmp_path / "policy" / "en.md").read_text(encoding="utf-8")
