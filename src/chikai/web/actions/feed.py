"""The feed's numbers, and what each tells the services: called by verbs, in their transaction.

A person's choices stand once; a service hears of them in its own keys. `refresh` works out what the copies of each
service should know of a key, compares it with what they were told, and writes the difference under one number.
A key that several persons carry is bound by the stops of each, and by no agreement that one of them did not give.

Order of locks: the links (where they change), then the counter, then anything else.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, FilteredRelation, Max, OuterRef, Q

from chikai.choices.reading import bits_in
from chikai.choices.registry import Registry
from chikai.web.models.choices import (
    Choice,
    Copy,
    Delta,
    Feed,
    FeedEntry,
    OwnChoices,
    ServiceKey,
    in_force,
)
from chikai.web.models.people import Link, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

T = TypeVar("T")
Name = tuple[str, str]  # a service and a key of it
WHOLE: Final = 5000  # past so many changed keys under one number, copies start from a new snapshot
HEARD_SECONDS: Final = 5.0
TOLD_DAYS: Final = timedelta(days=7)  # a copy that was away for longer takes a snapshot
_AT_ONCE: Final = 400
_FORGOTTEN: Final = ""


_held: ContextVar[list[int] | None] = ContextVar("the number held", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """While a verb's transaction is open, a number that it holds is not read again: nobody else can take the next one."""
    outer = _held.get()
    token = _held.set([] if outer is None else outer)
    try:
        yield
    except BaseException:
        if outer is not None:  # what the inner verb took was rolled back
            outer.clear()
        raise
    finally:
        _held.reset(token)


def hold() -> int:
    """Let nobody else take a number until this transaction ends; the newest number."""
    if known := _held.get():
        return known[0]
    rows = Feed.objects.select_for_update().filter(id=1)
    row = rows.first()
    if row is None:
        Feed.objects.get_or_create(id=1)
        row = rows.get()
    return _keep(row.v)


def _keep(v: int) -> int:
    if (known := _held.get()) is not None:
        known[:] = [v]
    return v


def number(kind: str, now: datetime, *, whole: bool = False) -> int:
    """Take the next number of the feed for an event of this kind."""
    v = hold() + 1
    Feed.objects.filter(id=1).update(v=v)
    FeedEntry.objects.create(v=v, kind=kind, whole=whole, at=now)
    return _keep(v)


def service_of(source: str) -> str:
    """The service whose data a source holds."""
    config = settings.HOME.sources.get(source)
    return source if config is None else str(config.service)


def sources_of(service: str) -> list[str]:
    """The sources that hold a service's data; a source that is not configured any more is named as its service."""
    named = {n for n, config in settings.HOME.sources.items() if config.service == service}
    return sorted(named | ({service} - {*settings.HOME.sources}))


def names_of(persons: Collection[UUID]) -> set[Name]:
    """The keys of these persons in every service; gone ones are left out."""
    links = Link.objects.present().exclude(source=Link.NOWHERE)
    return {
        (service_of(source), key)
        for some in _chunks(persons)
        for source, key in links.filter(person__in=some).values_list("source", "key")
    }


@dataclass
class Named:
    """The keys of each of some persons, and who of them are several: `merged` were found to be another, whose their keys are.

    Of those in `kept` it is kept what each of those who are they chose by themselves.
    """

    keys: dict[UUID, set[Name]] = field(default_factory=dict)
    merged: set[UUID] = field(default_factory=set)
    kept: set[UUID] = field(default_factory=set)


def names_of_each(persons: Collection[UUID]) -> Named:
    """The keys of each of these persons, gone ones left out, and what else is to be known where one is several."""
    found = Named()
    kept = Exists(OwnChoices.objects.filter(person=OuterRef("pk")))
    for some in _chunks(persons):
        present = Q(links__gone_at=None) & ~Q(links__source=Link.NOWHERE)
        there = FilteredRelation("links", condition=present)  # of one statement only
        rows = Person.objects.filter(pk__in=some).annotate(there=there, kept=kept)
        for id_, into, own, source, key in rows.values_list(
            "pk", "merged_into", "kept", "there__source", "there__key"
        ):
            names = found.keys.setdefault(id_, set())
            if into is not None:
                found.merged.add(id_)
            if own:
                found.kept.add(id_)
            if source is not None:
                names.add((service_of(source), key))
    return found


def persons_of(service: str, keys: Collection[str]) -> dict[str, set[UUID]]:
    """Who carries each of these keys of a service, by its links, in whichever of its tables."""
    return {key: {*held.values()} for key, held in links_of(service, keys).items()}


