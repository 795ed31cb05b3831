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
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count

from chikai import canon, clock
from chikai.errors import ChikaiError, Disagrees
from chikai.ledger.events import Event
from chikai.people import matching
from chikai.people.normalise import Keyed, digested
from chikai.web.actions import Actor, action, choices, feed
from chikai.web.actions.people_sql import analyze, count_on, run, text
from chikai.web.actions.people_staging import Staging, fill, opened
from chikai.web.models.people import Candidate, IdentityTable, Link, Merge, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from chikai.sources.map import Map, TableMap
    from chikai.sources.protocol import Reading, Source

ROLES: Final = ("officer", "engineer")
EACH: Final = 1000
CHUNK: Final = 10_000
LONGEST_KEY: Final = 200


@dataclass(slots=True)
class TableRead:
    """What became of one identity table: how many rows it showed, and why it was left alone (empty: it was not)."""

    source: str
    table: str
    rows: int = 0
    fault: str = ""


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
    tables: list[TableRead] = []
    staging = opened()
    try:
        keyed = Keyed(settings.HOME.key("identifiers"))
        for name in sorted(sources):
            source, map_ = sources[name]
            tables += _read_source(source, map_, name, staging, keyed, first=len(tables))
        _doubt_readings(tables, staging, started, believe=believe)
        staging.ready()
        events = _apply(by, staging.prefix, tables, started)
    finally:
        staging.close()
    return Synced(events, tuple(tables))


def _read_source(
    source: Source, map_: Map, name: str, staging: Staging, keyed: Keyed, *, first: int
) -> list[TableRead]:
    """Read the identity tables of one source, in the order of their names, from one picture of it."""
    found = [TableRead(name, table.name) for table in sorted(map_.identities, key=lambda t: t.name)]
    if not found:
        return found
    try:
        with source.reading() as reading:
            for number, read in enumerate(found, first):
                try:
                    _read_table(
                        reading, map_, map_.by_name[read.table], read, staging, keyed, number
                    )
                except Exception as fault:
                    read.fault = _said(fault)
    except Exception as fault:
        for read in found:
            read.fault = read.fault or _said(fault)
    return found


def _said(fault: Exception) -> str:
    """What a fault says, without a driver's words: those may quote a value."""
    if isinstance(fault, ChikaiError):
        return fault.what
    return f"reading stopped with `{type(fault).__name__}`"


def _read_table(
    reading: Reading,
    map_: Map,
    table: TableMap,
    read: TableRead,
    staging: Staging,
    keyed: Keyed,
    number: int,
) -> None:
    for chunk in reading.identities(map_, table.name, CHUNK):
        rows = list(digested(chunk, keyed))
        if any(len(row[0]) > LONGEST_KEY for row in rows):
            raise Disagrees(
                f"a local key has more than {LONGEST_KEY} characters", "map another column as key"
            )
        if any("@" in row[0] for row in rows):  # no address is kept here, not even as a key
            raise Disagrees(
                "the column that the map names as the key holds addresses", "map another as key"
            )
        read.rows += staging.add(number, rows)


def _doubt_readings(
    tables: list[TableRead], staging: Staging, started: datetime, *, believe: bool
) -> None:
    """Say of each table why it cannot be applied, if it cannot."""
    repeated = staging.repeated()
    present = Link.objects.present().values_list("source", "table").order_by()
    before = {(source, table): n for source, table, n in present.annotate(Count("id"))}
    later = set(IdentityTable.objects.filter(read_at__gt=started).values_list("source", "table"))
    for number, read in enumerate(tables):
        had = before.get((read.source, read.table), 0)
        if read.fault:
            continue
        if number in repeated:
            read.fault = "the column that the map names as the key repeats a value"
        elif (read.source, read.table) in later:
            read.fault = "another sync has read it since"
        elif not believe and not matching.is_believed(read.rows, had):
            read.fault = f"it shows {read.rows} rows and had {had}; if that is right, say `believe`"


@dataclass(slots=True)
class _Tally:
    """What the run counts and collects as it goes."""

    joined: int = 0
    doubts: int = 0
    merges: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


