"""Verbs of the portal's door: links for a mailbox, hand-offs from a service, sessions, and asking what is held.

A link is 32 random bytes, and only its SHA-256 is kept. It opens once, within 24 hours, by a confirming press, in the
browser that asked for it. It proves the mailbox and nothing else: where several persons hold the mailbox, or no service
has ever proved that its reader is the person of the row, the session opens switches and requests, and no held value.

Clauses: 5, 6.
Law: APPI Art. 23, APPI Art. 37(2).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from django.conf import settings
from django.db import IntegrityError, transaction

from chikai import canon, clock
from chikai.errors import BadInput, Refused, WrongState
from chikai.ledger import sealing
from chikai.ledger.events import Event
from chikai.people.normalise import Keyed
from chikai.sdk import handoff
from chikai.web import held_file
from chikai.web.actions import PERSON, Actor, action, askers
from chikai.web.actions.people_sync import lock_links
from chikai.web.models import Edition, Job, Link, Person
from chikai.web.models.people import hold_persons, key_table, keys_of, links_by, own_id
from chikai.web.models.portal import HandoffNonce, HeldIndex, PortalLink, PortalSession

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

DOOR: Final = Actor("door")
LINK_LASTS: Final = timedelta(hours=24)
SESSION_LASTS: Final = timedelta(hours=2)
INDEX_LASTS: Final = timedelta(hours=12)
SIZE: Final = 32
OVER: Final = "this link was used already, is older than 24 hours, or was never made"
Standing = Literal["good", "elsewhere", "over"]
_log: Final = logging.getLogger("chikai.portal")


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that was just opened: the token for the cookie, which is nowhere else, and the row."""

    token: str
    session: PortalSession


def mailbox_of(address: str) -> bytes | None:
    """The keyed digest of an address; None when it is no address."""
    return Keyed(settings.HOME.key("identifiers")).mail(address)


def persons_of(mailbox: bytes) -> list[Person]:
    """The persons who may read a mailbox today, oldest first: one whom its service proved is alone among rows that none did."""
    return Person.objects.reading(mailbox)


def is_closed(mailbox: bytes, person: Person | None) -> bool:
    """Whether a mailbox opens no values of a person: several may read it, or nobody has found that this one does."""
    holders = persons_of(mailbox)
    return holders != [person] or person not in Person.objects.proved_by(mailbox)


def make_link(by: Actor, address: str, browser: str) -> str | None:
    """A link for a mailbox and the browser that asked, also where nobody holds it; None when it is no mailbox."""
    mailbox = mailbox_of(address)
    if mailbox is None:
        return None
    holders = persons_of(mailbox)
    secret = secrets.token_urlsafe(SIZE)
    sealed = sealing.seal(_sealing_key(secret), address.encode(), digest(secret))
    _keep_link(by, holders, mailbox, sealed, digest=digest(secret), browser=digest(browser))
    return secret


def _sealing_key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"chikai portal address", hashlib.sha256).digest()


def address_of(session: PortalSession, token: str) -> str:
    """The address that a session was proved by, opened with its cookie's token; empty for a hand-off."""
    if session.address is None:
        return ""
    sealed = bytes(session.address)
    return sealing.unseal(_sealing_key(token), sealed, session.digest).decode()


@action()
def _keep_link(
    by: Actor, holders: list[Person], mailbox: bytes, address: bytes, *, digest: str, browser: str
) -> Event:
    now = clock.now()
    PortalLink.objects.filter(expires_at__lt=now - LINK_LASTS).delete()
    PortalLink.objects.create(
        digest=digest,
        mailbox=mailbox,
        address=address,
        browser=browser,
        expires_at=now + LINK_LASTS,
    )
    return Event("portal.linked", {"persons": len(holders)}, subject=_id(_one(holders)))


def link_standing(secret: str, browser: str) -> Standing:
    """Whether a link may be pressed: it is good, it was asked for elsewhere, or it is over. It stays unused."""
    row = PortalLink.objects.filter(
        digest=digest(secret), used_at=None, expires_at__gt=clock.now()
    ).first()
    if row is None:
        return "over"
    return "good" if secrets.compare_digest(row.browser, digest(browser)) else "elsewhere"


def use_link(secret: str, browser: str) -> Entered:
    """Use a link up and open a session; Refused when it is over or was asked for in another browser."""
    token = secrets.token_urlsafe(SIZE)
    _use_link(DOOR, secret, digest(browser), token)
    return Entered(token, PortalSession.objects.get(digest=digest(token)))


