"""`chikai policy lint` reads a folder or the text of any company."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chikai.cli.main import main

LEVII = Path(__file__).parents[2] / "examples" / "levii"
SEED = LEVII / "seed.ja.txt"
KEYS = {"rule", "severity", "clause", "file", "line", "quote", "message", "fix", "article"}


def test_a_text_is_linted_with_its_own_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", str(SEED), "--format", "json"]) == 2
    found = json.loads(capsys.readouterr().out)["findings"]
    assert set(found[0]) >= KEYS
    lines = SEED.read_text(encoding="utf-8").split("\n")
    wrong = next(f for f in found if f["rule"] == "L-REF-02")
    assert (wrong["clause"], wrong["file"]) == ("2.1", SEED.name)
    assert "2(2)に定める" in lines[wrong["line"] - 1]


def test_a_folder_is_linted_with_the_ids_of_its_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["policy", "lint", str(LEVII), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    lines = (LEVII / "ja.md").read_text(encoding="utf-8").split("\n")
    for one in found:
        if one["file"] == "ja.md" and one["quote"]:
            near = "\n".join(lines[one["line"] - 1 :])
            assert one["quote"][:8] in near, one


@pytest.mark.parametrize("form", ["text", "github", "sarif"])
def test_every_form_is_printed(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", str(SEED), "--format", form]) == 2
    assert "L-REF-02" in capsys.readouterr().out


def test_an_unknown_profile_names_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", str(SEED), "--profile", "appi@2028-07-16"]) == 2
    assert "`appi@2026-11-02`" in capsys.readouterr().err


def test_a_text_that_is_no_policy_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("今日の献立\n1. カレー\n2. サラダ\n", encoding="utf-8")
    assert main(["policy", "lint", str(tmp_path / "a.txt")]) == 2
    assert "does not look like a privacy policy" in capsys.readouterr().err
