"""The ledger in our own database: indexes, seals, the signer's memory, erasure, and what is handed out."""

import base64
import contextlib
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from chikai.errors import WrongState
from chikai.ledger import disclosure, entry, receipt, verify
from chikai.ledger.events import Event
from chikai.ledger.note import VerifierKey
from chikai.web import sql_guards
from chikai.web.actions import COMMAND, checkpoint, integrate, keys, ledger
from chikai.web.models.ledger import (
    OPERATOR,
    Checkpoint,
    Entry,
    Events,
    Log,
    Payload,
    Pending,
    SubjectKey,
    Tile,
    count_since,
    counted,
    entry_count,
)
from chikai.web.work import ledger_files
from tests.web.ledger_world import NOON, add, drop_guards, new_home

pytestmark = pytest.mark.own_state


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    return new_home(settings, tmp_path)


MARK = "MARKER-山田花子"


@pytest.fixture
def guards(db):
    """The guards in force, whether or not the migrations ran."""
    drop_guards()
    with connection.cursor() as cursor:
        for text in sql_guards.statements(connection.vendor):
            cursor.execute(text)


# Appending and integrating.


@pytest.mark.django_db
def test_an_event_waits_sealed_and_then_has_an_entry():
    subject = uuid4()
    add(1, subject, "rights.disclosed", number="2025-0001")
    [waiting] = Pending.objects.all()
    assert ledger.facts_of(waiting) == {"n": 0, "number": "2025-0001"}
    assert integrate.integrate() == 1
    assert not Pending.objects.exists()
    [row] = Entry.objects.all()
    assert (row.index, row.kind, row.actor) == (0, "rights.disclosed", "staff:7")
    assert ledger.facts_of(row) == {"n": 0, "number": "2025-0001"}
    line = entry.Entry.decode(bytes(row.line))
    assert line.at == NOON.replace(microsecond=0)
    assert line.tag == bytes(row.tag)


@pytest.mark.django_db
def test_an_entry_holds_neither_subject_nor_facts_nor_actor():
    subject = uuid4()
    add(1, subject, "rights.disclosed", number=MARK)
    integrate.integrate()
    line = bytes(Entry.objects.get().line).decode()
    for secret in (str(subject), subject.hex, MARK, "staff"):
        assert secret not in line


@pytest.mark.django_db
def test_indexes_are_contiguous_over_many_batches(monkeypatch):
    monkeypatch.setattr(integrate, "BATCH", 100)
    add(700)
    assert integrate.integrate() == 700
    assert list(Entry.objects.order_by("index").values_list("index", flat=True)) == [*range(700)]
    assert Tile.objects.filter(level=0).count() == 2
    assert Log.objects.get().size == 700
    facts = [ledger.facts_of(row)["n"] for row in Entry.objects.order_by("index")[:9]]
    assert facts == [*range(9)]


@pytest.mark.django_db
def test_a_subjects_entries_are_found_by_its_key_and_tie_together_by_nothing_else():
    one, two = uuid4(), uuid4()
    for subject in (one, two, one, None, one):
        add(1, subject)
    integrate.integrate()
    add(2, one)
    integrate.integrate()
    row = SubjectKey.objects.get(subject=one)
    assert [e.index for e in keys.entries_of(row)] == [0, 2, 4, 5, 6]
    tags = [bytes(t) for t in Entry.objects.exclude(tag=None).values_list("tag", flat=True)]
    assert len(set(tags)) == len(tags) == 6


@pytest.mark.django_db
def test_events_that_change_the_gate_get_a_feed_number_without_holes(monkeypatch):
    monkeypatch.setattr(entry, "CHANGES_GATE", frozenset({"policy.published"}))
    for kind in ("work.asked", "policy.published", "work.asked", "policy.published"):
        add(1, kind=kind)
    integrate.integrate()
    add(1, kind="policy.published")
    integrate.integrate()
    assert list(Entry.objects.order_by("index").values_list("v", flat=True)) == [
        None,
        1,
        None,
        2,
        3,
    ]
    assert Log.objects.get().feed == 3


