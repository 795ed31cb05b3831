"""Whose approval a request needs, and when a single officer's is enough.

The one who entered a request does not approve it, and nobody approves twice. Where one officer works alone, a missing
second pair of eyes is replaced by a wait of 24 hours, which the ledger records.

Clauses: 6.
Law: APPI Art. 24.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final, Literal

from chikai.errors import WrongState

Verdict = Literal["enough", "more", "wait"]
WAIT: Final = timedelta(hours=24)


def judge(
    by: str, *, entered_by: str, given: Collection[str], needed: int, single: bool
) -> Verdict:
    """What one more approval by somebody makes; WrongState when it may not be theirs."""
    if by in given:
        raise WrongState("you have approved this already", "another officer approves next")
    if by == entered_by and not single:
        raise WrongState(
            "who entered a request, or wrote its changes, does not approve it",
            "ask another officer to look at it",
        )
    if single and (by == entered_by or len(given) + 1 < needed):
        return "wait"
    return "enough" if len(given) + 1 >= needed else "more"


def lacking(
    officers: Collection[str], *, entered_by: str, given: Collection[str], needed: int, single: bool
) -> int:
    """How many officers are missing so that a request can be approved; none where one officer works alone."""
    if single:
        return 0
    may = set(officers) - {entered_by} - set(given)
    return max(0, needed - len(given) - len(may))
