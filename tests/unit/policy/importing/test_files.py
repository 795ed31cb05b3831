"""Files that cannot be a policy are refused with the way out; what a person should know of one is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from chikai.errors import BadInput
from chikai.policy.importing import files, notes, outline_of

POLICY = "プライバシーポリシー\n\n1. 利用目的\n個人情報は、商品の発送のために利用します。\n\n2. 窓口\n電話 03-0000-0000\n"


def test_several_files_make_one_policy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(POLICY, encoding="utf-8")
    (tmp_path / "b.md").write_text(
        "## 1. 手数料\n\n無料です。\n\n## 2. 様式\n\n自由です。\n", encoding="cp932"
    )
    outline = files.read([tmp_path / "a.txt", tmp_path / "b.md"])
    assert [node.title for node in outline.articles] == ["利用目的", "窓口", "手数料", "様式"]
    assert [node.id for node in outline.articles] == ["1", "2", "3", "4"]
    assert {node.span.file for node in outline.articles} == {"a.txt", "b.md"}


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["ja/x.txt"], ["x.txt"]),
        (["a/x.txt", "b/y.txt"], ["x.txt", "y.txt"]),
        (["a/x.txt", "b/x.txt"], ["a/x.txt", "b/x.txt"]),
        (["a/x.txt", "b/x.txt", "b/y.txt"], ["a/x.txt", "b/x.txt", "y.txt"]),
        (["old/ja/x.txt", "new/ja/x.txt"], ["old/ja/x.txt", "new/ja/x.txt"]),
        (
            ["old/ja/x.txt", "new/ja/x.txt", "en/x.txt"],
            ["old/ja/x.txt", "new/ja/x.txt", "en/x.txt"],
        ),
        (["a/x.txt", "a/x.txt"], ["x.txt", "x.txt"]),
    ],
)
def test_files_of_one_name_are_told_apart_by_their_folders(
    tmp_path: Path, paths: list[str], names: list[str]
) -> None:
    assert files.named([tmp_path / one for one in paths]) == names


def test_a_clause_stands_in_the_file_that_its_folder_tells(tmp_path: Path) -> None:
    for folder, text in (("a", POLICY), ("b", "1. 手数料\n\n無料です。\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(text, encoding="utf-8")
    outline = files.read([tmp_path / "a" / "x.txt", tmp_path / "b" / "x.txt"])
    assert {node.span.file for node in outline.walk()} == {"a/x.txt", "b/x.txt"}


def test_a_text_too_long_for_a_policy_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(POLICY + "あ" * files.LIMIT, encoding="utf-8")
    with pytest.raises(BadInput, match="no policy is so long"):
        files.read([tmp_path / "a.txt"])


def test_two_documents_in_one_text_are_read_as_one_policy_and_said() -> None:
    outline = outline_of(
        [
            (
                "p.txt",
                POLICY
                + "\n個人情報の取扱いについて\n\n1. 委託\n委託します。\n\n2. 開示\n応じます。\n",
            )
        ]
    )
    assert len(outline.articles) == 4
    assert "the text holds 2 documents; they were read as one policy" in outline.notes


_ROUND = "規程\n\n第1条（利用目的）\n{}\n\n第2条（範囲）\n{}\n\n第3条（手続）\n{}\n\n第4条（窓口）\n電話 03-0000-0000\n"


@pytest.mark.parametrize(
    ("says", "circle"),
    [
        (("第2条に定める。", "第1条に定める。", "無料です。"), "`1`, `2`"),
        (("第2条に定める。", "第3条に定める。", "第1条に定める。"), "`1`, `2`, `3`"),
        (("第2条に定める。", "第3条に定める。", "第1条及び第2条に定める。"), "`1`, `2`, `3`"),
        (("第2条及び第3条に定める。", "第1条に定める。", "第1条による。"), "`1`, `2`, `3`"),
        (("(1) 第2条に定める。", "第3条に定める。", "第1条に定める。"), "`1`, `2`, `3`"),
    ],
)
def test_clauses_that_only_refer_to_each_other_are_noted(
    says: tuple[str, str, str], circle: str
) -> None:
    said = outline_of([("p.txt", _ROUND.format(*says))]).notes
    assert [note for note in said if "only refer" in note] == [f"{circle} only refer to each other"]


@pytest.mark.parametrize(
    "says",
    [
        ("第2条に定める。", "第3条に定める。", "無料です。"),
        ("第2条に定める。" + "商品の発送のために利用します。" * 6, "第1条に定める。", "無料です。"),
        ("(1) 第1条の目的で利用します。", "(2) 前項に定める。", "第1条による。"),
    ],
)
def test_references_that_end_somewhere_are_no_circle(says: tuple[str, str, str]) -> None:
    said = outline_of([("p.txt", _ROUND.format(*says))]).notes
    assert not [note for note in said if "only refer" in note]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "第1条" * 20_000,
        "のため" * 20_000,
        "<div>" * 20_000 + "個人情報",
        "1" * 50_000,
        "<!--" * 50_000,
        "個人情報は氏名と" * 5_000,
    ],
)
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    assert outline_of([("p.txt", text)]).purposes == ()


def test_a_nesting_without_end_is_kept_shallow() -> None:
    text = "\n".join(" " * 2 * depth + "- 以下のとおりです。" for depth in range(300))
    outline = outline_of([("p.txt", f"1. 利用目的\n{text}\n\n2. 窓口\n電話")])
    assert max(node.id.count(".") for node in outline.walk()) < 20


@pytest.mark.parametrize("comment", ["<!-- 1 -->", "<!--\nfor the editor\n-->"])
def test_comments_in_a_text_are_no_words_of_it(comment: str) -> None:
    said = POLICY.replace("\n2. ", f"{comment}\n2. ")
    outline = outline_of([("p.md", said)])
    assert [node.title for node in outline.articles] == ["利用目的", "窓口"]
    assert "<!--" not in "".join(node.whole for node in outline.nodes)
    assert said[outline.articles[1].span.start :].startswith("2. 窓口")


def test_a_policy_without_purposes_or_desk_is_a_policy() -> None:
    text = "# プライバシーポリシー\n\n第１条（個人情報の収集）\n\n利用の登録は要りません。\n"
    assert notes.missing(outline_of([("p.md", text)])) == ()


ONE = """# プライバシーポリシー

株式会社あおぞら（以下「当社」）は、次のとおり定めます。

## 利用目的

次の目的で利用します。

- 商品の発送のため

## 窓口

電話 03-1111-2222

"""


def test_two_policies_of_different_companies_in_one_text_are_said() -> None:
    two = ONE + ONE.replace("あおぞら", "みどり")
    notes = outline_of([("p.md", two)]).notes
    assert "the text holds 2 documents; they were read as one policy" in notes
    assert any("`株式会社あおぞら`, `株式会社みどり`" in note for note in notes)
    assert not any("documents" in note for note in outline_of([("p.md", ONE)]).notes)


def test_what_kind_a_service_is_names_no_other_service() -> None:
    text = ONE.replace("次のとおり", "通信販売サイト「あおぞら便」の利用者の情報を次のとおり")
    assert outline_of([("p.md", text)]).services == ("あおぞら便",)
