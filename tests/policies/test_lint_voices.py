"""Whole policies in the voices of a clinic, an app, a club and others: which rules find something, and which nothing."""

import json
from pathlib import Path

import pytest

from chikai.policy import lint
from chikai.policy.importing import files

VOICES = sorted(
    p for p in (Path(__file__).parent / "voices").iterdir() if p.suffix in {".txt", ".md", ".html"}
)


@pytest.mark.parametrize("text", VOICES, ids=[p.stem for p in VOICES])
def test_each_rule_finds_what_a_careful_reader_finds(text):
    known = json.loads(text.with_suffix(".json").read_text(encoding="utf-8"))
    assert known.keys() <= lint.RULES.keys()
    found = {f.rule for f in lint.of_text(files.read([text]))}
    assert {rule: rule in found for rule in known} == known
