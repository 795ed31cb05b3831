"""The public holidays of Japan as data, and the last year that they are known for.

The Cabinet Office names the holidays of a year in February of the year before; a law may still move one. So the table
ends with the last year that was named, and `clock` refuses to count open days beyond it instead of guessing.
"""

from __future__ import annotations

from datetime import date
from typing import Final

FIRST_YEAR: Final = 2025
LAST_YEAR: Final = 2027

_DAYS: Final = {
    2025: "1-1 1-13 2-11 2-23 2-24 3-20 4-29 5-3 5-4 5-5 5-6 7-21 8-11 9-15 9-23 10-13 11-3 11-23 11-24",
    2026: "1-1 1-12 2-11 2-23 3-20 4-29 5-3 5-4 5-5 5-6 7-20 8-11 9-21 9-22 9-23 10-12 11-3 11-23",
    2027: "1-1 1-11 2-11 2-23 3-21 3-22 4-29 5-3 5-4 5-5 7-19 8-11 9-20 9-23 10-11 11-3 11-23",
}
HOLIDAYS: Final = frozenset(
    date(year, *map(int, day.split("-"))) for year, days in _DAYS.items() for day in days.split()
)
