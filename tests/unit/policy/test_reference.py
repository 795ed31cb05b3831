"""The page about the format is right: its example loads, and it names every word; tests/cli/test_reference.py compares its tables."""

import re

from chikai.policy import lint, load
from chikai.policy.document import Document
from tests.unit.policy.conftest import ROOT

PAGE = (ROOT / "docs" / "reference" / "policy.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_loads_and_passes(tmp_path):
    for name, block in zip(
        ("policy.toml", "ja.md", "en.md"),
        re.findall(r"```\w+\n(.*?)```", PAGE, re.DOTALL),
        strict=True,
    ):
        (tmp_path / name).write_text(block, encoding="utf-8")
    draft = load.read(tmp_path)
    assert isinstance(draft.document, Document)
    errors = {f.rule for f in lint.findings(draft) if f.severity == "error"}
    # What the law lets an operator answer on request, the little example does not say.
    assert errors <= {"L-DIS-02", "L-DIS-03", "L-DIS-04", "L-DIS-06", "L-RGT-01"}


def test_the_page_names_every_word_that_the_loader_takes():
    for words in (load.STOPS, load.RECIPIENT_KINDS, load.RIGHT_KINDS, load.CLAUSE_KINDS):
        for word in filter(None, words):
            assert f"`{word}`" in PAGE
