"""The sheets hold the policy's own words, and nothing a word says is read as a program."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from chikai.policy import sheet
from chikai.policy.document import Text
from chikai.web import typeset

AT = datetime(2026, 11, 26, tzinfo=UTC)
TYPST = '#panic("x") $ * _ ` @ <a> \\ = + / #sys.inputs'


def words(document, language):
    said = sheet.data(document, language)
    return "".join(
        c["heading"] + "".join("".join(b["lines"]) for b in c["blocks"]) for c in said["clauses"]
    )


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_clause_stands_on_the_sheets(levii, language):
    said = words(levii.document, language).replace("\n", "")
    for clause in levii.document.clauses:
        assert clause.heading.in_(language) in said
        for line in clause.body.in_(language).split("\n"):
            assert line.strip().removeprefix("- ") in said


def test_headings_go_down_one_level_at_a_time(levii):
    clauses = sheet.data(levii.document, "ja")["clauses"]
    levels = [1, *(c["level"] for c in clauses if c["heading"])]
    assert all(low <= high + 1 for high, low in pairwise(levels))


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext reads the file back")
def test_words_that_look_like_a_program_are_printed(levii, tmp_path):
    first, *rest = levii.document.clauses
    body = Text(f"{TYPST} 𠮷 漢字", TYPST)
    document = replace(levii.document, clauses=(replace(first, body=body), *rest))
    file = tmp_path / "policy.pdf"
    file.write_bytes(typeset.policy(document, "en", AT))
    said = subprocess.run(
        ["pdftotext", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert '#panic("x")' in said
    assert "#sys.inputs" in said


def test_the_same_policy_gives_the_same_sheets(levii):
    assert typeset.policy(levii.document, "ja", AT) == typeset.policy(levii.document, "ja", AT)
