"""A contract with a recipient: from when, until when, whether it binds to secrecy, and the way abroad.

Clauses: 4.1.1, 4.2.
Law: APPI Art. 25, APPI Art. 28(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from chikai.errors import BadInput

# How data may go abroad: a country that the rules name as equal, a system like ours that was checked, or consent.
Route = Literal["", "equal_country", "equal_system", "consent"]
ROUTES: Final = frozenset(get_args(Route)) - {""}


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract. Both days count; without `until` it runs until it is ended.

    `checked_on` is the day on which the recipient's handling was last looked at.
    """

    recipient: str
    since: date
    until: date | None = None
    secrecy: bool = False
    country: str = "JP"
    route: Route = ""
    checked_on: date | None = None
    number: int = 0

    def in_force(self, on: date) -> bool:
        """Whether the contract binds on a day."""
        return self.since <= on and (self.until is None or on <= self.until)

    def days_left(self, on: date) -> int | None:
        """Days until its end; None where it has none, negative once it is over."""
        return None if self.until is None else (self.until - on).days

    def check(self) -> None:
        """BadInput when it cannot bind anybody."""
        if self.until is not None and self.until < self.since:
            raise BadInput("the contract ends before it begins", "look at its two days")
        if self.route not in get_args(Route):
            raise BadInput(
                f"`{self.route}` is no way abroad", f"one of {', '.join(sorted(ROUTES))}"
            )
