"""The pages keep in step: two languages of one README, and links that lead somewhere."""

import re

import pytest

from tools import where

ROOT = where.ROOT
LONGEST_RECORD = 40
LONGEST_README = 120
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def read(name: str) -> str:
    path = ROOT / name
    if not path.exists():
        pytest.fail(f"{name} is missing", pytrace=False)
    return path.read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    return re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)


def headings(text: str) -> list[str]:
    """The levels of the headings in order; inside a block `#` is a comment."""
    return re.findall(
        r"^(#+) ", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )


def test_both_readmes_have_the_same_headings_and_the_same_code():
    en, ja = read("README.md"), read("README.ja.md")
    assert headings(en) == headings(ja)
    assert blocks(en) == blocks(ja)


def test_the_readme_is_short():
    assert read("README.md").count("\n") <= LONGEST_README


def test_a_record_of_a_decision_is_short_and_numbered_once():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert records
    numbers = [p.name[:4] for p in records]
    assert len(numbers) == len(set(numbers)), "two records have one number"
    for path in records:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name), path.name
        assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_RECORD, path.name


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_inside_the_tree_lead_somewhere(path):
    text = re.sub(
        r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    text = re.sub(r"`[^`\n]*`", "", text)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    inside = [t.partition("#")[0] for t in targets if not re.match(r"[a-z]+:", t)]
    assert not [t for t in inside if t and not (path.parent / t).exists()]
