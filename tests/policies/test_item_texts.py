"""Data items are found as a reader counts them, in sentences, lists and tables; what names none gives none."""

from __future__ import annotations

import tomllib

import pytest

from chikai.policy.importing import outline_of
from tests.policies.framed import HERE, framed

CASES = tomllib.loads((HERE / "items.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("style", ["articles", "headings"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].strip()[:24])
def test_the_items_of_a_text_are_those_that_a_reader_counts(
    case: dict[str, object], style: str
) -> None:
    text = framed("items", "", str(case["text"]).strip("\n"), style)
    found = outline_of([("p.txt", text)]).items
    assert [one.text for one in found] == case["items"]