@pytest.mark.django_db
def test_a_page_lists_waiting_events_before_entries():
    add(3)
    integrate.integrate()
    add(2, kind="policy.published")
    listed = Events()
    assert len(listed) == entry_count() == 5
    assert [row.index for row in listed[0:5]] == [None, None, 2, 1, 0]
    assert [row.index for row in listed[1:3]] == [None, 2]
    assert [row.index for row in listed[3:9]] == [1, 0]
    assert listed[4].index == 0
    assert [(c.kind, c.count) for c in counted()] == [("policy.published", 2), ("work.asked", 3)]
    assert count_since("work.asked", NOON - timedelta(days=1)) == 3
    assert count_since("work.asked", NOON + timedelta(days=1)) == 0
    assert len(Events("work.asked")) == 3


@pytest.mark.django_db(transaction=True)
def test_on_sqlite_the_entry_is_there_once_the_action_is_done():
    add(1)
    assert Entry.objects.count() == (1 if connection.vendor == "sqlite" else 0)
    assert entry_count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_event():
    with contextlib.suppress(RuntimeError), transaction.atomic():
        ledger.append("work", Event("work.asked", {}), NOON)
        raise RuntimeError
    integrate.integrate()
    assert entry_count() == 0
    assert not Payload.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_lose_nothing_and_leave_no_hole(long):
    """They write at once, while two integrators run. SQLite has one writer, and in tests it is in memory."""
    if connection.vendor != "postgresql":
        pytest.skip("needs CHIKAI_TEST_DB=postgres")
    each, faults = (100 if long else 15), []
    people = [uuid4() for _ in range(3)]
    stop = threading.Event()

    def write(number):
        try:
            for n in range(each):
                with transaction.atomic():
                    events = tuple(
                        Event(
                            "work.asked", {"w": number, "n": n, "p": p}, subject=people[(n + p) % 3]
                        )
                        for p in range(2)
                    )
                    ledger.append("work", events, NOON)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    def integrating():
        try:
            while not stop.is_set():
                integrate.integrate()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    beside = [threading.Thread(target=integrating) for _ in range(2)]
    for thread in threads + beside:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    for thread in beside:
        thread.join()
    integrate.integrate()
    assert not faults
    total = 8 * each * 2
    rows = list(Entry.objects.order_by("index"))
    assert [row.index for row in rows] == [*range(total)]
    facts = [ledger.facts_of(row) for row in rows]
    assert len({(f["w"], f["n"], f["p"]) for f in facts}) == total
    for writer in range(8):  # each writer's events stand in the order in which it committed them
        mine = [f["n"] for f in facts if f["w"] == writer]
        assert mine == sorted(mine)
    assert (
        sum(SubjectKey.objects.exclude(subject=OPERATOR).values_list("entries", flat=True)) == total
    )
    for person in people:
        row = SubjectKey.objects.get(subject=person)
        assert len(list(keys.entries_of(row))) == row.entries


@pytest.mark.django_db(transaction=True)
def test_the_integrator_and_a_writer_take_the_rows_of_people_in_one_order():
    """They stand the other way round in the table, and an UPDATE of many rows may take them as they stand."""
    if connection.vendor != "postgresql":
        pytest.skip("needs CHIKAI_TEST_DB=postgres")
    first, second = sorted([uuid4(), uuid4()])
    faults, holding, waiting = [], threading.Event(), threading.Event()
    for person in (second, first):
        add(1, person)

    def integrating():
        try:
            holding.wait(10)
            waiting.set()
            with connection.cursor() as cursor:
                cursor.execute("SET enable_nestloop = off")
            integrate.integrate()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    beside = threading.Thread(target=integrating)
    beside.start()
    with transaction.atomic():
        add(1, first)
        holding.set()
        waiting.wait(10)
        until_somebody_waits()
        add(1, second)
    beside.join()
    integrate.integrate()
    assert not faults
    assert (
        list(SubjectKey.objects.filter(subject__in=(first, second)).values_list("entries"))
        == [(2,)] * 2
    )


