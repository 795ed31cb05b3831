"""What is known about the sources: maps that came into force, scans, drift, and registers that were read in.

Clauses: 2.2, 4.1.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Max


class MapEditionQuerySet(models.QuerySet["MapEdition"]):
    """Named questions to the maps."""

    def current(self, source: str) -> MapEdition | None:
        """The map of a source that is in force."""
        return self.filter(source=source).order_by("-id").first()

    def in_force(self) -> dict[str, str]:
        """The digest of the map in force of every source that has one."""
        newest = self.order_by().values("source").annotate(newest=Max("id")).values("newest")
        return dict(self.filter(id__in=newest).order_by("source").values_list("source", "digest"))


class MapEdition(models.Model):
    """A map that came into force: its text as the engineer finished it. It holds names of tables, never values."""

    source = models.CharField(max_length=100)
    digest = models.CharField(max_length=71)
    text = models.TextField()
    tables = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    undecided = models.PositiveIntegerField()
    drift = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    objects = MapEditionQuerySet.as_manager()

    class Meta:
        db_table = "source_map"
        ordering: ClassVar = ["-id"]


class RegisterEntry(models.Model):
    """One row of a register that was read in: a handled item (`handling`) or a processor (`processor`).

    `fields` are the columns that were understood, by our names; `rest` the others, by their headings.
    """

    kind = models.CharField(max_length=20)
    import_id = models.UUIDField(db_index=True)
    row = models.PositiveIntegerField()
    fields = models.JSONField(default=dict)
    rest = models.JSONField(default=dict)

    class Meta:
        db_table = "register_entry"
