"""Whatever a rule quotes begins on the line that it names: in a text, and in the folder that begins with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chikai.policy import lint, load
from chikai.policy.findings import Finding
from chikai.policy.importing import drafting, outline_of
from tests.policies.framed import HERE

LEVII = HERE.parents[1] / "examples" / "levii"
TEXTS = sorted(
    one
    for folder in (HERE / "texts", HERE / "voices")
    for one in folder.iterdir()
    if one.suffix in {".txt", ".md", ".html"}
)
# A page, a column, a cell, a tag or the number of a page may cut the words.
CUT = r"(?:[\s|]|- \d+ -|<!-- \S+ -->|</?[a-z][^<>]*>)*"


def astray(found: Finding, text: str) -> bool:
    """Whether the first words of a quote do not begin on the line of a finding."""
    first = re.sub(r"[\s|]", "", found.quote.partition("\n")[0]).partition("…")[0][:12]
    words = re.compile(CUT.join(map(re.escape, first)))
    lines = [text.count("\n", 0, match.start()) + 1 for match in words.finditer(text)]
    return found.line not in lines


@pytest.mark.parametrize("file", [*TEXTS, LEVII / "seed.ja.txt"], ids=lambda file: str(file.name))
def test_a_quote_of_a_text_begins_on_its_line(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not [
        (one.rule, one.place, one.quote)
        for one in lint.of_text(outline_of([(file.name, text)]))
        if one.quote and astray(one, text)
    ]


def of_folder(folder: Path) -> list[tuple[str, str, str]]:
    return [
        (one.rule, one.place, one.quote)
        for one in lint.findings(load.read(folder))
        if one.quote and astray(one, (folder / one.file).read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("file", TEXTS[::4], ids=lambda file: str(file.name))
def test_a_quote_of_a_folder_begins_on_its_line(file: Path, tmp_path: Path) -> None:
    outline = outline_of([(file.name, file.read_text(encoding="utf-8"))])
    drafting.folder(outline, tmp_path / "policy")
    assert not of_folder(tmp_path / "policy")


@pytest.mark.parametrize("folder", [LEVII, LEVII / "next"], ids=lambda folder: str(folder.name))
def test_a_quote_of_the_example_begins_on_its_line(folder: Path) -> None:
    assert not of_folder(folder)
