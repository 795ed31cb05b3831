"""The public holidays of Japan as data, and the last year that they are known for.

The Cabinet Office names the holidays of a year in February of the year before; a law may still move one. So the table
ends with the last year that was named, and `clock` refuses to count open days beyond it instead of guessing.
"""

from __future__ import annotations

from datetime import date
from typing import Final

FIRST_YEAR: Final = 2016  # ten years back: as far as a hold may begin
LAST_YEAR: Final = 2027

_DAYS: Final = {
    2016: "1-1 1-11 2-11 3-20 3-21 4-29 5-3 5-4 5-5 7-18 8-11 9-19 9-22 10-10 11-3 11-23 12-23",
    2017: "1-1 1-2 1-9 2-11 3-20 4-29 5-3 5-4 5-5 7-17 8-11 9-18 9-23 10-9 11-3 11-23 12-23",
    2018: "1-1 1-8 2-11 2-12 3-21 4-29 4-30 5-3 5-4 5-5 7-16 8-11 9-17 9-23 9-24 10-8 11-3 11-23 12-23 12-24",
    2019: "1-1 1-14 2-11 3-21 4-29 4-30 5-1 5-2 5-3 5-4 5-5 5-6 7-15 8-11 8-12 9-16 9-23 10-14 10-22 11-3 11-4 11-23",
    2020: "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-23 7-24 8-10 9-21 9-22 11-3 11-23",
    2021: "1-1 1-11 2-11 2-23 3-20 4-29 5-3 5-4 5-5 7-22 7-23 8-8 8-9 9-20 9-23 11-3 11-23",
    2022: "1-1 1-10 2-11 2-23 3-21 4-29 5-3 5-4 5-5 7-18 8-11 9-19 9-23 10-10 11-3 11-23",
    2023: "1-1 1-2 1-9 2-11 2-23 3-21 4-29 5-3 5-4 5-5 7-17 8-11 9-18 9-23 10-9 11-3 11-23",
    2024: "1-1 1-8 2-11 2-12 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-15 8-11 8-12 9-16 9-22 9-23 10-14 11-3 11-4 11-23",
    2025: "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-21 8-11 9-15 9-23 10-13 11-3 11-23 11-24",
    2026: "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23",
    2027: "1-1 1-11 2-11 2-23 3-21 3-22 4-29 5-3 5-4 5-5 7-19 8-11 9-20 9-23 10-11 11-3 11-23",
}
HOLIDAYS: Final = frozenset(
    date(year, *map(int, day.split("-"))) for year, days in _DAYS.items() for day in days.split()
)
