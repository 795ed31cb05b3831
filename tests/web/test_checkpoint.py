"""Signing the ledger's head: the signer's memory, forks, successors, and a disk that is full."""

import errno
import stat
from datetime import timedelta

import pytest

from chikai import keyfile
from chikai.errors import Forked
from chikai.web.actions import COMMAND, checkpoint, integrate, ledger
from chikai.web.models.ledger import Checkpoint, Entry, Log, Payload, Pending, SubjectKey
from chikai.web.work import integrate as work
from tests.web.ledger_world import NOON, add, drop_guards, new_home

pytestmark = pytest.mark.own_state


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    return new_home(settings, tmp_path)


@pytest.mark.django_db
def test_the_checkpoint_is_signed_kept_and_signed_once(own_home):
    add(3)
    integrate.integrate()
    signed = checkpoint.sign(NOON)
    head = own_home.path / "ledger" / "head"
    assert head.read_text() == signed == Checkpoint.objects.get().note
    assert stat.S_IMODE(head.stat().st_mode) == 0o600
    assert stat.S_IMODE((own_home.path / "keys" / "ledger-signer").stat().st_mode) == 0o600
    assert checkpoint.sign(NOON) == signed
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_a_grown_ledger_is_signed_once_a_minute():
    work.tick(NOON)
    assert not Checkpoint.objects.exists()
    add()
    work.tick(NOON)
    add()
    for seconds, count in ((1, 1), (59, 1), (60, 2), (200, 2)):
        work.tick(NOON + timedelta(seconds=seconds))
        assert Checkpoint.objects.count() == count


@pytest.mark.django_db
def test_a_ledger_that_forked_is_said_once_a_minute_and_does_not_end_the_worker(caplog):
    add(5)
    integrate.integrate()
    checkpoint.sign(NOON)
    forget([3, 4])
    add(4)
    beat = work.Beat()
    with caplog.at_level("ERROR", "chikai.ledger"):
        for _ in range(3):
            beat()
    assert [r.message for r in caplog.records] == [
        "events wait for their entries: the first 5 entries are not those that were signed"
    ]


def forget(indexes):
    """What a restored database does: the newest entries were never there."""
    drop_guards()
    Entry.objects.filter(index__in=indexes).delete()
    Log.objects.update(size=min(indexes))


@pytest.mark.django_db
def test_a_restored_database_is_a_fork_and_closes_the_log():
    add(5)
    integrate.integrate()
    checkpoint.sign(NOON)
    forget([3, 4])
    with pytest.raises(Forked, match="had 5 entries, and the database holds 3"):
        checkpoint.sign(NOON)
    add(1)
    with pytest.raises(Forked, match="closed"):
        integrate.integrate()
    with pytest.raises(Forked, match="closed"):
        checkpoint.sign(NOON)
    assert Pending.objects.count() == 1, "the event waits, and is not lost"


@pytest.mark.django_db
def test_a_restored_database_that_grew_again_is_a_fork():
    add(5)
    integrate.integrate()
    checkpoint.sign(NOON)
    forget([3, 4])
    add(4)
    integrate.integrate()
    with pytest.raises(Forked, match="first 5 entries are not those"):
        checkpoint.sign(NOON)


@pytest.mark.django_db
def test_a_head_that_is_gone_or_of_another_ledger_is_a_fork(own_home):
    add(2)
    integrate.integrate()
    checkpoint.sign(NOON)
    head = own_home.path / "ledger" / "head"
    head.unlink()
    with pytest.raises(Forked, match="head is gone"):
        checkpoint.sign(NOON)
    drop_guards()
    Log.objects.update(closed_at=None)
    other = checkpoint.signer("other.example/ledger/1")
    root = integrate.tree_of(Log.objects.get()).root()
    head.write_text(other.sign(checkpoint.note.Checkpoint(other.name, 2, root).text()))
    with pytest.raises(Forked, match="another ledger"):
        checkpoint.sign(NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("replaced", [False, True])
def test_a_successor_names_the_head_of_the_log_that_forked(own_home, replaced):
    add(5)
    integrate.integrate()
    old = checkpoint.head_file, checkpoint.sign(NOON)
    held = checkpoint.head()
    if replaced:
        drop_guards()
        for model in (Entry, Checkpoint, Payload, Log, SubjectKey):
            model.objects.all().delete()
        add(2)
        integrate.integrate()
    else:
        forget([3, 4])
    with pytest.raises(Forked):
        checkpoint.sign(NOON)
    add(1)
    checkpoint.restart_ledger(COMMAND, because="restored")
    integrate.integrate()
    log = Log.objects.current()
    facts = ledger.facts_of(Entry.objects.get(log=log, kind="ledger.restarted"))
    assert (facts["log"], facts["size"], facts["root"]) == (held.origin, 5, held.root.hex())
    assert facts["successor"] == log.origin != held.origin
    new = checkpoint.sign(NOON)
    assert new.startswith(log.origin)
    assert checkpoint.sign(NOON + timedelta(minutes=2)) == new
    assert old[1].startswith(held.origin)


@pytest.mark.django_db(transaction=True)
def test_a_lost_key_of_the_signer_is_a_fork_until_a_successor_begins(own_home):
    add(2)
    integrate.integrate()
    checkpoint.sign(NOON)
    (own_home.path / "keys" / "ledger-signer").unlink()
    add(1)
    integrate.integrate()
    with pytest.raises(Forked, match="not signed with"):
        checkpoint.sign(NOON)
    event = checkpoint.restart_ledger(COMMAND, because="lost")
    assert event.facts["size"] == 3
    integrate.integrate()
    assert checkpoint.sign(NOON).startswith(Log.objects.current().origin)


@pytest.mark.django_db
def test_a_full_disk_does_not_end_the_worker_and_the_head_is_signed_when_there_is_room(
    own_home, monkeypatch, caplog
):
    add(1)

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device", "/home/MARKER")

    monkeypatch.setattr(keyfile.os, "fsync", full)
    beat = work.Beat()
    with caplog.at_level("ERROR", "chikai.ledger"):
        beat()
        beat()
    assert [r.message for r in caplog.records] == [
        "events wait for their entries: the disk did not take the head: No space left on device"
    ]
    assert [f.name for f in (own_home.path / "ledger").iterdir()] == ["lock"]
    monkeypatch.undo()
    beat()
    assert checkpoint.head() is not None
