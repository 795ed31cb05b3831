"""Verbs of what services hand over: registrations, uses, refusals and audiences; and a decision that is asked for here.

A record has an id and may come twice: the second time it changes nothing. A record that makes no sense is counted and
dropped, so that it does not stand in the way of the others for ever. Keys of a service never reach the ledger: where one
person carries the key, the event is about that person.

Clauses: 1.1, 2.1, 5.
Law: APPI Art. 21(1), APPI Art. 23.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chikai import canon, clock
from chikai.choices import reading
from chikai.choices.registry import Registry
from chikai.choices.standing import normal
from chikai.errors import BadInput
from chikai.gate import decide
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action, feed, used
from chikai.web.actions.people_sync import lock_links
from chikai.web.models.choices import Feed, Handed, ServiceKey, in_force, in_force_at
from chikai.web.models.people import Link, Person, key_table, own_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chikai.gate.meaning import Decision, Reason

_NAME: Final = re.compile(r"[\w./@ -]{0,100}")
_NOTICE: Final = re.compile(r"[A-Za-z0-9:._-]{1,80}")
_COUNTS: Final = {
    "gate.used": ("allowed", "left_out", "stale"),
    "gate.audience": ("asked", "people"),
    "gate.refused": (),
    "gate.registered": (),
}
_LONGEST_KEY: Final = 200
_log: Final = logging.getLogger("chikai.gate")
Facts = dict[str, str | int | bool | None]


def of_service(service: str) -> Actor:
    """The actor behind a service that showed its token."""
    return Actor(f"service:{service}", frozenset({"service"}))


@action("service")
def take_records(
    by: Actor, service: str, records: Sequence[Mapping[str, object]]
) -> tuple[Event, ...]:
    """Take what a service handed over, once each. New registrations get one number of the feed together."""
    now = clock.now()
    fresh = _not_yet_taken(service, records, now)
    registered, events = [], []
    for record in fresh:
        try:
            event, key = _read(service, record)
        except BadInput as fault:
            _log.error("a record of `%s` was dropped: %s", service, fault.what)
            continue
        events.append((event, key))
        if event.kind == "gate.registered":
            registered.append((key, record))
    if registered:
        _register(service, registered, now)
    used.count((event for event, _ in events), now)
    subjects = _whose(service, {key for _, key in events if key})
    return tuple(_about(event, subjects.get(key, set())) for event, key in events)


def _whose(service: str, keys: set[str]) -> dict[str, set[UUID]]:
    """Whose each key is: by the table that the service's keys name, so that no entry is about somebody else.

    It is the id under which the key was registered: of two who are taken for one, each keeps their own entries.
    """
    place = key_table(service)
    if place is None:
        return {}
    found = feed.links_of(service, keys, place)
    own = own_ids({link: person for held in found.values() for link, person in held.items()})
    return {key: {own[link] for link in held} for key, held in found.items()}


def _about(event: Event, persons: set[UUID]) -> Event:
    """The event, about the one person who carries the key."""
    if len(persons) != 1:
        return event
    return Event(event.kind, event.facts, subject=next(iter(persons)))


def _not_yet_taken(
    service: str, records: Sequence[Mapping[str, object]], now: datetime
) -> list[Mapping[str, object]]:
    by_id: dict[UUID, Mapping[str, object]] = {}
    for record in records:
        try:
            by_id.setdefault(UUID(str(record.get("id"))), record)
        except ValueError:
            _log.error("a record of `%s` without an id was dropped", service)
    known = {*Handed.objects.filter(id__in=[*by_id]).values_list("id", flat=True)}
    fresh = {id_: record for id_, record in by_id.items() if id_ not in known}
    Handed.objects.bulk_create(Handed(id=id_, service=service, at=now) for id_ in fresh)
    return [*fresh.values()]


def _read(service: str, record: Mapping[str, object]) -> tuple[Event, str]:
    """A record as its event, and the key that it names (empty: none)."""
    kind = reading.text(record.get("kind"), "a record's kind")
    if kind not in _COUNTS or record.get("service") != service:
        raise BadInput("a record of an unknown kind, or of another service", "update chikai")
    facts: Facts = {
        "service": service,
        "v": reading.number(record.get("v"), "a record's `v`"),
        "at": reading.moment(record.get("at"), "a record's `at`").isoformat(),
    }
    key = ""
    if kind in ("gate.refused", "gate.registered"):
        key = key_of(record.get("key"))
    if kind == "gate.registered":
        facts |= {"notice": _notice(record), "policy": _named(record, "policy")}
    else:
        facts |= {name: _named(record, name) for name in ("purpose", "recipient")}
    if kind == "gate.refused":
        facts["why"] = _reasons(record.get("why"))
    facts |= {name: reading.number(record.get(name), name) for name in _COUNTS[kind]}
    return Event(kind, facts), key


def key_of(value: object) -> str:
    """A service's key as we keep it; BadInput when it is none."""
    if not isinstance(value, int | str):
        raise BadInput("a record names nobody", "update chikai in the service")
    key = str(normal(value))
    if not key or len(key) > _LONGEST_KEY:
        raise BadInput("a key is empty or too long", "use the service's own key")
    return key


