"""The monthly billing: once for each plan and month, wherever it was killed, and without those who stopped it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from examples.levii.services.balus import billing
from examples.levii.services.balus.fees import Month
from examples.levii.services.place import ROOT
from tests.services.world import World

MONTH = Month(2026, 11)
WORDS = ["--month", "2026-11", "--on", "2026-12-01"]
INVOICES = "SELECT number, subscription_id, amount, issued_on, billing_name FROM invoices WHERE number LIKE 'B-202611-%' ORDER BY number"
# Written by hand: every paying plan of November with its seats and days.
BY_HAND = """
SELECT s.id, s.account_id, s.plan,
  (SELECT count(*) FROM memberships m WHERE m.workspace_id = s.workspace_id AND m.role IN ('owner', 'editor')) seats,
  julianday(min(coalesce(s.ended_on, '2026-11-30'), '2026-11-30')) - julianday(max(s.started_on, '2026-11-01')) + 1 days
FROM subscriptions s
WHERE s.plan <> 'free' AND s.started_on <= '2026-11-30' AND coalesce(s.ended_on, '2026-11-30') >= '2026-11-01'
ORDER BY s.id"""
PRICE = {"team": 1200, "business": 2800}


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path, people=200)
    # Some plans begin or end within the month.
    made.write(
        "balus", "UPDATE subscriptions SET started_on = '2026-11-11', ended_on = NULL WHERE id = 3"
    )
    made.write("balus", "UPDATE subscriptions SET ended_on = '2026-11-07' WHERE id = 5")
    yield made
    made.close()


def by_hand(world):
    found = {}
    for row in world.sql("balus", BY_HAND):
        before = int(PRICE[row.plan] * row.seats * int(row.days) / 30)
        found[f"B-202611-{row.id:07d}"] = before + int(before / 10)
    return found


def bill(world, *more):
    words = [
        sys.executable,
        "-m",
        "examples.levii.services.balus.billing",
        *WORDS,
        "--place",
        str(world.file),
        *more,
    ]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.clause("2.3.3")
def test_each_plan_of_the_month_is_billed_as_reckoned_by_hand(world):
    done = billing.run(world.place("balus"), MONTH)
    expected = by_hand(world)
    assert {r.number: r.amount for r in world.sql("balus", INVOICES)} == expected
    assert done.written == len(expected) > 10
    assert done.yen == sum(expected.values())
    assert {r.issued_on for r in world.sql("balus", INVOICES)} == {"2026-12-01"}


def test_a_second_run_bills_nobody_twice(world):
    first = billing.run(world.place("balus"), MONTH)
    rows = world.sql("balus", INVOICES)
    again = billing.run(world.place("balus"), MONTH)
    assert (again.written, again.there, again.yen) == (0, first.written, 0)
    assert world.sql("balus", INVOICES) == rows


@pytest.mark.clause("5")
@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (("purpose", "billing"), "「利用料金の請求（2(3)-3）」への利用を、ご本人が止めています"),
        (
            ("purpose", "fee_calculation"),
            "「利用料金の計算（2(3)-1）」への利用を、ご本人が止めています",
        ),
        (("held",), "すべての利用が止められているか、登録がまだです"),
    ],
)
def test_a_suspended_person_is_not_billed_and_the_run_says_why(world, unit, said):
    out = world.sql("balus", BY_HAND)[2]
    world.stop("balus", out.account_id, *unit)
    ran = bill(world)
    assert ran.returncode == 0, ran.stderr
    assert "1 accounts left out" in ran.stdout
    assert said in ran.stdout
    assert "プライバシーポリシー 5「" in ran.stdout
    assert f"[{out.account_id}]" in ran.stdout
    numbers = {r.subscription_id for r in world.sql("balus", INVOICES)}
    assert out.id not in numbers
    assert len(numbers) == len(world.sql("balus", BY_HAND)) - 1


def test_a_stop_of_an_item_that_no_invoice_holds_changes_nothing(world):
    out = world.sql("balus", BY_HAND)[2]
    world.stop("balus", out.account_id, "item", "phone")
    assert not billing.run(world.place("balus"), MONTH).left_out


def test_the_ledger_is_told_of_each_refusal(world):
    out = world.sql("balus", BY_HAND)[2].account_id
    world.stop("balus", out, "purpose", "billing")
    billing.run(world.place("balus"), MONTH)
    refused = [r for r in world.records("balus") if r["kind"] == "gate.refused"]
    assert [(r["key"], r["purpose"]) for r in refused] == [(out, "billing")]


def test_nobody_is_billed_when_the_choices_are_not_known(world):
    world.feeds["balus"].go_silent()
    ran = bill(world)
    assert ran.returncode == 3
    assert "not known to be up to date" in ran.stderr
    assert not world.sql("balus", INVOICES)


def test_a_month_that_is_not_over_is_not_billed(world):
    ran = bill(world, "--on", "2026-11-30")
    assert ran.returncode == 2
    assert "bill it from 2026-12-01 on" in ran.stderr
    assert not world.sql("balus", INVOICES)


def test_killed_anywhere_and_started_again_it_ends_with_the_same_invoices(world):
    expected, kills = by_hand(world), 0
    words = [
        sys.executable,
        "-m",
        "examples.levii.services.balus.billing",
        *WORDS,
        "--place",
        str(world.file),
    ]
    for wanted in (1, len(expected) // 2, len(expected) - 1):
        process = subprocess.Popen(
            words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while process.poll() is None and len(world.sql("balus", INVOICES)) < wanted:
            time.sleep(0.001)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    ran = bill(world)
    assert ran.returncode == 0
    assert kills
    assert {r.number: r.amount for r in world.sql("balus", INVOICES)} == expected


def test_two_runs_at_once_bill_once(world):
    words = [
        sys.executable,
        "-m",
        "examples.levii.services.balus.billing",
        *WORDS,
        "--place",
        str(world.file),
    ]
    both = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    written = sum(int(text.split(": ")[1].split()[0]) for text in said)
    expected = by_hand(world)
    assert written == len(expected)
    assert {r.number: r.amount for r in world.sql("balus", INVOICES)} == expected


def test_nothing_personal_is_printed(world):
    out = world.sql("balus", BY_HAND)[2].account_id
    world.stop("balus", out, "purpose", "billing")
    ran = bill(world)
    who = world.sql("balus", "SELECT name, email, phone, company FROM accounts")
    for value in {v for row in who for v in row if v}:
        assert value not in ran.stdout + ran.stderr
