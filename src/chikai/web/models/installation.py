"""What this installation is: the mark that makes it an example, and whether one officer works alone."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Installation(models.Model):
    """The one row about the installation itself.

    `example` stands in the database, not in a variable: only it opens the page of sent mails and the printed sign-ins.
    """

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    example = models.BooleanField(default=False)
    single_officer = models.BooleanField(default=False)
    started_at = models.DateTimeField()

    class Meta:
        db_table = "installation"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(only=1), name="one_installation")
        ]


def works_alone() -> bool:
    """Whether one officer works alone: so chosen when the installation was begun, or since then in `chikai.toml`."""
    return settings.HOME.single_officer or Installation.objects.filter(single_officer=True).exists()