@action()
def _use_link(by: Actor, secret: str, browser: str, token: str) -> Event:
    now, link = clock.now(), digest(secret)
    good = PortalLink.objects.filter(digest=link, browser=browser, used_at=None, expires_at__gt=now)
    row = PortalLink.objects.get(digest=link) if good.update(used_at=now) else None
    if row is None:
        evidence = Event("portal.refused", {"by": "link"})
        raise Refused(OVER, "ask for a new one", evidence=evidence)
    # Another link for the same mailbox is of no more use, and could only be abused.
    PortalLink.objects.filter(mailbox=row.mailbox, used_at=None).update(used_at=now)
    lock_links()
    holders = persons_of(bytes(row.mailbox))
    known = len(holders)
    if not holders:
        # Art. 33(3): who is told that there is nothing has to be able to ask.
        holders = [askers.new(bytes(row.mailbox), now, proved=True)]
    person = _one(holders)
    address = sealing.unseal(_sealing_key(secret), bytes(row.address), link)
    opened = _open(token, person, "mail", now, mailbox=bytes(row.mailbox), address=address)
    facts: dict[str, str | int | bool | None] = {"by": "mail", "persons": known}
    return Event("portal.signed_in", facts, subject=own_of(opened))


def enter(token: str) -> Entered:
    """Open a session for the person whom a service hands over; BadInput or Refused when it may not be."""
    try:
        handed = _handed(token)
    except BadInput:
        _refuse(DOOR)
        raise
    fresh = secrets.token_urlsafe(SIZE)
    _enter(DOOR, handed, fresh)
    return Entered(fresh, PortalSession.objects.get(digest=digest(fresh)))


def _handed(token: str) -> handoff.Handed:
    service = handoff.service_of(token)
    if service not in _services():  # also: no file is made by a name that somebody sent
        raise BadInput("no such service hands persons over", "sign in by mail")
    return handoff.read(token, handoff_key(service), clock.now())


def handoff_key(service: str) -> bytes:
    """The key that a service and this installation share, in `keys/handoff-SERVICE`; made when first asked for."""
    key: bytes = settings.HOME.key(f"handoff-{service}")
    return key


def _services() -> set[str]:
    return {config.service for config in settings.HOME.sources.values()}


@action()
def _refuse(by: Actor) -> Event:
    return Event("portal.refused", {"by": "handoff"})


@action()
def _enter(by: Actor, handed: handoff.Handed, token: str) -> Event:
    now = clock.now()
    HandoffNonce.objects.filter(expires_at__lt=now).delete()
    lasts = timedelta(seconds=handoff.SECONDS + handoff.SKEW)
    nonce = digest(f"{handed.service}|{handed.nonce}")
    evidence = Event("portal.refused", {"by": "handoff", "service": handed.service})
    try:
        with transaction.atomic():
            HandoffNonce.objects.create(digest=nonce, expires_at=now + 2 * lasts)
    except IntegrityError:
        raise Refused(
            "this hand-off was used already", "go back to the service", evidence=evidence
        ) from None
    try:
        links = links_at(handed.service, handed.key)
    except BadInput as fault:
        _log.error("a hand-off was refused: %s; %s", fault.what, fault.do)
        raise Refused(fault.what, fault.do, evidence=evidence) from None
    if len(links) != 1:
        raise Refused(
            "this registration is not known here yet",
            "try again in a few minutes, or sign in by mail",
            evidence=evidence,
        )
    opened = _open(token, links[0].person, "handoff", now, links=[links[0].pk])
    facts: dict[str, str | int | bool | None] = {"by": "handoff", "service": handed.service}
    return Event("portal.signed_in", facts, subject=own_of(opened))


def links_at(service: str, key: str) -> list[Link]:
    """The link of whom a service knows by this key of its own; BadInput where its keys may name several things.

    A key is looked up in one identity table only: key 900 of another source is somebody else.
    """
    place = key_table(service)
    if place is None:
        raise BadInput(
            f"`{service}` has no single table of persons, so a key of it names nobody for certain",
            'say which table its program means: `key_table = "TABLE"` in `[source.NAME]` of chikai.toml',
        )
    held = Link.objects.present().filter(source=place[0], table=place[1], key=key)
    return list(held.select_related("person"))


def _open(
    token: str,
    person: Person | None,
    proof: str,
    now: datetime,
    *,
    mailbox: bytes | None = None,
    address: bytes | None = None,
    links: list[int] | None = None,
) -> PortalSession:
    for old in PortalSession.objects.filter(ends_at__lt=now):
        held_file.drop(old.pk)
        old.delete()
    return PortalSession.objects.create(
        id=canon.new_id(now),
        digest=digest(token),
        person=person,
        mailbox=mailbox,
        address=address and sealing.seal(_sealing_key(token), address, digest(token)),
        proof=proof,
        links=links_by(person, mailbox) if person and mailbox is not None else links or [],
        shared=mailbox is not None and is_closed(mailbox, person),
        seal=held_file.public_half(token),
        began_at=now,
        ends_at=now + SESSION_LASTS,
    )


@action()
def choose(by: Actor, session: PortalSession, person: Person) -> Event:
    """Go on as one of the persons who hold the mailbox of a shared session."""
    if session.mailbox is None or person not in persons_of(bytes(session.mailbox)):
        raise Refused(
            "this mailbox does not belong to that registration",
            "choose one that the page shows",
            evidence=Event("portal.refused", {"by": "choice"}),
        )
    session.person, session.links = person, links_by(person, bytes(session.mailbox))
    session.save(update_fields=["person", "links"])
    return Event("portal.signed_in", {"by": "mail", "persons": 2}, subject=own_of(session))


