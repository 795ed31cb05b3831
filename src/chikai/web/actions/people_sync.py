"""Reading the identity tables of every source, and finding who is the same person.

Everything is read first, while nothing of ours is locked; one transaction then applies it, so a sync that is killed
leaves what was there. A table that fails, or that is not believed, is named and left alone; the others go on.

Links that are new in a run and share a proved address are born into one person. Two persons who were there before and
are found to be one are merged: each merge has its row, and its event up to `EACH` in a run; beyond, the run's own
event counts them and commits to all of them.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from chikai import canon, clock
from chikai.ledger.events import Event
from chikai.people import matching
from chikai.web.actions import Actor, action, choices, feed, following
from chikai.web.actions.people_reading import CHUNK, Reader, TableRead
from chikai.web.actions.people_sql import analyze, count_on, in_bulk, read, run, text
from chikai.web.actions.people_staging import fill, opened
from chikai.web.models.people import Candidate, Identifier, IdentityTable, Link, Merge, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from chikai.sources.map import Map
    from chikai.sources.protocol import Source

ROLES: Final = ("officer", "engineer")
EACH: Final = 1000


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: its events (the last one is `people.synced`) and what became of each table."""

    events: tuple[Event, ...]
    tables: tuple[TableRead, ...]

    @property
    def event(self) -> Event:
        """The event of the whole run."""
        return self.events[-1]

    @property
    def faults(self) -> tuple[TableRead, ...]:
        """The tables that were left alone."""
        return tuple(table for table in self.tables if table.fault)


def sync(by: Actor, sources: Mapping[str, tuple[Source, Map]], *, believe: bool = False) -> Synced:
    """Read the identity tables of these sources and bring persons and links up to date.

    With `believe` a table that lost more than half of its rows is taken at its word. Sources that are not named, and
    tables with a fault, keep their links as they are.
    """
    started = clock.now()
    staging = opened()
    try:
        with closing(Reader(staging, settings.HOME.key("identifiers"), started)) as reader:
            for name in sorted(sources):
                source, map_ = sources[name]
                reader.read(source, map_, name)
        staging.ready()
        events = _apply(by, staging.prefix, reader, started, believe=believe)
    finally:
        staging.close()
    return Synced(events, tuple(reader.tables))


@dataclass(slots=True)
class _Tally:
    """What the run counts and collects as it goes."""

    base: int
    joined: int = 0
    counts: dict[str, int] = field(default_factory=dict)


@action(*ROLES)
def _apply(
    by: Actor, prefix: str, reader: Reader, now: datetime, *, believe: bool
) -> tuple[Event, ...]:
    """Apply what was read: links, identifiers, persons, merges and doubts, all or nothing."""
    lock_links()
    stamp = connection.ops.adapt_datetimefield_value(now)
    places = _choose(prefix, reader, believe=believe)
    tally = _Tally(base=read("read_base", prefix)[0])
    _bring_known(prefix, reader, tally, now, stamp)
    merges = _bring_new(prefix, reader, tally, stamp)
    merged = [one for joining in merges for one in _merge_all(joining, now)]
    run("drop_stale", prefix)
    run("insert_doubts", prefix, now=stamp)
    feed.follow(now)
    _note_tables(reader.tables, now)
    links, digest = _commitment()
    facts: dict[str, str | int | bool | None] = {
        "tables": places,
        "failed": len(reader.tables) - places,
        "links": links,
        **tally.counts,
        "joined": tally.joined,
        "merged": len(merged),
        "waiting": Candidate.objects.waiting().count(),
        "digest": digest,
    }
    if len(merged) > EACH:
        facts["merges"] = canon.digest(sorted(f"{kept}:{gone}" for kept, gone, _ in merged))
        merged = []
    act = canon.new_id(now)
    return (
        *(merged_event(kept, gone, "mail", moved, act) for kept, gone, moved in merged),
        Event("people.synced", facts, act=act),
    )


def _choose(prefix: str, reader: Reader, *, believe: bool) -> int:
    """Say which tables are applied, and let go of what waits from the others; how many are applied."""
    repeated: set[int] = set()
    if not all(table.grows for table in reader.tables):
        repeated.update(read("find_repeated", prefix))
    reader.doubt(repeated, believe=believe)
    places = [(n, t.source, t.table) for n, t in enumerate(reader.tables) if not t.fault]
    fill(prefix, "place", places)
    if len(places) < len(reader.tables):
        run("drop_fresh", prefix)
        run("drop_change", prefix)
    return len(places)


