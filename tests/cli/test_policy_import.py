"""The command that reads a company's own policy says what it read, and why it cannot read something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chikai.cli.main import main

SEED = Path(__file__).parents[2] / "examples" / "levii" / "seed.ja.txt"


def test_the_json_form_counts_articles_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "import", str(SEED), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [clause["id"] for clause in said["clauses"]] == list("12345678")
    assert (len(said["items"]), len(said["purposes"])) == (5, 7)
    assert (said["dates"]["made"], said["dates"]["updated"]) == ("2019-07-16", "2025-02-22")
    assert said["contact"]["mail"] == "contact@levii.co.jp"
    assert {"id", "text", "name", "clause", "confidence", "span"} <= set(said["purposes"][0])
    assert said["preamble"]["id"] == "pre"


def test_the_report_shows_the_tree_with_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "import", str(SEED), "--report"]) == 0
    said = capsys.readouterr().out
    assert "2 利用目的  [purposes]" in said
    assert "reference: 2.1 -> 2.2 (2(2))" in said


def test_a_text_that_is_no_policy_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("今日の献立\n1. カレー\n2. サラダ\n", encoding="utf-8")
    assert main(["policy", "import", str(tmp_path / "a.txt"), "--out", str(tmp_path / "p")]) == 2
    assert "does not look like a privacy policy: no purposes" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


def test_scripts_are_left_out_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (
        "<html><body><script>document.write('悪意')</script><h1>プライバシーポリシー</h1>"
        "<h2>1. 利用目的</h2><p>個人情報を商品の発送のために利用します。</p>"
        "<h2>2. 窓口</h2><p>a@sample.example</p></body></html>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert main(["policy", "import", str(tmp_path / "a.html")]) == 0
    said = capsys.readouterr().out
    assert "never run" in said
    assert "悪意" not in said


def test_a_folder_is_begun_and_what_is_open_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "import", str(SEED), "--out", str(tmp_path / "p")]) == 0
    assert "[controller] representative" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == [
        "en.md",
        "ja.md",
        "policy.toml",
    ]


def test_a_file_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "import", str(tmp_path / "none.txt")]) == 2
    assert "there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "purpose"),
    [
        (
            "当店は、お名前・ご住所・お電話番号を、商品の発送とご連絡以外には使いません。",
            "商品の発送とご連絡",
        ),
        (
            "プライバシーについて\nフォームで得た情報は返信にのみ使い、第三者には渡しません。\n",
            "返信",
        ),
    ],
)
def test_the_promise_of_a_small_shop_is_a_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str, purpose: str
) -> None:
    (tmp_path / "a.txt").write_text(said, encoding="utf-8")
    assert main(["policy", "import", str(tmp_path / "a.txt"), "--format", "json"]) == 0
    assert [p["name"] for p in json.loads(capsys.readouterr().out)["purposes"]] == [purpose]


@pytest.mark.parametrize(
    "said",
    [
        "お名前と電話番号をご記入のうえ、店頭でご応募ください。当選者には賞品を発送します。",
        "プライバシーガラスの選び方\n1. 厚さ\n2. 色\n",
        "住所変更の手続き\n氏名と新しい住所を窓口にお届けください。手数料はいただきません。",
    ],
)
def test_a_text_that_only_names_data_is_no_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    (tmp_path / "a.txt").write_text(said, encoding="utf-8")
    assert main(["policy", "import", str(tmp_path / "a.txt"), "--format", "json"]) == 2
    assert "does not look like a privacy policy" in capsys.readouterr().err


def test_the_reading_is_printed_even_where_the_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("今日の献立\n1. カレー\n2. サラダ\n", encoding="utf-8")
    assert main(["policy", "import", str(tmp_path / "a.txt"), "--format", "json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["purposes"] == []
    assert "does not look like a privacy policy" in said.err


def test_a_text_that_was_handed_in_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "import", str(SEED), str(SEED.parent / ".." / "levii" / SEED.name)]) == 2
    assert "the same file was named twice" in capsys.readouterr().err
    (tmp_path / "b.txt").write_bytes(SEED.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["policy", "import", str(SEED), str(tmp_path / "b.txt")]) == 2
    assert "`seed.ja.txt` and `b.txt` hold the same text" in capsys.readouterr().err
