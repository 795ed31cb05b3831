"""A place that people look through: what was found there, the proof of it, and who still has to look again.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from chikai.web.models.rights import Step


class ByHand(models.Model):
    """One look at one place. `note` and `proof` are sealed with the person's key; `rows` counts what was found.

    Where a second look is wanted the step stays open until another person has confirmed this one.
    """

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="by_hand")
    rows = models.PositiveIntegerField(default=0)
    note = models.BinaryField(null=True)
    proof = models.BinaryField(null=True)
    media = models.CharField(max_length=20, default="")
    digest = models.CharField(max_length=71, default="")
    searched_at = models.DateTimeField()
    searched_by = models.CharField(max_length=40)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=40, default="")

    class Meta:
        db_table = "request_by_hand"
        ordering: ClassVar = ["pk"]
