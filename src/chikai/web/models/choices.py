"""What people chose: toggles in force, each person's choices, the keys of each service, and the feed of changes.

A person's choices stand once, centrally. A service knows its own keys: `ServiceKey.bits` holds what its copies were told
of a key, and each change of it is a `Delta` under one number of the feed. Numbers have no hole and follow the
order of commits: whoever takes one holds the row of the counter until the transaction ends.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from chikai.choices.registry import Registry
from chikai.gate.compile import Table, quarantined
from chikai.web.models.people import Person
from chikai.web.models.policy import Edition
from chikai.web.models.restored import SourceEpoch

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from chikai.policy.document import Document


class ToggleSetQuerySet(models.QuerySet["ToggleSet"]):
    """Named questions to the toggles of the editions."""

    def current(self) -> ToggleSet | None:
        """What is in force; None before the first edition."""
        return self.order_by("-number").first()


class ToggleSet(models.Model):
    """The registry of toggles as one edition left it, and the table that was compiled from both; never changed."""

    number = models.PositiveIntegerField(unique=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    registry = models.JSONField()
    table = models.JSONField()
    digest = models.CharField(max_length=71)
    at = models.DateTimeField()

    objects = ToggleSetQuerySet.as_manager()

    class Meta:
        db_table = "choices_toggles"


class ChoiceQuerySet(models.QuerySet["Choice"]):
    """Named questions to the choices."""

    def since(self, person: UUID) -> dict[int, datetime]:
        """Each toggle that a person has set, and since when."""
        return dict(self.filter(person=person).values_list("bit", "since"))

    def bits(self, persons: Collection[UUID]) -> dict[UUID, int]:
        """What each of these persons has set, as an integer; who set nothing is left out."""
        found: dict[UUID, int] = {}
        for start in range(0, len(listed := [*persons]), 500):
            rows = self.filter(person__in=listed[start : start + 500])
            for person, bit in rows.values_list("person_id", "bit"):
                found[person] = found.get(person, 0) | 1 << bit
        return found

    def who_set(self, persons: Collection[UUID], bit: int) -> dict[UUID, int]:
        """Of these persons, those who have a toggle set, each with the newest number of the feed."""
        newest = models.Subquery(Feed.objects.values("v")[:1])
        found: dict[UUID, int] = {}
        for start in range(0, len(listed := [*persons]), 500):
            rows = self.filter(person__in=listed[start : start + 500], bit=bit)
            found |= dict(rows.annotate(newest=newest).values_list("person_id", "newest"))
        return found


class Choice(models.Model):
    """One toggle that a person has set: a stop, or an agreement. Its absence is the other answer, or none."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    bit = models.PositiveIntegerField()
    since = models.DateTimeField()

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        db_table = "choices_choice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "bit"], name="one_choice_a_toggle")
        ]


class OwnChoices(models.Model):
    """What one of several who were found to be one person chose by themselves, as an integer in hex.

    It is there while they are one, for the day on which they are parted: then each gets their own back. A press of which
    nobody knows whose it was stands in the `bits` of each, and of nobody in `mine` but who the rest are found to be.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    bits = models.TextField(default="0")
    mine = models.TextField(default="")  # empty where it was not kept

    class Meta:
        db_table = "choices_own"


class ServiceKeyQuerySet(models.QuerySet["ServiceKey"]):
    """Named questions to the keys."""

    def known(self, service: str) -> Self:
        """The keys of a service of which its copies know anything."""
        return self.filter(service=service).exclude(bits="")


class ServiceKey(models.Model):
    """A key that a service knows a person by. `bits` is what its copies were told, in hex; empty: nothing.

    `given` are the agreements that came with registration, in hex; `notice` is the notice that was shown then, empty
    where the key was only read from the service's database. Whose it is, the links say.
    """

    service = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    since = models.DateTimeField()
    notice = models.CharField(max_length=100, default="")
    given = models.TextField(default="0")
    bits = models.TextField(default="")

    objects = ServiceKeyQuerySet.as_manager()

    class Meta:
        db_table = "choices_key"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "key"], name="one_key_a_service")
        ]


class Feed(models.Model):
    """How far the feed counts: one row, held by whoever takes the next number."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    v = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "choices_feed"


class FeedEntry(models.Model):
    """One number of the feed: which kind of event took it, and when. With `whole` the copies start from a new snapshot."""

    v = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=60)
    whole = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "choices_feed_entry"


class Delta(models.Model):
    """What one number of the feed changes of one key of one service."""

    v = models.PositiveBigIntegerField()
    service = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    sets = models.JSONField(default=list)
    clears = models.JSONField(default=list)
    forget = models.BooleanField(default=False)

    class Meta:
        db_table = "choices_delta"
        indexes: ClassVar = [models.Index(fields=["service", "v"], name="delta_service")]


class Copy(models.Model):
    """A running copy of a service's choices: the number up to which it said it knows everything, and when it asked last."""

    service = models.CharField(max_length=100)
    name = models.CharField(max_length=64)
    v = models.PositiveBigIntegerField(default=0)
    heard_at = models.DateTimeField()

    class Meta:
        db_table = "choices_copy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "name"], name="one_copy_a_name")
        ]


class Handed(models.Model):
    """The id of a record that a service handed over: the same record again changes nothing."""

    id = models.UUIDField(primary_key=True)
    service = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        db_table = "choices_handed"


@lru_cache(maxsize=8)
def _opened(number: int, digest: str) -> tuple[Registry, Table]:
    row = ToggleSet.objects.get(number=number, digest=digest)
    return Registry.from_json(row.registry), Table.from_json(row.table)


def in_force() -> tuple[Registry, Table] | None:
    """The registry and the table in force; None before the first edition."""
    named = ToggleSet.objects.order_by("-number").values_list("number", "digest").first()
    return None if named is None else _opened(*named)


def with_policy() -> tuple[Registry, Document] | None:
    """The registry in force and the policy that it belongs to, in one statement; None before the first edition."""
    newest = ToggleSet.objects.order_by("-number")
    named = newest.values_list("number", "digest", "edition__digest").first()
    document = None if named is None else Edition.objects.document(named[2])
    if named is None or document is None:
        return None
    return _opened(*named[:2])[0], document


def in_force_at(service: str) -> tuple[Registry, Table] | None:
    """The registry and the table in force, as they are for one service: closed while a source of it is in quarantine."""
    found = in_force()
    if found is None or not SourceEpoch.objects.quarantined().filter(service=service).exists():
        return found
    registry, table = found
    return registry, quarantined(table, len(registry.toggles))


def feed_number() -> int:
    """The newest number of the feed."""
    return Feed.objects.values_list("v", flat=True).first() or 0