def merged_event(kept: UUID, gone: UUID, ground: str, links: int, act: UUID | None = None) -> Event:
    """The event of one merge; its subject is the person who stays."""
    return Event(
        "people.merged",
        {"gone": str(gone), "ground": ground, "links": links},
        subject=kept,
        act=act,
    )


def lock_links() -> None:
    """Let one writer of links through at a time; SQLite's transactions do so by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE person_link IN SHARE ROW EXCLUSIVE MODE")
            # The whole answer is read, so the plan should be the one that ends first, not the one that starts first.
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1.0")
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute(
                "SET LOCAL jit = off"
            )  # each statement runs once, and none computes much


def _bring_known(prefix: str, reader: Reader, tally: _Tally, now: datetime, stamp: Any) -> None:
    """Bring links that were there before, and their identifiers, to what was read."""
    lost = reader.lost()
    while part := [(link,) for link in islice(lost, CHUNK)]:
        fill(prefix, "lost", part)
    analyze(prefix, "place", "lost")
    gone = run("mark_gone", prefix, now=stamp)
    run("forget_gone", prefix)
    reused = _start_anew(prefix, now)
    returned = run("clear_gone", prefix)
    run("forget_changed", prefix)
    run("insert_changed", prefix)
    changed = run("update_links", prefix)
    tally.counts = {
        "new": 0,
        "gone": gone,
        "returned": returned - reused,
        "reused": reused,
        "changed": changed - returned,
    }


def _bring_new(
    prefix: str, reader: Reader, tally: _Tally, stamp: Any
) -> tuple[matching.Joining, ...]:
    """Find who is the same, and write new links and their persons; the joinings of persons who were there before."""
    base = tally.base
    with in_bulk(Identifier, reader.new):
        run("insert_identifiers", prefix, base=base)
    if reader.new:
        analyze("", "person_identifier")
    merges = _find_same(prefix, tally)
    run("move_links", prefix, base=base)
    run("insert_persons", prefix, now=stamp)
    if tally.counts["reused"]:
        run("move_anew", prefix, base=base)
        run("insert_anew", prefix, now=stamp)
    with in_bulk(Link, reader.new):
        tally.counts["new"] = run("insert_links", prefix, base=base, now=stamp)
    if tally.counts["new"]:
        count_on(base, reader.new)
        analyze("", "person_link")
    return merges


def _start_anew(prefix: str, now: datetime) -> int:
    """Give a key that came back under another name to a new person: the service has given it to somebody else."""
    reused = read("find_reused", prefix)
    for link in reused:
        person = canon.new_id(now)
        Link.objects.filter(id=link).update(person=person, since=now)
        Candidate.objects.filter(a=link).delete()
        Candidate.objects.filter(b=link).delete()
    if reused:
        feed.start_anew(reused)
    return len(reused)


def _shared(prefix: str, base: int) -> Iterator[tuple[bytes, list[matching.Claim]]]:
    """Each address that several links carry, with its claims."""
    run("find_carriers", prefix)
    analyze(prefix, "carrier")
    with connection.chunked_cursor() as cursor:
        cursor.execute(text("read_shared", prefix, base=base))
        rows = (row for chunk in iter(lambda: cursor.fetchmany(2000), []) for row in chunk)
        for digest, group in groupby(rows, key=lambda row: bytes(row[0])):
            claims: dict[int, matching.Claim] = {}
            for _, link, source, table, key, verified, name, person, new in group:
                if link in claims and claims[link].verified:
                    continue  # read from the service, and proved to us as well
                claims[link] = matching.Claim(
                    link,
                    (source, table),
                    key,
                    bool(verified),
                    None if name is None else bytes(name),
                    person,
                    bool(new),
                )
            if len(claims) > 1:
                yield digest, list(claims.values())


def _find_same(prefix: str, tally: _Tally) -> tuple[matching.Joining, ...]:
    """Judge every shared address: note moves of new links and doubts; the joinings of persons who were there before.

    A new link stands in one address only, so most are settled at once; what needs a chain of persons is kept aside.
    """
    moves: list[tuple[object, ...]] = []
    doubts: list[tuple[object, ...]] = []
    aside: list[tuple[bytes, tuple[matching.Claim, ...]]] = []
    for digest, claims in _shared(prefix, tally.base):
        verdict = matching.judge(claims)
        doubts += [(d.reason, d.a, d.b, digest) for d in verdict.doubts]
        for same in verdict.same:
            before = {claim.person for claim in same if not claim.new}
            if len(before) > 1:
                aside.append((digest, same))
            else:
                moves += _moves(same, min(before or {claim.person for claim in same}), tally)
        if len(moves) + len(doubts) > CHUNK:
            _write(prefix, moves, doubts, tally)
    joinings, apart = matching.join(
        ({claim.person for claim in same if not claim.new} for _, same in aside), _apart(prefix)
    )
    for digest, same in aside:
        before = {claim.person for claim in same if not claim.new}
        if before & apart:
            doubts += [(d.reason, d.a, d.b, digest) for d in matching.parted(same)]
        else:
            moves += _moves([c for c in same if c.new], min(before), tally)
    _write(prefix, moves, doubts, tally)
    analyze(prefix, "move", "doubt")
    return joinings


def _moves(
    claims: Iterable[matching.Claim], person: str, tally: _Tally
) -> list[tuple[object, ...]]:
    """Moves of links to a person."""
    found: list[tuple[object, ...]] = [(c.link, person) for c in claims if c.person != person]
    tally.joined += len(found)
    return found


def _write(
    prefix: str,
    moves: list[tuple[object, ...]],
    doubts: list[tuple[object, ...]],
    tally: _Tally,
) -> None:
    """Put moves and doubts into the waiting tables, and empty the lists."""
    fill(prefix, "move", moves)
    fill(prefix, "doubt", doubts)
    moves.clear()
    doubts.clear()


def _apart(prefix: str) -> list[tuple[str, str]]:
    """Pairs of persons that an officer found not to be one."""
    with connection.cursor() as cursor:
        cursor.execute(text("read_apart", prefix))
        return [(UUID(str(a)).hex, UUID(str(b)).hex) for a, b in cursor.fetchall()]


def _merge_all(joining: matching.Joining, now: datetime) -> list[tuple[UUID, UUID, int]]:
    """Merge persons on the ground of a proved address: who stays, who goes, and how many links moved."""
    kept = UUID(joining.kept)
    return [(kept, gone, merge_rows(kept, gone, "mail", now)) for gone in map(UUID, joining.gone)]


def merge_rows(
    kept: UUID,
    gone: UUID,
    ground: str,
    now: datetime,
    *,
    into: UUID | None = None,
    at: int | None = None,
) -> int:
    """Write that one person is another, so that it can be undone; how many links moved.

    `into` is whom somebody named, where that one had been found to be `kept`: if the two are parted, `gone` goes with them.
    `at` is the registration that was named.
    """
    choices.join(kept, gone, now)
    following.ask(kept, gone, now)
    moved = list(Link.objects.filter(person=gone).order_by("id").values_list("id", flat=True))
    Link.objects.filter(person=gone).update(person=kept)
    Person.objects.filter(id=gone).update(merged_into=into or kept)
    for merge in _merges_between(into or kept, kept):
        merge.links = [*merge.links, *moved]
        merge.save(update_fields=["links"])
    # A pair of links that are one person's now waits for nobody.
    settled = Candidate.objects.waiting().filter(a__person=kept, b__person=kept)
    settled.update(decided="confirmed", decided_at=now)
    Merge.objects.create(
        kept_id=into or kept, gone_id=gone, ground=ground, links=moved, at_link=at, at=now
    )
    return len(moved)


def _merges_between(named: UUID, kept: UUID) -> Iterator[Merge]:
    """The merges that stand on the way from who was named to who they are today."""
    while named != kept:
        merge = Merge.objects.get(gone=named, undone_at=None)
        yield merge
        named = merge.kept_id


def _note_tables(tables: list[TableRead], now: datetime) -> None:
    """Note when each table was read, or why not."""
    for one in tables:
        noted: dict[str, Any] = {"tried_at": now, "fault": one.fault}
        if not one.fault:
            noted |= {"rows": one.rows, "read_at": now}
        IdentityTable.objects.update_or_create(source=one.source, table=one.table, defaults=noted)


def _commitment() -> tuple[int, str]:
    """How many links there are, and a digest of the set of them in one order."""
    count, sum_ = 0, hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        cursor.execute(text("read_links", ""))
        while rows := cursor.fetchmany(2000):
            count += len(rows)
            sum_.update("".join([f"{line}\n" for (line,) in rows]).encode())
    return count, f"sha256:{sum_.hexdigest()}"
