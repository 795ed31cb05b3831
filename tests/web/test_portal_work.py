"""What is held is counted and read by the worker: from real databases, sealed, and a source that is away is said to be."""

import sqlite3

import pytest

from chikai.web import held_file
from chikai.web.actions import PERSON
from chikai.web.actions import portal as actions
from chikai.web.models import HeldIndex, Job, MapEdition
from chikai.web.work import engine
from tests.web import portal_world as us
from tests.web import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.own_state]

TOML = """
[operator]
ja = "株式会社レヴィ"
en = "Levii Inc."

[source.balus]
service = "balus"
url = "sqlite:///{file}"

[source.kata]
service = "kata"
url = "sqlite:////no/such/place/kata.sqlite3"
"""


@pytest.fixture
def hanako(tmp_path):
    """A person in a real database, and in one that is away."""
    file = tmp_path / "balus.sqlite3"
    with sqlite3.connect(file) as db:
        db.executescript(
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT, name TEXT, nickname TEXT,"
            " last_ip TEXT, email_verified_at TEXT);"
            "CREATE TABLE posts_001 (id INTEGER PRIMARY KEY, author_id INTEGER, body TEXT, memo TEXT);"
            "INSERT INTO accounts VALUES (17, 'hanako@minato.example', '山田 花子', 'h', '::1', 'x');"
            "INSERT INTO accounts VALUES (18, 'other@minato.example', '別の人', 'o', '::1', 'x');"
            "INSERT INTO posts_001 VALUES (1, 17, 'はじめまして', ''), (2, 17, 'こんにちは', ''),"
            " (3, 18, '秘密', '');"
        )
    person = us.begin()
    world.home(TOML.format(file=f"/{str(file).lstrip('/')}"))
    for name in ("balus", "kata"):
        text = world.map_text(name, 2)
        MapEdition.objects.create(
            source=name, digest="sha256:" + "ab" * 32, text=text, tables=2, columns=9, undecided=3,
            at=person.since,
        )  # fmt: skip
    return person


def ended(verb):
    engine.drain()
    job = Job.objects.filter(verb=verb).latest("asked_at")
    assert job.state == "done", job.result
    return job


def test_the_worker_counts_and_reads_no_value(hanako):
    actions.ask_count(PERSON, hanako)
    ended("count")
    rows = {row.source: row for row in HeldIndex.objects.filter(person=hanako)}
    assert rows["balus"].counts == {"email": 1, "name": 1, "voluntary": 2}
    assert rows["kata"].standing == "unreachable"
    kept = str([(r.counts, r.standing, r.service) for r in rows.values()])
    assert us.HANAKO not in kept


def test_the_worker_reads_for_one_browser(hanako):
    entered = actions.enter(us.token(nonce="n-read"))
    actions.ask_read(PERSON, entered.session)
    job = ended("read")
    read = held_file.read(entered.session.pk, entered.token)
    places = {place["service"]: place for place in read["places"]}
    items = {i["category"]: i["values"] for i in places["balus"]["items"]}
    assert items["email"] == [us.HANAKO]
    assert items["voluntary"] == ["はじめまして", "こんにちは"]
    assert places["kata"]["standing"] == "unreachable"
    assert "秘密" not in str(read)
    assert us.HANAKO not in str(job.result) + str(job.about)


def test_a_browser_that_signed_out_meanwhile_gets_nothing(hanako):
    entered = actions.enter(us.token(nonce="n-out"))
    actions.ask_read(PERSON, entered.session)
    actions.sign_out(PERSON, entered.session)
    engine.drain()
    assert Job.objects.get(verb="read").state == "failed"
    assert held_file.read(entered.session.pk, entered.token) is None
    assert not (held_file.folder() / f"{entered.session.pk}.sealed").exists()
