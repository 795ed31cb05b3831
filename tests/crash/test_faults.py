"""Faults amid an erasure: a place that is locked, cut off or changed, a full disk, a worker that sleeps and wakes."""

import pytest
import sqlalchemy as sa

from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import facts_of
from chikai.web.models import Outbox
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from examples.levii import databases
from tests.crash.test_disclose import apart, asleep_at, go_on, worker
from tests.web import asking
from tests.web.asking import HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
MAIL = sa.text("select email from accounts where id = :i")


def approved(urls):
    """An erasure of one person that is counted and approved, and not begun."""
    her = asking.settle(urls, mode="enforce")
    request = asking.ask(her, kind="erase", reply_to="")
    engine.drain()
    actions.approve_request(OFFICER, request)
    actions.approve_request(SECOND, request)
    return request


def step_of(request, source="balus"):
    return request.steps.get(source=source, action="erase")


def mail_of(url):
    db = sa.create_engine(url)
    with db.connect() as c:
        found = c.scalar(MAIL, {"i": HEROINE["balus"]})
    db.dispose()
    return found


def all_rows(urls):
    """Every row of every place, in the order of the tables."""
    found = {}
    for source, url in urls.items():
        db, meta = sa.create_engine(url), sa.MetaData()
        meta.reflect(db)
        with db.connect() as c:
            for table in meta.sorted_tables:
                found[source, table.name] = sorted(map(repr, c.execute(sa.select(table))))
        db.dispose()
    return found


def check_answered(request):
    request.refresh_from_db()
    said = list(request.steps.values_list("source", "state", "fault"))
    assert request.state == "answered", said
    assert len(Events("rights.answered")) == 1
    assert Outbox.objects.filter(kind="answered").count() == 1


def test_a_place_that_another_holds_is_waited_for(urls):
    request = approved(urls)
    before = mail_of(urls["balus"])
    db = sa.create_engine(urls["balus"])
    with db.connect() as other:
        other.exec_driver_sql("begin immediate")
        other.execute(sa.text("update accounts set locale = locale"))
        engine.drain()
        step = step_of(request)
        assert (step.state, bool(step.fault)) == ("todo", True)
        other.rollback()
    db.dispose()
    assert mail_of(urls["balus"]) == before
    request.refresh_from_db()
    assert request.state == "acting"
    go_on()
    check_answered(request)
    assert mail_of(urls["balus"]).endswith("@erased.invalid")


def test_a_connection_that_is_lost_amid_the_change_changes_nothing(urls, postgres, monkeypatch):
    url = postgres.fresh()
    db = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    databases.fill(db, "balus", people=60)
    request = approved({**urls, "balus": url})
    with db.connect() as c:
        before = c.scalar(MAIL, {"i": HEROINE["balus"]})
    cut = []

    def end(name):
        if name == "erase.table" and not cut:
            with db.begin() as c:
                cut.extend(c.scalars(sa.text(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = current_database() and pid <> pg_backend_pid()"
                )))  # fmt: skip

    monkeypatch.setattr(engine, "hook", end)
    engine.drain()
    monkeypatch.setattr(engine, "hook", None)
    assert cut
    step = step_of(request)
    assert (step.state, bool(step.fault)) == ("todo", True)
    with db.connect() as c:
        assert c.scalar(MAIL, {"i": HEROINE["balus"]}) == before
    go_on()
    check_answered(request)
    with db.connect() as c:
        assert c.scalar(MAIL, {"i": HEROINE["balus"]}).endswith("@erased.invalid")
    db.dispose()


def test_a_place_that_has_another_shape_than_was_counted_stops_and_says_so(urls):
    request = approved(urls)
    before = mail_of(urls["balus"])
    db = sa.create_engine(urls["balus"])
    with db.begin() as c:
        c.exec_driver_sql("alter table accounts add column nickname text")
    db.dispose()
    engine.drain()
    step = step_of(request)
    assert step.state == "failed"
    assert "has changed since its map" in step.fault
    assert mail_of(urls["balus"]) == before
    request.refresh_from_db()
    assert request.state == "acting"


def test_a_full_disk_loses_nothing(urls):
    request = approved(urls)
    worker("erase.doing", what="fill_disk")
    request.refresh_from_db()
    assert request.state == "acting"
    assert not mail_of(urls["balus"]).endswith("@erased.invalid")
    go_on()
    check_answered(request)
    assert mail_of(urls["balus"]).endswith("@erased.invalid")


@pytest.mark.parametrize("where", ["sqlite", "postgres", "mariadb"])
def test_a_worker_that_sleeps_inside_a_places_transaction_leaves_the_place_as_it_was(
    urls, where, request
):
    if where != "sqlite":
        url = request.getfixturevalue(where).fresh()
        db = sa.create_engine(url)
        databases.fill(db, "balus", people=60)
        db.dispose()
        urls = {**urls, "balus": url}
    asked = approved(urls)
    before = all_rows({"balus": urls["balus"]})
    with apart() as env:
        # Another one takes the request over, finds the place held, and lets it wait.
        with asleep_at(env, "erase.table") as asleep:
            pass
        assert asleep.returncode == 0
        # What was begun under a claim that was lost is taken back.
        assert all_rows({"balus": urls["balus"]}) == before
    asked.refresh_from_db()
    assert asked.state == "acting"
    go_on()
    check_answered(asked)
    done = [facts_of(e) for e in Events("rights.carried_out")]
    erased = sorted(facts["place"] for facts in done if facts["does"] == "erase")
    assert erased == sorted(asked.steps.filter(action="erase").values_list("source", flat=True))
    assert asked.steps.get(source="balus", action="erase").found["erased"]


@pytest.mark.parametrize("point", ["erase.doing", "erase.made", "erase.verify", "erase.verified"])
def test_a_worker_that_sleeps_while_another_takes_over_writes_nothing_when_it_wakes(urls, point):
    request = approved(urls)
    with apart() as env:
        with asleep_at(env, point):
            before = all_rows(urls)
        assert all_rows(urls) == before
    check_answered(request)
