"""How many statements a request asks of our own database: counted, so that they cannot grow unseen.

On SQLite each act gives its events their entries at once, so there the ledger's own statements are among them.
"""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import connection

from chikai import clock
from chikai.web.actions import checkpoint, integrate, steps
from chikai.web.actions import rights as actions
from chikai.web.models import Request
from chikai.web.work import rights
from tests.web import asking
from tests.web.asking import SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
NOT_COUNTED = ("SAVEPOINT", '"canonical"', '"source_map"."text"')  # the last two: once in a process
PRESS = {"postgresql": 6, "sqlite": 17}
GATHER = {"postgresql": 13, "sqlite": 39}
PACKAGE = {"postgresql": 17, "sqlite": 31}
COUNT = {"postgresql": 14, "sqlite": 40}
ERASE = {"postgresql": 25, "sqlite": 38}  # of four places; of one it is six less
AT_ONCE = {"postgresql": 34, "sqlite": 72}  # of one place, where nobody has to approve
MOST = 40  # what is promised of one access, the officer's reading and approval apart, and of one erasure


@pytest.fixture
def her(urls):
    return asking.settle(urls, mode="enforce")


@contextmanager
def at_most(most):
    """Fails when more is asked than `most` says of this kind of database."""
    asked = []

    def note(execute, sql, *more):
        if not any(word in sql for word in NOT_COUNTED):
            asked.append(" ".join(sql.split())[:90])
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        yield
    assert len(asked) <= most[connection.vendor], "\n".join(asked)


def opened(person, kind):
    links = [*person.links.values_list("pk", flat=True)[:1]]
    with at_most(PRESS):
        events = actions.open_request(
            actions.PERSON, person=person, kind=kind, evidence="sign_in", through=links
        )
    return Request.objects.get(number=events[0].facts["number"])


def test_an_access_asks_our_own_database_forty_times_at_the_most(her):
    request = opened(her, "disclose")
    with at_most(GATHER):
        rights.turn(clock.now())
    asking.approve(request)
    integrate.settle()  # as the worker's other thread does each second, which also signs
    checkpoint.sign(clock.now())
    with at_most(PACKAGE):
        rights.turn(clock.now())
    request.refresh_from_db()
    assert request.state == "answered"
    assert PRESS["postgresql"] + GATHER["postgresql"] + PACKAGE["postgresql"] <= MOST


def test_an_erasure_asks_our_own_database_few_times(her):
    request = opened(her, "erase")
    with at_most(COUNT):
        rights.turn(clock.now())
    asking.approve(request)
    asking.approve(request, SECOND)
    with at_most(ERASE):
        rights.turn(clock.now())
    request.refresh_from_db()
    assert request.state == "answered"


def test_an_erasure_that_nobody_has_to_approve_asks_forty_times_at_the_most(her, urls, monkeypatch):
    document, right = actions.right_of("erase")
    for module in (steps, actions):
        monkeypatch.setattr(module, "right_of", lambda *_: (document, replace(right, approvals=0)))
    (one,) = asking.more_people(urls, 1)  # in one place
    request = opened(one, "erase")
    with at_most(AT_ONCE):
        rights.turn(clock.now())
    request.refresh_from_db()
    assert request.state == "answered"
    assert PRESS["postgresql"] + AT_ONCE["postgresql"] <= MOST
