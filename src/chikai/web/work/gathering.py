"""What the steps of a disclosure do, for all requests of a batch: reading the places, the letters, the packages.

A place is read with one statement a table for everybody, in one consistent picture, and its rows go straight into each
person's sealed part. Verifying opens a fresh connection and compares what stands there with what stood there then. A
person whose reading fails is split off: the others go on.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import logging
import zipfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.db import DatabaseError

from chikai import clock, law
from chikai.errors import (
    ChikaiError,
    ConfigError,
    Disagrees,
    MapError,
    MoreThanPlanned,
    Restored,
    Unreachable,
    WrongState,
)
from chikai.ledger import sealing
from chikai.people.normalise import is_proof
from chikai.rights import deadline, fulfil, handing, letter, parts, redaction, refusal, review
from chikai.rights.package import Package, place_of
from chikai.sources import drift as drifts
from chikai.sources import each
from chikai.web import packages, typeset
from chikai.web.actions import rights
from chikai.web.maps import map_named
from chikai.web.models import Edition, Request, Step
from chikai.web.work import proofs
from chikai.web.work.claims import Overtaken
from chikai.web.work.disclose import UNANSWERED
from chikai.web.work.engine import point
from chikai.web.work.first_writes import Waits
from chikai.web.work.sources import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path
    from uuid import UUID

    from chikai.home import Home
    from chikai.policy.document import Document
    from chikai.sources.catalogue import Catalogue
    from chikai.sources.map import Identity, Map, TableMap
    from chikai.sources.opening import Open
    from chikai.sources.protocol import Keys, Row
    from chikai.web.actions.orders import Draft
    from chikai.web.work.claims import Batch

LETTER: Final = "letter"
_ONE_DAY: Final = timedelta(days=1)
_log: Final = logging.getLogger("chikai.work")


class Changed(Disagrees):
    """A place has another shape than the plan says: reading it again changes nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made: rows, the name of its content, its file. `fault` says what it could not do, and went on without."""

    rows: int
    digest: str
    file: str = ""
    fault: str = ""


@dataclass
class Group:
    """Steps that are done together: the batch, the steps, and what became of each."""

    batch: Batch
    home: Home
    steps: Sequence[Step]
    made: dict[int, Made] = field(default_factory=dict)
    reply_to: dict[Any, str] = field(default_factory=dict)
    faults: dict[int, Exception] = field(default_factory=dict)
    orders: dict[int, Draft] = field(default_factory=dict)

    def of(self, action: str) -> Group:
        """The part of it with one kind of steps, whose results are the whole's; a request that failed before waits."""
        failed = {s.request_id for s in self.steps if s.pk in self.faults and s.action != "read"}
        mine = [s for s in self.steps if s.action == action and s.request_id not in failed]
        left = [s for s in mine if s.request_id in self.batch.requests]
        return replace(self, steps=left)

    def narrowed(self, steps: Sequence[Step]) -> Group:
        """The part of it with these steps, whose results are the whole's."""
        return replace(self, steps=steps)

    def request(self, step: Step) -> Request:
        """The request of a step."""
        return self.batch.requests[step.request_id]

    def key(self, step: Step) -> bytes:
        """The key of a step's request; WrongState when it was destroyed."""
        key = self.batch.keys.get(step.request_id)
        if key is None:
            raise WrongState(
                "the keys of this request were destroyed", "nothing more can be opened"
            )
        return key

    def each(self, do: Callable[[Step], None]) -> None:
        """Do one thing for each step; a fault stays with its step."""
        for step in self.steps:
            if self.batch.claim.lost.is_set():
                return
            with caught(self, [step]):
                do(step)

    def by_source(self) -> Iterator[tuple[str, list[Step]]]:
        """The steps of each source."""
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            found.setdefault(step.source, []).append(step)
        yield from found.items()


class caught:  # noqa: N801  it reads as a word of the language
    """Let a fault stay with the steps that it stopped; faults of the whole place stop them all, the database's nobody's."""

    def __init__(self, group: Group, steps: Iterable[Step]) -> None:
        self._group, self._steps = group, steps

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> bool:
        """Keep the fault."""
        if not isinstance(fault, Exception) or isinstance(fault, DatabaseError | Overtaken):
            return False
        for step in self._steps:
            self._group.faults[step.pk] = fault
        return True


