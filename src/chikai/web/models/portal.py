"""How persons sign in to the portal, and the index of how much is held about them. No name and no value.

A link and a session stand as digests of what only the mail and the browser hold; `address`, to which answers go, is sealed
with what they hold. The index counts; it never quotes.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from chikai.web.models.people import Person

if TYPE_CHECKING:
    from datetime import datetime

CLOCKS_APART: Final = timedelta(minutes=1)  # of two machines that write rows


class PortalLink(models.Model):
    """A one-time link for a mailbox. `browser` is the digest of a cookie of the browser that asked: it opens there only."""

    digest = models.CharField(max_length=64, unique=True)
    mailbox = models.BinaryField(max_length=32)
    address = models.BinaryField()
    browser = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_link"


class PortalSessionQuerySet(models.QuerySet["PortalSession"]):
    """Named questions to the sessions."""

    def good(self, now: datetime) -> Self:
        """Sessions that are not over."""
        return self.filter(ends_at__gt=now)


class PortalSession(models.Model):
    """One signed-in browser of a person; the cookie's token is nowhere, `digest` finds it again.

    `person` is empty while several persons hold the mailbox and none was chosen. `shared` says that several do,
    or that nobody has proved that the mailbox's reader is the person: such a session opens switches and requests, and no
    held value. `links` are the registrations that the proof names: what is asked is asked through them. `seal` is the public half of a key whose other half comes
    from the cookie: what a worker seals to it opens in this browser only.
    """

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    mailbox = models.BinaryField(max_length=32, null=True)
    address = models.BinaryField(null=True)
    proof = models.CharField(max_length=10)
    links = models.JSONField(default=list)
    shared = models.BooleanField(default=False)
    seal = models.BinaryField(max_length=32)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = PortalSessionQuerySet.as_manager()

    class Meta:
        db_table = "portal_session"

    def holder(self) -> Person | None:
        """Whose it is by now: merged or parted persons took its registrations along. Nobody's once two hold them."""
        if self.links:
            # A key that the service gave to somebody else meanwhile is not this session's any more.
            mine = Q(links__in=self.links, links__since__lte=self.began_at + CLOCKS_APART)
            held = Person.objects.filter(mine).distinct()[:2]
            return held[0] if len(held) == 1 else None
        return self.person and Person.objects.resolve(self.person.pk)

    @cached_property
    def is_of_several(self) -> bool:
        """Whether several persons may read the mailbox; asked by the pages that say why nothing is shown."""
        return self.mailbox is not None and len(Person.objects.reading(bytes(self.mailbox))) > 1

    @property
    def is_read_by_others(self) -> bool:
        """Whether others may sit before this session: of a request it shows how it stands, and nothing that it says."""
        return self.shared and self.is_of_several


class HandoffNonce(models.Model):
    """A nonce of a hand-off that was taken: it is not taken twice."""

    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "portal_handoff"


class HeldIndex(models.Model):
    """How many rows of each data item a source holds about a person, as of when. Counts only.

    `standing` is `counted`, `nothing`, `manual`, `no_map` or `unreachable`; `counts` goes by the policy's data items.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=100)
    service = models.CharField(max_length=100)
    standing = models.CharField(max_length=12)
    counts = models.JSONField(default=dict)
    as_of = models.DateTimeField()

    class Meta:
        db_table = "portal_held"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "source"], name="one_count_a_source")
        ]