def own_of(session: PortalSession) -> UUID | None:
    """As whom a session's person asks and presses: who its registrations were before they were found to be others too."""
    if session.person is None:
        return None
    return own_id(session.person, session.links) or session.person.pk


@action()
def sign_out(by: Actor, session: PortalSession) -> Event:
    """End a session; what was read for it goes with it."""
    held_file.drop(session.pk)
    PortalSession.objects.filter(pk=session.pk).delete()
    return Event("portal.signed_out", {}, subject=session.person_id)


def find_session(token: str) -> PortalSession | None:
    """The session of a cookie's token, while it is good. It is of whoever holds its registrations by now, and of nobody once two do."""
    found = PortalSession.objects.good(clock.now()).filter(digest=digest(token))
    row = found.select_related("person").first()
    if row is not None and row.person is not None:
        row.person = row.holder()
        if row.person is None:
            return None
    if row is not None and row.shared and row.mailbox is not None:
        # An officer may have found meanwhile that the holders are one person, or that the reader is the person.
        row.shared = is_closed(bytes(row.mailbox), row.person)
    return row


@action()
def ask_count(by: Actor, person: Person) -> Event:
    """Ask a worker to count what is held about a person; it counts, and reads no value."""
    return _ask("count", {"person": str(person.pk)}, person.pk)


@action()
def ask_read(by: Actor, session: PortalSession) -> Event:
    """Ask a worker to read what is held for the page of this session; Refused where the mailbox shows no values."""
    if session.person is None or session.shared:
        raise Refused(
            "this mailbox does not say for certain who reads it",
            "ask the desk: once an officer has confirmed who you are, the values are shown",
            evidence=Event("portal.refused", {"by": "mailbox"}),
        )
    held_file.drop(session.pk)
    return _ask("read", {"session": str(session.pk)}, session.person.pk)


def _ask(verb: str, about: dict[str, str], subject: UUID) -> Event:
    now = clock.now()
    job = Job.objects.create(
        id=canon.new_id(now), verb=verb, about=about, asked_by=PERSON.name, asked_at=now
    )
    return Event("work.asked", {"job": str(job.pk), "verb": verb}, subject=subject)


def needs_count(person: Person) -> bool:
    """Whether what is held about a person was not counted of late, and nobody is counting."""
    waiting = Job.objects.filter(
        verb="count", about={"person": str(person.pk)}, state__in=("todo", "running")
    )
    fresh = HeldIndex.objects.filter(person=person, as_of__gt=clock.now() - INDEX_LASTS)
    return not fresh.exists() and not waiting.exists() and Edition.objects.exists()


@action()
def keep_counts(
    by: Actor,
    person: Person,
    found: Mapping[str, Mapping[str, object]],
    keys: Mapping[str, object] | None = None,
) -> Event:
    """Keep the index of what is held about a person: by source its service, its standing and counts by data item.

    `keys` are those that were counted by: WrongState when the person has others by now.
    """
    now = clock.now()
    if keys is not None:
        _look_again(person, keys)
    HeldIndex.objects.filter(person=person).delete()
    HeldIndex.objects.bulk_create(
        HeldIndex(person=person, source=source, as_of=now, **row) for source, row in found.items()
    )
    return Event("portal.counted", {"sources": len(found)}, subject=person.pk)


@action()
def keep_read(
    by: Actor,
    session: PortalSession,
    person: Person,
    held: Mapping[str, Any],
    keys: Mapping[str, object],
) -> Event:
    """Seal what was read by these keys to the browser of a session; WrongState when they are not its person's any more."""
    _look_again(person, keys)
    if reader(session.pk) != (session, person):
        raise WrongState("this session is over", "sign in again")
    places = held["places"]
    away = sum(place["standing"] == "unreachable" for place in places)
    facts: dict[str, str | int | bool | None] = {"sources": len(places), "unreachable": away}
    held_file.write(session.pk, bytes(session.seal), held)
    return Event("portal.read", facts, subject=person.pk)


def reader(session: UUID | str) -> tuple[PortalSession, Person]:
    """A session that may be shown values, and whose; WrongState when it is over, closed, or of two by now."""
    row = PortalSession.objects.good(clock.now()).filter(pk=session).first()
    person = row.holder() if row is not None else None
    if row is None or person is None:
        raise WrongState("this session is over", "sign in again")
    if row.mailbox is not None and is_closed(bytes(row.mailbox), person):
        raise WrongState("this session is over", "sign in again")
    return row, person


def _look_again(person: Person, keys: Mapping[str, object]) -> None:
    """Wait for whoever parts this person from another; WrongState when they are known by other keys since these were read by."""
    hold_persons([person.pk])
    if keys_of(person) != keys:
        raise WrongState("who this person is was put right meanwhile", "ask once more")


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _one(holders: list[Person]) -> Person | None:
    """The one holder, if there is one."""
    return holders[0] if len(holders) == 1 else None


def _id(person: Person | None) -> UUID | None:
    return None if person is None else person.pk
