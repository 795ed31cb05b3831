"""Commands speak Japanese to whoever has a Japanese machine, and English to everybody else."""

import json
import re
import shutil

import pytest

from chikai.cli import tongue
from chikai.cli.main import main
from tests.cli.conftest import LEVII, chikai

SEED = LEVII / "seed.ja.txt"
KANA = re.compile("[ぁ-んァ-ヶ]")


@pytest.fixture
def japanese(monkeypatch):
    monkeypatch.setenv("CHIKAI_LANG", "ja")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "CHIKAI_LANG": "en"}, "en"),
        ({"LANG": "C.UTF-8", "CHIKAI_LANG": "ja"}, "ja"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_machine_unless_it_was_named(monkeypatch, environ, language):
    for name in ("CHIKAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, said in environ.items():
        monkeypatch.setenv(name, said)
    assert tongue.language() == language


def test_the_report_of_an_import_is_japanese(japanese, capsys):
    assert main(["policy", "import", str(SEED)]) == 0
    said = capsys.readouterr().out
    for line in (
        "2 利用目的  [利用目的]",
        "情報の項目：5",
        "利用目的：7",
        "参照：2.1 -> 2.2",
        "改定日：2025-02-22",
    ):
        assert line in said
    assert not re.search("items|purposes|reference|recipient|updated", said)


def test_an_option_is_stronger_than_the_machine_and_programs_read_the_same(japanese, capsys):
    assert main(["policy", "import", str(SEED), "--language", "en"]) == 0
    assert "2 利用目的  [purposes]" in capsys.readouterr().out
    assert main(["policy", "import", str(SEED), "--language", "ja", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["clauses"][1]["kind"] == "purposes"


def test_what_a_draft_lacks_is_said_in_japanese(japanese, tmp_path, capsys):
    assert main(["policy", "import", str(SEED), "--out", str(tmp_path / "p")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 3
    assert all(KANA.search(line) or "：" in line for line in lines), lines


@pytest.fixture
def files(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "odd").write_bytes(bytes(range(128, 256)) * 4)
    (tmp_path / "menu").write_text("今日の献立\n1. カレー\n", "utf-8")
    shutil.copy(SEED, tmp_path / "one")
    (tmp_path / "two").write_text(SEED.read_text("utf-8").replace("レヴィ", "別会社"), "utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("import empty", "ファイルが空です"),
        ("lint empty", "ファイルが空です"),
        ("import odd", "文字コードが分かりません"),
        ("import menu", "プライバシーポリシーではないようです：情報の項目がない"),
        ("lint menu", "プライバシーポリシーではないようです"),
        ("import one two", "違う事業者のポリシーです"),
        ("import none", "そのファイルはありません"),
        ("import full", "これはフォルダーです"),
        ("import one --out full", "すでに何かが入っています"),
        ("lint full full", "フォルダーが2つ以上"),
        ("lint full", "ファイルがありません"),
        ("diff full none", "ファイルがありません"),
        ("build LEVII --out full", "このページの一部ではない `mine` が入っています"),
        ("build LEVII --out one", "フォルダーではありません"),
        ("build --out new", "ここに設置はありません"),
        ("publish", "ここに設置はありません"),
    ],
)
def test_what_goes_wrong_most_is_said_in_japanese(
    japanese, files, capsys, monkeypatch, words, says
):
    monkeypatch.chdir(files)
    monkeypatch.setenv("CHIKAI_HOME", str(files / "nowhere"))
    given = [str(LEVII) if word == "LEVII" else word for word in words.split()]
    assert main(["policy", *given]) in (2, 3)
    said = capsys.readouterr().err
    assert says in said
    for line in said.splitlines():
        assert KANA.search(line) or "場所：" in line, line


def test_publishing_and_building_speak_japanese(installed, tmp_path):
    done = installed("policy", "publish", CHIKAI_LANG="", LC_ALL="ja_JP.UTF-8")
    assert done.out.startswith("第1版を公表しました：sha256:")
    again = installed("policy", "publish", CHIKAI_LANG="ja")
    assert "この文書は、すでにいまの版です" in again.err
    built = installed("policy", "build", "--out", tmp_path / "site", CHIKAI_LANG="ja")
    assert "公表した版から作りました：1" in built.out
    assert "を開いてください" in built.out


def test_what_nobody_translated_stays_english(japanese):
    assert tongue.sentence("it rains on 3 days") == "it rains on 3 days"


def test_an_english_machine_reads_english(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    done = chikai(tmp_path, "policy", "lint", tmp_path / "empty", CHIKAI_LANG="", LC_ALL="C.UTF-8")
    assert done.err.startswith("chikai: the file is empty\n  hand in the text of the policy\n  at ")