def said(fault: Exception) -> tuple[str, str, str]:
    """A fault as a page shows it: its code, what happened, what to do."""
    if isinstance(fault, ChikaiError):
        return fault.code, fault.what, fault.do
    if not isinstance(fault, OSError):
        # The text of an unknown fault may quote a value of somebody's database: only its kind is kept.
        _log.error("a step of a request ended by %s", type(fault).__name__)
        what = f"an unexpected fault of the kind `{type(fault).__name__}`"
        return "error", what, "run `chikai doctor`"
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "config", "the disk of the installation is full", "make room; it is tried again"
    name = errno.errorcode.get(fault.errno or 0, type(fault).__name__)
    return "config", f"the disk of the installation answered `{name}`", "run `chikai doctor`"


def is_final(fault: Exception) -> bool:
    """Whether trying again changes nothing."""
    return isinstance(fault, Changed | MapError | ConfigError | MoreThanPlanned)


def together(group: Group, steps: list[Step], do: Callable[[Group, str, list[Step]], None]) -> None:
    """Do the steps of one source at once; when they fail and it is not the place's fault, each by itself."""
    source = steps[0].source
    try:
        do(group, source, steps)
    except (DatabaseError, Overtaken):
        raise
    except (Unreachable, Restored, Waits, Changed, MapError, ConfigError, OSError) as fault:
        group.faults |= {step.pk: fault for step in steps}
    except Exception as fault:
        if len(steps) == 1:
            group.faults[steps[0].pk] = fault
            return
        for step in steps:
            together(group, [step], do)


def policy_of(request: Request) -> Document:
    """The edition that a request's plan stands on."""
    found = Edition.objects.document(request.edition)
    if found is None:
        raise WrongState("the edition of the plan is gone", "plan the request again")
    return found


def keys_of_step(group: Group, step: Step) -> Keys:
    """The person's local keys in a place, as they were resolved when the request was planned."""
    request = group.request(step)
    plan = sealing.unseal(group.key(step), bytes(request.plan or b""), f"request|{request.pk}|plan")
    found: dict[str, dict[str, list[object]]] = json.loads(plan)
    return {table: tuple(keys) for table, keys in found[step.source].items()}


def planned_map(group: Group, source: str, steps: Sequence[Step]) -> Map:
    """The map in force, if it is the one that every plan of these steps was made for."""
    digest = group.batch.at(source).map
    map_ = map_named(source, digest) if digest else None
    if map_ is None or any(step.plan_digest != map_.digest for step in steps):
        raise Changed(
            f"another map is in force for `{source}` than the plan says"
            if map_
            else f"no map is in force for `{source}`",
            "adopt a map of it, then plan the request again",
            source,
        )
    return map_


def unchanged(source: Open, catalogue: Catalogue, map_: Map) -> None:
    """Changed when the place has tables or columns that the map does not know, or has lost some."""
    known = _shapes.get(source.name)
    if known is None or known[0] is not catalogue or known[1] != map_.digest:
        found = [c for c in drifts.drift(map_, catalogue) if c.kind in UNANSWERED]
        known = _shapes[source.name] = (catalogue, map_.digest, found[0].what if found else "")
    if known[2]:
        raise Changed(
            f"`{source.name}` has changed since its map: {known[2]}",
            f"run `chikai map scan {source.name}`, adopt the map, and plan the request again",
            source.name,
        )


_shapes: dict[str, tuple[Catalogue, str, str]] = {}  # the last comparison of each source


def read_places(group: Group) -> None:
    """Read every place of the group."""
    for _source, steps in group.by_source():
        same = {step.plan_digest for step in steps}
        for digest in same:
            together(group, [s for s in steps if s.plan_digest == digest], _read)
        point("read.written")


