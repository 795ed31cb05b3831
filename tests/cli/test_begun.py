"""An installation that was begun and not finished is finished by the same command; nothing half-made stays."""

import os
import stat
import time

import pytest
from django.db import OperationalError

from chikai import home
from chikai.cli import init, main
from tests.cli.conftest import chikai, init_words

pytestmark = pytest.mark.own_state


@pytest.fixture(autouse=True)
def _by_its_file(monkeypatch):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)


def test_an_installation_that_was_never_started_is_finished_once(tmp_path):
    path = tmp_path / "h"
    home.make(path, ja="株式会社甲", en="Ko Inc.", desk_mail="desk@ko.example")
    (path / "keys" / "master").unlink()
    done = chikai(path, *init_words(path))
    assert done.code == 0, done.err
    assert "/sign-in/link/" in done.out
    assert (path / "keys" / "master").exists()
    assert stat.S_IMODE((path / "own.sqlite3").stat().st_mode) == 0o600
    again = chikai(path, *init_words(path))
    assert again.code == 4
    assert "already" in again.err


def test_what_a_killed_process_left_beside_it_is_swept(tmp_path):
    gone, old, young, other = (
        tmp_path / name
        for name in (".h.4194305-0123abcd", ".h.0123abcd", f".h.{os.getpid()}-0123abcd", ".h.notes")
    )
    for folder in (gone, old, young, other):
        folder.mkdir()
    hours = time.time() - 2 * 3600
    os.utime(old, (hours, hours))
    home.sweep(tmp_path / "h")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted((young.name, other.name))


@pytest.mark.postgres
def test_own_state_on_postgresql_is_one_option(tmp_path, postgres):
    path, secret = tmp_path / "h", tmp_path / "p"
    secret.write_text("x")
    secret.chmod(0o600)
    url = postgres.fresh_django()
    nowhere = url.replace("@/t", "@/nosuch")
    refused = chikai(path, *init_words(path, "--database", nowhere))
    assert refused.code == 3
    assert "there is no database" in refused.err
    assert "pool" not in refused.err
    assert not path.exists()
    words = ("--database", url, "--database-password-file", secret)
    done = chikai(path, *init_words(path, *words))
    assert done.code == 0, done.err
    assert home.read(path).own == {"database": url, "password_file": str(secret)}
    assert not (path / "own.sqlite3").exists()
    assert chikai(path, "migrate").out == "our own database is up to date\n"
    toml = path / "chikai.toml"
    toml.write_text(toml.read_text().replace(url, postgres.fresh_django()))
    assert chikai(path, "migrate").code == 0
    assert chikai(path, *init_words(path)).code == 0


def test_a_password_in_the_address_of_own_state_is_refused(tmp_path):
    path = tmp_path / "h"
    done = chikai(path, *init_words(path, "--database", "postgresql://a:hidden@h/d"))
    assert done.code == 2
    assert "hidden" not in done.err


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OperationalError("secret words")])
@pytest.mark.parametrize("stood", [True, False])
def test_whatever_ends_it_nothing_half_made_stays(tmp_path, monkeypatch, capsys, fault, stood):
    path = tmp_path / "h"
    if stood:
        path.mkdir()
    monkeypatch.setenv("CHIKAI_HOME", str(path))

    def ends(_args):
        raise fault

    monkeypatch.setattr(init, "_start", ends)
    code = main.main([str(word) for word in init_words(path)])
    said = capsys.readouterr().err
    assert code == (130 if isinstance(fault, KeyboardInterrupt) else 3)
    assert "same command" in said
    assert "secret words" not in said
    assert path.exists() == stood
    assert not stood or list(path.iterdir()) == []
