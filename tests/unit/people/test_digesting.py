"""Rows digested in a process beside are digested as here, and a process that ends loses none."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chikai.people import digesting
from chikai.people.digesting import Digester
from chikai.people.normalise import Keyed, kept, marked

KEY = b"a key that nobody sees"


class Text(str):
    __slots__ = ()


ROWS = [
    {
        "key": 1,
        "email": "A@x.jp",
        "verified": date(2026, 1, 1),
        "name": "山田太郎",
        "phone": 312345678,
    },
    {
        "key": "二",
        "email": Text("花子@例え.jp"),
        "verified": b"\x00",
        "name": "\ud800",
        "phone": True,
    },
    {"key": Decimal(3), "email": None, "name": 7, "phone": "+1 415 555 0100"},
    {"key": 4, "email": b"a@x.jp", "verified": "f"},
]


@pytest.fixture
def digester(monkeypatch):
    monkeypatch.setattr(digesting, "LARGE", 2)
    with closing(Digester(KEY)) as made:
        yield made


@pytest.fixture
def rows():
    return list(marked(ROWS, Keyed(KEY)))


def through(digester, rows):
    digester.hand(rows)
    return digester.take()


def test_rows_are_digested_beside_as_they_are_here(digester, rows):
    here = list(kept(rows, Keyed(KEY)))
    assert through(digester, rows) == here
    assert digester.process is None  # small syncs cost no process
    for _ in range(3):
        digester.hand(rows)
        assert digester.is_sent
        assert digester.take() == here
    assert through(digester, rows[:1]) == here[:1]
    assert digester.take() == []


def test_a_process_that_ends_loses_nothing(digester, rows):
    here = list(kept(rows, Keyed(KEY)))
    through(digester, rows)
    digester.hand(rows)
    digester.process.kill()
    digester.process.wait()
    assert digester.take() == here
    assert through(digester, rows) == here
    digester.hand(rows)
    digester.close()
    assert digester.take() == here


def test_where_no_process_starts_rows_are_digested_here(digester, rows, monkeypatch):
    monkeypatch.setattr(digesting.sys, "executable", "/nowhere/python")
    for _ in range(3):
        assert through(digester, rows) == list(kept(rows, Keyed(KEY)))


def test_the_key_is_on_no_command_line_and_the_process_ends_with_us(digester, rows):
    through(digester, rows)
    through(digester, rows)
    where = Path(f"/proc/{digester.process.pid}/cmdline")
    if where.exists():
        assert KEY not in where.read_bytes()
    process = digester.process
    digester.close()
    assert process.returncode is not None
