"""Published editions of the policy: the bytes that people were shown.

Clauses: 1.1, 8.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, Self
from uuid import UUID

from django.db import models

from chikai.policy import stored
from chikai.policy.change import Decision
from chikai.policy.document import Document

if TYPE_CHECKING:
    from collections.abc import Collection

    from chikai.policy.change import Answer


class EditionQuerySet(models.QuerySet["Edition"]):
    """Named questions to the editions."""

    def current(self) -> Edition | None:
        """The edition in force: the newest published one."""
        return self.order_by("-number").first()

    def document(self, digest: str = "") -> Document | None:
        """The document of an edition, or of the one in force; parsed once in each process. None when there is none."""
        if (known := _documents.get(digest)) is not None:
            return known
        rows = self.filter(digest=digest) if digest else self.order_by("-number")
        found = digest or rows.values_list("digest", flat=True).first()
        if found is not None and (known := _documents.get(found)) is not None:
            return known
        canonical = self.filter(digest=found).values_list("canonical", flat=True).first()
        if found is None or canonical is None:
            return None
        document = stored.document(bytes(canonical))
        while len(_documents) >= MOST_PARSED:
            _documents.pop(next(iter(_documents)))
        return _documents.setdefault(found, document)


MOST_PARSED: Final = 8  # editions that requests in flight may stand on
_documents: dict[str, Document] = {}  # an edition never changes, and parsing one takes 20 ms


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


class PreparationQuerySet(models.QuerySet["Preparation"]):
    """Named questions to what was prepared."""

    def waiting(self) -> Preparation | None:
        """The edition that waits for its publication; there is one at the most."""
        return self.filter(edition=None, set_aside_at=None).order_by("-pk").first()

    def answers(self, editions: Collection[Edition]) -> dict[str, Answer]:
        """What an officer decided before publication about each change that needed a decision."""
        rows = self.filter(edition__in=[e.pk for e in editions]).order_by("edition__number")
        return {d.about: d.answer for row in rows for d in row.made_decisions()}


class Preparation(models.Model):
    """A document that one officer put forward and another publishes, with the decisions on its changes.

    `follows` is the digest of the edition that it was compared with, empty for the first one.
    """

    digest = models.CharField(max_length=71)
    follows = models.CharField(max_length=71, blank=True)
    canonical = models.BinaryField()
    accepted = models.JSONField(default=list)
    decisions = models.JSONField(default=list)
    prepared_by = models.CharField(max_length=40)
    prepared_at = models.DateTimeField()
    set_aside_by = models.CharField(max_length=40, blank=True)
    set_aside_at = models.DateTimeField(null=True)
    edition = models.OneToOneField(
        Edition, null=True, on_delete=models.PROTECT, related_name="preparation"
    )

    objects = PreparationQuerySet.as_manager()

    class Meta:
        db_table = "policy_preparation"

    @property
    def is_waiting(self) -> bool:
        """Whether it was neither published nor set aside."""
        return self.edition_id is None and self.set_aside_at is None

    def made_decisions(self) -> tuple[Decision, ...]:
        """The decisions as the rules take them."""
        return tuple(Decision(d["about"], d["answer"], d["reason"]) for d in self.decisions)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Named questions to the announcements."""

    def newest(self) -> Self:
        """All of them, newest first."""
        return self.select_related("edition").order_by("-number")

    def waiting_for(self, person: UUID, since: datetime) -> frozenset[str]:
        """The purposes that a person of before was asked about and has not agreed to: they stand still until then."""
        waiting: set[str] = set()
        for row in self.filter(at__gt=since).prefetch_related("answers"):
            said = {a.question: a.agrees for a in row.answers.all() if a.person == person}
            waiting |= {q["purpose"] for q in row.questions if not said.get(q["purpose"])}
        return frozenset(waiting)


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


class PreparedNoticeQuerySet(models.QuerySet["PreparedNotice"]):
    """Named questions to the notices that were prepared."""

    def waiting(self) -> PreparedNotice | None:
        """The notice that waits for a second officer; one about an edition that was followed or announced waits no more."""
        rows = self.filter(edition=Edition.objects.current(), edition__announcement=None)
        return rows.filter(announcement=None, set_aside_at=None).order_by("-pk").first()


class PreparedNotice(models.Model):
    """An announcement that one officer put forward and another lets go, with what was decided about open changes.

    `counting` is the job that counts the mails before any is sent.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    decisions = models.JSONField(default=list)
    mail = models.BooleanField(default=True)
    counting = models.UUIDField(null=True)
    prepared_by = models.CharField(max_length=40)
    prepared_at = models.DateTimeField()
    set_aside_by = models.CharField(max_length=40, blank=True)
    set_aside_at = models.DateTimeField(null=True)
    announcement = models.OneToOneField(
        Announcement, null=True, on_delete=models.PROTECT, related_name="prepared"
    )

    objects = PreparedNoticeQuerySet.as_manager()

    class Meta:
        db_table = "policy_prepared_notice"

    def made_decisions(self) -> tuple[Decision, ...]:
        """The decisions as the rules take them."""
        return tuple(Decision(d["about"], d["answer"], d["reason"]) for d in self.decisions)


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
