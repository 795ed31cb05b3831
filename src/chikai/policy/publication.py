"""Who publishes what was prepared: another officer than the one who prepared it, or a single one after 24 hours.

Nothing goes out by itself: after the wait the officer looks once more and presses.

Clauses: 1.2, 8.
Law: APPI Art. 24.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chikai.errors import WrongState

WAIT: Final = timedelta(hours=24)


def judge(by: str, *, prepared_by: str, prepared_at: datetime, now: datetime, single: bool) -> bool:
    """Whether it was published by a second pair of eyes; False where the wait stood in for them.

    WrongState when it may not be published by this officer, or not yet.
    """
    if by != prepared_by:
        return True
    if not single:
        raise WrongState(
            "who prepared this does not let it go", "ask another officer to look at it"
        )
    if now < prepared_at + WAIT:
        raise WrongState(
            "a single officer lets it go 24 hours after preparing", "come back when they are over"
        )
    return False