def until_somebody_waits():
    """Return when a session of this database waits for a row's lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("the integrator did not wait for the row")


# Erasing, sealing, rotating.


@pytest.mark.django_db
def test_erasing_destroys_keys_and_payloads_and_leaves_the_tree(tmp_path):
    subject = uuid4()
    add(2, subject, number=MARK)
    add(1)
    add(1, subject)
    [receipts, before] = [ledger_files.receipts(str(subject)), ledger_files.sign_now()]
    root = checkpoint.head().root
    event = keys.destroy_keys(COMMAND, subject)
    assert event.facts == {"count": 3, "entries": "0-1,3"}
    assert event.subject is None
    integrate.integrate()
    assert integrate.tree_of(Log.objects.get(), 4).root() == root
    key = SubjectKey.objects.get(subject=subject)
    assert (key.state, key.tag_key, key.data_key) == ("destroyed", None, None)
    assert Payload.objects.count() == 2
    with pytest.raises(WrongState, match="erased"):
        ledger.facts_of(Entry.objects.get(index=0))
    with pytest.raises(WrongState, match="destroyed"):
        add(1, subject)
    with pytest.raises(WrongState):
        keys.destroy_keys(COMMAND, subject)
    report = verify.verify_receipt(receipt.join(receipts).encode())
    assert [p.payload["facts"].get("number") for p in report.opened] == [MARK, MARK, None]
    ledger_files.write_export(tmp_path / "export")
    report = verify.verify_folder(
        tmp_path / "export", old=before.encode(), shown=ledger_files.shown()
    )
    assert (len(report.opened), report.sealed, report.erased) == (2, 0, 3)


@pytest.mark.django_db
def test_a_payload_that_vanished_without_an_erasure_is_an_alarm(tmp_path):
    add(3)
    ledger_files.write_export(tmp_path / "export")
    Payload.objects.filter(event=Entry.objects.get(index=1).event).delete()
    with pytest.raises(Exception, match="entry 1 is missing, and no erasure says why"):
        verify.verify_folder(tmp_path / "export", shown=ledger_files.shown())


@pytest.mark.django_db
def test_an_auditor_sees_events_about_nobody_and_chosen_ones(tmp_path):
    subject = uuid4()
    add(2)
    add(2, subject)
    ledger_files.write_export(tmp_path / "export")
    for chosen, opened in ((None, [0, 1]), ({3}, [3])):
        shown = disclosure.parse(disclosure.write(ledger_files.shown(chosen)))
        report = verify.verify_folder(tmp_path / "export", shown=shown)
        assert [p.index for p in report.opened] == opened
        assert report.sealed == 4 - len(opened)


@pytest.mark.django_db
def test_a_new_master_key_wraps_anew_and_seals_nothing_anew(own_home):
    subject = uuid4()
    add(1, subject, number=1)
    add(1)
    integrate.integrate()
    sealed = set(map(bytes, Payload.objects.values_list("sealed", flat=True)))
    event = keys.rotate_master(COMMAND)
    assert event.facts == {"subjects": 2, "version": 2}
    assert set(SubjectKey.objects.values_list("version", flat=True)) == {2}
    assert sealed <= set(map(bytes, Payload.objects.values_list("sealed", flat=True)))
    (own_home.path / "keys" / "master").unlink()
    assert ledger.facts_of(Entry.objects.get(index=0)) == {"n": 0, "number": 1}
    assert SubjectKey.objects.counted() == [(2, "active", 2)]
    add(1, uuid4())
    assert SubjectKey.objects.counted() == [(2, "active", 3)]


# What is handed out, and what is not in it.


@pytest.mark.django_db
def test_no_value_is_in_the_ledgers_rows_or_in_its_export(tmp_path):
    subject = uuid4()
    add(3, subject, "rights.disclosed", number=MARK)
    add(1, None, "work.asked", number=MARK)
    ledger_files.write_export(tmp_path / "export")
    exported = b"".join(p.read_bytes() for p in (tmp_path / "export").rglob("*") if p.is_file())
    tables = (Pending, Entry, Tile, Log, Checkpoint, Payload, SubjectKey)
    rows = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()
        for table in tables
        for row in table.objects.values_list()
        for value in row
    )
    raw = MARK.encode()
    forms = (raw, raw.hex().encode(), base64.b64encode(raw), pickle.dumps(MARK)[-40:-10])
    for form in forms:
        assert form not in exported
        assert form not in rows
    for id_ in (str(subject).encode(), subject.hex.encode(), subject.bytes, b"staff"):
        assert id_ not in exported


@pytest.mark.django_db
def test_receipts_are_made_for_a_person_an_event_and_an_entry():
    subject = uuid4()
    add(2, subject)
    add(1)
    integrate.integrate()
    event = Entry.objects.get(index=2).event
    for about, indexes in ((str(subject), [0, 1]), (str(event), [2]), ("1", [1])):
        made = ledger_files.receipts(about)
        assert [one.index for one in made] == indexes
        key = VerifierKey.parse(ledger_files.verifier_key())
        assert verify.verify_receipt(receipt.join(made).encode(), key=key).trusted
    for nobody in (str(uuid4()), "99"):
        with pytest.raises(WrongState, match="no entry"):
            ledger_files.receipts(nobody)


@pytest.mark.django_db
def test_an_export_of_rows_that_were_changed_is_refused(tmp_path):
    add(3)
    ledger_files.sign_now()
    row = Entry.objects.get(index=1)
    drop_guards()
    Entry.objects.filter(index=1).update(line=bytes(row.line).replace(b"work", b"word"))
    with pytest.raises(Exception, match="do not make the root"):
        ledger_files.write_export(tmp_path / "export")
    assert not (tmp_path / "export" / "checkpoint").exists()


# The database's own guards.


@pytest.mark.parametrize("model", [Entry, Tile, Checkpoint])
def test_the_database_refuses_to_change_the_ledger(guards, model):
    add(256)
    integrate.integrate()
    checkpoint.sign(NOON)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET log_id = log_id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model.objects.exists()


def test_the_database_refuses_what_no_verb_does_and_nothing_else(guards):
    subject = uuid4()
    add(2, subject)
    integrate.integrate()
    for wrong in (
        lambda: Log.objects.update(size=1),
        lambda: Log.objects.update(origin="other"),
        lambda: Log.objects.all().delete(),
        lambda: Payload.objects.update(sealed=b""),
        lambda: SubjectKey.objects.filter(subject=subject).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()
    add(300)
    integrate.integrate()
    checkpoint.sign(NOON)
    keys.rotate_master(COMMAND)
    keys.destroy_keys(COMMAND, subject)
    with pytest.raises(DatabaseError), transaction.atomic():
        SubjectKey.objects.filter(subject=subject).update(state="active", tag_key=b"x")
    checkpoint.restart_ledger(COMMAND, because="lost")
    with pytest.raises(DatabaseError), transaction.atomic():
        Log.objects.filter(number=1).update(closed_at=None)
    integrate.integrate()


# Being killed.

_CHILD = """
import os, signal, sys
import django
django.setup()
from django.db import connection, transaction
from django.apps import apps
from chikai import clock
from chikai.ledger.events import Event
from chikai.web.actions import integrate, ledger
if sys.argv[1] == "make":
    with connection.schema_editor() as editor:
        for model in apps.get_app_config("chikai").get_models():
            if model._meta.db_table.startswith(("ledger_", "event_", "subject_")):
                editor.create_model(model)
