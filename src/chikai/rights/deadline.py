"""By when a request is to be answered: our own promise in days, since the Act says "without delay".

Days are days in Tokyo. A request that arrives at 23:59 there belongs to that day, and a day later at 00:00.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 37(1), APPI Art. 39(1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from chikai import clock
from chikai.errors import ConfigError

HURRY_DAY: Final = 10  # after its arrival officers are told that an open request is near its end
LEAST_LEFT: Final = 4  # and at the latest with so many days left, a third of a short promise
PACKAGE_DAYS: Final = 14  # how long a released package may be fetched


def due_on(arrived_at: datetime, target_days: int) -> date:
    """The last day of our promise."""
    return clock.day_in_japan(arrived_at) + timedelta(days=target_days)


def days_left(due: date, now: datetime) -> int:
    """How many days are left: 0 on the last day, less than 0 after it."""
    return (due - clock.day_in_japan(now)).days


def hurry_on(arrived_at: datetime, due: date, *, put_off: bool = False) -> date:
    """The day on which officers are told that an open request is near its end.

    It is the tenth day, or with four days left; after an extension only the latter. Where that is a day off, it is the
    open day before; beyond the years whose holidays are known nothing moves.
    """
    arrived = clock.day_in_japan(arrived_at)
    left = min(LEAST_LEFT, (due - arrived).days // 3)
    told = due - timedelta(days=left)
    if not put_off:
        told = min(told, arrived + timedelta(days=HURRY_DAY))
    return max(last_open_day(told) or told, arrived)


def last_open_day(due: date) -> date | None:
    """The last day up to a promised one on which offices work; None beyond the years whose holidays are known.

    A promised day does not move: the two weeks of Art. 39(1) count days off as well.
    """
    try:
        return clock.open_day_until(due)
    except ConfigError:
        return None


def package_until(released_at: datetime) -> datetime:
    """When a released package ends: at the end of the fourteenth day in Tokyo."""
    last = clock.day_in_japan(released_at) + timedelta(days=PACKAGE_DAYS + 1)
    return datetime(last.year, last.month, last.day, tzinfo=clock.TOKYO)
