"""What a month of Balus costs, by hand and on random plans."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.levii.services.balus.fees import PRICES, Fee, Month, days_used, fee

NOVEMBER, FEBRUARY = Month(2026, 11), Month(2026, 2)
plans = st.sampled_from(sorted(PRICES))
months = st.builds(Month, st.integers(2000, 2100), st.integers(1, 12))
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("plan", "seats", "used", "month", "before_tax", "tax"),
    [
        ("team", 3, 30, NOVEMBER, 3_600, 360),  # 1,200 x 3
        ("business", 4, 30, NOVEMBER, 11_200, 1_120),  # 2,800 x 4
        ("team", 1, 1, NOVEMBER, 40, 4),  # 1,200 / 30
        ("team", 1, 7, FEBRUARY, 300, 30),  # 1,200 x 7 / 28
        ("business", 3, 10, Month(2026, 10), 2_709, 270),  # 2,709.67 and 270.9, both rounded down
        ("team", 1, 1, Month(2026, 10), 38, 3),  # 38.7 and 3.8
        ("free", 9, 30, NOVEMBER, 0, 0),
        ("team", 0, 30, NOVEMBER, 0, 0),
        ("team", 5, 0, NOVEMBER, 0, 0),
    ],
)
def test_cases_reckoned_by_hand(plan, seats, used, month, before_tax, tax):
    assert fee(plan, seats, used, month) == Fee(before_tax, tax)
    assert fee(plan, seats, used, month).total == before_tax + tax


@pytest.mark.parametrize(
    ("started", "ended", "used"),
    [
        (date(2026, 11, 1), None, 30),
        (date(2026, 11, 30), None, 1),
        (date(2026, 11, 10), date(2026, 11, 10), 1),
        (date(2026, 10, 15), date(2026, 11, 4), 4),
        (date(2026, 12, 1), None, 0),
        (date(2026, 1, 1), date(2026, 10, 31), 0),
        (date(2026, 1, 1), date(2027, 1, 1), 30),
    ],
)
def test_days_are_counted_with_the_first_and_the_last(started, ended, used):
    assert days_used(started, ended, NOVEMBER) == used


@given(plans, st.integers(0, 5000), months, st.data())
def test_a_fee_is_whole_never_negative_and_at_most_the_whole_month(plan, seats, month, data):
    used = data.draw(st.integers(0, month.days))
    got, whole = fee(plan, seats, used, month), fee(plan, seats, month.days, month)
    assert whole.before_tax == PRICES[plan] * seats
    assert 0 <= got.before_tax <= whole.before_tax
    exact = PRICES[plan] * seats * used / month.days
    assert exact - 1 < got.before_tax <= exact + 1e-6
    assert got.before_tax - 10 < got.tax * 10 <= got.before_tax


@given(plans, st.integers(0, 500), months, st.data())
def test_more_days_or_seats_never_cost_less(plan, seats, month, data):
    used = data.draw(st.integers(0, month.days - 1))
    assert fee(plan, seats, used, month).total <= fee(plan, seats, used + 1, month).total
    assert fee(plan, seats, used, month).total <= fee(plan, seats + 1, used, month).total


@given(plans, st.integers(0, 500), months, st.data())
def test_a_month_in_two_parts_is_at_most_a_yen_cheaper(plan, seats, month, data):
    one = data.draw(st.integers(0, month.days))
    parts = (
        fee(plan, seats, one, month).before_tax
        + fee(plan, seats, month.days - one, month).before_tax
    )
    whole = fee(plan, seats, month.days, month).before_tax
    assert whole - 1 <= parts <= whole


@given(days, st.integers(0, 800), st.integers(2020, 2030))
def test_the_days_of_a_plan_are_each_in_one_month(started, length, year):
    ended = started + timedelta(days=length)
    counted = sum(
        days_used(started, ended, Month(y, m)) for y in range(2020, 2034) for m in range(1, 13)
    )
    assert counted == length + 1


def test_a_change_of_plan_leaves_no_day_out_and_counts_none_twice():
    old = days_used(date(2026, 1, 1), date(2026, 11, 9), NOVEMBER)
    new = days_used(date(2026, 11, 10), None, NOVEMBER)
    assert old + new == 30


@pytest.mark.parametrize("used", [-1, 31])
def test_a_month_has_no_more_days_than_it_has(used):
    with pytest.raises(ValueError, match="month"):
        fee("team", 1, used, NOVEMBER)


@pytest.mark.parametrize("text", ["2026", "2026-13", "11-2026", ""])
def test_what_is_no_month_is_not_read(text):
    with pytest.raises(ValueError):
        Month.read(text)
