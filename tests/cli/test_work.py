"""A worker takes a row, keeps its lease, and one that was overtaken writes nothing."""

import gc
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from chikai import clock
from chikai.errors import NotAllowed, Unreachable, WrongState
from chikai.web.actions import COMMAND, Actor, work
from chikai.web.models import Job
from chikai.web.models.ledger import Events, Pending
from chikai.web.work import engine

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
DID: list[str] = []


def do_well(taken):
    for done in range(1, 4):
        taken.progress(done, 3)
    DID.append(str(taken.id))
    return {"n": 3}


def do_badly(_):
    raise Unreachable("the server at `h` does not answer", "start it")


def fall(_):
    raise RuntimeError("marker-hanako@canary.example")


@pytest.fixture(autouse=True)
def verbs(monkeypatch):
    DID.clear()
    here = __name__
    for verb, name in (
        ("good", "do_well"),
        ("bad", "do_badly"),
        ("fall", "fall"),
        ("lose", "lose"),
    ):
        monkeypatch.setitem(engine.VERBS, verb, f"{here}:{name}")


def ask(verb):
    return Job.objects.get(pk=work.ask(COMMAND, verb=verb, about={"source": ""}).facts["job"])


def test_work_is_done_once_and_leaves_its_result():
    job = ask("good")
    assert engine.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.of, job.result) == ("done", 3, 3, {"n": 3})
    assert job.ended_at is not None
    assert engine.drain() == 0
    assert len(Events("work.asked")) == 1


def test_a_failure_keeps_its_code_and_its_sentence():
    job = ask("bad")
    engine.drain()
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.result == {
        "code": "source-unreachable",
        "what": "the server at `h` does not answer",
        "do": "start it",
    }


def test_an_unknown_fault_keeps_its_kind_and_no_value(caplog):
    job = ask("fall")
    engine.drain()
    job.refresh_from_db()
    assert "RuntimeError" in job.result["what"]
    assert "marker" not in repr(job.result) + caplog.text


def test_an_unknown_verb_fails_plainly():
    job = ask("paint")
    engine.drain()
    job.refresh_from_db()
    assert job.result["code"] == "wrong-state"


def test_failed_work_is_asked_again_as_a_row_of_its_own():
    job = ask("bad")
    with pytest.raises(WrongState):
        work.ask_again(COMMAND, job)
    engine.drain()
    job.refresh_from_db()
    again = work.ask_again(COMMAND, job)
    assert again != job.pk
    assert Job.objects.get(pk=again).state == "todo"
    job.refresh_from_db()
    assert job.state == "failed"


def test_the_same_question_twice_is_one_piece_of_work():
    assert work.ask_sync(COMMAND) == work.ask_sync(COMMAND)


def test_an_auditor_may_not_ask_for_work():
    with pytest.raises(NotAllowed):
        work.ask(Actor("staff:9", frozenset({"auditor"})), verb="good", about={})


def test_work_whose_worker_went_silent_is_taken_over_and_the_first_writes_nothing():
    job = ask("good")
    first = engine.take(clock.now())
    assert engine.take(clock.now()) is None
    second = engine.take(clock.now() + engine.LEASE + timedelta(seconds=1))
    assert second.fence == first.fence + 1
    with pytest.raises(engine.Overtaken):
        first.progress(3, 3)
    assert engine.do(first) == "overtaken"
    job.refresh_from_db()
    assert job.state == "running"
    assert engine.do(second) == "done"


def test_a_worker_that_loses_its_lease_is_told(monkeypatch):
    monkeypatch.setattr(engine, "RENEW_SECONDS", 0.05)
    ask("lose")
    assert engine.do(engine.take(clock.now())) == "overtaken"


def lose(taken):
    Job.objects.filter(pk=taken.id).update(fence=taken.fence + 1)
    assert taken.lost.wait(5)
    taken.progress(1, 3)


def test_a_long_piece_of_work_keeps_its_lease(monkeypatch):
    monkeypatch.setattr(engine, "RENEW_SECONDS", 0.05)
    job = ask("good")
    taken = engine.take(clock.now() - timedelta(seconds=25))
    with engine._renewed(taken):
        time.sleep(0.5)
    job.refresh_from_db()
    assert job.lease_until > clock.now() + timedelta(seconds=20)


def test_work_that_ends_every_worker_ends_itself():
    job = ask("good")
    now = clock.now()
    for _ in range(engine.MOST_TAKINGS):
        assert engine.take(now) is not None
        now += engine.LEASE + timedelta(seconds=1)
    assert engine.take(now) is None
    job.refresh_from_db()
    assert job.state == "failed"


def test_two_workers_never_take_one_row():
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite one worker runs at a time, by a lock of its own")
    for _ in range(8):
        ask("good")
    taken: list[str] = []
    lock = threading.Lock()

    def take_all():
        try:
            while (found := engine.take(clock.now())) is not None:
                with lock:
                    taken.append(str(found.id))
        finally:
            connection.close()

    threads = [threading.Thread(target=take_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 8


def test_a_worker_stops_when_it_is_told_and_finishes_the_piece_in_hand():
    stop = threading.Event()
    ask("good")
    ask("good")

    def said(*_):
        stop.set()

    engine.run(stop, said)
    assert len(DID) == 1
    assert Job.objects.filter(state="todo").count() == 1


def test_a_worker_seldom_looks_through_what_it_holds():
    before, stop = gc.get_threshold(), threading.Event()
    stop.set()
    try:
        engine.run(stop)
        assert gc.get_threshold() == engine.COLLECT
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def test_progress_is_written_at_most_once_a_second(django_assert_max_num_queries):
    ask("good")
    taken = engine.take(clock.now())
    taken.progress(1, 1000)
    with django_assert_max_num_queries(1):
        for done in range(2, 500):
            taken.progress(done, 1000)


def test_a_second_worker_on_sqlite_is_told_to_stay_away():
    if connection.vendor != "sqlite":
        pytest.skip("with PostgreSQL several workers run")
    with engine.alone(), pytest.raises(WrongState, match="another worker"), engine.alone():
        pass
    with engine.alone():
        pass


def test_a_worker_gives_waiting_events_their_entries():
    ask("good")
    assert engine.drain() == 1
    assert not Pending.objects.exists()
