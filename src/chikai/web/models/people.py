"""Persons, and the links that say who they are in each service. No name and no address is kept here.

A person is an opaque id. What a service knows them by stands in links, in the service's own keys. Addresses and
telephone numbers stand as keyed digests, so that they can be compared and looked up, and not read.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import Count, F, FilteredRelation, Q
from django.db.models.expressions import RawSQL

from chikai.people import parting
from chikai.people.normalise import Keyed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


MOST_PERHAPS: Final = 20  # an address that more rows carry is a placeholder


@dataclass(frozen=True, slots=True)
class RegistryCounts:
    """How many there are of what. `links` counts by source, `waiting` counts undecided pairs by reason."""

    persons: int
    links: Mapping[str, int]
    verified: int
    gone: int
    waiting: Mapping[str, int]


def _meant(text: str, of: str = "", *, surely: bool) -> Q:
    """The links that `source:key`, `source:table:key`, a mail address or a phone number means; `of` leads to them.

    What is typed into a form is nobody's until it is proved: `surely` leaves it out.
    """
    where = Q(**{f"{of}identifiers__digest__in": _digests(text)})
    if surely:
        where &= _proved(of)

    def at(**place: str | Sequence[str]) -> Q:
        return Q(**{f"{of}{name}": value for name, value in place.items()})

    source, colon, rest = text.partition(":")
    if colon:
        table, _, key = rest.partition(":")
        where |= at(source__in=_sources_named(source), table=table, key=key)
        if not surely:
            where |= at(source__in=_sources_named(source), key=rest)
        elif (place := place_of(source)) is not None:
            where |= at(source=place[0], table=place[1], key=rest)
    return where


def _digests(text: str) -> list[bytes]:
    """What a text is as a mail address and as a phone number, where it may be one."""
    keyed = Keyed(settings.HOME.key("identifiers"))
    return [d for d in (keyed.mail(text), keyed.phone(text)) if d is not None]


def _proved(of: str = "") -> Q:
    """Whether a service, an officer or we ourselves found that the person of a link reads this address; no number is proved."""
    mailboxes = Q(**{f"{of}verified": "officer", f"{of}identifiers__kind__in": ("mail", "added")})
    return Q(**{f"{of}identifiers__verified": True}) | mailboxes


def _sources_named(name: str) -> list[str]:
    """The source of this name; where there is none, those of the service that is called so."""
    known = settings.HOME.sources
    of_service = [] if name in known else [s for s, c in known.items() if c.service == name]
    return of_service or [name]


class PersonQuerySet(models.QuerySet["Person"]):
    """Named questions to the persons."""

    def standing(self) -> Self:
        """Persons that were not found to be another."""
        return self.filter(merged_into=None)

    def holding(self, mailbox: bytes) -> Self:
        """Persons of whom a row that is there today carries this address, oldest first."""
        held = self.standing().filter(links__identifiers__digest=mailbox, links__gone_at=None)
        return held.distinct().order_by("id")

    def proved_by(self, mailbox: bytes, *, in_service: bool = False) -> Self:
        """Of those who carry an address, the ones of whom a service, an officer or we ourselves found that they read it.

        `in_service` leaves out somebody who proved it to us, and whom no service knows by it.
        """
        found = Q(links__identifiers__verified=True) | Q(links__verified="officer")
        mine = Q(links__identifiers__digest=mailbox, links__gone_at=None)
        if in_service:
            mine &= Q(links__source__gt=Link.NOWHERE)
        return self.standing().filter(mine, found).distinct()

    def reading(self, mailbox: bytes) -> list[Person]:
        """Who may be the one that reads a mailbox, oldest first: the one whom a service or an officer found to, or all.

        Anybody can write an address into a form. A row that nobody proved takes nothing from the one who proved it: it
        is a doubt for an officer. Somebody whom no service knows has no values that would have to stay open to them.
        """
        found = self.proved_by(mailbox, in_service=True)[:2]
        return list(found) if len(found) == 1 else list(self.holding(mailbox))

    def resolve(self, id_: UUID) -> Person:
        """The person that an id means today: a merged one points on. Person.DoesNotExist when nobody has it."""
        person = self.get(id=id_)
        while person.merged_into_id is not None:
            person = self.get(id=person.merged_into_id)
        return person

    def registry_counts(self) -> RegistryCounts:
        """Persons, links, verified links and waiting pairs, counted now."""
        links = Link.objects.exclude(source=Link.NOWHERE).values_list("source").order_by("source")
        waiting = Candidate.objects.waiting().values_list("reason").order_by("reason")
        return RegistryCounts(
            persons=self.standing().count(),
            links=dict(links.filter(gone_at=None).annotate(Count("id"))),
            verified=Link.objects.present().exclude(verified="").count(),
            gone=Link.objects.filter(gone_at__isnull=False).count(),
            waiting=dict(waiting.annotate(Count("id"))),
        )

    def find_person(self, text: str, *, surely: bool = False) -> tuple[Person, ...]:
        """The persons that a text means: an id, `source:key`, `source:table:key`, a mail address or a phone number.

        An address that several people share finds all of them, oldest first; a text that means nobody finds none.
        Where something is done to whom it finds, `surely` takes an address that was proved, and `source:key` for the key
        of the source's one table of persons: where it has several, the same number is somebody else in each, and the
        table has to be named.
        """
        text = text.strip()
        try:
            return (self.resolve(UUID(text)),)
        except (ValueError, Person.DoesNotExist):
            where = _meant(text, "links__", surely=surely)
        return tuple(self.filter(where).distinct().order_by("id"))

    def named(self, text: str, found: Person) -> UUID | None:
        """Whom a text named that found this one: the id before any merge; None where several who are one share it."""
        text = text.strip()
        try:
            return self.get(id=UUID(text)).pk
        except (ValueError, Person.DoesNotExist):
            links = Link.objects.filter(_meant(text, surely=True), person=found)
        return own_id(found, [*links.values_list("pk", flat=True)])


class Person(models.Model):
    """A person, as an opaque id (UUIDv7: the older has the smaller). `merged_into` points on after a merge."""

    id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        db_table = "person"
        indexes: ClassVar = [
            models.Index(  # few are merged, so few stand in it
                fields=["merged_into"], name="person_merged", condition=Q(merged_into__isnull=False)
            )
        ]

    @classmethod
    def resolve(cls, id_: UUID) -> Person:
        """The person that an id means today. Person.DoesNotExist when nobody has it."""
        return cls.objects.resolve(id_)


def ids_of(person: UUID) -> list[UUID]:
    """A person's id and those of everybody who was found to be them."""
    return [*everybody_of([person])[person]]


