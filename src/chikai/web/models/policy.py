"""Published editions of the policy: the bytes that people were shown.

Clauses: 1.1, 8.
"""

from __future__ import annotations

from typing import ClassVar, Self

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


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Named questions to the announcements."""

    def newest(self) -> Self:
        """All of them, newest first."""
        return self.select_related("edition").order_by("-number")


class Announcement(models.Model):
    """An edition was announced: what it changes against the one before, and what it asks.

    `changes` are plain forms of `policy.change.Change`; `questions` name what is asked and of which services.
    """

    number = models.PositiveIntegerField(unique=True)
    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="announcement")
    before = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        db_table = "policy_announcement"


class NoticeMail(models.Model):
    """One person was written to about an announcement. `person` is an id; the address stands nowhere here."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="mails")
    person = models.UUIDField()
    message_id = models.CharField(max_length=200)
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "policy_notice_mail"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "person"], name="one_mail_a_notice")
        ]


class NoticeAnswer(models.Model):
    """How a person answered a question of an announcement; the newest counts. `words` is the digest of what was shown."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="answers")
    person = models.UUIDField(db_index=True)
    question = models.CharField(max_length=100)
    agrees = models.BooleanField()
    words = models.CharField(max_length=71)
    at = models.DateTimeField()

    class Meta:
        db_table = "policy_notice_answer"
        ordering: ClassVar = ["-pk"]
