"""Contracts with recipients, and the record of each provision of a person's data.

Clauses: 4.1, 4.2.
Law: APPI Art. 25, APPI Art. 29(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, cast

from django.db import models
from django.db.models import Q

from chikai.provision.contract import Contract, Route
from chikai.web.models.people import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID


class RegisteredContractQuerySet(models.QuerySet["RegisteredContract"]):
    """Named questions to the contracts."""

    def standing(self, on: date) -> Self:
        """Contracts in force on a day."""
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)

    def held(self) -> tuple[Contract, ...]:
        """Every contract as the rules know it."""
        return tuple(row.as_rule() for row in self.order_by("number"))


class RegisteredContract(models.Model):
    """One contract. `recipient` is an id of the policy; `paper` says where the signed paper lies."""

    number = models.PositiveIntegerField(unique=True)
    recipient = models.CharField(max_length=100, db_index=True)
    since = models.DateField()
    until = models.DateField(null=True)
    secrecy = models.BooleanField(default=False)
    country = models.CharField(max_length=2, default="JP")
    route = models.CharField(max_length=20, default="")
    checked_on = models.DateField(null=True)
    paper = models.CharField(max_length=200, default="")
    registered_at = models.DateTimeField()

    objects = RegisteredContractQuerySet.as_manager()

    class Meta:
        db_table = "provision_contract"

    def as_rule(self) -> Contract:
        """The contract as the rules know it."""
        return Contract(
            self.recipient,
            self.since,
            self.until,
            self.secrecy,
            self.country,
            cast("Route", self.route),
            self.checked_on,
            self.number,
        )


class ProvisionRecordQuerySet(models.QuerySet["ProvisionRecord"]):
    """Named questions to the records."""

    def of(self, persons: Sequence[UUID]) -> Self:
        """The records about a person, under each id that they had; newest first."""
        return self.filter(person__in=persons).order_by("-at", "-pk")


class ProvisionRecord(models.Model):
    """One provision of one person's data: to whom, what, why, on which basis, when. `items` are ids of data items.

    `name` and `address` are the recipient's as they were; `is_owed` says whether the law asks for the record. `person` is the id under which the
    keys were registered: of two who are taken for one, each has their own record.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=100)
    recipient = models.CharField(max_length=100)
    name = models.JSONField(default=dict)
    purpose = models.CharField(max_length=100)
    why = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    basis = models.CharField(max_length=12)
    is_owed = models.BooleanField(default=False)
    contract = models.ForeignKey(
        RegisteredContract, on_delete=models.PROTECT, null=True, related_name="+"
    )
    edition = models.CharField(max_length=71)
    act = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    kept_until = models.DateField()

    objects = ProvisionRecordQuerySet.as_manager()

    class Meta:
        db_table = "provision_record"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "person"], name="one_record_a_provision")
        ]