def _read(group: Group, name: str, steps: list[Step]) -> None:
    map_, source = planned_map(group, name, steps), opened(group.home, name)
    of = {str(step.pk): step for step in steps}
    subjects = {id_: keys_of_step(group, step) for id_, step in of.items()}
    files = {id_: _part_file(group, step) for id_, step in of.items()}
    held_parts = {id_: parts.Part(cast("Any", files[id_].open)) for id_ in of}
    try:
        with each.picture(source) as reading:
            catalogue = reading.catalogue()
            unchanged(source, catalogue, map_)
            held = reading.held(map_, subjects)
            for table, rows in reading.read_each(map_, subjects):
                mapped = map_.by_name[table]
                exact = _exact(catalogue, table)
                for id_, row in rows:
                    if mapped.identity:
                        _note(mapped.identity, row, held_parts[id_].more)
                    held_parts[id_].add(mapped, row, exact)
                point("read.table")
        customers = {t.name for t in map_.tables if t.whose == "customer"}
        for id_, step in of.items():
            with caught(group, [step]):
                counts = {t: n for t, (n, _) in held[id_].items()}
                own = {t: n for t, n in counts.items() if t not in customers}
                fulfil.compare(name, own, held_parts[id_].counts)
                referred = {t: n for t, n in counts.items() if t in customers}
                rows_, digest = held_parts[id_].finish(held[id_], referred)
                files[id_].keep(sure=False)
                step.found = {"free": held_parts[id_].free}
                group.made[step.pk] = Made(rows_, digest, files[id_].name)
        kept = [step for step in steps if step.pk in group.made]
        packages.confirm([s.request_id for s in kept], {group.made[s.pk].file for s in kept})
    finally:
        for file in files.values():
            file.drop()


def _part_file(group: Group, step: Step) -> packages.Writing:
    return packages.Writing(step.request_id, f"part-{step.ord}.{group.batch.mark}", group.key(step))


def _exact(catalogue: Catalogue, table: str) -> frozenset[str]:
    described = catalogue.by_name.get(table)
    return (
        frozenset(c.name for c in described.columns if c.type == "decimal")
        if described
        else frozenset()
    )


def _note(identity: Identity, row: Row, more: dict[str, str]) -> None:
    """Note whom the letter is to, and the address that the service verified."""
    if identity.name and row.get(identity.name):
        more.setdefault("name", str(row[identity.name]))
    if identity.email and identity.verified and is_proof(row.get(identity.verified)):
        more.setdefault("reply_to", str(row.get(identity.email) or ""))


def verify_places(group: Group) -> None:
    """Ask every place again on a fresh connection and compare; and every part on the disk."""
    for _source, steps in group.by_source():
        together(group, steps, _verify)


def _verify(group: Group, name: str, steps: list[Step]) -> None:
    # By the map that it was read by: the same question again.
    map_, source = map_named(name, steps[0].plan_digest), opened(group.home, name)
    noted = {}
    for step in steps:
        with caught(group, [step]), _part(group, step) as lines:
            noted[step.pk] = lines.finish()
        if step.pk not in noted:
            step.state = "todo"
    of = {str(step.pk): step for step in steps if step.pk in noted}
    subjects = {id_: keys_of_step(group, step) for id_, step in of.items()}
    with each.picture(source, fresh=True) as reading:
        held = reading.held(map_, subjects)
    for id_, step in of.items():
        if {t: list(h) for t, h in held[id_].items()} != noted[step.pk]["held"]:
            step.state = "todo"
            group.faults[step.pk] = Disagrees(
                "the place gave something else when it was read again",
                "it is read anew; look at it when it goes on changing",
                name,
            )
        elif reply_to := noted[step.pk]["more"].get("reply_to", ""):
            group.reply_to.setdefault(step.request_id, reply_to)


class _part:  # noqa: N801  it reads as a word of the language
    """A part that is read again."""

    def __init__(self, group: Group, step: Step) -> None:
        self._reading = packages.reading(step.request_id, step.file, group.key(step))
        self._digest = step.digest

    def __enter__(self) -> parts.Lines:
        """Open it."""
        return parts.Lines(cast("IO[bytes]", self._reading.__enter__()), self._digest)

    def __exit__(self, *fault: object) -> None:
        """Close it."""
        self._reading.__exit__(*cast("tuple[Any, Any, Any]", fault))


def _standings(steps: Iterable[Step]) -> Iterator[tuple[Step, str]]:
    words = {"read": "asked", "manual": "by_hand", "nothing": "nothing"}
    for step in steps:
        if step.action in words:
            yield step, words[step.action]


