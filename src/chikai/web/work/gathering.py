"""Reading the places for all requests of a batch; what is made of the gathered parts stands in `packing`.

A place is read with one statement a table for everybody, in one consistent picture, and its rows go straight into each
person's sealed part. Verifying opens a fresh connection and compares what stands there with what stood there then. A
person whose reading fails is split off: the others go on.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import errno
import json
import logging
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django.db import DatabaseError

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
from chikai.rights import fulfil, parts
from chikai.sources import drift as drifts
from chikai.sources import each
from chikai.web import packages
from chikai.web.maps import map_named
from chikai.web.models import Edition, Request, Step
from chikai.web.work.claims import Overtaken
from chikai.web.work.disclose import UNANSWERED
from chikai.web.work.engine import point
from chikai.web.work.first_writes import Waits
from chikai.web.work.sources import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from chikai.home import Home
    from chikai.policy.document import Document
    from chikai.sources.catalogue import Catalogue
    from chikai.sources.map import Identity, Map
    from chikai.sources.opening import Open
    from chikai.sources.protocol import Keys, Row
    from chikai.web.actions.orders import Draft
    from chikai.web.work.claims import Batch

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
        with caught(group, [step]), part_of(group, step) as lines:
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


class part_of:  # noqa: N801  it reads as a word of the language
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
