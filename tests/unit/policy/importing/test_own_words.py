"""What was imported and not edited is told again as it stood: line by line, with the marks of its own lists.

Of the numbers and running lines of printed pages only the page breaks stay.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chikai.cli.main import main
from chikai.policy import load, prose
from chikai.policy.importing import drafting, files, markup
from tests.policies.score import TEXTS
from tests.unit.policy.conftest import LEVII
from tests.unit.policy.importing.test_properties import INNER, TOPS, written

SOURCES = [
    LEVII / "seed.ja.txt",
    *sorted(one for one in TEXTS.iterdir() if one.suffix in {".txt", ".md"}),
]
FOOT = re.compile(r"^\f?- [0-9]+ -$", re.MULTILINE)
SHARPS = re.compile(r"^#{1,6} +", re.MULTILINE)


def again(source: Path, folder: Path) -> str:
    outline = files.outline([source])
    drafting.folder(outline, folder)
    draft = load.read(folder)
    return prose.own_text(draft.en if outline.language == "en" else draft.ja)


def lines(text: str) -> list[str]:
    return SHARPS.sub("", text).strip("\n").split("\n")


@pytest.mark.parametrize("source", SOURCES, ids=[one.name for one in SOURCES])
def test_a_published_policy_is_told_again_line_by_line(source: Path, tmp_path: Path) -> None:
    said = source.read_text(encoding="utf-8")
    if markup.is_html(said):
        said, _ = markup.as_text(said)  # the words of a page stand in lines that the page has not
    said = FOOT.sub("\f", said)
    assert lines(again(source, tmp_path / "policy")) == lines(said)


@given(top=st.sampled_from(TOPS), inner=st.sampled_from((*INNER, "1. ", "* ", "　(1)")))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_style_of_numbers_is_kept(
    top: str, inner: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("words")
    source = folder / "p.txt"
    source.write_text(written(top, inner), encoding="utf-8")
    assert lines(again(source, folder / "policy")) == lines(source.read_text(encoding="utf-8"))


def test_the_command_prints_the_marks_of_the_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "p.md"
    source.write_text(
        "# プライバシーポリシー\n\n## 1. 利用目的\n\n次の目的で利用します。\n\n- 発送のため\n- (1) 請求のため\n\n"
        "## 2. 窓口\n\n1. 電話 03-0000-0000\n",
        encoding="utf-8",
    )
    again(source, tmp_path / "policy")
    assert main(["policy", "text", str(tmp_path / "policy")]) == 0
    assert lines(capsys.readouterr().out) == lines(source.read_text(encoding="utf-8"))