def write_letters(group: Group) -> None:
    """Set the letters in type; without a Japanese font they are left out, and the step says so."""
    group.each(lambda step: _letter(group, step))


def _letter(group: Group, step: Step) -> None:
    if typeset.font() is None:
        group.made[step.pk] = Made(0, "", fault=typeset.NO_FONT)
        return
    request, now = group.request(step), clock.now()
    all_, doubts = group.batch.steps[request.pk], group.batch.doubts(request)
    said_ = letter.data(
        policy_of(request),
        number=request.number,
        made_on=clock.day_in_japan(now),
        name=_name(group, all_),
        places=[
            (s.service or s.source, standing, s.rows, doubts.get(s.source, 0))
            for s, standing in _standings(all_)
        ],
        until=last_day(deadline.package_until(now)),
        left=_left(group, request),
        on_paper=is_on_paper(all_),
    )
    typeset_letter(group, step, said_)


def is_on_paper(steps: Iterable[Step]) -> bool:
    """Whether the answer is printed and handed over, so that nobody is told to fetch a file."""
    return any(step.action == handing.ACTION for step in steps)


def _left(group: Group, request: Request) -> list[str]:
    """What the letter says of what stays back."""
    found = group.batch.review(request)
    if found is None or not found.left:
        return []
    policy, ground = policy_of(request), refusal.BY_ID[found.ground]
    names = {
        s.source: service.name.ja
        for s in group.batch.steps[request.pk]
        if (service := policy.service(s.service))
    }
    which = "、".join(review.left_in_words(found.left, names))
    why = f"理由：{ground.says.ja}（{law.in_words(ground.cite, 'ja')}）。{found.text}"
    return [f"次のものは、お渡ししていません。{which}", why]


def last_day(until: datetime) -> date:
    """The last day before a moment at the beginning of a day."""
    return clock.day_in_japan(until) - _ONE_DAY


def typeset_letter(group: Group, step: Step, said_: dict[str, Any]) -> None:
    """Set a letter in type and keep it; without a Japanese font it is left out, and the step says so."""
    if typeset.font() is None:
        group.made[step.pk] = Made(0, "", fault=typeset.NO_FONT)
        return
    request = group.request(step)
    pdf = typeset.pdf(said_, clock.now())
    name = f"{LETTER}.{group.batch.mark}"
    with packages.writing(request, name, group.key(step)) as out:
        out.write(pdf)
    # The package that is made next takes it over.
    step.digest, step.file = f"sha256:{hashlib.sha256(pdf).hexdigest()}", name
    group.made[step.pk] = Made(0, step.digest, name)


def _name(group: Group, steps: Iterable[Step]) -> str:
    for step in steps:
        if step.action == "read":
            with _part(group, step) as lines:
                if name := lines.finish()["more"].get("name"):
                    return str(name)
    return ""


def verify_letters(group: Group) -> None:
    """Read the letters' files again and compare."""
    group.each(lambda step: compare_file(group, step) if step.digest else None)


def make_packages(group: Group) -> None:
    """Put each request's parts, letter, page and manifest into one sealed archive."""
    scratch = packages.spool()
    proved = proofs.receipts_of(map(group.request, group.steps))
    group.each(lambda step: _package(group, step, scratch, proved))
    kept = [step for step in group.steps if step.pk in group.made]
    packages.confirm([s.request_id for s in kept], {group.made[s.pk].file for s in kept})


def _package(group: Group, step: Step, scratch: Path, proved: Mapping[UUID, str]) -> None:
    request = group.request(step)
    all_ = group.batch.steps[request.pk]
    doubts = group.batch.doubts(request)
    planned = tuple(
        fulfil.Step(
            *(s.source, s.service, cast("fulfil.Standing", standing)),
            doubts=doubts.get(s.source, 0),
        )
        for s, standing in _standings(all_)
    )
    plan = fulfil.Plan(request.person_id, planned)
    name = f"{packages.PACKAGE}.{group.batch.mark}"
    with packages.writing(request, name, group.key(step), sure=False) as out:
        summing = Summing(out)
        with zipfile.ZipFile(cast("IO[bytes]", summing), "w") as archive:
            pack = Package(policy_of(request), plan, request.number, clock.now(), archive, scratch)
            pack.review = group.batch.review(request)
            for row in all_:
                _add(group, pack, row)
                point("package.part")
            if request.pk in proved:
                pack.add_receipt(proved[request.pk])
            manifest = pack.finish()
    digest = f"sha256:{summing.hexdigest}"
    group.made[step.pk] = Made(int(str(manifest["rows"])), digest, name)


