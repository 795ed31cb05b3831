"""How often each purpose was used is counted with the gate's events, and the lint asks the sums."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chikai import clock
from chikai.policy import load
from chikai.web import registers
from chikai.web.actions import gate, used
from chikai.web.models import Edition, Used
from tests.web import world

pytestmark = [pytest.mark.own_state, pytest.mark.django_db]
DAYS = timedelta(days=100)


@pytest.fixture
def draft():
    world.begin()
    world.publish()
    return load.read(world.EXAMPLE)


def record(purpose, times=3, *, kind="gate.used", service="balus", at=None, id_=None):
    sums = {"allowed": times, "left_out": 0, "stale": 0}
    if kind == "gate.audience":
        sums = {"asked": times + 1, "people": times}
    return {
        "id": str(id_ or uuid4()),
        "kind": kind,
        "service": service,
        "v": 1,
        "at": (at or clock.now()).isoformat(),
        "purpose": purpose,
        "recipient": "",
        **sums,
    }


def hand_over(*records, service="balus"):
    gate.take_records(gate.of_service(service), service, records)


def found(draft):
    """What the rule says, by what it quotes."""
    rule = [f for f in registers.findings(draft) if f.rule == "L-PUR-08"]
    return {f.quote: f.message.ja for f in rule}


def sums():
    return {(row.purpose, row.service): row.used for row in Used.objects.all()}


def test_uses_are_summed_by_purpose_day_and_service_once_each(draft):
    one = record("guidance", 3)
    hand_over(one, record("guidance", 4), record("billing", 2, kind="gate.audience"))
    hand_over(one)
    hand_over(record("guidance", 1, service="kata"), service="kata")
    assert sums() == {("guidance", "balus"): 7, ("billing", "balus"): 2, ("guidance", "kata"): 1}


def test_a_record_counts_on_its_own_day_and_none_in_the_future(draft):
    now = clock.now()
    days = [now - timedelta(days=2), now + timedelta(days=2)]
    hand_over(*(record("guidance", at=at) for at in days))
    assert {row.day for row in Used.objects.all()} == {
        clock.day_in_japan(now - timedelta(days=2)),
        clock.day_in_japan(now),
    }


def test_a_record_that_is_dropped_counts_nothing(draft):
    hand_over({**record("guidance"), "allowed": "many"})
    assert not Used.objects.exists()


def test_nothing_is_said_before_uses_were_counted_for_as_long_as_the_rule_looks_back(draft):
    assert not found(draft)
    hand_over(record("guidance"))
    Edition.objects.update(published_at=clock.now() - DAYS)
    assert not found(draft)


@pytest.fixture
def counted(draft):
    """Uses are counted since a hundred days ago, and the policy is as old."""
    Edition.objects.update(published_at=clock.now() - DAYS)
    hand_over(record("guidance", at=clock.now() - DAYS))
    return draft


def test_a_purpose_that_nothing_used_is_found_with_the_figures(counted):
    hand_over(record("billing", 5))
    said = found(counted)
    names = {p.id: p.name.ja for p in counted.document.purposes}
    assert names["billing"] not in said
    assert "90日" in said[names["guidance"]], "it was used, but longer ago"
    assert "0回" in said[names["guidance"]]


def test_a_purpose_that_leaves_the_policy_and_is_used_is_found_with_how_often(counted):
    hand_over(*(record(p.id) for p in counted.document.purposes), record("old_purpose", 12))
    assert found(counted) == {
        "old_purpose": "利用の記録にある目的 old_purpose（90日で12回）がポリシーにありません"
    }


def test_a_purpose_that_is_new_in_the_policy_is_not_yet_missed(counted):
    row = Edition.objects.get()
    hand_over(*(record(p.id) for p in counted.document.purposes if p.id != "billing"))
    assert found(counted)
    world.publish_next()
    Edition.objects.filter(pk=row.pk).update(published_at=clock.now() - DAYS)
    after = load.read(world.EXAMPLE / "next")
    said = found(after)
    assert world.NEW in {p.id for p in after.document.purposes}
    assert next(p.name.ja for p in after.document.purposes if p.id == world.NEW) not in said


def test_sums_are_forgotten_after_400_days(draft):
    now = clock.now()
    hand_over(record("guidance", at=now - timedelta(days=402)), record("billing"))
    used.prune(now)
    assert sums() == {("billing", "balus"): 3}


def test_the_console_shows_the_figures(counted, as_role):
    officer = as_role("officer")
    assert "90日のあいだ一度も使われていません" in officer.get("/desk/policy").content.decode()
