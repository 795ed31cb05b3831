"""An installation made by the real command once, and copied for each test; commands run as processes of their own."""

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

LEVII = Path(__file__).parents[2] / "examples" / "levii"
MARKERS = ("目印花子", "marker-hanako@canary.example", "090-1234-9876", "目印区目印町一丁目")


@dataclass
class Run:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


def chikai(home, *words, stdin="", **environ):
    """Run one command."""
    done = subprocess.run(
        [sys.executable, "-m", "chikai.cli.main", *map(str, words)],
        env={**os.environ, "CHIKAI_HOME": str(home), "COLUMNS": "120", **environ},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def init_words(path, *more):
    return (
        *("init", path, "--name-ja", "株式会社甲", "--name-en", "Ko Inc."),
        *("--desk-mail", "desk@ko.example", "--staff-name", "山田"),
        *("--staff-mail", "yamada@ko.example", *more),
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A home as `chikai init` leaves it, with the example's policy."""
    path = tmp_path_factory.mktemp("made") / "home"
    done = chikai(path, *init_words(path, "--policy", LEVII), CHIKAI_DATABASE_URL="")
    assert done.code == 0, done.err
    return path


@dataclass
class Installed:
    """An installation of one test."""

    path: Path

    def __call__(self, *words, **environ):
        return chikai(self.path, *words, **environ)

    def rows(self, sql):
        with sqlite3.connect(self.path / "own.sqlite3") as db:
            return db.execute(sql).fetchall()

    def events(self):
        entries = 'SELECT kind FROM ledger_entry ORDER BY log_id, "index"'
        waiting = "SELECT kind FROM ledger_pending ORDER BY number"
        return [kind for (kind,) in (*self.rows(entries), *self.rows(waiting))]

    def everything(self):
        """Every byte that the installation holds."""
        return b"\0".join(p.read_bytes() for p in sorted(self.path.rglob("*")) if p.is_file())


@pytest.fixture
def installed(made, tmp_path, monkeypatch):
    """A copy of the home for one test; its own state is the SQLite file inside."""
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    shutil.copytree(made, tmp_path / "home")
    return Installed(tmp_path / "home")


SHOP = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name TEXT, email TEXT, email_verified_at TEXT, phone TEXT, address TEXT);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, member_id INTEGER REFERENCES members (id), amount INTEGER, paid_at TEXT);
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY);
"""


@pytest.fixture
def shop(tmp_path):
    """A service's database with marker persons."""
    file = tmp_path / "shop.sqlite3"
    name, mail, phone, address = MARKERS
    with sqlite3.connect(file) as db:
        db.executescript(SHOP)
        for i in range(1, 30):
            db.execute(
                "INSERT INTO members VALUES (?, ?, ?, '2025-01-01', ?, ?)",
                (i, name, f"{i}{mail}", phone, address),
            )
            db.execute("INSERT INTO invoices VALUES (?, ?, 100, '2025-02-01')", (i, i))
    db.close()
    return f"sqlite:///{file}"
