"""Moments are UTC, days are Japan's."""

from datetime import UTC, date, datetime

import pytest

from chikai import clock


def test_the_day_in_japan_begins_nine_hours_earlier():
    assert clock.day_in_japan(datetime(2026, 11, 22, 14, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.day_in_japan(datetime(2026, 11, 22, 15, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        clock.day_in_japan(datetime(2026, 11, 22))  # noqa: DTZ001  the fault under test


def test_a_day_is_written_with_its_weekday():
    assert clock.written(date(2025, 11, 26)) == "2025年11月26日（水）"
    assert clock.written(date(2025, 11, 26), "en") == "26 November 2025"
