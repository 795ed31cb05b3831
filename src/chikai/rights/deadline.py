"""By when a request is to be answered: our own promise in days, since the Act says "without delay".

Days are days in Tokyo. A request that arrives at 23:59 there belongs to that day, and a day later at 00:00.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 37(1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from chikai import clock

WARN_DAY: Final = 10  # from this day after its arrival on, a request is shown as near its end
PACKAGE_DAYS: Final = 14  # how long a released package may be fetched


def due_on(arrived_at: datetime, target_days: int) -> date:
    """The last day of our promise."""
    return clock.day_in_japan(arrived_at) + timedelta(days=target_days)


def days_left(due: date, now: datetime) -> int:
    """How many days are left: 0 on the last day, less than 0 after it."""
    return (due - clock.day_in_japan(now)).days


def is_late(due: date, now: datetime) -> bool:
    """Whether the promise is broken."""
    return days_left(due, now) < 0


def is_near(arrived_at: datetime, due: date, now: datetime) -> bool:
    """Whether it is time to hurry: the tenth day has come, or the last one is today or tomorrow."""
    waited = (clock.day_in_japan(now) - clock.day_in_japan(arrived_at)).days
    return waited >= WARN_DAY or days_left(due, now) <= 1


def package_until(released_at: datetime) -> datetime:
    """When a released package ends: at the end of the fourteenth day in Tokyo."""
    last = clock.day_in_japan(released_at) + timedelta(days=PACKAGE_DAYS + 1)
    return datetime(last.year, last.month, last.day, tzinfo=clock.TOKYO)