@action(*ROLES)
def _apply(by: Actor, prefix: str, tables: list[TableRead], now: datetime) -> tuple[Event, ...]:
    """Apply what was read: links, identifiers, persons, merges and doubts, all or nothing."""
    lock_links()
    stamp = connection.ops.adapt_datetimefield_value(now)
    places = [(n, t.source, t.table) for n, t in enumerate(tables) if not t.fault]
    fill(prefix, "place", places)
    counts = _bring_links(prefix, now, stamp)
    tally = _Tally()
    merges = _find_same(prefix, tally)
    run("move_links", prefix)
    run("insert_persons", prefix, now=stamp)
    merged = [one for joining in merges for one in _merge_all(joining, now)]
    run("drop_stale", prefix)
    run("insert_doubts", prefix, now=stamp)
    feed.follow(now)
    _note_tables(tables, now)
    links, digest = _commitment()
    facts: dict[str, str | int | bool | None] = {
        "tables": len(places),
        "failed": len(tables) - len(places),
        "links": links,
        **counts,
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


def _bring_links(prefix: str, now: datetime, stamp: Any) -> dict[str, int]:
    """Bring links and identifiers to what was read; what changed, counted."""
    run("find_fresh", prefix)
    run("find_at", prefix)
    analyze(prefix, "fresh", "place", "at")
    run("find_changes", prefix)
    analyze(prefix, "change")
    gone = run("mark_gone", prefix, now=stamp)
    run("forget_gone", prefix, now=stamp)
    reused = _start_anew(prefix, now)
    returned = run("clear_gone", prefix)
    run("forget_changed", prefix)
    run("insert_changed", prefix)
    changed = run("update_links", prefix)
    with connection.cursor() as cursor:
        cursor.execute(text("read_base", prefix))
        base = int(cursor.fetchone()[0])
    new = run("insert_links", prefix, ms=int(now.timestamp() * 1000), base=base, now=stamp)
    run("insert_identifiers", prefix, base=base)
    if new:
        count_on(base, new)
        analyze("", "person_link", "person_identifier")
    return {
        "new": new,
        "gone": gone,
        "returned": returned - reused,
        "reused": reused,
        "changed": changed - returned,
    }


def _start_anew(prefix: str, now: datetime) -> int:
    """Give a key that came back under another name to a new person: the service has given it to somebody else."""
    with connection.cursor() as cursor:
        cursor.execute(text("find_reused", prefix))
        reused = [link for (link,) in cursor.fetchall()]
    for link in reused:
        person = canon.new_id(now)
        Link.objects.filter(id=link).update(person=person, since=now)
        Candidate.objects.filter(a=link).delete()
        Candidate.objects.filter(b=link).delete()
    if reused:
        feed.start_anew(reused)
    return len(reused)


def _shared(prefix: str) -> Iterator[tuple[bytes, list[matching.Claim]]]:
    """Each address that several links carry, with its claims."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(text("read_shared", prefix))
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
                    person if isinstance(person, str) else person.hex,
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
    for digest, claims in _shared(prefix):
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


def merge_rows(kept: UUID, gone: UUID, ground: str, now: datetime) -> int:
    """Write that one person is another, so that it can be undone; how many links moved."""
    choices.join(kept, gone, now)
    moved = list(Link.objects.filter(person=gone).order_by("id").values_list("id", flat=True))
    Link.objects.filter(person=gone).update(person=kept)
    Person.objects.filter(id=gone).update(merged_into=kept)
    Merge.objects.create(kept_id=kept, gone_id=gone, ground=ground, links=moved, at=now)
    return len(moved)


def _note_tables(tables: list[TableRead], now: datetime) -> None:
    """Note when each table was read, or why not."""
    for read in tables:
        noted: dict[str, Any] = {"tried_at": now, "fault": read.fault}
        if not read.fault:
            noted |= {"rows": read.rows, "read_at": now}
        IdentityTable.objects.update_or_create(source=read.source, table=read.table, defaults=noted)


def _commitment() -> tuple[int, str]:
    """How many links there are, and a digest of the set of them in one order."""
    count, sum_ = 0, hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        cursor.execute(text("read_links", ""))
        while rows := cursor.fetchmany(2000):
            count += len(rows)
            lines = (
                f"{source}\x1f{table}\x1f{key}\x1f{person if isinstance(person, str) else person.hex}\n"
                for source, table, key, person in rows
            )
            sum_.update("".join(lines).encode())
    return count, f"sha256:{sum_.hexdigest()}"
