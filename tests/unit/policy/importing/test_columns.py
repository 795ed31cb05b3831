"""A table that a plain text sets by wide blanks is read as the same table in Markdown; prose with blanks stays prose."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.policy.importing import outline_of

HEAD = "プライバシーポリシー\n\n株式会社みほんは、次のとおり取り扱います。\n\n1. 取得する情報と利用目的\n\n"
TAIL = "\n\n2. 窓口\n電話 03-0000-0000\n"
ROWS = [
    ["区分", "取得する情報", "利用目的"],
    ["会員", "氏名、住所、電話番号", "商品の発送"],
    ["来店者", "防犯カメラの映像", "防犯のため"],
    ["応募者", "履歴書、職務経歴書", "採用選考のため"],
]


def wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def blanks(rows: list[list[str]]) -> str:
    return "\n".join("　　".join(row) for row in rows)


def tabs(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def aligned(rows: list[list[str]]) -> str:
    width = [max(map(wide, column)) + 3 for column in zip(*rows, strict=True)]
    return "\n".join(
        "  "
        + "".join(
            cell + " " * (size - wide(cell)) for cell, size in zip(row, width, strict=True)
        ).rstrip()
        for row in rows
    )


def piped(rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def found(table: str) -> tuple[list[str], list[tuple[str, str]]]:
    read = outline_of([("p.txt", HEAD + table + TAIL)])
    return [one.text for one in read.items], [(one.text, one.whose) for one in read.purposes]


@pytest.mark.parametrize("form", [blanks, tabs, aligned])
def test_the_columns_of_a_table_set_by_blanks_are_read(form) -> None:  # type: ignore[no-untyped-def]
    items, purposes = found(form(ROWS))
    assert items == [*("氏名", "住所", "電話番号", "防犯カメラの映像", "履歴書", "職務経歴書")]
    assert [name for name, _ in purposes] == ["商品の発送", "防犯のため", "採用選考のため"]


CELLS = {
    "区分": ["会員", "来店者", "応募者", "お取引先"],
    "取得する情報": ["氏名", "氏名、住所", "位置情報", "メールアドレス等", "購入履歴"],
    "利用目的": ["商品の発送", "採用選考のため", "お問い合わせへの対応", "防犯のため"],
    "保存期間": ["1年", "退会まで"],
}


@given(
    heads=st.lists(st.sampled_from(list(CELLS)), min_size=2, max_size=4, unique=True).filter(
        lambda heads: {"取得する情報", "利用目的"} & set(heads)
    ),
    data=st.data(),
    form=st.sampled_from([blanks, tabs, aligned]),
)
def test_it_says_the_same_as_in_markdown(heads, data, form) -> None:  # type: ignore[no-untyped-def]
    rows = [
        [data.draw(st.sampled_from(CELLS[head])) for head in heads]
        for _ in range(data.draw(st.integers(2, 5)))
    ]
    assert found(form([heads, *rows])) == found(piped([heads, *rows]))


def test_a_cell_that_is_too_long_for_its_line_goes_on_below() -> None:
    table = """  区分        取得する情報              利用目的

  会員        氏名、住所、電話番号、    商品の発送、お問い合わせへの
              メールアドレス            対応のため
  来店者      防犯カメラの映像          防犯のため
  応募者      履歴書                    採用選考のため
              職務経歴書                配属の検討のため
"""
    items, purposes = found(table)
    assert items[:4] == ["氏名", "住所", "電話番号", "メールアドレス"]
    assert items[4:] == ["防犯カメラの映像", "履歴書", "職務経歴書"]
    assert [name for name, _ in purposes] == [
        "商品の発送、お問い合わせへの対応のため",
        *("防犯のため", "採用選考のため", "配属の検討のため"),
    ]


def test_the_heads_that_a_new_page_prints_again_are_no_row() -> None:
    table = blanks([*ROWS[:3], ROWS[0], *ROWS[3:]])
    assert found(table) == found(blanks(ROWS))


@pytest.mark.parametrize(
    "prose",
    [
        "氏名　　山田太郎\n住所　　東京都　　千代田区\n電話　　03-0000-0000",
        "会社名　　株式会社情報サービス\n所在地　　東京都千代田区\n代表者　　山田太郎",
        "　　　　　　　　個人情報の取扱い\n　　　　　　　　　　　　株式会社みほん　　代表取締役　　山田太郎",
        "共同利用する項目　　氏名、住所\n共同利用する者　　株式会社青空\n利用目的　　商品の発送のため",
        "利用目的　　用いる情報\n以上のとおりとします。",
    ],
)
def test_prose_with_wide_blanks_stays_as_it_is(prose: str) -> None:
    read = outline_of([("p.txt", HEAD + prose + TAIL)])
    assert not [node for node in read.walk() if node.text.startswith("|")]
