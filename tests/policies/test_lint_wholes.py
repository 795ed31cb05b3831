"""Short whole policies: what a rule finds in their numbers, pages, references and words, and what not."""

import tomllib
from pathlib import Path

import pytest

from tests.policies import framed

WHOLES = [
    (case["rule"], text, expected == "yes")
    for case in tomllib.loads((Path(__file__).parent / "wholes.toml").read_text("utf-8"))["case"]
    for expected in ("yes", "no")
    for text in case[expected]
]


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    WHOLES,
    ids=[f"{rule}-{'yes' if e else 'no'}-{i}" for i, (rule, _, e) in enumerate(WHOLES)],
)
def test_a_rule_reads_a_whole_policy(rule, text, expected):
    assert (rule in framed.rules_of(f"個人情報の取扱い\n\n{text}\n")) is expected
