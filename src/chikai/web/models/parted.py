"""What was done while two were taken for one: who took a request back, and what each is told once they are parted.

No name, no address and no value of anybody stands here: numbers, kinds, days, and the services of the one who is told.

Clauses: 5, 6.
Law: APPI Art. 35(7), APPI Art. 37(2).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from chikai.web.models.people import Person
from chikai.web.models.rights import Request


class TakenBack(models.Model):
    """How a request was taken back: `by` is `person`, `agent` or who wrote it down at the desk.

    `through` are the links that the person came through, None where nobody kept them. `way` is how the desk heard of it,
    and `evidence` how they knew that it was the person.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="taken_back")
    by = models.CharField(max_length=40)
    through = models.JSONField(null=True)
    way = models.CharField(max_length=10, default="portal")
    evidence = models.CharField(max_length=10, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "request_taken_back"


class PartedNotice(models.Model):
    """What one of two who were parted is told on their pages, once: `told` by what it is, for the time `since` to `until`.

    `withdrawn` lists requests of theirs, `carried` what was carried out for the other at services where they are known,
    `stopped` the units that still stand for them.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    told = models.JSONField(default=dict)

    class Meta:
        db_table = "person_parted_notice"
        ordering: ClassVar = ["-until"]
