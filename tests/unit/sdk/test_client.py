"""A service declares a use, asks about a person, and is refused where the person or the policy says no."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyroaring import BitMap

import chikai
from chikai.errors import ConfigError, UseRefused, WrongState
from chikai.sdk.cache import Stale
from chikai.sdk.client import declared
from tests.unit.sdk.world import World, policy


def told(world):
    """What was handed over, oldest first."""
    files = sorted((world.feed_folder / "inbox").glob("*.json"))
    return [r for f in files for r in json.loads(f.read_text("utf-8"))["records"]]


def test_a_person_who_stopped_guidance_is_not_guided(world):
    gate = world.gate()
    guide, support = gate.use("guidance"), gate.use("support")
    assert 3 in guide
    world.stop(3, "purpose", "guidance")
    assert gate.refresh()
    assert 3 not in guide
    assert 3 in support
    assert len(guide) == 9
    assert list(guide) == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    with pytest.raises(UseRefused) as refused:
        guide.require(3)
    assert refused.value.where == "clause 5"
    assert "3" not in str(refused.value).replace("`", "").split()
    world.turn(3, clears=[world.bit("purpose", "guidance")])
    gate.refresh()
    assert guide.require(3) == world.v == 2


def test_an_unknown_use_fails_where_it_is_named(world):
    gate = world.gate()
    with pytest.raises(UseRefused, match="guidence") as refused:
        gate.use("guidence")
    assert "`guidance`" in refused.value.do
    with pytest.raises(UseRefused):
        gate.use("guidance").to("nobody")
    with pytest.raises(UseRefused):
        gate.use("guidance").only("card")
    with pytest.raises(ConfigError):
        chikai.connect(world.path, service="kata", state=world.path / "x")


def test_somebody_unknown_is_refused_until_registered(world):
    gate = world.gate()
    guide = gate.use("guidance")
    assert 99 not in guide
    assert guide.why(99).reasons[0].unit == "held"
    assert gate.register(99, notice="sha256:notice")
    assert 99 in guide
    assert not gate.register(99, notice="sha256:notice")
    for strange in (-1, 2**32, 2**70, "nobody", ""):
        assert strange not in guide


def test_registering_again_lifts_no_hold_and_gives_no_agreement(world):
    world.edit(policy("guidance", "ads"), [chikai_unrelated("ads")])
    gate = world.gate()
    ads = gate.use("ads")
    world.turn(4, sets=[0])
    gate.refresh()
    assert not gate.register(4, notice="n")
    assert not gate.register(5, notice="n")
    assert 4 not in gate.use("guidance")
    assert 5 not in ads
    assert ads.why(5).reasons[0].clause == "8"
    assert gate.register(50, notice="n")
    assert 50 in ads


def chikai_unrelated(purpose):
    from chikai.choices.registry import Unrelated

    return Unrelated("balus", purpose)


def test_a_registration_outlives_a_snapshot_and_the_process_that_made_it(world):
    gate = world.gate()
    gate.register("a-text-key", notice="n")
    world.publish()
    gate.cache.load()
    assert "a-text-key" in gate.use("guidance")
    gate.close()
    assert "a-text-key" in world.gate().use("guidance")


def test_what_the_server_says_of_a_new_person_counts(world):
    gate = world.gate()
    gate.register(77, notice="n")
    world.turn(77, sets=[world.bit("purpose", "guidance")], clears=[0])
    gate.refresh()
    assert 77 not in gate.use("guidance")
    assert 77 in gate.use("support")
    world.turn(77, forget=True)
    gate.refresh()
    assert 77 not in gate.use("support")


def test_a_recipient_narrows_the_use(world):
    gate = world.gate()
    guide = gate.use("guidance")
    mailer, partner = guide.to("northmail"), guide.to("manabi")
    world.stop(1, "item", "name")
    world.turn(2, sets=[world.bit("consent", "manabi", "guidance")])
    gate.refresh()
    assert 1 not in guide
    assert 1 in mailer, "the mailer receives no name"
    assert 1 in guide.only("email")
    assert list(partner) == [2]
    assert partner.why(1).reasons[0].clause == "4.1.2"
    with pytest.raises(WrongState):
        mailer.to("manabi")


def test_an_audience_is_cut_to_those_who_may_be_touched(world):
    gate = world.gate()
    guide = gate.use("guidance")
    world.stop(3, "purpose", "guidance")
    gate.refresh()
    assert guide & BitMap([2, 3, 99]) == BitMap([2])
    assert guide & [2, 3, 99] == {2}
    assert [2, 3] & guide == {2}
    gate.hand_over()
    assert [(r["kind"], r["asked"], r["people"]) for r in told(world)] == [
        ("gate.audience", 3, 1),
        ("gate.audience", 3, 1),
        ("gate.audience", 2, 1),
    ]


def test_keys_that_are_text_work_beside_numbers(tmp_path):
    world = World(tmp_path, people=["anna@x.example", 5, "山田", 2**40])
    gate = world.gate()
    guide = gate.use("guidance")
    assert len(guide) == 4
    assert set(guide) == {"anna@x.example", 5, "山田", str(2**40)}
    assert 2**40 in guide
    assert "5" in guide
    world.stop("山田", "purpose", "guidance")
    gate.refresh()
    assert "山田" not in guide
    assert guide & ["山田", "anna@x.example", "x"] == {"anna@x.example"}
    assert all(n not in guide for n in range(2**32 - 9, 2**32)), "a number in the set is no key"


def test_code_declares_what_it_does(world):
    gate = world.gate()
    guide, support = gate.use("guidance"), gate.use("support")
    assert declared() is None
    with guide:
        assert declared() is guide
        with guide:
            assert declared() is guide
        assert declared() is guide
        with pytest.raises(WrongState), support:
            pass
        seen = []
        thread = threading.Thread(target=lambda: seen.append(declared()))
        thread.start()
        thread.join()
        assert seen == [None], "a thread declares for itself"
    assert declared() is None

    @guide
    def send():
        return declared()

    @guide
    async def send_later():
        await asyncio.sleep(0)
        return declared()

    assert send() is guide
    with ThreadPoolExecutor(1) as apart:  # a browser of another test may hold this thread's loop
        assert apart.submit(asyncio.run, send_later()).result() is guide
    assert declared() is None
    with pytest.raises(ConfigError):

        @guide
        def each():
            yield 1


def test_a_copy_that_is_cut_off_refuses_and_only_vital_uses_go_on(world):
    gate = world.gate()
    guide, protect = gate.use("guidance"), gate.use("protection")
    world.wait(59)
    assert 1 in guide
    world.wait(1)
    for asked in (
        lambda: 1 in guide,
        lambda: guide.require(1),
        lambda: guide & [1],
        lambda: len(guide),
        lambda: list(guide),
        lambda: guide.why(1),
        guide.__enter__,
    ):
        with pytest.raises(Stale):
            asked()
    assert 1 in protect
    assert not gate.is_fresh
    assert not gate.refresh(), "the lease was heard already"
    world.renew()
    assert gate.refresh()
    assert 1 in guide


def test_a_call_may_ask_for_a_copy_that_knows_a_certain_stop(world):
    gate = world.gate()
    guide = gate.use("guidance")
    world.stop(3, "purpose", "guidance")
    with pytest.raises(UseRefused) as refused:
        guide.require(3, at_least=world.v)
    assert refused.value.evidence.v == world.v
    clock = iter(range(100))
    gate.cache.ticks = lambda: float(next(clock))
    with pytest.raises(Stale):
        guide.require(1, at_least=world.v + 1)


def test_a_new_edition_takes_a_use_away_and_gives_another(world):
    gate = world.gate()
    guide = gate.use("guidance")
    world.edit(policy("support", "news", edition="2"))
    assert gate.refresh()
    assert 1 not in guide
    assert guide.why(1).reasons[0].unit == "not_granted"
    with pytest.raises(UseRefused):
        guide.require(1)
    assert 1 in gate.use("news")
    world.edit(policy("guidance", "support", edition="3"))
    gate.refresh()
    assert 1 in guide


def test_uses_are_summed_and_each_refusal_is_told(world):
    gate = world.gate()
    guide = gate.use("guidance")
    world.stop(3, "purpose", "guidance")
    gate.refresh()
    for _ in range(5):
        assert 1 in guide
    assert 3 not in guide
    with pytest.raises(UseRefused):
        guide.require(3)
    gate.sum_up()
    gate.sum_up()
    assert gate.hand_over() == 2
    refused, used = told(world)
    assert (refused["kind"], refused["key"], refused["v"]) == ("gate.refused", 3, 1)
    assert refused["why"] == [["purpose", "guidance", "5"]]
    assert (used["kind"], used["allowed"], used["left_out"]) == ("gate.used", 5, 2)
    assert used["purpose"] == "guidance"


def test_a_registration_names_the_notice_that_was_shown(world):
    gate = world.gate()
    with pytest.raises(UseRefused):
        gate.register(50, notice="")
    gate.register(50, notice="sha256:shown")
    gate.hand_over()
    [record] = told(world)
    assert (record["kind"], record["key"], record["notice"]) == (
        "gate.registered",
        50,
        "sha256:shown",
    )
    assert record["policy"] == world.table.policy


def test_a_connected_service_hears_a_stop_by_itself(tmp_path):
    from chikai import clock

    world = World(tmp_path)
    world.moment = clock.now()
    world.publish()
    gate = chikai.connect(tmp_path, service="balus", state=tmp_path / "state")
    try:
        guide = gate.use("guidance")
        assert 3 in guide
        world.stop(3, "purpose", "guidance")
        end = time.monotonic() + 5
        while 3 in guide and time.monotonic() < end:
            time.sleep(0.02)
        assert 3 not in guide
    finally:
        gate.close()


def test_a_lone_snapshot_is_a_gate_for_as_long_as_it_is_fresh(world):
    from chikai.sdk.client import Gate
    from chikai.sdk.folder import FolderFeed
    from chikai.sdk.outbox import Outbox

    file = world.path / "balus.snapshot"
    file.write_bytes(world.snapshot())
    feed = FolderFeed(file, world.now)
    gate = Gate(feed, "balus", Outbox(world.path / "o"), ticks=world.ticks, now=world.now)
    guide = gate.use("guidance")
    assert 1 in guide
    world.wait(60)
    with pytest.raises(Stale):
        assert 1 in guide


def test_the_package_imports_without_the_gate_until_it_is_asked_for():
    import subprocess
    import sys

    program = (
        "import sys, chikai; assert 'pyroaring' not in sys.modules; chikai.connect; "
        "assert 'pyroaring' in sys.modules; assert not {'django', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    with pytest.raises(AttributeError):
        _ = chikai.nothing
