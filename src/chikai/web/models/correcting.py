"""What is to be changed in a place for a request, as somebody at the desk wrote it; sealed, and kept until it is answered.

Clauses: 6.
Law: APPI Art. 34(3).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from chikai.web.models.rights import Step


class Proposal(models.Model):
    """The changes of one place. `sealed` opens with the request's key, `told` (what the person reads) with the person's.

    `number` is how many fields change; `digest` names the changes in the ledger.
    """

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="proposal")
    sealed = models.BinaryField()
    told = models.BinaryField()
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=71)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "request_proposal"
        ordering: ClassVar = ["pk"]
