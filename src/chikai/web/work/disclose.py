"""Gathering everything that is held about one person into a package: one consistent picture of each source.

The officer's command uses it as it is; the durable steps come with the request. Free text is handed out only after an
officer has read it, and said which words are blacked out.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from chikai import clock
from chikai.errors import BadInput, Disagrees, Unreachable, WrongState
from chikai.policy import stored
from chikai.rights import fulfil, package, review
from chikai.sources import drift as drifts
from chikai.web.actions import COMMAND, noting
from chikai.web.actions import rights as actions
from chikai.web.models import Edition, Link, Person
from chikai.web.models.people import doubts_about, keys_of
from chikai.web.work.sources import connect, map_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from uuid import UUID

    from chikai.home import Home
    from chikai.policy.document import Document
    from chikai.rights.fulfil import Plan, Step
    from chikai.rights.review import Review
    from chikai.sources.map import Map, TableMap
    from chikai.sources.opening import Open
    from chikai.sources.protocol import Keys, Row, Source
    from chikai.web.actions import Actor


# What a map that is older than its source would keep from the person, or read wrongly.
UNANSWERED: Final = frozenset({"new_table", "lost_table", "new_column", "lost_column"})


@dataclass(frozen=True)
class Places:
    """What a disclosure asks: every source with its service, its map, and how to open it."""

    services: Mapping[str, str]
    maps: Mapping[str, Map]
    open: Callable[[str], Source]
    manual: frozenset[str] = frozenset()
    doubts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Disclosed:
    """What was made: the package's digest, its manifest, and the file."""

    digest: str
    manifest: Mapping[str, object]
    file: Path


def run(
    home: Home,
    person: str,
    out: Path,
    *,
    partial: bool = False,
    words: Collection[str] | None = None,
    by: Actor = COMMAND,
) -> Disclosed:
    """The officer's command: one person, by id, `source:key` or address, from every source of the installation.

    `words` are blacked out in free text; None says that nobody has read it. BadInput when nobody or more than one person is meant; WrongState before a policy is published.
    """
    found = named(person)
    edition = Edition.objects.current()
    if edition is None:
        raise WrongState("no policy is published", "run `chikai policy publish` first")
    opened: dict[str, Open] = {}

    def open_source(name: str) -> Open:
        opened[name] = connect(home, name)
        return opened[name]

    places = Places(
        services={name: config.service for name, config in home.sources.items()},
        maps={name: map_ for name in home.sources if (map_ := map_in_force(name)) is not None},
        open=open_source,
        manual=frozenset(n for n, config in home.sources.items() if config.kind == "manual"),
        doubts=doubts_about(found),
    )
    try:
        return disclose(
            by,
            found.pk,
            cast("Mapping[str, Keys]", keys_of(found)),
            stored.document(bytes(edition.canonical)),
            places,
            out,
            number=actions.next_number(clock.now()),
            partial=partial,
            words=words,
        )
    finally:
        for source in opened.values():
            source.close()


def named(text: str) -> Person:
    """The one person whom an id, a key or a verified address means; BadInput where it is nobody, or not clear who."""
    found = Person.objects.find_person(text, surely=True)
    if len(found) == 1:
        return found[0]
    # The text itself may be an address, so it is not repeated.
    what = "nobody is known by that" if not found else f"{len(found)} persons share that address"
    do = "run `chikai people sync`, or name the person by id or `source:key`"
    if not found and (count := len(Link.objects.perhaps(text))):
        what = f"no service has verified that, and {count} registrations carry it"
        do = (
            "find out whose they are (`chikai people find`), and name the person by id or "
            "`source:table:key`; or register the request at the desk, where an officer confirms it"
        )
    raise BadInput(what, do)


