"""The copy follows the feed, starts again at a hole, and never goes back."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.choices.standing import Delta
from chikai.errors import BadInput, Forked, Tampered
from chikai.gate import decide
from chikai.sdk import cache, folder
from chikai.sdk.feed_client import News
from tests.unit.sdk.world import World


def test_every_changed_byte_of_a_snapshot_is_seen(world):
    data = world.snapshot()
    for place in range(0, len(data), 7):
        broken = data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
        with pytest.raises((Tampered, BadInput)):
            cache.unpack(broken)


def test_a_hole_in_the_news_means_a_new_snapshot(world):
    gate = world.gate()
    guide = gate.use("guidance")
    world.stop(1, "purpose", "guidance")
    world.stop(2, "purpose", "guidance")
    lines = (world.feed_folder / "feed.jsonl").read_bytes().split(b"\n")
    (world.feed_folder / "feed.jsonl").write_bytes(lines[1] + b"\n")
    folder.publish_snapshot(world.feed_folder, world.snapshot())
    world.renew()
    assert gate.refresh()
    assert gate.v == 2
    assert list(guide) == [0, 3, 4, 5, 6, 7, 8, 9]


def test_a_hole_that_no_snapshot_fills_lets_the_lease_run_out(world):
    gate = world.gate()
    world.standing.v = 5
    world.renew()
    assert not gate.refresh()
    assert gate.v == 0


def test_an_older_snapshot_is_not_taken(world):
    gate = world.gate()
    old = world.snapshot()
    world.stop(1, "purpose", "guidance")
    gate.refresh()
    folder.publish_snapshot(world.feed_folder, old)
    with pytest.raises(Forked):
        gate.cache.load()
    assert 1 not in gate.use("guidance")


def test_news_that_was_heard_before_changes_nothing(world):
    gate = world.gate()
    world.stop(1, "purpose", "guidance")
    gate.refresh()
    again = News(
        0, 1, world.table.digest, (Delta(1, 1, clears=(world.bit("purpose", "guidance"),)),)
    )
    gate.cache._take_news(again)
    assert 1 not in gate.use("guidance")
    assert gate.v == 1


def test_a_line_that_is_being_written_is_left_for_later(world):
    gate = world.gate()
    world.stop(1, "purpose", "guidance")
    file = world.feed_folder / "feed.jsonl"
    whole = file.read_bytes()
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        assert gate.cache._feed._news(0, 0, "", 0.0).deltas == ()


def test_a_lease_from_the_future_is_heard_once(world):
    gate = world.gate()
    folder.renew(
        world.feed_folder, 0, world.table.digest, world.moment.replace(year=world.moment.year + 1)
    )
    assert gate.refresh()
    world.wait(60)
    assert not gate.refresh()
    assert not gate.is_fresh


@pytest.mark.parametrize(
    "wrong",
    [
        {"after": 3, "v": 2, "table": "", "deltas": [{"v": 3, "key": 1, "set": [], "clear": []}]},
        {"after": 0, "v": 2, "table": "", "deltas": [{"v": 0, "key": 1, "set": [], "clear": []}]},
        {"after": 0, "v": 2, "table": "", "deltas": [{"v": 1, "key": 1, "set": [2], "clear": [2]}]},
        {
            "after": 0,
            "v": 2,
            "table": "",
            "deltas": [{"v": 1, "key": None, "set": [], "clear": []}],
        },
        {"after": 0, "v": True, "table": "", "deltas": []},
    ],
)
def test_news_that_makes_no_sense_is_not_taken(wrong):
    with pytest.raises(BadInput):
        News.from_json(wrong)


turns = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 12, "a", "b", 2**33]),
        st.sets(st.integers(0, 15), max_size=3),
        st.sets(st.integers(0, 15), max_size=3),
        st.just(False) | st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


@given(turns)
def test_a_patched_copy_is_the_copy_that_a_new_snapshot_would_give(changes):
    with tempfile.TemporaryDirectory() as there:
        world = World(Path(there), people=[0, 1, "a"])
        gate = world.gate()
        uses = [gate.use(p) for p in ("guidance", "support")]
        uses += [uses[0].to("manabi"), uses[0].only("name")]
        for key, sets, clears, forget, again in changes:
            world.turn(key, sets=sets - clears, clears=clears, forget=forget)
            assert gate.refresh()
            if again:
                world.publish()
                gate.cache.load()
        assert gate.v == world.v
        for use in uses:
            numbers = decide.people(world.standing, use._audience.row)
            meant = {world.standing.registrar.key_of(n) for n in numbers}
            assert set(use) == meant
            for key in (0, 1, 12, "a", "b", 2**33):
                told = str(key) if key == 2**33 else key
                assert (key in use) == (told in meant) == use.why(key).allowed


def test_a_forked_process_counts_and_keeps_for_itself(world):
    gate = world.gate()
    guide = gate.use("guidance")
    assert 1 in guide
    gate.keep("gate.audience", None, mark="parent")
    receive, send = os.pipe()
    gate.before_fork()
    child = os.fork()
    if child == 0:
        gate._ended.set()
        gate.after_fork_in_child()
        gate.keep("gate.audience", None, mark="child")
        os.write(send, repr((guide.drain(), 1 in guide)).encode())
        os._exit(0)
    gate.after_fork_in_parent()
    assert os.waitpid(child, 0)[1] == 0
    assert os.read(receive, 1000) == b"({'allowed': 0, 'left_out': 0, 'stale': 0}, True)"
    assert guide.drain()["allowed"] == 1
    gate.keep("gate.audience", None, mark="parent again")
    kept = []
    gate._outbox.deliver(kept.extend)
    assert sorted(r["mark"] for r in kept) == ["child", "parent", "parent again"]
