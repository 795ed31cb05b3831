"""Inquiries at the desk and their answers. What was written, and the address, stand sealed under the inquiry's own key.

Clauses: 7.
Law: APPI Art. 40(1).
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Named questions to the inquiries."""

    def waiting(self) -> Self:
        """Inquiries without a first answer, the most urgent first."""
        return self.filter(answered_at=None).order_by("due_on", "number")


class Inquiry(models.Model):
    """One inquiry. `channel` is `form` or `service`; `sealed` holds text and address; `once` is taken once."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=2, default="ja")
    sealed = models.BinaryField()
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    once = models.CharField(max_length=64, null=True, unique=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        db_table = "inquiry"
        ordering: ClassVar = ["-number"]


class InquiryAnswer(models.Model):
    """One answer, sealed under the inquiry's key; `message_id` is fixed beforehand, so that a mail sent twice is one."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="answers")
    sealed = models.BinaryField()
    message_id = models.CharField(max_length=200, unique=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inquiry_answer"
        ordering: ClassVar = ["pk"]
