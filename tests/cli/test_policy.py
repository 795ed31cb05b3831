"""`chikai policy`: what each word prints, and with which code it ends."""

import json
import shutil

import pytest

from chikai.cli.main import main
from chikai.policy import schema
from tests.unit.policy.conftest import LEVII


def test_two_editions_are_compared_in_words_and_for_programs(capsys):
    assert main(["policy", "diff", str(LEVII), str(LEVII / "next")]) == 0
    said = capsys.readouterr().out
    assert "利用目的を加えました: 研究・調査への協力のお願い" in said
    assert "17条2項" in said
    words = ["policy", "diff", str(LEVII), str(LEVII / "next"), "--format", "json"]
    assert main(words) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {"purpose_added", "wording"} <= {c["kind"] for c in changes}


def test_an_edition_does_not_differ_from_itself(capsys):
    assert main(["policy", "diff", str(LEVII), str(LEVII), "--language", "en"]) == 0
    assert capsys.readouterr().out == "The two editions say the same.\n"


def test_a_folder_that_is_not_there_ends_with_its_name(capsys, tmp_path):
    assert main(["policy", "diff", str(LEVII), str(tmp_path / "none")]) != 0
    assert "none" in capsys.readouterr().err


def test_the_schema_is_printed_as_it_is_published(capsys):
    assert main(["policy", "schema"]) == 0
    assert capsys.readouterr().out == schema.text()


def test_an_upgrade_says_that_there_is_nothing_to_do(capsys):
    assert main(["policy", "upgrade", str(LEVII)]) == 0
    assert "format 1" in capsys.readouterr().out


def test_a_newer_format_ends_with_the_code_of_what_was_handed_in(capsys, tmp_path):
    for name in ("ja.md", "en.md", "policy.toml"):
        shutil.copy(LEVII / name, tmp_path / name)
    file = tmp_path / "policy.toml"
    file.write_text(file.read_text("utf-8").replace("format = 1", "format = 2"), "utf-8")
    for verb in ("upgrade", "lint", "show", "html"):
        assert main(["policy", verb, str(tmp_path)]) == 2
        assert "install a newer Chikai" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_policy_is_printed_as_html_text_and_pdf(capsys, tmp_path, language):
    words = [str(LEVII), "--language", language]
    assert main(["policy", "html", *words]) == 0
    html = capsys.readouterr().out
    assert main(["policy", "text", *words]) == 0
    text = capsys.readouterr().out
    said = "匿名加工情報" if language == "ja" else "anonymised information"
    assert said in html
    assert said in text
    assert "<" not in text
    file = tmp_path / "policy.pdf"
    assert main(["policy", "pdf", *words, "--out", str(file)]) == 0
    assert file.read_bytes().startswith(b"%PDF-")
    assert file.stat().st_size <= 500 * 1024
    assert [p.name for p in tmp_path.iterdir()] == ["policy.pdf"]


def test_a_file_that_cannot_be_written_leaves_nothing(capsys, tmp_path):
    (tmp_path / "taken").mkdir()
    for verb in ("html", "text", "pdf"):
        words = ["policy", verb, str(LEVII), "--out", str(tmp_path / "taken")]
        assert main(words) == 2
        assert "cannot be written" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


def test_a_file_is_compared_as_a_text(capsys):
    assert main(["policy", "diff", str(LEVII / "seed.ja.txt"), str(LEVII / "next")]) == 0
    said = capsys.readouterr()
    assert "研究" in said.out
    assert "compared as texts" in said.err


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("en.md", "<!-- 1.2 -->", "", "clause `1.2` is not in `en.md`"),
        ("ja.md", "<!-- 1.2 -->", "<!-- 1.1 -->", "clause `1.2` is not in `ja.md`"),
        ("policy.toml", 'clause = "2.3.2"', 'clause = "2.3.99"', "`2.3.99`"),
        ("policy.toml", "format = 1", "format = [", "not valid TOML"),
        ("policy.toml", 'kind = "company"', 'kind = "firm"', "which is not known"),
    ],
)
def test_a_policy_that_does_not_read_is_told_and_nothing_is_written(
    capsys, tmp_path, file, old, new, says
):
    folder = tmp_path / "policy"
    folder.mkdir()
    for name in ("ja.md", "en.md", "policy.toml"):
        shutil.copy(LEVII / name, folder / name)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    out = tmp_path / "out"
    for words in (
        ["diff", str(LEVII), str(folder)],
        ["html", str(folder), "--out", str(out)],
        ["pdf", str(folder), "--out", str(out)],
        ["build", str(folder), "--out", str(out)],
    ):
        assert main(["policy", *words]) == 2, words
        assert says in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["policy"]
