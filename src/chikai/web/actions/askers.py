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
from chikai.errors import BadInput, WrongState
from chikai.people.normalise import Keyed
from chikai.web.models import Candidate, Identifier, Link, Person
from chikai.web.models.people import MOST_PERHAPS, keys_of

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


def at_desk(address: str, now: datetime, *, perhaps: str = "") -> Person:
    """Somebody whom nobody knows, and who telephoned, wrote or came by; the address is as they said it.

    `perhaps` is what they said of themselves, and what only rows carry that nobody proved: whether one of these is theirs
    an officer decides, and no sync takes the doubt away.
    """
    made = new(Keyed(settings.HOME.key("identifiers")).mail(address) if address else None, now)
    found = Link.objects.perhaps(perhaps) if perhaps else []
    if perhaps and not found:
        raise WrongState("what is known of that has changed meanwhile", "enter it anew")
    if len(found) > MOST_PERHAPS:
        raise BadInput(
            f"more than {MOST_PERHAPS} registrations carry that, and nobody has verified it",
            "name the person by source, table and key",
        )
    own = made.links.get() if found else None
    Candidate.objects.bulk_create(
        Candidate(reason="said", a=link, b=own, digest=digest, held=True, at=now)
        for link, digest in found
    )
    return made


def is_unknown(person: Person) -> bool:
    """Whether no service knows a person."""
    return not {*keys_of(Person.resolve(person.pk))} - {Link.NOWHERE}