# First up to whom each was found to be, and then down to everybody who was found to be them.
_EVERYBODY: Final = """
WITH RECURSIVE up (id) AS (
SELECT id FROM person WHERE id IN ({})
UNION SELECT p.merged_into_id FROM person p JOIN up ON p.id = up.id WHERE p.merged_into_id IS NOT NULL
), one (id) AS (
SELECT id FROM up UNION SELECT p.id FROM person p JOIN one ON p.merged_into_id = one.id
) SELECT id FROM one
"""
_AT_ONCE: Final = 500


def everybody(people: Collection[UUID] | models.QuerySet[Any, Any]) -> RawSQL:
    """All ids that these persons have, within a statement: of whom each was found to be, and who was found to be them."""
    if isinstance(people, models.QuerySet):
        sql, params = people.query.sql_with_params()
        return RawSQL(_EVERYBODY.format(sql), params)  # noqa: S611  no word of anybody
    field = Person._meta.get_field("id")  # noqa: SLF001  Django documents it
    ids = [field.get_db_prep_value(id_, connection) for id_ in people]
    marks = ", ".join(["%s"] * len(ids)) or "NULL"
    return RawSQL(_EVERYBODY.format(marks), ids)  # noqa: S611  no word of anybody


def everybody_of(people: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Of each of these ids all the ids that its person has, however many findings lie between; one statement for many."""
    listed = sorted({*people})
    into: dict[UUID, UUID | None] = {}
    for start in range(0, len(listed), _AT_ONCE):
        rows = Person.objects.filter(pk__in=everybody(listed[start : start + _AT_ONCE]))
        into |= dict(rows.values_list("pk", "merged_into"))

    def today(id_: UUID) -> UUID:
        while (next_ := into.get(id_)) is not None:
            id_ = next_
        return id_

    ids: dict[UUID, set[UUID]] = defaultdict(set)
    for id_ in {*into, *listed}:
        ids[today(id_)].add(id_)
    return {id_: ids[today(id_)] for id_ in listed}


def hold_persons(people: Collection[UUID]) -> None:
    """Hold the rows of persons until the transaction ends, so that nobody parts them while something of them is kept."""
    rows = Person.objects.filter(pk__in=people).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def links_by(person: Person, mailbox: bytes) -> list[int]:
    """The links of a person that carry an address today."""
    held = Link.objects.present().filter(person=person, identifiers__digest=mailbox)
    return [*held.order_by("pk").distinct().values_list("pk", flat=True)]


def own_id(person: Person, links: Collection[int]) -> UUID | None:
    """Who held these links of a person before they were found to be others too; None where that was not one person."""
    standing = Merge.objects.filter(undone_at=None).order_by("at", "pk")
    found = list(standing.filter(kept=person).values_list("gone_id", "links"))
    if found:  # seldom; and whoever was merged away may have been others as well
        found = list(standing.filter(kept__in=ids_of(person.pk)).values_list("gone_id", "links"))
    return parting.own(person.pk, links, found)


def own_ids(links: Mapping[int, UUID]) -> dict[int, UUID]:
    """Of each of these links, with whoever holds it today: who held it before anybody was found to be another."""
    standing = Merge.objects.filter(undone_at=None).order_by("at", "pk")
    listed = sorted({*links.values()})
    rows: list[tuple[UUID, list[int]]] = []
    for start in range(0, len(listed), _AT_ONCE):
        some = standing.filter(kept__in=everybody(listed[start : start + _AT_ONCE]))
        rows += some.values_list("gone", "links")
    every = everybody_of(gone for gone, _ in rows)
    own = dict(links)
    for gone, moved in reversed(rows):  # the oldest has the last word
        own |= {link: gone for link in moved if links.get(link) in every[gone]}
    return own


def keys_of(person: Person) -> dict[str, dict[str, tuple[str, ...]]]:
    """A person's local keys as text, by source and identity table: `{"levii": {"accounts": ("17",)}}`. Gone keys are left out."""
    return keys_of_each([person.pk])[person.pk]


def keys_of_each(people: Collection[UUID]) -> dict[UUID, dict[str, dict[str, tuple[str, ...]]]]:
    """The local keys of many persons, with one statement where none of them was found to be another."""
    found: dict[UUID, dict[str, dict[str, list[str]]]] = {
        id_: defaultdict(lambda: defaultdict(list)) for id_ in people
    }
    present = FilteredRelation("links", condition=Q(links__gone_at=None))
    rows = Person.objects.filter(pk__in=people).annotate(there=present)
    merged: dict[UUID, UUID] = {}
    for id_, into, source, table, key in rows.values_list(
        "pk", "merged_into", "there__source", "there__table", "there__key"
    ).order_by("there__source", "there__table", "there__key"):
        if into is not None:
            merged[id_] = into
        if source is not None:
            found[id_][source][table].append(key)
    keys = {
        id_: {s: {t: tuple(keys) for t, keys in tables.items()} for s, tables in held.items()}
        for id_, held in found.items()
    }
    if merged:
        theirs = keys_of_each(set(merged.values()))
        keys |= {id_: theirs[into] for id_, into in merged.items()}
    return keys


def key_table(service: str) -> tuple[str, str] | None:
    """The source and the one identity table whose keys a service's own program speaks of; None where nobody can say.

    `key_table` in `chikai.toml` names it; without it, it is the only identity table that the service has.
    """
    own = {name: c for name, c in settings.HOME.sources.items() if c.service == service}
    said = [(name, config.key_table) for name, config in own.items() if config.key_table]
    if not said:
        tables = IdentityTable.objects.filter(source__in=own or {service})
        said = [*tables.values_list("source", "table")[:2]]
    return said[0] if len(said) == 1 else None


def place_of(name: str) -> tuple[str, str] | None:
    """The source and table whose keys `name:key` speaks of, by a source or a service; None where it may be several."""
    config = settings.HOME.sources.get(name)
    if config is None:
        return key_table(name)
    if config.key_table:
        return name, config.key_table
    tables = IdentityTable.objects.filter(source=name).values_list("table", flat=True)[:2]
    return (name, tables[0]) if len(tables) == 1 else None


def doubts_about(person: Person) -> dict[str, int]:
    """How many present links of others, by source, wait for an officer to say whether they are this person's."""
    return doubts_about_each([person.pk]).get(person.pk, {})


def doubts_about_each(people: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """The same of many persons by the ids that they are asked by; those without a doubt are not in it.

    One statement where none of them has any.
    """
    pairs = [*Candidate.objects.about_each(everybody(people))] if people else []
    if not pairs:
        return {}
    moved = (
        Person.objects.filter(pk__in=people).exclude(merged_into=None).values_list("pk", flat=True)
    )
    today = {id_: id_ for id_ in people} | {id_: Person.resolve(id_).pk for id_ in moved}
    found: dict[UUID, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for pair in pairs:
        for mine, other in ((pair.a, pair.b), (pair.b, pair.a)):
            found[mine.person_id][other.source].add(other.pk)
    counts = {p: {s: len(links) for s, links in by.items()} for p, by in found.items()}
    return {id_: counts[now] for id_, now in today.items() if now in counts}


class LinkQuerySet(models.QuerySet["Link"]):
    """Named questions to the links."""

    def present(self) -> Self:
        """Links whose key was there when its table was last read."""
        return self.filter(gone_at=None)

    def named(self, person: Person, text: str) -> list[int]:
        """The links of a person that a text names which found them: a key, or those that carry an address; all for an id."""
        text, digests = text.strip(), _digests(text.strip())
        source, colon, rest = text.partition(":")
        table, _, key = rest.partition(":")
        named = Q(source__in=_sources_named(source), table=table, key=key)
        where = Q(identifiers__digest__in=digests) | named
        if colon and (place := place_of(source)) is not None:
            where |= Q(source=place[0], table=place[1], key=rest)
        mine = self.filter(person=person).order_by("pk")
        found = mine.filter(where).distinct() if digests or colon else mine
        return [*found.values_list("pk", flat=True)]

    def perhaps(self, text: str) -> list[tuple[Link, bytes]]:
        """The registrations that carry an address or a number which nobody proved of them, with its digest; oldest first.

        None where somebody is surely meant: what others wrote into a form takes nothing from them. Where more than
        `MOST_PERHAPS` carry it, it says nothing of anybody, and one more than these comes.
        """
        text = text.strip()
        if not (digests := _digests(text)) or Person.objects.find_person(text, surely=True):
            return []
        found = Identifier.objects.filter(
            digest__in=digests, link__gone_at=None, link__source__gt=Link.NOWHERE
        ).select_related("link")
        some = found.order_by("link")[: MOST_PERHAPS + 1]
        return [*{row.link_id: (row.link, bytes(row.digest)) for row in some}.values()]


class Link(models.Model):
    """A person in one service: the local key there (as text), how it was verified, since when.

    `verified` is `mail` (the service proved the mailbox), `officer`, `sign_in` or empty. `name` is 8 bytes of a keyed
    digest of a name: enough to see that two names differ. `seen` is 8 bytes over everything that was read of the row:
    a sync that reads the same again has nothing to do. A link in no source (`NOWHERE`) is that of somebody whom no service
    knows and who asked. A link is never deleted, only gone. Persons are never deleted
    either, so the database need not look for the person of each of a million links.
    """

    NOWHERE: ClassVar[str] = ""

    person = models.ForeignKey(
        *(Person, models.PROTECT), related_name="links", db_index=False, db_constraint=False
    )
    source = models.CharField(max_length=100)
    table = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    verified = models.CharField(max_length=10, default="")
    name = models.BinaryField(max_length=8, null=True)
    seen = models.BinaryField(max_length=8, null=True)
    since = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        db_table = "person_link"
        indexes: ClassVar = [
            models.Index(fields=["person"], name="link_person"),
            # Whoever asks about a key of a service need not know in which of its tables it stands.
            models.Index(fields=["key"], name="link_key"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "table", "key"], name="one_link_a_key")
        ]


class Identifier(models.Model):
    """A keyed digest (HMAC) of an identifier of a link; the identifier itself stays in the service.

    `kind` is `mail` or `phone` (read from the service), or `added` (an address that the person proved to us). Links are
    never deleted, so the database need not look for the link of each of a million identifiers.
    """

    link = models.ForeignKey(
        *(Link, models.CASCADE), related_name="identifiers", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    verified = models.BooleanField(default=False)

    class Meta:
        db_table = "person_identifier"
        indexes: ClassVar = [
            models.Index(fields=["link"], name="identifier_link"),
            models.Index(fields=["digest"], name="identifier_digest"),
        ]


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Named questions to the candidates."""

    def waiting(self) -> Self:
        """Pairs that no officer has decided."""
        return self.filter(decided="")

    def about(self, person: Person) -> Self:
        """Waiting pairs of a person's links with those of others that are there today."""
        return self.about_each([person.pk])

    def about_each(self, people: Collection[UUID] | RawSQL) -> Self:
        """The same of many persons."""
        return (
            self.standing(Q(a__person__in=people), Q(b__person__in=people))
            .exclude(a__person=F("b__person"))
            .select_related("a", "b")
            .order_by("pk")
        )

    def standing(self, a: Q, b: Q) -> Self:
        """Waiting pairs whose one side is `a` or `b`, and whose other one is there today.

        The side itself has to be there too, but where the pair is held: an erasure may have deleted its row.
        """
        mine_there, other_there = Q(a__gone_at=None), Q(b__gone_at=None)
        held = Q(a & other_there, held=True) | Q(b & mine_there, held=True)
        return self.waiting().filter(held | Q(a | b, mine_there, other_there))

    def that_ends_with_its_address(self, people: Collection[UUID]) -> Self:
        """Waiting pairs of these persons, as they are known today, that a sync would take away once no row carries the address."""
        today = everybody(people)
        some = Q(a__person__in=today) | Q(b__person__in=today)
        return self.waiting().filter(some, held=False)


class Candidate(models.Model):
    """Two links that may be one person, and why they were not joined; an officer decides.

    `reason` is one of `matching.REASONS`; `decided` is empty, `confirmed` or `denied`, and no sync changes it. `a` has
    the smaller number. `digest` is the address that both carry; it is empty where an officer parted links without one.
    One that is `held` waits for an officer also when no row carries the address any more: an erasure masks it.
    """

    reason = models.CharField(max_length=20)
    a = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    held = models.BooleanField(default=False)
    decided = models.CharField(max_length=10, default="")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        db_table = "person_candidate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reason", "a", "b", "digest"], name="one_candidate")
        ]


class Merge(models.Model):
    """Two persons found to be one, on what ground (`mail` or `officer`), and the links that moved, so that it can be undone.

    `at_link` is the registration that an officer named, where it was one: who was unknown before goes with it.
    """

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20)
    links = models.JSONField(default=list)
    at_link = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "person_merge"


class IdentityTable(models.Model):
    """An identity table as it was last read: when, how many rows, and the fault of the last attempt (empty: none)."""

    source = models.CharField(max_length=100)
    table = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField()
    fault = models.TextField(default="")

    class Meta:
        db_table = "person_identity_table"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "table"], name="one_identity_table")
        ]
