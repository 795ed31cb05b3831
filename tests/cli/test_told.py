"""What the commands say when something stands in the way: one sentence, no address, no path of Python's."""

import json
import os
import subprocess
import sys
import time

import pytest

from chikai.cli import main, own
from tests.cli.conftest import LEVII, chikai, init_words

pytestmark = pytest.mark.own_state


@pytest.mark.parametrize("who", ["hanako@canary.example", "090-1234-9876", "mailto:a@b.example"])
def test_an_address_on_the_command_line_is_refused_and_not_repeated(installed, who):
    done = installed("people", "find", who)
    assert done.code == 2
    assert "list of processes" in done.err
    assert who not in done.err
    assert "nobody" in chikai(installed.path, "people", "find", stdin=f"{who}\n").out


@pytest.mark.parametrize("who", ["hanako@canary.example", "090-1234-9876", "mailto:a@b.example"])
@pytest.mark.parametrize("verb", [("rights", "disclose"), ("gate", "stop")])
def test_nor_does_a_command_that_does_something_take_one(installed, verb, who):
    more = ("--out", "a.zip") if verb[0] == "rights" else ("everything",)
    done = installed(*verb, who, *more)
    assert done.code == 2
    assert "chikai people find" in done.err
    assert who not in done.err


@pytest.mark.parametrize("verb", ["build", "html"])
def test_a_place_that_cannot_be_written_is_a_sentence(installed, verb):
    done = installed("policy", verb, "--out", "/proc/nothing/here")
    assert done.code == 2, done.err
    assert "cannot be" in done.err
    assert "unexpected" not in done.err


def test_a_package_that_cannot_be_written_is_a_sentence(installed):
    done = installed("rights", "disclose", "balus:1", "--out", "/proc/package.zip")
    assert done.code == 2
    assert "cannot be written" in done.err


def test_an_unexpected_fault_names_a_line_of_ours_and_no_folder(monkeypatch, capsys):
    monkeypatch.setattr(own, "read", lambda: json.loads("{"))
    assert main.main(["source", "list"]) == 1
    said = capsys.readouterr().err
    assert "at cli/source.py:" in said
    assert sys.prefix not in said
    assert "/python" not in said


def test_a_refused_publication_names_place_and_rule(installed):
    ja = installed.path / "policy" / "ja.md"
    ja.write_text(ja.read_text().replace("4.1", "9.9", 3))
    lint = json.loads(installed("policy", "lint", "--format", "json").out or "[]")
    done = installed("policy", "publish")
    assert done.code == 2, lint
    assert ".md:" in done.err or ".toml:" in done.err


def test_the_doctor_says_whether_a_worker_was_here(installed):
    (installed.path / "work.lock").unlink(missing_ok=True)
    lines = {x["about"]: x for x in json.loads(installed("doctor", "--format", "json").out)}
    assert lines["worker"]["state"] == "warn"
    assert "chikai work" in lines["worker"]["do"]
    assert "wait" in lines["ledger"]["says"]
    assert installed("work", "--once").code == 0
    lines = {x["about"]: x for x in json.loads(installed("doctor", "--format", "json").out)}
    assert lines["worker"]["state"] == "ok"
    assert lines["ledger"]["says"] == "no event waits"


def test_a_worker_that_came_first_waits_for_the_installation(tmp_path, monkeypatch):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    path = tmp_path / "h"
    command = [sys.executable, "-m", "chikai.cli.main", "work"]
    worker = subprocess.Popen(
        command, env={**os.environ, "CHIKAI_HOME": str(path)}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert "waiting for an installation" in worker.stdout.readline()
        assert chikai(path, *init_words(path, "--policy", LEVII)).code == 0
        assert "waiting for work" in worker.stdout.readline()
        end = time.monotonic() + 10
        while not (path / "work.lock").exists() and time.monotonic() < end:
            time.sleep(0.1)
        assert (path / "work.lock").exists()
    finally:
        worker.terminate()
        worker.wait(20)
    assert worker.returncode == 0
