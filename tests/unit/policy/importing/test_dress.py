"""What carries no meaning changes nothing in the reading of a whole policy: ends of lines, a margin, wide signs, cuts."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from chikai.policy import lint
from chikai.policy.importing import outline_of

ROOT: Final = Path(__file__).parents[3] / "policies"
WIDE: Final = str.maketrans("0123456789()", "０１２３４５６７８９（）")
NARROW: Final = str.maketrans("０１２３４５６７８９（）", "0123456789()")
# Two parts count from 1, and a reference by the number alone means either clause.
COUNTED_TWICE: Final = """個人情報の取扱い

A 個人情報保護方針
1．当社は、法令を守ります。
2．当社は、個人情報を適正に取得します。
3．当社は、この方針を継続的に見直し、改善いたします。

B 個人情報の取扱い
1．利用目的
商品を発送するために利用します。
2．開示等のご請求
「個人情報開示等請求書」に必要事項をご記入のうえ、下記3．の窓口あてにお送りください。
3．窓口
〒100-0001　東京都千代田区1-1　株式会社見本　総務部
電話　03-1234-5678
"""

CUT: Final = "L-NUM-04"  # says of a sentence that it is cut

Reading = tuple[list[tuple[str, int]], list[str], list[str], list[str]]


def is_japanese(text: str) -> bool:
    return sum(sign > "\u3000" for sign in text) > len(text) * 0.4


POLICIES: Final = {
    **{
        path.stem: path.read_text("utf-8")
        for folder in ("texts", "voices")
        for path in sorted((ROOT / folder).glob("*.txt"))
        if is_japanese(path.read_text("utf-8"))
    },
    "counted-twice": COUNTED_TWICE,
}


def plain(said: str) -> str:
    return re.sub(r"\s", "", said).translate(WIDE)


def read(text: str, *without: str) -> Reading:
    """The clauses with the number of those below them, the items, the purposes, and the rules that find something."""
    outline = outline_of([("p.txt", text)])
    return (
        [(node.style, len(node.children)) for node in outline.walk()],
        [plain(one.text) for one in outline.items],
        [plain(one.text) for one in outline.purposes],
        sorted({one.rule for one in lint.of_text(outline)} - set(without)),
    )


@functools.cache
def as_it_stands(name: str) -> Reading:
    return read(POLICIES[name])


def without_cut(found: Reading) -> Reading:
    return (*found[:3], [rule for rule in found[3] if rule != CUT])


DRESSES: Final[dict[str, Callable[[str], str]]] = {
    "lines end as on Windows": lambda text: text.replace("\n", "\r\n"),
    "lines end as on an old Mac": lambda text: text.replace("\n", "\r"),
    "a wide blank before every line": lambda text: re.sub(r"(?m)^(?=.)", "　", text),
    "eight blanks before every line": lambda text: re.sub(r"(?m)^(?=.)", " " * 8, text),
    "a blank line below every line": lambda text: text.replace("\n", "\n\n"),
    "two blank lines below every line": lambda text: text.replace("\n", "\n\n\n"),
    "wide digits and brackets": lambda text: text.translate(WIDE),
    "narrow digits and brackets": lambda text: text.translate(NARROW),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_dress_that_carries_no_meaning_changes_nothing(dress: str) -> None:
    other = [
        name for name, text in POLICIES.items() if read(DRESSES[dress](text)) != as_it_stands(name)
    ]
    assert not other


def in_column(text: str, width: int) -> str:
    return "\n".join(
        line[at : at + width] for line in text.split("\n") for at in range(0, len(line) or 1, width)
    )


@pytest.mark.parametrize("width", [40, 34, 28])
def test_a_column_that_cuts_every_line_changes_next_to_nothing(width: int) -> None:
    other = [
        name
        for name, text in POLICIES.items()
        if read(in_column(text, width), CUT) != without_cut(as_it_stands(name))
    ]
    # What a column makes alike for a reader too, such as an entry that fills it and the next one.
    assert len(other) <= 3, other


def cut_once(text: str, chance: random.Random) -> str:
    """The text with one of its longer lines cut anywhere."""
    lines = text.split("\n")
    long = [at for at, line in enumerate(lines) if len(line) >= 24 and not {"|", "\t"} & {*line}]
    if long:
        at = chance.choice(long)
        here = chance.randint(6, len(lines[at]) - 6)
        lines[at] = f"{lines[at][:here]}\n{lines[at][here:]}"
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(4))
def test_a_break_anywhere_changes_next_to_nothing(seed: int) -> None:
    other = [
        name
        for name, text in POLICIES.items()
        if read(cut_once(text, random.Random(f"{name}{seed}")), CUT)
        != without_cut(as_it_stands(name))
    ]
    assert len(other) <= 3, other


def test_blank_lines_between_all_paragraphs_still_part_the_headings() -> None:
    subjects = ["利用目的について", "第三者への提供について", "安全管理について", "開示について"]
    said = [f"{one}\n\n当社は、個人情報を適正に取り扱います。" for one in subjects]
    text = "\n\n".join(["プライバシーポリシー", *said])
    assert [one.title for one in outline_of([("p.txt", text)]).articles] == subjects
