"""By when a request is answered: days off, the tenth day, and the end of the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai import clock, holidays
from chikai.errors import BadInput
from chikai.rights import deadline, extension


def arrived(*day):
    return datetime(*day, 3, 0, tzinfo=UTC)


def test_officers_are_told_on_the_tenth_day():
    on = arrived(2026, 11, 22)
    due = deadline.due_on(on, 14)
    assert due == date(2026, 12, 6)
    assert deadline.hurry_on(on, due) == date(2026, 12, 2)
    assert extension.suit_from("disclose", on) == date(2026, 12, 7)


def test_when_the_tenth_day_is_a_day_off_they_are_told_on_the_open_day_before():
    on = arrived(2026, 11, 18)  # its tenth day is a Saturday
    assert deadline.hurry_on(on, deadline.due_on(on, 14)) == date(2026, 11, 27)
    over_new_year = arrived(2026, 12, 22)
    assert deadline.hurry_on(over_new_year, date(2027, 1, 5)) == date(2026, 12, 28)


def test_after_an_extension_they_are_told_again_four_days_before_the_new_day():
    assert deadline.hurry_on(arrived(2026, 11, 22), date(2026, 12, 18), put_off=True) == date(
        2026, 12, 14
    )


def test_a_promised_day_stays_and_the_open_day_before_it_is_said():
    assert deadline.last_open_day(date(2026, 12, 6)) == date(2026, 12, 4)
    assert deadline.last_open_day(date(2026, 12, 4)) == date(2026, 12, 4)


def test_beyond_the_calendar_nothing_is_guessed():
    beyond = date(holidays.LAST_YEAR + 1, 5, 6)
    assert deadline.last_open_day(beyond) is None
    on = datetime(beyond.year, 5, 6, tzinfo=UTC)
    assert deadline.hurry_on(on, beyond + timedelta(days=14)) == beyond + timedelta(days=10)


@given(st.dates(date(2026, 1, 1), date(2027, 11, 1)), st.integers(1, 40))
def test_the_day_of_the_word_lies_between_arrival_and_promise(day, target):
    on = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert day <= deadline.hurry_on(on, deadline.due_on(on, target)) <= deadline.due_on(on, target)


@pytest.mark.parametrize("off", [date(2027, 1, 2), date(2026, 12, 31), date(2026, 12, 27)])
def test_an_extension_to_a_day_off_names_the_next_open_day(off):
    with pytest.raises(BadInput) as refused:
        extension.check(date(2026, 12, 10), off, "x", times=0, now=arrived(2026, 12, 1))
    assert clock.open_day_from(off).isoformat() in refused.value.do


def test_an_extension_beyond_the_calendar_is_refused():
    with pytest.raises(BadInput, match="calendar of holidays"):
        extension.check(
            date(holidays.LAST_YEAR, 12, 28),
            date(holidays.LAST_YEAR + 1, 1, 12),
            "x",
            times=0,
            now=arrived(holidays.LAST_YEAR, 12, 20),
        )
