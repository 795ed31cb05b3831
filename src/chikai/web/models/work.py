"""Work that takes longer than a page: a row that any worker may take, with its progress and its end.

Arguments hold names of sources and ids, never personal values and never secrets.
"""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One piece of work. `fence` grows with each taking, so a worker that was overtaken writes nothing more."""

    id = models.UUIDField(primary_key=True)
    verb = models.CharField(max_length=40)
    about = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="todo", db_index=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "job"
