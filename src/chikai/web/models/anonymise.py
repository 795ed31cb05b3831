"""Anonymised information: standards that were fixed, tables that were made, and the method of each, sealed.

What a page may show stands open: items, days, counts. Ladders, k and the chosen steps stand sealed under a key of
their own.

Clauses: 3.1, 3.2, 3.4.
Law: APPI Art. 43(2), APPI Art. 43(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

if TYPE_CHECKING:
    from datetime import datetime


class ProcessingStandard(models.Model):
    """A standard as it was fixed, sealed; `digest` names it in the ledger."""

    digest = models.CharField(max_length=71, unique=True)
    name = models.CharField(max_length=100)
    service = models.CharField(max_length=100)
    source = models.CharField(max_length=100)
    lead_days = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField()
    fixed_by = models.CharField(max_length=40)
    fixed_at = models.DateTimeField()

    class Meta:
        db_table = "anonymise_standard"


class AnonymisedTableQuerySet(models.QuerySet["AnonymisedTable"]):
    """Named questions to the tables."""

    def published(self) -> Self:
        """The tables whose items stand on the public register, oldest first."""
        return self.filter(published_at__isnull=False).order_by("number")

    def latest_made(self) -> datetime | None:
        """When the newest table was made."""
        return self.order_by("-number").values_list("made_at", flat=True).first()


class AnonymisedTable(models.Model):
    """One table that was made. `items` are ids of the policy's data items; `digest` is that of its file."""

    number = models.PositiveIntegerField(unique=True)
    standard = models.ForeignKey(ProcessingStandard, on_delete=models.PROTECT, related_name="+")
    items = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=71)
    edition = models.CharField(max_length=71)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    manner_ja = models.CharField(max_length=300, default="")
    manner_en = models.CharField(max_length=300, default="")
    released_at = models.DateTimeField(null=True)

    objects = AnonymisedTableQuerySet.as_manager()

    class Meta:
        db_table = "anonymise_table"
        ordering: ClassVar = ["-number"]


class SealedMethod(models.Model):
    """The method that made a table: opened by an officer only, and each opening leaves an entry."""

    table = models.OneToOneField(AnonymisedTable, on_delete=models.PROTECT, related_name="method")
    sealed = models.BinaryField()

    class Meta:
        db_table = "anonymise_method"
