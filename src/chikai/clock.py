"""The only reader of the time, and the days of Japan.

Everything else is handed `now`: an aware datetime in UTC. Days (`..._on`) are days in Asia/Tokyo.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

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


def written(day: date, language: str = "ja") -> str:
    """A day as people read it: `2025年11月26日（水）` or `26 November 2025`."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
    return f"{day.day} {day:%B} {day.year}"
