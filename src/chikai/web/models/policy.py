"""Published editions of the policy: the bytes that people were shown.

Clauses: 1.1, 8.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class EditionQuerySet(models.QuerySet["Edition"]):
    """Named questions to the editions."""

    def current(self) -> Edition | None:
        """The edition in force: the newest published one."""
        return self.order_by("-number").first()


class Edition(models.Model):
    """One published edition. `canonical` is the document's one byte form, `digest` its name; pages serve `ja` and `en`."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=71, unique=True)
    canonical = models.BinaryField()
    ja = models.TextField()
    en = models.TextField()
    accepted = models.JSONField(default=list)
    published_at = models.DateTimeField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        db_table = "policy_edition"
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return self.name
