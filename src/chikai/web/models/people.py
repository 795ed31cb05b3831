"""Persons, and the links that say who they are in each service. No name and no address is kept here.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Person(models.Model):
    """A person, as an opaque id. `merged_into` points on when two persons were found to be one."""

    id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "person"


class Link(models.Model):
    """A person in one service: the local key there (as text), how it was verified, since when.

    `verified` is `mail` (the service proved the mailbox), `officer`, `sign_in` or empty.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    source = models.CharField(max_length=100)
    table = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    verified = models.CharField(max_length=10, default="")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "person_link"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "table", "key"], name="one_link_a_key")
        ]


class Identifier(models.Model):
    """A keyed digest (HMAC) of an identifier of a link; the identifier itself stays in the service."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    verified = models.BooleanField(default=False)

    class Meta:
        db_table = "person_identifier"
        indexes: ClassVar = [models.Index(fields=["digest"], name="identifier_digest")]


class Candidate(models.Model):
    """Two links that may be one person, or an address that several persons share; an officer decides."""

    reason = models.CharField(max_length=20)
    a = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="+", null=True)
    digest = models.BinaryField(max_length=32)
    decided = models.CharField(max_length=10, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "person_candidate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reason", "a", "b", "digest"], name="one_candidate")
        ]


class Merge(models.Model):
    """Two persons found to be one, on what ground, so that it can be undone."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20)
    links = models.JSONField(default=list)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "person_merge"
