"""Persons whom no service knows, and who ask: that we hold nothing about them is an answer, and they are owed it.

Such a person has one link, which stands in no source. The address that they gave stands with it as a digest, so that they
find their request again; once a service proves the same address for a row, a sync finds the two to be one person.

Clauses: 6.
Law: APPI Art. 33(3), APPI Art. 37(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from chikai import canon
from chikai.people.normalise import Keyed
from chikai.web.models import Identifier, Link, Person
from chikai.web.models.people import keys_of

if TYPE_CHECKING:
    from datetime import datetime

TABLE: Final = "asker"


def new(mailbox: bytes | None, now: datetime, *, proved: bool = False) -> Person:
    """A person whom nothing knows; `proved` says that they have shown that they read the mailbox."""
    person = Person.objects.create(id=canon.new_id(now), since=now)
    link = Link.objects.create(
        person=person,
        source=Link.NOWHERE,
        table=TABLE,
        key=str(person.pk),
        verified="mail" if proved else "",
        since=now,
    )
    if mailbox is not None:
        Identifier.objects.create(link=link, kind="added", digest=mailbox, verified=proved)
    return person


def at_desk(address: str, now: datetime) -> Person:
    """Somebody whom nobody knows, and who telephoned, wrote or came by; the address is as they said it."""
    return new(Keyed(settings.HOME.key("identifiers")).mail(address) if address else None, now)


def is_unknown(person: Person) -> bool:
    """Whether no service knows a person."""
    return not {*keys_of(Person.resolve(person.pk))} - {Link.NOWHERE}
