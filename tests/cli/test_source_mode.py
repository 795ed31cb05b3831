"""A source goes from mode to mode and back by one command; a restore is declared, replayed and lifted by another."""

import sqlite3

import pytest

from tests.cli.test_source import added, finish

pytestmark = pytest.mark.own_state


@pytest.fixture
def mapped(installed, shop):
    assert added(installed, shop).code == 0
    finish(installed)
    assert installed("map", "adopt", "shop").code == 0
    return installed


def test_a_mode_is_set_and_taken_back_by_one_command(mapped):
    before = (mapped.path / "chikai.toml").read_text()
    done = mapped("source", "mode", "shop", "enforce")
    assert done.code == 0, done.err
    assert "back: chikai source mode shop observe" in done.out
    assert 'mode = "enforce"' in (mapped.path / "chikai.toml").read_text()
    assert mapped.events()[-1] == "source.mode_set"
    assert mapped("source", "mode", "shop", "observe").code == 0
    assert (mapped.path / "chikai.toml").read_text() == before
    assert "already" in mapped("source", "mode", "shop", "observe").out


def test_a_restore_that_nobody_noticed_is_declared_replayed_and_lifted(mapped):
    assert mapped("source", "lift", "shop").code == 4
    assert mapped("source", "replay", "shop").code == 4  # observed: nothing is written
    assert mapped("source", "lift", "shop").code == 0  # and nothing was lost
    assert mapped("source", "mode", "shop", "enforce").code == 0
    done = mapped("source", "replay", "shop")
    assert (done.code, "lifted" in done.out) == (0, True), done.err
    kinds = [k for k in mapped.events() if k.startswith("source.")]
    assert kinds.count("source.restored") == kinds.count("source.lifted") == 2


def test_a_preview_of_an_unknown_request_is_refused(mapped):
    done = mapped("source", "preview", "shop", "--request", "2026-0001")
    assert done.code == 2
    assert "no request" in done.err


def test_what_grants_prints_for_a_file_lets_a_restore_be_noticed_and_doctor_asks_for_it(
    mapped, shop
):
    assert mapped("source", "mode", "shop", "enforce").code == 0
    assert "a restored backup is not noticed there" in mapped("doctor").out
    printed = mapped("source", "grants", "shop").out
    with sqlite3.connect(shop.removeprefix("sqlite:///")) as db:
        db.executescript("\n".join(x for x in printed.splitlines() if not x.startswith("--")))
        assert db.execute("SELECT epoch FROM chikai_epoch").fetchall() == [(0,)]
    assert "a restored backup is not noticed there" not in mapped("doctor").out
