"""A database that was restored from an old backup: its uses stop, what was decided since stands again, then they go on."""

import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa
from django.conf import settings

from chikai import clock
from chikai.errors import Restored, WrongState
from chikai.sdk.cache import Cache
from chikai.sources import grants
from chikai.sources.catalogue import Catalogue
from chikai.web.actions import COMMAND, WORK
from chikai.web.actions import gate as gate_actions
from chikai.web.actions import orders as actions
from chikai.web.actions import rights as rights_actions
from chikai.web.feed_copies import Copies
from chikai.web.models import Order, Request, SourceEpoch, Step
from chikai.web.models.choices import ServiceKey, feed_number
from chikai.web.models.ledger import Events
from chikai.web.work import engine, restored
from chikai.web.work.sources import connect, map_in_force
from tests.web import asking, test_correcting
from tests.web.asking import HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def her(urls):
    person = asking.settle(urls, mode="enforce")
    prepare(urls)
    return person


def prepare(urls):
    """Make the tables for our markers, as their owner does with what `chikai source grants` prints."""
    for name, url in urls.items():
        lines = grants.statements(
            Catalogue("sqlite", ()), map_in_force(name), role="x", mode="enforce", dialect="sqlite"
        )
        db = sa.create_engine(url)
        with db.begin() as c:
            for line in lines:
                c.exec_driver_sql(line)
        db.dispose()


def backup(urls, service="balus"):
    """A copy of a service's database, as an administrator makes it."""
    file = urls[service].removeprefix("sqlite:///")
    shutil.copy(file, f"{file}.backup")


def put_back(urls, service="balus"):
    file = urls[service].removeprefix("sqlite:///")
    for tail in ("-wal", "-shm"):
        shutil.rmtree(f"{file}{tail}", ignore_errors=True)
    db, old = sa.create_engine(urls[service]), sa.create_engine(f"{urls[service]}.backup")
    with db.connect() as new, old.connect() as kept:
        kept.connection.dbapi_connection.backup(new.connection.dbapi_connection)
    db.dispose()
    old.dispose()


def erase(person):
    request = asking.ask(person, kind="erase")
    engine.drain()
    rights_actions.approve_request(OFFICER, request)
    rights_actions.approve_request(SECOND, request)
    engine.drain()
    request = Request.objects.get(pk=request.pk)
    assert request.state == "answered", list(Step.objects.values_list("source", "fault"))
    return request


def mail_of(urls, key):
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        mail = c.scalar(sa.text("select email from accounts where id = :i"), {"i": key})
    db.dispose()
    return mail


def allowed(service="balus", purpose="provide"):
    copies = Copies()
    table, _ = copies.table(service)
    use = next(iter(table.uses))
    return gate_actions.look(service, use.purpose, "no such key")[1]


def test_the_order_of_an_erasure_is_kept_with_marks_only(her, urls):
    erase(her)
    orders = {o.source: o for o in Order.objects.all()}
    assert set(orders) == set(urls)
    kept = orders["balus"]
    assert kept.epoch == SourceEpoch.objects.known("balus") > 0
    assert kept.until == clock.day_in_japan(kept.at) + timedelta(days=90)
    said = repr([*Order.objects.values_list(), *SourceEpoch.objects.values_list()])
    for mark in ("hanako", HEROINE["kata"], str(her.pk), f"'{HEROINE['balus']}'"):
        assert mark not in said


def test_what_an_old_backup_brought_back_is_erased_again_and_the_source_is_lifted(her, urls):
    backup(urls)
    erase(her)
    assert mail_of(urls, HEROINE["balus"]).endswith(".invalid")
    put_back(urls)
    assert not mail_of(urls, HEROINE["balus"]).endswith(".invalid")
    assert restored.look("balus")
    assert len(Events("source.restored")) == 1
    engine.drain()
    assert mail_of(urls, HEROINE["balus"]).endswith(".invalid")
    assert not SourceEpoch.objects.quarantined().exists()
    assert [len(Events(f"source.{k}")) for k in ("restored", "replayed", "lifted")] == [1, 1, 1]
    assert not restored.look("balus")


def test_while_it_is_closed_the_gate_refuses_every_use_of_its_service_and_the_feed_says_so(
    her, urls
):
    copies, before = Copies(), feed_number()
    table = copies.table("balus")[0].digest
    other = copies.table("kata")[0].digest
    actions.quarantine(COMMAND, "balus", stood=0)
    assert copies.news("balus", before).table != table
    assert copies.news("balus", before).after > before  # a hole: each copy takes a snapshot
    assert copies.table("kata")[0].digest == other
    decision = allowed()
    assert [r.unit for r in decision.reasons][-1] == "quarantined"
    assert decision.reasons[-1].clause == "5"
    actions.lift(COMMAND, "balus", epoch=0, orders=0)
    assert copies.table("balus")[0].digest == table
    assert "quarantined" not in [r.unit for r in allowed().reasons]


def test_a_disclosure_waits_while_a_place_is_closed_and_says_why(her, urls):
    actions.quarantine(COMMAND, "balus", stood=0)
    SourceEpoch.objects.update(waiting=1)  # so that nothing replays by itself
    request = asking.ask(her)
    engine.drain()
    step = Step.objects.get(request=request, source="balus", action="read")
    assert (step.state, step.attempts) == ("todo", 0)
    assert "restored" in step.fault
    with pytest.raises(Restored):
        connect(settings.HOME, "balus")
    actions.lift(COMMAND, "balus", epoch=0, orders=0)
    Step.objects.filter(pk=step.pk).update(not_before=clock.now())
    engine.drain()
    assert Request.objects.get(pk=request.pk).state == "review"


