"""An answer that is handed over on paper: for whom, by which way, and on which day.

The person chooses the way of a disclosure. Whoever came by phone, by post or to the counter and has no mailbox has nowhere
to fetch a file from, so their answer is printed too.

Clauses: 6.
Law: APPI Art. 33(1), APPI Art. 33(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput

if TYPE_CHECKING:
    from datetime import date

WAYS: Final = ("post", "counter")
BY_DESK: Final = ("phone", "post", "counter")
ACTION: Final = "hand_over"  # the step that a person of the desk does


def is_on_paper(form: str, channel: str, *, has_address: bool) -> bool:
    """Whether an answer is printed and handed over, rather than fetched."""
    return form == "paper" or (channel in BY_DESK and not has_address)


def check(way: str, on: date, *, decided_on: date, today: date) -> None:
    """BadInput for another way than ours, or a day before the decision or after today."""
    if way not in WAYS:
        raise BadInput("this is no way of handing over", f"name one of {', '.join(WAYS)}")
    if not decided_on <= on <= today:
        raise BadInput(
            "the day lies before the approval or after today", "write the day on which it was done"
        )