def _named(record: Mapping[str, object], name: str) -> str:
    text = reading.text(record.get(name, ""), f"a record's `{name}`")
    if not _NAME.fullmatch(text) and not text.startswith("sha256:"):
        raise BadInput(f"a record's `{name}` is no name", "update chikai in the service")
    return text


def _notice(record: Mapping[str, object]) -> str:
    """The notice's id or digest; anything longer by its digest, since it might be the words themselves."""
    text = reading.text(record.get("notice"), "a record's `notice`")
    return text if _NOTICE.fullmatch(text) else canon.digest_bytes(text.encode())


def _reasons(value: object) -> str:
    found = []
    for reason in reading.a_list(value, "a refusal's reasons"):
        unit, *refs = reading.texts(reason, "a reason")
        found.append(f"{unit}:{'/'.join(refs[:-1])}".rstrip(":"))
    text = " ".join(found)
    return text if len(text) <= 1000 else f"{text[:1000]} and more"


def _register(
    service: str, registered: Sequence[tuple[str, Mapping[str, object]]], now: datetime
) -> int:
    """Register keys that are new to the service; a key that was there stays bound by what was agreed then."""
    lock_links()
    feed.hold()
    found = in_force()
    registry = found[0] if found else Registry()
    keys = {key for key, _ in registered}
    _link(service, keys, now)
    rows = {row.key: row for row in ServiceKey.objects.filter(service=service, key__in=keys)}
    names = set()
    for key, record in registered:
        at = reading.moment(record.get("at"), "a record's `at`")
        row = rows.get(key)
        if row is not None and row.bits and (row.notice or row.since < at):
            continue
        fields = {
            "since": min(at, now) if row is None else row.since,
            "notice": _notice(record),
            "given": f"{_agreed(registry, service, str(record.get('policy'))):x}",
        }
        # 1: known and held, until what is known of the person says more.
        fields["bits"] = row.bits if row is not None and row.bits else "1"
        rows[key], _ = ServiceKey.objects.update_or_create(
            service=service, key=key, defaults=fields
        )
        names.add((service, key))
    return feed.refresh(names).publish("gate.registered", now)


def _link(service: str, keys: set[str], now: datetime) -> None:
    """Let a new key be a person's at once, so that they can stop what they like before the next sync.

    Only where it is known which identity table the service's keys name. The sync reads the address, and joins the
    person with an older one.
    """
    place = key_table(service)
    if place is None:
        return
    source, table = place
    links = Link.objects.filter(source=source, table=table, key__in=keys)
    for key in sorted(keys - {*links.values_list("key", flat=True)}):
        person = Person.objects.create(id=canon.new_id(now), since=now)
        Link.objects.create(person=person, source=source, table=table, key=key, since=now)


def _agreed(registry: Registry, service: str, policy: str) -> int:
    """The uses that came unexpectedly with an edition up to the one whose notice was shown."""
    # Art. 21(1), 17(2): who was told of the purpose at acquisition is bound by it from the start.
    if policy not in registry.editions:
        return 0
    shown = registry.editions.index(policy)
    return sum(
        1 << bit
        for bit in registry.at_registration(service)
        if registry.toggles[bit].refs[1] in registry.editions[: shown + 1]
    )


@action("service", "engineer")
def decide_here(
    by: Actor, service: str, purpose: str, key: str, *, recipient: str = "", answer: list[Decision]
) -> Event:
    """Decide a use for one person from our own rows, for a service that has no copy; `answer` receives the decision.

    It is as fresh as our database. The ledger keeps each one: a use, or a refusal with its reasons.
    """
    if not _NAME.fullmatch(purpose) or not _NAME.fullmatch(recipient):
        raise BadInput("a purpose or a recipient is no name", "name them as the policy does")
    v, decision = look(service, purpose, key, recipient)
    answer.append(decision)
    facts: Facts = {"service": service, "purpose": purpose, "recipient": recipient, "v": v}
    if decision.allowed:
        event = Event("gate.used", {**facts, "allowed": 1, "left_out": 0, "stale": 0})
        used.count([event], clock.now())
        return event
    why = " ".join(f"{r.unit}:{'/'.join(r.refs)}".rstrip(":") for r in decision.reasons)
    named = str(normal(key))
    persons = _whose(service, {named}).get(named, set())
    return _about(Event("gate.refused", {**facts, "why": why}), persons)


def look(service: str, purpose: str, key: str, recipient: str = "") -> tuple[int, Decision]:
    """The decision as our rows give it now, and the newest number of the feed. Nothing is kept of it."""
    v = Feed.objects.values_list("v", flat=True).first() or 0
    found = in_force_at(service)
    if found is None:
        raise BadInput("no edition of the policy is in force", "publish one first")
    row = ServiceKey.objects.known(service).filter(key=str(normal(key))).first()
    bits = 1 if row is None else int(row.bits, 16)
    return v, decide.decide(found[1], bits, service, purpose, None, recipient or None, v)


def said(reason: Reason) -> dict[str, object]:
    """A reason as machines read it."""
    return {"unit": reason.unit, "refs": list(reason.refs), "clause": reason.clause}