def _add(group: Group, pack: Package, row: Step) -> None:
    request = group.request(row)
    if row.action == "read":
        planned = next(s for s in pack.plan.steps if s.source == row.source)
        with _part(group, row) as lines:
            parts.add(pack, planned, map_named(row.source, row.plan_digest), lines, pack.review)
    elif row.action == "manual":
        note = rights.read_step_note(request, row)
        if pack.review is not None:
            note, _ = redaction.redacted(note, pack.review.words)
        pack.add_file(f"by-hand/{row.source}.txt", note.encode())
        pack.counts[row.source] = {"by hand": row.rows}
    elif row.action == "pdf" and row.digest:
        with packages.reading(request, row.file, group.key(row)) as file:
            pack.add_file("letter.pdf", file.read())


def verify_packages(group: Group) -> None:
    """Read the sealed archives again: their bytes, and their rows against what was gathered."""
    group.each(lambda step: _compare_package(group, step))


def _compare_package(group: Group, step: Step) -> None:
    compare_file(group, step)
    all_ = group.batch.steps[step.request_id]
    gathered = sum(s.rows for s in all_ if s.pk != step.pk)
    found = group.batch.review(group.request(step))
    if found is not None and (found.words or found.left):
        gathered -= _compare_reviewed(group, step, found)
    if gathered != step.rows:
        raise Disagrees("the package has another number of rows than was gathered", "make it anew")


def _compare_reviewed(group: Group, step: Step, found: review.Review) -> int:
    """Read a reviewed package again: Disagrees where a word or a table is in it that should not be; the rows left out."""
    left_rows = 0
    request, key = group.request(step), group.key(step)
    with (
        packages.reading(request, step.file, key) as file,
        zipfile.ZipFile(io.BufferedReader(file)) as archive,
    ):
        names = set(archive.namelist())
        for row in group.batch.steps[request.pk]:
            if row.action != "read":
                continue
            map_ = map_named(row.source, row.plan_digest)
            with _part(group, row) as lines:
                counts = lines.finish()["counts"]
            for table, count in counts.items():
                name = f"json/{place_of(row.source, table)}.json"
                gone = found.leaves_table(row.source, table)
                left_rows += count if gone else 0
                there = json.loads(archive.read(name)) if name in names else []
                if (gone and there) or not _is_clean(found, row.source, map_.by_name[table], there):
                    step.state = "todo"
                    raise Disagrees("the package holds what was left out of it", "make it anew")
    return left_rows


def _is_clean(found: review.Review, source: str, table: TableMap, rows: list[Row]) -> bool:
    return list(found.rows(source, table, rows)) == rows


def compare_file(group: Group, step: Step) -> None:
    """Read a sealed file again; Disagrees when it is not what was written, and then it is made anew."""
    found = hashlib.sha256()
    try:
        with packages.reading(step.request_id, step.file, group.key(step)) as file:
            while block := file.read(2**16):
                found.update(block)
    except WrongState:
        step.state = "todo"
        raise
    if f"sha256:{found.hexdigest()}" != step.digest:
        step.state = "todo"
        raise Disagrees("the file is not what was written", "it is made anew")


class Summing:
    """A file on the way to another one; its bytes are summed as they go."""

    def __init__(self, file: Any) -> None:
        self._file, self._sum = file, hashlib.sha256()

    def write(self, data: Any) -> int:
        """Pass bytes on."""
        self._sum.update(data)
        return int(self._file.write(data))

    def flush(self) -> None:
        """Pass it on."""
        self._file.flush()

    @property
    def hexdigest(self) -> str:
        """The sum of what went through."""
        return self._sum.hexdigest()
