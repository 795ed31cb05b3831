"""A second process shares the making of a batch's packages; whatever becomes of it, each is made once and alike."""

import io
import json
import os
import signal
import time
import zipfile

import pytest
from django.db import connection

from chikai.web import released
from chikai.web.models import Person, Request
from chikai.web.work import beside, engine
from tests.web import asking

pytestmark = [
    pytest.mark.own_state,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not beside.is_worth_it(beside.FEW), reason="no other process would help"),
]
COUNT = 200


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


def shared(make):
    """The numbers that were this process's, and what the other one answered."""
    turns, mine = beside.Shared(COUNT, make), []
    for number in turns:
        mine.append(number)
        time.sleep(0.005)  # the other one comes to its turn too
    answers = dict(turns.answers())
    assert answers
    return mine, answers


def test_each_number_is_taken_once():
    mine, answers = shared(lambda n: b"made %d" % n)
    assert sorted([*mine, *answers]) == list(range(COUNT))
    assert all(line == b"made %d" % n for n, line in answers.items())


def test_what_the_other_process_could_not_make_or_would_have_to_ask_is_left():
    us = os.getpid()

    def make(number):
        if os.getpid() != us and number % 3 == 0:
            raise ValueError
        if os.getpid() != us and number % 3 == 1:
            Person.objects.count()
        return b"made"

    _, answers = shared(make)
    assert {n % 3 for n in answers} == {2}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_what_the_other_process_made_before_it_was_killed_counts():
    us = os.getpid()

    def make(number):
        if os.getpid() != us and number > COUNT // 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"made"

    mine, answers = shared(make)
    assert all(n <= COUNT // 4 for n in answers)
    assert len({*mine, *answers}) >= COUNT - 1


def packages_of(urls, people):
    """What is in everybody's package, by the person: without its dates and its number."""
    requests = [asking.ask(person) for person in people]
    engine.drain()
    for request in requests:
        asking.approve(request)
    engine.drain()
    found = {}
    for request in Request.objects.filter(pk__in=[r.pk for r in requests]):
        assert request.state == "answered"
        with zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(request)))) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            files = {
                n: archive.read(n) for n in archive.namelist() if n.startswith(("json", "csv"))
            }
            found[request.person_id] = manifest["rows"], manifest["items"], files
    return found


@pytest.mark.parametrize("ends", [False, True])
def test_packages_that_two_processes_made_are_what_one_makes(urls, monkeypatch, ends):
    people = [asking.settle(urls), *asking.more_people(urls, 7)]
    plain = packages_of(urls, people)
    monkeypatch.setattr(beside, "FEW", 2)
    us, met = os.getpid(), []

    def hook(name):
        if name == "package.part" and os.getpid() != us:
            met.append(name)
            if ends and len(met) == 4:
                os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(engine, "hook", hook)
    forks = []
    os.register_at_fork(after_in_parent=lambda: forks.append(1))
    assert packages_of(urls, people) == plain
    assert forks
