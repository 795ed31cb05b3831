"""What a month of Balus costs: plan x seats x days used of the month, and 10 % tax, in whole yen.

The price of a plan is for one seat and a whole month, before tax. A month that is used in part costs its share by days, the
first and the last day included. The rounding rule: the fee is rounded down to the whole yen once for each invoice, and then
the tax on it is rounded down once. Nothing is rounded in between.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

PRICES: Final = {"free": 0, "team": 1_200, "business": 2_800}
TAX_PERCENT: Final = 10


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def read(cls, text: str) -> Month:
        """Read `2026-11`; ValueError when it is none."""
        day = date.fromisoformat(f"{text}-01")
        return cls(day.year, day.month)

    @property
    def days(self) -> int:
        """How many days it has."""
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, self.days)

    @property
    def billed_on(self) -> date:
        """The day on its invoices: the first of the next month, whenever the run takes place."""
        return self.last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fee:
    """What an invoice asks for."""

    before_tax: int
    tax: int

    @property
    def total(self) -> int:
        """The amount of the invoice, tax included."""
        return self.before_tax + self.tax


def days_used(started: date, ended: date | None, month: Month) -> int:
    """On how many days of the month a plan ran; `ended` is its last day, None while it runs."""
    first = max(started, month.first)
    last = min(ended or month.last, month.last)
    return max(0, (last - first).days + 1)


def fee(plan: str, seats: int, days: int, month: Month) -> Fee:
    """The fee of a plan for some seats and days of a month; KeyError for a plan that is not sold."""
    if seats < 0 or not 0 <= days <= month.days:
        raise ValueError(
            "seats and days are counted from 0, and a month has no more days than it has"
        )
    before_tax = PRICES[plan] * seats * days // month.days
    return Fee(before_tax, before_tax * TAX_PERCENT // 100)
