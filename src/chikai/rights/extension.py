"""Putting off the day that we promised: once told, with a reason, and never beyond what a person may sue on.

The Act says "without delay" and names no days; fourteen are our own target. An extension is a promise again, so it has a
reason in words, a day on which offices work, and a notice. More than twice nobody is put off by the machine: an officer writes to the person.

Clauses: 6.
Law: APPI Art. 36, APPI Art. 39(1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from chikai import clock
from chikai.errors import BadInput, ConfigError, WrongState

MOST_DAYS: Final = 30  # by one extension
MOST_TIMES: Final = 2
LONGEST: Final = 2000
SUIT_DAYS: Final = (
    15  # Art. 39(1), GL 3-8-9: arrived on day 1 of a month, a suit is possible from its 16th day
)


def check(due_on: date, until: date, reason: str, *, times: int, now: datetime) -> str:
    """The reason, when the extension is possible; BadInput or WrongState with what to do instead."""
    if times >= MOST_TIMES:
        raise WrongState(
            f"this request was put off {MOST_TIMES} times", "write to the person, or decide it"
        )
    if not reason.strip() or len(reason) > LONGEST:
        raise BadInput("an extension needs a reason", "write why, in words for the person")
    today = clock.day_in_japan(now)
    if until <= due_on or until <= today:
        raise BadInput("the new day is not later than the old one", "choose a later day")
    if until > max(due_on, today) + timedelta(days=MOST_DAYS):
        raise BadInput(f"the new day is more than {MOST_DAYS} days later", "choose an earlier day")
    return _on_open_day(until, reason.strip())


def _on_open_day(until: date, reason: str) -> str:
    """The reason; BadInput when offices are closed on the new day, or nobody knows yet whether they are."""
    try:
        if clock.is_open_day(until):
            return reason
        day = clock.open_day_from(until).isoformat()
    except ConfigError as fault:
        raise BadInput(fault.what, "choose a day within it, or install a newer release") from None
    raise BadInput("offices are closed on the new day", f"choose the next open one, {day}")


def suit_from(kind: str, arrived_at: datetime) -> date | None:
    """The first day on which the person may sue when nothing was answered; None where Art. 39(1) names no suit."""
    if kind == "notify_purpose":
        return None
    return clock.day_in_japan(arrived_at) + timedelta(days=SUIT_DAYS)
