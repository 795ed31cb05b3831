"""Moments are UTC, days are Japan's."""

from datetime import UTC, date, datetime

import pytest

from chikai import clock, holidays
from chikai.errors import ConfigError


def test_the_day_in_japan_begins_nine_hours_earlier():
    assert clock.day_in_japan(datetime(2026, 11, 22, 14, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.day_in_japan(datetime(2026, 11, 22, 15, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        clock.day_in_japan(datetime(2026, 11, 22))  # noqa: DTZ001  the fault under test


def test_a_day_is_written_with_its_weekday():
    assert clock.written(date(2025, 11, 26)) == "2025年11月26日（水）"
    assert clock.written(date(2025, 11, 26), "en") == "26 November 2025"


def test_a_deadline_on_a_day_off_moves_to_the_next_open_day():
    assert clock.open_day_from(date(2026, 11, 23)) == date(2026, 11, 24)  # a holiday on a Monday
    assert clock.open_day_from(date(2026, 9, 19)) == date(
        2026, 9, 24
    )  # a weekend, then three holidays
    assert clock.open_day_from(date(2026, 12, 29)) == date(2027, 1, 4)


def test_open_days_are_counted_from_the_day_after():
    assert clock.open_days_after(date(2026, 4, 28), 1) == date(2026, 4, 30)
    assert clock.open_days_after(date(2026, 5, 1), 3) == date(2026, 5, 11)
    assert clock.open_days_after(date(2026, 5, 2), 0) == date(2026, 5, 2)


def test_a_year_whose_holidays_nobody_has_named_is_refused():
    with pytest.raises(ConfigError, match="not 2028"):
        clock.open_days_after(date(2027, 12, 30), 2)


def test_every_holiday_stands_in_a_year_that_the_table_covers():
    assert {day.year for day in holidays.HOLIDAYS} == set(
        range(holidays.FIRST_YEAR, holidays.LAST_YEAR + 1)
    )
