"""The only reader of the time, and the days of Japan.

Everything else is handed `now`: an aware datetime in UTC. Days (`..._on`) are days in Asia/Tokyo.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from chikai import holidays
from chikai.errors import ConfigError

# Japan has had one offset and no summer time since 1952, so no time-zone database is needed.
TOKYO: Final = timezone(timedelta(hours=9), "Asia/Tokyo")
WEEKDAYS: Final = "月火水木金土日"


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def day_in_japan(moment: datetime) -> date:
    """The day on the calendar in Tokyo at an aware moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(TOKYO).date()


def is_open_day(day: date) -> bool:
    """Whether offices in Japan work on a day: no weekend, no public holiday, not 29 December to 3 January.

    ConfigError outside the years whose holidays are known. GL 3-5-3-4 names the same days off for the final report.
    """
    if not holidays.FIRST_YEAR <= day.year <= holidays.LAST_YEAR:
        raise ConfigError(
            f"the calendar of holidays covers {holidays.FIRST_YEAR} to {holidays.LAST_YEAR} and not {day.year}",
            "install a release that knows that year",
        )
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not new_year and day not in holidays.HOLIDAYS


def open_day_from(day: date) -> date:
    """The day itself when offices work on it, or else the next one on which they do."""
    while not is_open_day(day):
        day += timedelta(days=1)
    return day


def open_day_until(day: date) -> date:
    """The day itself when offices work on it, or else the last one before it on which they do."""
    while not is_open_day(day):
        day -= timedelta(days=1)
    return day


def open_days_after(day: date, count: int) -> date:
    """The day that lies so many open days after another; the first day does not count."""
    for _ in range(count):
        day = open_day_from(day + timedelta(days=1))
    return day


def written(day: date, language: str = "ja") -> str:
    """A day as people read it: `2025年11月26日（水）` or `26 November 2025`."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
    return f"{day.day} {day:%B} {day.year}"
