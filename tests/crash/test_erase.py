"""A worker is killed at every named point of an erasure of three people at once: what is left is nothing, once."""

import signal

import pytest
import sqlalchemy as sa

from chikai.web import packages
from chikai.web.actions import rights as actions
from chikai.web.models import Outbox, Request
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from tests.crash.test_disclose import go_on, worker
from tests.web import asking
from tests.web.asking import HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
POINTS = [p for p in engine.POINTS if p.startswith(("count.", "erase."))]
TWICE = ("erase.table", "erase.written")
SWEEP = [*((point, 1) for point in POINTS), *((point, 3) for point in TWICE)]


def mail_of(urls, key):
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        mail = c.scalar(sa.text("select email from accounts where id = :i"), {"i": key})
    db.dispose()
    return mail


def others(urls, keys):
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        rows = c.execute(sa.text("select * from accounts order by id")).all()
    db.dispose()
    return [tuple(row) for row in rows if row[0] not in keys]


@pytest.mark.parametrize(("point", "nth"), SWEEP)
def test_an_erasure_whose_worker_is_killed_ends_once_and_whole(urls, point, nth):
    people = [asking.settle(urls, mode="enforce"), *asking.more_people(urls, 2)]
    keys = [int(p.links.get(source="balus").key) for p in people]
    assert keys[0] == HEROINE["balus"]
    before = others(urls, keys)
    requests = [asking.ask(p, kind="erase", reply_to="") for p in people]
    if point.startswith("erase."):
        engine.drain()
        approve(requests)
    killed = worker(point, nth)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    for request in Request.objects.all():
        assert request.state != "answered" or point == "erase.done"
    go_on()
    if point.startswith("count."):
        approve(requests)
        engine.drain()
    for request, key in zip(Request.objects.order_by("number"), keys, strict=True):
        assert request.state == "answered"
        assert {s.state for s in request.steps.all()} == {"done"}
        assert mail_of(urls, key).endswith("@erased.invalid")
        assert not packages.folder(request).exists()
    assert others(urls, keys) == before
    for kind in ("planned", "submitted", "answered"):
        assert len(Events(f"rights.{kind}")) == len(people), kind
    assert Outbox.objects.filter(kind="answered").count() == len(people)


def approve(requests):
    for request in requests:
        actions.approve_request(OFFICER, request)
        actions.approve_request(SECOND, request)
