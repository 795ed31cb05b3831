"""Two policies in one text are two documents, and where they are those of two companies a note says so."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of
from tests.unit.policy.importing.test_drafting import LEVII

SEED = (LEVII / "seed.ja.txt").read_text(encoding="utf-8")
OTHER = """プライバシーポリシー

株式会社みどり商店（以下「当社」といいます。）は、お客様の個人情報を次のとおり取り扱います。

取得する情報

当社は、氏名、住所、電話番号を取得します。

利用目的

当社は、商品の発送のために利用します。

お問い合わせ窓口

電話 03-1111-2222
"""
FORMS = {
    "bare headings": OTHER,
    "no title": OTHER.removeprefix("プライバシーポリシー\n\n"),
    "no 以下": OTHER.replace("（以下「当社」といいます。）", ""),
    "numbers": OTHER.replace("取得する情", "1. 取得する情")
    .replace("利用目的\n", "2. 利用目的\n")
    .replace("お問い合わせ窓", "3. お問い合わせ窓"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("first", [True, False])
def test_the_policies_of_two_companies_in_one_text_are_said_to_be_two(
    form: str, *, first: bool
) -> None:
    both = [SEED, FORMS[form]] if first else [FORMS[form], SEED]
    found = outline_of([("p.txt", "\n\n".join(both))])
    assert len(found.articles) == 11
    said = " ".join(found.notes)
    assert "2 documents" in said
    assert "株式会社レヴィ" in said
    assert "株式会社みどり商店" in said


@pytest.mark.parametrize("text", [SEED, OTHER], ids=["seed", "other"])
def test_one_policy_is_one_document(text: str) -> None:
    assert not [note for note in outline_of([("p.txt", text)]).notes if "documents" in note]


@pytest.mark.parametrize("at", range(1, 8))
@pytest.mark.parametrize("form", ["第{n}条（{t}）", "{n}. {t}", "{n} {t}", "## {n}. {t}"])
def test_a_policy_whose_numbers_go_on_in_the_next_file_is_one(form: str, at: int) -> None:
    titles = "取得する情報 利用目的 第三者提供 業務の委託 安全管理 開示等の請求 変更 お問い合わせ窓口".split()
    said = [
        f"{form.format(n=n, t=t)}\n当社は、{t}について次のとおり定めます。\n(1) 法令に基づく場合\n(2) その他の場合\n"
        for n, t in enumerate(titles, 1)
    ]
    one = "プライバシーポリシー\n\n株式会社見本は、次のとおり定めます。\n\n" + "\n".join(said[:at])
    other = "\n".join(said[at:])
    both = outline_of([("1.txt", one), ("2.txt", other)])
    whole = outline_of([("1.txt", f"{one}\n{other}")])
    assert [n.id for n in both.nodes] == [n.id for n in whole.nodes]
    assert [n.title for n in both.nodes] == [n.title for n in whole.nodes]