def links_of(
    service: str, keys: Collection[str], place: tuple[str, str] | None = None
) -> dict[str, dict[int, UUID]]:
    """The links that carry each of these keys of a service, and who holds each.

    Without a `place` (a source and its table) by every table of the service: a stop may then stop too much for whoever
    has the same key elsewhere, and never too little.
    """
    found: dict[str, dict[int, UUID]] = defaultdict(dict)
    links = Link.objects.present().filter(source__in=sources_of(service))
    if place is not None:
        links = links.filter(source=place[0], table=place[1])
    for some in _chunks(keys):
        for link, key, person in links.filter(key__in=some).values_list("pk", "key", "person_id"):
            found[key][link] = person
    return found


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    listed = [*values]
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


@dataclass
class _Told:
    """The keys of one service that are looked at, their persons, and what these chose."""

    service: str
    rows: list[ServiceKey]
    persons: dict[str, set[UUID]]
    chosen: dict[UUID, int]
    given: dict[UUID, int] = field(default_factory=dict)

    def bits_of(self, row: ServiceKey, registry: Registry) -> int:
        """What the copies should know of a key: every stop of its persons, and the agreements that all of them gave."""
        wanted = registry.wanted
        whose = self.persons.get(row.key, set())
        if not whose:
            return int(row.given, 16)
        bits, agreed = 0, wanted
        for person in whose:
            own = self.chosen.get(person, 0) | self.given.get(person, int(row.given, 16)) & wanted
            bits |= own & ~wanted
            agreed &= own
        return bits | agreed


def _known(service: str, keys: Collection[str]) -> list[ServiceKey]:
    return [
        row
        for some in _chunks(keys)
        for row in ServiceKey.objects.known(service).filter(key__in=some)
    ]


def _read(service: str, rows: list[ServiceKey], registry: Registry) -> _Told:
    persons = persons_of(service, [row.key for row in rows])
    everybody = set().union(*persons.values()) if persons else set()
    told = _Told(service, rows, persons, Choice.objects.bits(everybody))
    if registry.at_registration(service):  # somebody with an older key there came before the use
        told.given = _given(service, everybody)
    return told


def _given(service: str, persons: Collection[UUID]) -> dict[UUID, int]:
    """What came with registration under every key that a person has in a service."""
    keys: dict[str, set[UUID]] = defaultdict(set)
    links = Link.objects.present().filter(source__in=sources_of(service))
    for some in _chunks(persons):
        for key, person in links.filter(person__in=some).values_list("key", "person_id"):
            keys[key].add(person)
    found: dict[UUID, int] = {}
    for part in _chunks(keys):
        rows = ServiceKey.objects.known(service).filter(key__in=part)
        for key, given in rows.values_list("key", "given"):
            for person in keys[key]:
                found[person] = found.get(person, int(given, 16)) & int(given, 16)
    return found


@dataclass
class Changes:
    """What the copies are to be told: rows to write, and the deltas between what they knew and what they should."""

    rows: list[ServiceKey] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)
    whole: bool = False

    def tell(self, row: ServiceKey, bits: int | None) -> None:
        """Note what a key is told now; None forgets it."""
        before = int(row.bits, 16) if row.bits else None
        if bits == before:
            return
        if bits is None:
            delta = Delta(service=row.service, key=row.key, forget=True)
        else:
            old = 1 if before is None else before
            delta = Delta(
                service=row.service,
                key=row.key,
                sets=bits_in(bits & ~old),
                clears=bits_in(old & ~bits),
            )
        row.bits = _FORGOTTEN if bits is None else f"{bits:x}"
        self.rows.append(row)
        self.deltas.append(delta)

    def publish(self, kind: str, now: datetime, *, always: bool = False) -> int:
        """Write them under one number, and give it; without changes none is taken, unless `always`."""
        whole = self.whole or len(self.deltas) > WHOLE
        if not (self.deltas or whole or always):
            return hold()
        v = number(kind, now, whole=whole)
        ServiceKey.objects.bulk_update(self.rows, ["bits"], batch_size=_AT_ONCE)
        if not whole:
            for delta in self.deltas:
                delta.v = v
            Delta.objects.bulk_create(self.deltas, batch_size=_AT_ONCE)
        return v


def refresh(names: Iterable[Name], changes: Changes | None = None) -> Changes:
    """Work out what the copies should know of these keys; keys that no service ever registered are passed over."""
    changes = changes or Changes()
    keys: dict[str, set[str]] = defaultdict(set)
    for service, key in names:
        keys[service].add(key)
    there = {service: _known(service, sorted(keys[service])) for service in sorted(keys)}
    found = in_force() if any(there.values()) else None
    registry = found[0] if found else Registry()
    for service, rows in there.items():
        told = _read(service, rows, registry)
        for row in told.rows:
            changes.tell(row, told.bits_of(row, registry))
    return changes


