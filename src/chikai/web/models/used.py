"""How often each purpose was used through the gate, by day and service: sums about nobody, for the lint.

The ledger keeps the same sums sealed, event by event; opening them for a count would open more than the count needs.

Clauses: 2.1.
Law: APPI Art. 17(1), APPI Art. 18(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from datetime import date


class UsedQuerySet(models.QuerySet["Used"]):
    """Named questions to the sums."""

    def since(self, day: date) -> dict[str, int]:
        """How often each purpose was used from a day on."""
        rows = self.filter(day__gte=day).values_list("purpose")
        return dict(rows.annotate(sum=models.Sum("used")))

    def first_day(self) -> date | None:
        """The day from which something was counted; None while nothing was."""
        return self.order_by("day").values_list("day", flat=True).first()


class Used(models.Model):
    """The uses of one purpose by one service on one day in Japan."""

    day = models.DateField()
    purpose = models.CharField(max_length=100)
    service = models.CharField(max_length=100)
    used = models.PositiveBigIntegerField(default=0)

    objects = UsedQuerySet.as_manager()

    class Meta:
        db_table = "gate_used"
        constraints: ClassVar = [
            # In this order, because every question and the pruning name a range of days.
            models.UniqueConstraint(
                fields=["day", "purpose", "service"], name="one_sum_a_day_purpose_service"
            )
        ]
