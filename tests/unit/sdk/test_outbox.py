"""What a service has to tell survives its death, is read by nobody, and arrives at least once."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from chikai.errors import ConfigError, Unreachable
from chikai.sdk import outbox
from chikai.sdk.outbox import Outbox

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def given(folder, count, **facts):
    """An outbox that a process left behind with so many records; its one file."""
    box = Outbox(folder)
    ids = [box.append({"kind": "gate.refused", "n": n, **facts}, NOW) for n in range(count)]
    box.close()
    [file] = folder.glob("*.log")
    return ids, file


def test_records_arrive_in_order_and_are_kept_no_longer(tmp_path):
    ids, _ = given(tmp_path, 3)
    got = []
    assert Outbox(tmp_path).deliver(got.extend) == 3
    assert [r["id"] for r in got] == ids
    assert not list(tmp_path.glob("*.log"))
    assert Outbox(tmp_path).deliver(got.extend) == 0


def test_what_was_not_taken_arrives_again_with_the_same_id(tmp_path):
    box, got = Outbox(tmp_path), []
    id_ = box.append({"kind": "gate.used"}, NOW)

    def lost(records):
        got.extend(records)
        raise Unreachable("the answer was lost")

    for _ in range(3):
        with pytest.raises(Unreachable):
            box.deliver(lost)
    box.deliver(got.extend)
    assert [r["id"] for r in got] == [id_] * 4


def test_an_outage_does_not_begin_a_file_for_each_attempt(tmp_path):
    box = Outbox(tmp_path)

    def away(_):
        raise Unreachable("away")

    for n in range(10):
        box.append({"n": n}, NOW)
        with pytest.raises(Unreachable):
            box.deliver(away)
    assert len(list(tmp_path.glob("*.log"))) == 2


def test_nobody_reads_a_record_without_the_key(tmp_path):
    _, file = given(tmp_path, 2, key="anna@mail.example")
    assert b"anna" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


def test_a_key_that_others_can_read_is_refused(tmp_path):
    given(tmp_path, 1)
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(ConfigError):
        Outbox(tmp_path)


def test_a_record_torn_at_any_byte_is_dropped_and_the_ones_before_it_stay(tmp_path):
    ids, file = given(tmp_path, 3)
    data, key = file.read_bytes(), (tmp_path / "key").read_bytes()
    two = data.rfind(len(data).to_bytes(4, "big"))
    assert two < 0
    sizes = [len(given_prefix) for given_prefix in prefixes(data)]
    for end in range(len(data)):
        found = outbox.read(data[:end], key, file.stem)
        whole = sum(size <= end for size in sizes[1:])
        assert [r["id"] for r in found.records] == ids[:whole]
        assert not found.damaged
        assert found.torn == (end - sizes[whole] if end >= sizes[0] else end)


def prefixes(data):
    at = len(outbox.MAGIC)
    yield data[:at]
    while at < len(data):
        at += 4 + int.from_bytes(data[at : at + 4], "big")
        yield data[:at]


def test_zeros_that_a_lost_power_leaves_are_a_torn_tail(tmp_path):
    ids, file = given(tmp_path, 2)
    key = (tmp_path / "key").read_bytes()
    found = outbox.read(file.read_bytes() + bytes(100), key, file.stem)
    assert [r["id"] for r in found.records] == ids
    assert (found.torn, found.damaged) == (100, False)


def test_a_changed_byte_is_never_read_as_a_record(tmp_path):
    ids, file = given(tmp_path, 3)
    data, key = file.read_bytes(), (tmp_path / "key").read_bytes()
    for place in range(len(data)):
        broken = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        found = outbox.read(broken, key, file.stem)
        assert [r["id"] for r in found.records] == ids[: len(found.records)]
        assert len(found.records) < 3


def test_records_of_one_file_cannot_be_put_into_another(tmp_path):
    _, file = given(tmp_path, 1)
    assert outbox.read(file.read_bytes(), (tmp_path / "key").read_bytes(), "other").records == ()


def test_a_damaged_file_is_set_aside_after_what_is_sound_was_handed_over(tmp_path, caplog):
    ids, file = given(tmp_path, 3)
    data = bytearray(file.read_bytes())
    data[[len(p) for p in prefixes(bytes(data))][1] + 20] ^= 1
    file.write_bytes(data)
    got = []
    Outbox(tmp_path).deliver(got.extend)
    assert [r["id"] for r in got] == ids[:1]
    assert file.with_suffix(".damaged").exists()
    assert "damaged" in caplog.text


def test_a_file_ends_when_it_is_full(tmp_path):
    box = Outbox(tmp_path, rotate_bytes=300, forced="always")
    ids = [box.append({"n": n}, NOW) for n in range(7)]
    assert len(list(tmp_path.glob("*.log"))) > 1
    got = []
    box.deliver(got.extend)
    assert sorted(r["id"] for r in got) == sorted(ids)


def test_a_file_that_a_living_process_writes_is_left_to_it(tmp_path):
    box = Outbox(tmp_path)
    box.append({"n": 1}, NOW)
    assert Outbox(tmp_path).deliver(lambda _: None) == 0
    box.sync()
    box.close()
    assert Outbox(tmp_path).deliver(lambda _: None) == 1


WRITER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from chikai.sdk.outbox import Outbox
box = Outbox(Path(sys.argv[1]), rotate_bytes=20000)
while True:
    id_ = box.append({"kind": "gate.refused", "fill": "x" * 500}, datetime.now(UTC))
    sys.stdout.write(id_ + "\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("lines", [1, 40, 173])
def test_a_killed_process_loses_no_record_that_it_was_told_is_kept(tmp_path, lines):
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    kept = [process.stdout.readline().strip() for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    kept += process.stdout.read().split("\n")[:-1]
    process.stdout.close()
    process.wait()
    got = []
    Outbox(tmp_path).deliver(got.extend)
    ids = [r["id"] for r in got]
    assert set(kept) <= set(ids)
    assert len(ids) - len(kept) <= 1
    assert len(set(ids)) == len(ids)
