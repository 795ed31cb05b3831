"""`chikai policy lint` reads a folder or the text of any company."""

from __future__ import annotations

import json
import os
import re
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
            assert one["quote"][:4] in lines[one["line"] - 1], one


@pytest.mark.parametrize("form", ["text", "github", "sarif"])
def test_every_form_is_printed(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", str(SEED), "--format", form]) == 2
    assert "L-REF-02" in capsys.readouterr().out


@pytest.mark.parametrize("given", [LEVII, LEVII / "seed.ja.txt"])
def test_what_a_workflow_reads_names_the_file_from_where_it_runs(
    given: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(LEVII.parent.parent)
    words = os.path.relpath(given)
    main(["policy", "lint", words, "--format", "github"])
    named = set(re.findall(r"file=([^,]+),", capsys.readouterr().out))
    main(["policy", "lint", words, "--format", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    named |= {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
    assert named
    assert all(Path(file).is_file() for file in named), named


def test_texts_of_two_folders_are_each_named_where_they_lie(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, mark, rest = SEED.read_text("utf-8").partition("\n3 ")
    for folder, text in (("a", head), ("b", mark.strip() + " " + rest)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    main(["policy", "lint", "a/x.txt", "b/x.txt", "--format", "github"])
    assert set(re.findall(r"file=([^,]+),", capsys.readouterr().out)) == {"a/x.txt", "b/x.txt"}
    monkeypatch.chdir(tmp_path / "a")
    main(["policy", "lint", "x.txt", "../b/x.txt", "--format", "github"])
    assert set(re.findall(r"file=([^,]+),", capsys.readouterr().out)) == {"x.txt", "../b/x.txt"}


def test_an_unknown_profile_names_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", str(SEED), "--profile", "appi@2028-07-16"]) == 2
    assert "`appi@2026-11-02`" in capsys.readouterr().err


def test_a_text_that_is_no_policy_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("今日の献立\n1. カレー\n2. サラダ\n", encoding="utf-8")
    assert main(["policy", "lint", str(tmp_path / "a.txt")]) == 2
    assert "does not look like a privacy policy" in capsys.readouterr().err


_ENGLISH = """Privacy Policy

Sora Robotics K.K. ("we") handles personal information as follows.

1. Information we collect
We collect your name, your email address and your postal address when you order a product.

2. How we use it
We use the information to deliver the products that you order and to answer your enquiries.

3. Sharing
We do not provide personal data to third parties without your consent, except as set out in Section {}.

4. Contact
Sora Robotics K.K., 1-2-3 Jingumae, Shibuya-ku, Tokyo. Email: privacy@sora.example
"""


@pytest.mark.parametrize(("section", "astray"), [("9", True), ("4", False)])
def test_an_english_text_is_judged_by_what_the_rules_read_in_english_and_told_so(
    section: str, astray: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "policy.txt"
    text.write_text(_ENGLISH.format(section), encoding="utf-8")
    main(["policy", "lint", str(text), "--format", "json"])
    said = json.loads(capsys.readouterr().out)
    found = {f["rule"] for f in said["findings"]}
    assert ("L-REF-01" in found) is astray
    assert "L-RET-01" in found
    assert "L-DIS-02" not in found
    assert "L-RGT-07" in said["not_judged"]
    assert found.isdisjoint(said["not_judged"])
    main(["policy", "lint", str(text), "--language", "en"])
    assert "the rules that read Japanese only were not run" in capsys.readouterr().out


def test_a_japanese_text_leaves_no_rule_unjudged(capsys: pytest.CaptureFixture[str]) -> None:
    main(["policy", "lint", str(SEED), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["not_judged"] == []
