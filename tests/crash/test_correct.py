"""A worker is killed at every named point of a correction of several places: they agree in the end, and it is told once."""

import signal

import pytest
import sqlalchemy as sa

from chikai.web import packages
from chikai.web.actions import correcting
from chikai.web.actions import rights as actions
from chikai.web.models import Outbox, Request
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from chikai.web.work.correcting import POINTS
from tests.crash.test_disclose import apart, asleep_at, go_on, worker
from tests.crash.test_faults import all_rows
from tests.web import asking
from tests.web.asking import DESK, OFFICER

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
NEW = "山田 はな子"
LATER = "山田 ハナ子"
TWICE = ("look.written", "correct.table", "correct.written")
SWEEP = [*((point, 1) for point in POINTS), *((point, 2) for point in TWICE)]


def written(request):
    """One field of every place that holds a name: where they are."""
    found = []
    for step in request.steps.filter(action="look", rows__gt=0):
        cells = correcting.read_cells(step)
        n, cell = next((n, c) for n, c in enumerate(cells) if c.type == "text")
        correcting.propose_changes(DESK, step, {n: NEW})
        found.append((step.source, cell))
    return found


def stands(urls, source, cell):
    db = sa.create_engine(urls[source])
    meta = sa.MetaData()
    meta.reflect(db, only=[cell.table])
    table = meta.tables[cell.table]
    (key,) = table.primary_key.columns
    with db.connect() as c:
        (held,) = c.scalars(sa.select(table.c[cell.column]).where(key == cell.key[0]))
    db.dispose()
    return held


@pytest.mark.parametrize(("point", "nth"), SWEEP)
def test_a_correction_whose_worker_is_killed_ends_once_and_whole(urls, point, nth):
    her = asking.settle(urls, mode="enforce")
    wish = {"items": "name", "wrong": "花子", "right": NEW}
    request = asking.ask(her, kind="correct", asked=wish, reply_to="")
    fields = []
    if point.startswith("correct."):
        engine.drain()
        fields = written(Request.objects.get())
        actions.approve_request(OFFICER, request)
    killed = worker(point, nth)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    assert Request.objects.get().state != "answered" or point == "correct.done"
    go_on()
    if not fields:
        fields = written(Request.objects.get())
        actions.approve_request(OFFICER, request)
        engine.drain()
    assert len(fields) > 1
    request.refresh_from_db()
    said = list(request.steps.values_list("source", "state", "fault"))
    assert request.state == "answered", said
    assert {s.state for s in request.steps.all()} == {"done"}
    assert [stands(urls, *field) for field in fields] == [NEW] * len(fields)
    assert not packages.folder(request).exists()
    for kind in ("planned", "submitted", "answered"):
        assert len(Events(f"rights.{kind}")) == 1, kind
    assert len(Events("rights.carried_out")) == len(fields)
    assert Outbox.objects.filter(kind="answered").count() == 1


@pytest.mark.parametrize("point", ["correct.doing", "correct.made", "correct.verify"])
def test_a_worker_that_slept_through_its_correction_and_a_newer_one_overwrites_nothing(urls, point):
    """It wakes with an old value in its hands, when another has made it and a later one stands already."""
    her = asking.settle(urls, mode="enforce")
    corrected(her, NEW)
    with apart() as env:
        with asleep_at(env, point):
            rewrite(urls, NEW, LATER)
            before = all_rows(urls)
        assert all_rows(urls) == before
    assert Request.objects.get().state == "answered"
    assert Outbox.objects.filter(kind="answered").count() == 1


def corrected(her, new):
    wish = {"items": "name", "wrong": "花子", "right": new}
    request = asking.ask(her, kind="correct", asked=wish, reply_to="")
    engine.drain()
    written(Request.objects.get(pk=request.pk))
    actions.approve_request(OFFICER, request)


def rewrite(urls, old, new):
    """What a later correction, or the person's own press in the service, made of the field meanwhile."""
    count = 0
    for url in urls.values():
        db = sa.create_engine(url)
        meta = sa.MetaData()
        meta.reflect(db)
        with db.begin() as c:
            for table in meta.sorted_tables:
                for column in table.columns:
                    if isinstance(column.type, sa.String):
                        query = sa.update(table).where(column == old).values({column.name: new})
                        count += c.execute(query).rowcount
        db.dispose()
    assert count > 1