elif sys.argv[1] == "die":
    point = sys.argv[2]
    if point == "before":
        integrate.integrate = lambda: os.kill(os.getpid(), signal.SIGKILL)
    else:
        kept = integrate._write
        def write(*parts):
            kept(*parts)
            os.kill(os.getpid(), signal.SIGKILL)
        integrate._write = write
    with transaction.atomic():
        ledger.append("work", Event("work.asked", {"n": int(sys.argv[3])}), clock.now())
    integrate.integrate()
else:
    integrate.integrate()
    from chikai.web.models.ledger import Entry
    print([ledger.facts_of(e)["n"] for e in Entry.objects.order_by("index")])
"""


def child(where, *words):
    env = {k: v for k, v in os.environ.items() if k != "CHIKAI_DATABASE_URL"}
    env |= {"CHIKAI_HOME": str(where), "DJANGO_SETTINGS_MODULE": "chikai.web.settings"}
    return subprocess.run(
        [sys.executable, "-c", _CHILD, *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def test_a_kill_between_the_commit_and_the_entry_loses_nothing(tmp_path):
    """On SQLite, with real processes: killed after the commit, and killed inside the integration."""
    assert child(tmp_path, "make").returncode == 0
    for number, point in enumerate(("before", "inside", "before")):
        done = child(tmp_path, "die", point, str(number))
        assert done.returncode == -9, done.stderr
    assert child(tmp_path, "look").stdout.strip() == "[0, 1, 2]"
    shutil.rmtree(tmp_path / "keys")
