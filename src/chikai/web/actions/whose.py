"""What an officer's finding says of the mailbox that a request was asked from.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from chikai.people.normalise import Keyed
from chikai.web.actions import acting
from chikai.web.models import Link, Person

if TYPE_CHECKING:
    from uuid import UUID

    from chikai.web.models import Request


def is_of_others(address: str, request: Request) -> bool:
    """Whether others than who asked may read this mailbox, so that what is sent there is read by more than them."""
    mailbox = Keyed(settings.HOME.key("identifiers")).mail(address)
    if mailbox is None:
        return False
    asked = acting.asked_of(request)
    reading = [one.pk for one in Person.objects.reading(mailbox)]
    if asked is not None and asked.agency:
        # The mailbox is that of who acts for the person; at the desk nobody knows which of its readers that is.
        agent = Person.resolve(asked.by_id).pk if asked.by_id else None
        return bool(set(reading) - {agent}) if agent else len(reading) > 1
    others = [pk for pk in reading if pk != request.person_id]
    return bool(others) and others != [Person.resolve(request.person_id).pk]


def believe_mailbox(person: UUID, address: str) -> None:
    """Who asked had proved this mailbox, and is the person: so the rows that carry the address are known to be theirs."""
    mailbox = Keyed(settings.HOME.key("identifiers")).mail(address)
    if mailbox is None:
        return
    links = Link.objects.present().filter(person=Person.resolve(person), verified="")
    theirs = list(links.filter(identifiers__digest=mailbox).values_list("pk", flat=True))
    Link.objects.filter(pk__in=theirs).update(verified="officer")
