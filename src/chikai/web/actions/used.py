"""Counting uses by purpose and day, in the transaction in which their events are taken, and forgetting old sums.

Clauses: 2.1.
Law: APPI Art. 18(1).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import F

from chikai import clock
from chikai.web.models.used import Used

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chikai.ledger.events import Event

KEPT: Final = timedelta(days=400)  # a year and the days by which the lint looks back
_MOST: Final = 10**9  # more than a service can mean by one batch, and less than a column holds
# Which fact of each kind of event says how often.
_SUMS: Final = {"gate.used": "allowed", "gate.audience": "people"}
_Place = tuple["date", str, str]


def count(events: Iterable[Event], now: datetime) -> None:
    """Add what events say was used. A record that comes late counts on its own day."""
    used: Counter[_Place] = Counter()
    for event in events:
        if event.kind in _SUMS:
            used[_place(event, now)] += int(event.facts[_SUMS[event.kind]] or 0)
    # Always in the same order, so that two batches that count at once wait and never block each other.
    for (day, purpose, service), times in sorted(used.items()):
        row, _ = Used.objects.get_or_create(day=day, purpose=purpose, service=service)
        Used.objects.filter(pk=row.pk).update(used=F("used") + min(times, _MOST))


def _place(event: Event, now: datetime) -> _Place:
    said = event.facts.get("at")
    at = min(datetime.fromisoformat(said), now) if isinstance(said, str) else now
    facts = event.facts
    return clock.day_in_japan(at), str(facts.get("purpose") or ""), str(facts.get("service") or "")


def prune(now: datetime) -> None:
    """Forget the sums of more than 400 days ago."""
    Used.objects.filter(day__lt=clock.day_in_japan(now - KEPT)).delete()
