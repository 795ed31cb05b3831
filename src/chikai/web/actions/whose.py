"""What an officer's finding says of the mailbox that a request was asked from.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from chikai.people.normalise import Keyed
from chikai.web.models import Link, Person

if TYPE_CHECKING:
    from uuid import UUID


def is_of_others(address: str, person: UUID) -> bool:
    """Whether others may read this mailbox, so that what is sent there is read by more than who asked."""
    mailbox = Keyed(settings.HOME.key("identifiers")).mail(address)
    if mailbox is None:
        return False
    others = [one.pk for one in Person.objects.reading(mailbox) if one.pk != person]
    return bool(others) and others != [Person.resolve(person).pk]


def believe_mailbox(person: UUID, address: str) -> None:
    """Who asked had proved this mailbox, and is the person: so the rows that carry the address are known to be theirs."""
    mailbox = Keyed(settings.HOME.key("identifiers")).mail(address)
    if mailbox is None:
        return
    links = Link.objects.present().filter(person=Person.resolve(person), verified="")
    theirs = list(links.filter(identifiers__digest=mailbox).values_list("pk", flat=True))
    Link.objects.filter(pk__in=theirs).update(verified="officer")
