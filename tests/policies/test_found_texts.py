"""Items and purposes are found as a reader counts them, in sentences, lists and tables; what names none gives none."""

from __future__ import annotations

import tomllib

import pytest

from chikai.policy.importing import outline_of
from tests.policies.framed import HERE, framed

CASES = [
    (what, case)
    for what in ("items", "purposes")
    for case in tomllib.loads((HERE / f"{what}.toml").read_text(encoding="utf-8"))["case"]
]


@pytest.mark.parametrize("style", ["articles", "headings"])
@pytest.mark.parametrize(("what", "case"), CASES)
def test_what_a_text_names_is_what_a_reader_counts(
    what: str, case: dict[str, object], style: str
) -> None:
    text = framed(what, "", str(case["text"]).strip("\n"), style)
    found = getattr(outline_of([("p.txt", text)]), what)
    assert [one.text for one in found] == case[what], case["text"]
