"""Events as they wait for their place in the ledger, and their sealed payloads.

The pending row is written in the same transaction as the change that it proves; the integrator (a later floor) gives
it an index. The payload stands apart, sealed, so that it can go while the entry stays.

Clauses: 1.1, 6.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PendingQuerySet(models.QuerySet["Pending"]):
    """Named questions to the waiting events."""

    def of_kind(self, *kinds: str) -> PendingQuerySet:
        """Events of these kinds, newest first."""
        return self.filter(kind__in=kinds).order_by("-id")


class Pending(models.Model):
    """One event: what its entry in the ledger will say. `at` is to the second; `number` is what pages show."""

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    act = models.UUIDField(null=True)
    actor = models.CharField(max_length=40)
    subject = models.UUIDField(null=True, db_index=True)
    commitment = models.BinaryField(max_length=32)

    objects = PendingQuerySet.as_manager()

    class Meta:
        db_table = "ledger_pending"
        indexes: ClassVar = [models.Index(fields=["kind", "number"])]


class Payload(models.Model):
    """The payload of an event and the blinding of its commitment, sealed. Deleting the row is lawful; changing it is not."""

    event = models.OneToOneField(
        Pending, on_delete=models.PROTECT, to_field="id", primary_key=True, related_name="payload"
    )
    sealed = models.BinaryField()

    class Meta:
        db_table = "event_payload"