def test_the_change_itself_notices_that_the_place_was_restored(her, urls):
    other, *_ = asking.more_people(urls, 1)
    backup(urls)
    erase(her)
    request = asking.ask(other, kind="erase")
    engine.drain()
    rights_actions.approve_request(OFFICER, request)
    put_back(urls)
    rights_actions.approve_request(SECOND, request)
    engine.drain()
    assert len(Events("source.restored")) == 1
    Step.objects.filter(state="todo").update(not_before=clock.now() - timedelta(seconds=1))
    engine.drain()
    assert Request.objects.get(pk=request.pk).state == "answered"
    assert mail_of(urls, HEROINE["balus"]).endswith(".invalid")
    assert not SourceEpoch.objects.quarantined().exists()


def test_a_place_whose_epoch_is_gone_is_closed_too(her, urls):
    erase(her)
    db = sa.create_engine(urls["balus"])
    with db.begin() as c:
        c.exec_driver_sql("drop table chikai_epoch")
    db.dispose()
    assert restored.look("balus")
    engine.drain()
    assert not SourceEpoch.objects.quarantined().exists()


def test_a_source_is_not_lifted_by_hand_while_an_order_does_not_stand(her, urls):
    backup(urls)
    erase(her)
    put_back(urls)
    restored.look("balus")
    with pytest.raises(WrongState, match="1 of 1"):
        restored.lift(COMMAND, "balus")
    restored.carry_out("balus")
    assert not SourceEpoch.objects.quarantined().exists()


def test_a_replay_that_cannot_be_made_leaves_the_source_closed_and_says_why(her, urls):
    backup(urls)
    erase(her)
    put_back(urls)
    restored.look("balus")
    db = sa.create_engine(urls["balus"])
    with db.begin() as c:
        c.exec_driver_sql(
            "create trigger stop before update on accounts begin select raise(abort, 'no'); end"
        )
    engine.drain()
    row = SourceEpoch.objects.quarantined().get()
    assert (row.replayed, row.orders, bool(row.fault)) == (0, 1, True)
    with db.begin() as c:
        c.exec_driver_sql("drop trigger stop")
    db.dispose()
    SourceEpoch.objects.update(tried_at=clock.now() - timedelta(hours=1))
    engine.drain()
    assert not SourceEpoch.objects.quarantined().exists()


def test_orders_end_with_the_last_backup_and_an_event_says_so(her, urls):
    erase(her)
    last = Order.objects.get(source="balus").until
    actions.expire(WORK, last)
    assert Order.objects.filter(source="balus").exists()
    actions.expire(WORK, last + timedelta(days=1))
    assert not Order.objects.exists()
    assert len(Events("source.orders_ended")) == len(urls)


@pytest.mark.clause("6")
def test_a_correction_that_a_backup_undid_is_made_again_and_its_value_rests_sealed(her, urls):
    backup(urls)
    request = test_correcting.asked(her)
    test_correcting.written(request)
    rights_actions.approve_request(OFFICER, request)
    engine.drain()
    assert test_correcting.name_of(urls) == test_correcting.NEW
    order = Order.objects.get(source="balus")
    assert order.verb == "write"
    assert test_correcting.NEW not in repr(vars(order))
    put_back(urls)
    assert test_correcting.name_of(urls) != test_correcting.NEW
    restored.look("balus")
    engine.drain()
    assert test_correcting.name_of(urls) == test_correcting.NEW
    assert not SourceEpoch.objects.quarantined().exists()


def test_an_erasure_takes_the_values_that_were_kept_of_a_correction(her, urls):
    request = test_correcting.asked(her)
    test_correcting.written(request)
    rights_actions.approve_request(OFFICER, request)
    engine.drain()
    erase(her)
    assert {o.verb for o in Order.objects.filter(source="balus")} == {"erase"}


class Near:
    """The feed's own answers, asked in this process."""

    def __init__(self):
        self.copies = Copies()

    def snapshot(self):
        return self.copies.snapshot("balus"), 0.0

    def after(self, v, _wait):
        return self.copies.news("balus", v)

    def send(self, _records):
        """Nothing is handed over here."""


def test_a_running_copy_hears_of_a_restore_and_of_its_end(her):
    ServiceKey.objects.create(service="balus", key="17", bits="0", since=clock.now())
    copy = Cache(Near(), "balus")
    guide = copy.bind("guidance")
    assert 17 in guide.people
    actions.quarantine(COMMAND, "balus", stood=0)
    copy.refresh()
    assert 17 not in guide.people
    assert [r.unit for r in copy.why(17, guide).reasons] == ["quarantined"]
    copy.register(99)
    assert 99 not in guide.people
    actions.lift(COMMAND, "balus", epoch=0, orders=0)
    copy.refresh()
    assert 17 in guide.people


def test_the_page_of_a_closed_source_says_how_far_it_is(her, as_role):
    actions.quarantine(COMMAND, "balus", stood=0)
    actions.note_replay(WORK, "balus", orders=3, replayed=2, waiting=1)
    page = as_role("engineer").get("/desk/sources/balus").content.decode()
    assert "古い控えに戻りました" in page
    assert "3件のうち2件" in page
    assert "失われた処理をやり直す" in page
