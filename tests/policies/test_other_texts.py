"""A text that only speaks of personal information is refused; a policy of three sentences is read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from chikai.errors import BadInput
from chikai.policy.importing import notes, outline_of
from tests.policies.framed import HERE

TEXTS = tomllib.loads((HERE / "others.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", TEXTS["other"], ids=lambda case: case["name"])
def test_a_readme_terms_an_article_or_a_notice_is_no_policy(case: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="does not look like a privacy policy: no purposes"):
        notes.accept(outline_of([("p.md", case["text"])]))


@pytest.mark.parametrize("case", TEXTS["policy"], ids=lambda case: case["name"])
def test_a_short_policy_is_a_policy(case: dict[str, str]) -> None:
    notes.accept(outline_of([("p.md", case["text"])]))


@pytest.mark.parametrize(
    "file",
    sorted(one for one in (HERE / "texts").iterdir() if one.suffix != ".json"),
    ids=lambda file: str(file.name),
)
def test_every_policy_that_was_collected_is_one(file: Path) -> None:
    notes.accept(outline_of([(file.name, file.read_text(encoding="utf-8"))]))