def follow(now: datetime) -> int:
    """Bring the keys of every service to what its links say, after a sync; the newest number.

    A key that was read is registered, without any agreement: nobody knows which notice was shown. One that is gone
    is forgotten, and its copies hold it.
    """
    hold()
    changes = Changes()
    for service, sources in _services().items():
        changes.whole |= _add_keys(service, sources, now)
        for row in _lost(service, sources):
            changes.tell(row, None)
    # A new key has bits 1 here; of the others only those can change of whom anything is said.
    said = ServiceKey.objects.exclude(bits__in=(_FORGOTTEN, "0")).values_list("service", "key")
    chose = Choice.objects.values_list("person_id", flat=True).distinct()
    forgotten = {(row.service, row.key) for row in changes.rows}
    refresh(({*said} | names_of([*chose])) - forgotten, changes)
    return changes.publish("people.synced", now)


def start_anew(links: Collection[int]) -> None:
    """Take from keys what came with registration: the service has given them to somebody else."""
    hold()
    for source, key in Link.objects.filter(id__in=links).values_list("source", "key"):
        ServiceKey.objects.filter(service=service_of(source), key=key).update(given="0", notice="")


def _services() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    links = Link.objects.exclude(source=Link.NOWHERE).order_by("source")
    for source in links.values_list("source", flat=True).distinct():
        found[service_of(source)].append(source)
    return found


_MISSING: Final = """
    FROM (SELECT DISTINCT key FROM person_link WHERE gone_at IS NULL AND source IN ({sources})) l
    LEFT JOIN choices_key k ON k.service = %s AND k.key = l.key
    WHERE k.id IS NULL OR k.bits = ''"""
_ADD: Final = (
    "INSERT INTO choices_key (service, key, since, notice, given, bits) SELECT %s, l.key, %s, '', '0', %s"
    + _MISSING
    # A key that comes back keeps what came with its registration; one that was given to another does not.
    + " ON CONFLICT (service, key) DO UPDATE SET bits = excluded.bits"
)


def _add_keys(service: str, sources: Collection[str], now: datetime) -> bool:
    """Register keys that were read and that no copy knows; whether they are too many to be told one by one."""
    missing = _MISSING.format(sources=", ".join(["%s"] * len(sources)))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*){missing}", [*sources, service])
        count = int(cursor.fetchone()[0])
        if count:
            bits = "0" if count > WHOLE else "1"
            stamp = connection.ops.adapt_datetimefield_value(now)
            add = _ADD.format(sources=", ".join(["%s"] * len(sources)))
            cursor.execute(add, [service, stamp, bits, *sources, service])
    return count > WHOLE


def _lost(service: str, sources: Collection[str]) -> list[ServiceKey]:
    """The keys that the service's databases had and have no more."""
    links = Link.objects.filter(source__in=sources)
    gone = links.filter(gone_at__isnull=False).values_list("key", flat=True)
    keys = {*gone}
    there = {
        key
        for some in _chunks(keys)
        for key in links.filter(key__in=some, gone_at=None).values_list("key", flat=True)
    }
    return [
        row
        for some in _chunks(keys - there)
        for row in ServiceKey.objects.known(service).filter(key__in=some)
    ]


def heard(service: str, name: str, v: int, now: datetime) -> None:
    """Note that a copy asked for what comes after `v`: it knows everything up to it."""
    row, _ = Copy.objects.get_or_create(
        service=service, name=name, defaults={"v": v, "heard_at": now}
    )
    if row.v != v or (now - row.heard_at).total_seconds() >= HEARD_SECONDS:
        Copy.objects.filter(pk=row.pk).update(v=v, heard_at=now)


def left(service: str, name: str) -> None:
    """Forget a copy that said that it ends."""
    Copy.objects.filter(service=service, name=name).delete()


def prune(now: datetime) -> None:
    """Forget the feed's rows of a week ago and before; a copy that stands before them finds a hole and takes a snapshot."""
    oldest = FeedEntry.objects.order_by("v").first()
    # A day more than is kept, so that this is done once a day and costs one look otherwise.
    if oldest is None or oldest.at >= now - TOLD_DAYS - timedelta(days=1):
        return
    newest = FeedEntry.objects.filter(at__lt=now - TOLD_DAYS).aggregate(v=Max("v"))["v"]
    with transaction.atomic():
        Delta.objects.filter(v__lte=newest).delete()
        FeedEntry.objects.filter(v__lte=newest).delete()
