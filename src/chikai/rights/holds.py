"""How long other laws keep a row from being erased: from which day a period runs, and its last day.

An erasure leaves such rows, takes every other use from them, and says until when and by which article they stay. The
periods are the careful reading: with a loss in a year, its books stay ten years. None of these articles was compared
with the official text yet, and every page that prints one says so.

Clauses: 5.
Law: APPI Art. 22, APPI Art. 35(2), APPI Art. 35(6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from chikai import clock, holidays, law
from chikai.errors import ConfigError
from chikai.policy.document import Text
from chikai.sources.protocol import Holds, Kept

# filing: the day after the tax return is due; closing: the end of the business year; row: the day of the row itself.
Start = Literal["filing", "closing", "row"]
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Period:
    """A period that a law sets; `loss_years` where a year with a loss makes it longer."""

    start: Start
    years: int
    loss_years: int = 0


PERIODS: Final = {
    "tax_books": Period("filing", 7, 10),
    "consumption_tax": Period("filing", 7),
    "company_books": Period("closing", 10),
    "labour_records": Period("row", 5),
}


@dataclass(frozen=True, slots=True)
class Books:
    """The company's business years: the month in which they end, and those that ended with a loss (by that end)."""

    ends_in: int = 3
    losses: frozenset[int] = frozenset()

    def end(self, day: date) -> date:
        """The last day of the business year that a day lies in."""
        year = day.year if day.month <= self.ends_in else day.year + 1
        return _last_of_month(year, self.ends_in)

    def filing(self, end: date) -> date:
        """The day by which the return of a business year is due: two months later, moved off days on which nobody works.

        Raises:
            ConfigError: it lies beyond the last year whose holidays are known.
        """
        months = end.month + 2
        due = _last_of_month(end.year + (months - 1) // _DECEMBER, (months - 1) % _DECEMBER + 1)
        # What was filed before the table of holidays begins is kept by nothing any more.
        return due if due.year < holidays.FIRST_YEAR else clock.open_day_from(due)


def holds(today: date, books: Books) -> Holds:
    """Every hold that a map may name, on one day.

    Raises:
        ConfigError: the month in which the business year ends is none.
    """
    if not 1 <= books.ends_in <= _DECEMBER:
        raise ConfigError("the business year ends in no month", "Give a month from 1 to 12.")
    return Holds(today, {name: _until(period, books) for name, period in PERIODS.items()})


def last_day(name: str, began: date, books: Books) -> date:
    """The last day on which a row that began on a day must stay."""
    return _until(PERIODS[name], books)(began)


def _until(period: Period, books: Books) -> Callable[[date], date]:
    def until(began: date) -> date:
        end = books.end(began)
        years = period.years
        if end.year in books.losses:
            years = max(years, period.loss_years)
        match period.start:
            case "filing":
                return _later(books.filing(end), years)
            case "closing":
                return _later(end, years)
            case _:
                return _later(began, years)

    return until


def in_words(kept: Kept, named: Text, language: str, *, stopped: bool) -> str:
    """What an answer says of rows that stay: how many of which kind, until when at the latest, and by which article.

    `named` is what the rows are called where people read it: the name of a table is nobody's word.
    `stopped` says that with the erasure every use of the person was stopped; a program that asks no gate hears of nothing.
    """
    article = law.keeping_in_words(kept.hold, language)
    if language == "ja":
        day = f"{kept.until.year}年{kept.until.month}月{kept.until.day}日"
        said = f"{named.ja}のうち{kept.rows}件は、{article}により残します。"
        said += f"遅いものでも{day}までです。"
        more = "ほかの利用は関門が断ります。" if stopped else "ほかの利用は設定で止められます。"
        return said + more
    said = f"{kept.rows} of {named.en} stay until {kept.until} at the latest, by {article}."
    return said + (
        " The gate refuses every other use." if stopped else " Other uses stop by the settings."
    )


def _last_of_month(year: int, month: int) -> date:
    return date(year + month // _DECEMBER, month % _DECEMBER + 1, 1) - timedelta(days=1)


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