def disclose(
    by: Actor,
    person: UUID,
    keys: Mapping[str, Keys],
    policy: Document,
    places: Places,
    out: Path,
    *,
    number: str,
    partial: bool = False,
    words: Collection[str] | None = None,
) -> Disclosed:
    """Make the package at `out` and record it; nothing is left at `out` when anything fails.

    WrongState where free text was gathered and nobody has read it, which is to say where `words` is None. With `partial`, a source that does not answer is named in the package instead of ending it.
    """
    if out.exists():
        raise BadInput(f"`{out.name}` exists", "name a file that does not exist yet")
    if not out.parent.is_dir():
        raise BadInput("the folder of the package does not exist", "make it first", str(out.parent))
    plan = fulfil.plan(person, places.services, keys, places.maps, places.manual, places.doubts)
    if not partial:
        _refuse_doubts(plan)
    if (unmapped := [s.source for s in plan.steps if s.standing == "no_map"]) and not partial:
        names = ", ".join(f"`{name}`" for name in unmapped)
        raise WrongState(
            f"no map is in force for {names}",
            "run `chikai map adopt NAME`, or pass `--partial` to say so in the package",
        )
    scratch = Path(tempfile.mkdtemp(prefix=".disclose-", dir=out.parent))
    try:
        fresh = scratch / "package.zip"
        read = None if words is None else review.checked(review.Review(tuple(words)), ())
        manifest = _gather(plan, policy, places, fresh, read, number=number, partial=partial)
        digest = _digest(fresh)
        noting.record_disclosure(
            by,
            person,
            number=number,
            package=digest,
            redacted=None if read is None else len(read.words),
            edition=policy.digest,
            rows=int(str(manifest["rows"])),
            sources=len(plan.asked),
        )
        os.link(fresh, out)  # fails, unlike a rename, when somebody made the file meanwhile
    finally:
        shutil.rmtree(scratch)
    return Disclosed(digest, manifest, out)


def _gather(
    plan: Plan,
    policy: Document,
    places: Places,
    file: Path,
    read: Review | None,
    *,
    number: str,
    partial: bool,
) -> dict[str, object]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle, zipfile.ZipFile(handle, "w") as archive:
        pack = package.Package(policy, plan, number, clock.now(), archive, file.parent)
        pack.review = read
        steps: list[Step] = []
        for step in plan.steps:
            if step.standing != "asked":
                steps.append(step)
                continue
            try:
                source = places.open(step.source)
                refuse_drift(step, source, places.maps[step.source])
                _read(pack, step, source, places.maps[step.source])
                steps.append(step)
            except Unreachable:
                if not partial:
                    raise
                steps.append(replace(step, standing="unreachable"))
        pack.plan = replace(plan, steps=tuple(steps))
        return pack.finish()


def _refuse_doubts(plan: Plan) -> None:
    """A registration that may be the person's would be missing, and the package would say that nothing is held."""
    if doubtful := [step for step in plan.steps if step.doubts]:
        count = sum(step.doubts for step in doubtful)
        names = ", ".join(f"`{step.source}`" for step in doubtful)
        raise WrongState(
            f"{count} registrations that may be this person's wait for an officer, in {names}",
            "decide them (`chikai people candidates`, or the console), "
            "or pass `--partial` to say so in the package",
        )


def refuse_drift(step: Step, source: Source, map_: Map) -> None:
    """A table or a column that the map does not know would be left out in silence, so it ends the disclosure."""
    changes = [c for c in drifts.drift(map_, source.catalogue()) if c.kind in UNANSWERED]
    if changes:
        raise Disagrees(
            f"`{step.source}` has changed since its map: {changes[0].what}",
            f"run `chikai map scan {step.source}`, decide, and adopt the map; nothing was handed out",
            step.source,
        )


def _read(pack: package.Package, step: Step, source: Source, map_: Map) -> None:
    unread: set[str] = set()
    with source.reading() as reading:
        counted = reading.count(map_, step.keys)
        customers = {t.name for t in map_.tables if t.whose == "customer"}
        read = {}
        for table, rows in reading.read(map_, step.keys):
            mapped = map_.by_name[table]
            shown = _looked_through(pack.review, step.source, mapped, rows, unread)
            read[table] = pack.add_table(step, mapped, shown)
    if unread:
        raise WrongState(
            f"nobody has read the free text of {', '.join(sorted(unread))}, where others may stand",
            "register the request at the desk, where an officer looks through it; or read it, and "
            "pass `--words FILE` with the words to black out",
        )
    pack.refer(step, {t: n for t, n in counted.items() if t in customers})
    fulfil.compare(step.source, {t: n for t, n in counted.items() if t not in customers}, read)


def _looked_through(
    read: Review | None, source: str, table: TableMap, rows: Iterable[Row], unread: set[str]
) -> Iterator[Row]:
    """Rows with their words blacked out; where nobody has read any, tables with free text are named in `unread`."""
    if read is not None:
        yield from read.rows(source, table, rows)
        return
    free = review.free_columns(table)
    for row in rows:
        if review.says_something(free, row):
            unread.add(f"`{source}.{table.name}`")
        yield row


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return f"sha256:{hashlib.file_digest(handle, 'sha256').hexdigest()}"
