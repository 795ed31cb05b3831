"""How far our work has come in each source, and what is to be carried out there again if an old backup is put back.

An order names nobody: it holds marks, made with a secret that stands outside the database, by which a person is known
again only where their row came back. It is kept for as long as backups of the source are.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


class SourceEpochQuerySet(models.QuerySet["SourceEpoch"]):
    """Named questions to what we know of the sources."""

    def quarantined(self) -> Self:
        """Sources that were restored and have not been lifted."""
        return self.exclude(restored_at=None).order_by("source")

    def names(self, sources: Collection[str]) -> set[str]:
        """Those of these sources that are in quarantine."""
        return {*self.quarantined().filter(source__in=sources).values_list("source", flat=True)}

    def unseen(self, sources: Collection[str]) -> set[str]:
        """Those of these sources whose first change no officer has looked at."""
        seen = self.filter(source__in=sources).exclude(seen_at=None)
        return {*sources} - {*seen.values_list("source", flat=True)}

    def known(self, source: str) -> int:
        """The epoch that we wrote into a source at the last; 0 before the first change, and where it has no place."""
        return self.filter(source=source).values_list("epoch", flat=True).first() or 0


class SourceEpoch(models.Model):
    """What we know of one source. While `restored_at` is set it is in quarantine, since `stood` was found there.

    `replayed` of `orders` stand again; `waiting` are those that a person must look at, and `fault` says what hinders.
    `seen_at` is when an officer saw what the first change would run, `wanted_at` when somebody asked that it be written to.
    """

    source = models.CharField(max_length=100, primary_key=True)
    service = models.CharField(max_length=100)
    epoch = models.PositiveBigIntegerField(default=0)
    restored_at = models.DateTimeField(null=True)
    stood = models.PositiveBigIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    replayed = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    fault = models.TextField(default="")
    do = models.TextField(default="")
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=40, default="")
    wanted_at = models.DateTimeField(null=True)
    wanted_by = models.CharField(max_length=40, default="")

    objects = SourceEpochQuerySet.as_manager()

    class Meta:
        db_table = "source_epoch"


class OrderQuerySet(models.QuerySet["Order"]):
    """Named questions to the orders."""

    def of(self, source: str) -> Self:
        """The orders of a source, oldest first."""
        return self.filter(source=source).order_by("epoch", "id")

    def expired(self, today: date) -> Self:
        """Orders that no backup is left for."""
        return self.filter(until__lt=today)


class Order(models.Model):
    """One change of one person in one source that must stand, until the last backup from before it is gone.

    `sealed` holds the new values of a correction, by mark: they open only where the person's row came back.
    """

    id = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=100, db_index=True)
    verb = models.CharField(max_length=10)
    marks = models.JSONField()
    sealed = models.JSONField(default=dict)
    epoch = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    until = models.DateField(db_index=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        db_table = "source_order"
