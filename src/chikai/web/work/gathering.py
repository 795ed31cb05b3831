"""What the steps of a disclosure do: reading a place into a sealed part, the letter, the package; and verifying each.

Verifying opens a fresh connection, reads again, and compares counts and digests. A place that changed in between is read
anew, and after some attempts somebody looks at it.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any, Final, cast

from chikai import clock
from chikai.errors import Disagrees, WrongState
from chikai.ledger import sealing
from chikai.policy import stored
from chikai.rights import deadline, fulfil, letter, parts
from chikai.rights.package import Package
from chikai.sources import drift as drifts
from chikai.web import packages, typeset
from chikai.web.actions import rights
from chikai.web.models import Edition, Request, Step
from chikai.web.work.disclose import UNANSWERED
from chikai.web.work.engine import point
from chikai.web.work.sources import connect, map_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chikai.home import Home
    from chikai.policy.document import Document
    from chikai.sources.map import Identity, Map
    from chikai.sources.opening import Open
    from chikai.sources.protocol import Keys, Row

LETTER: Final = "letter"
_ONE_DAY: Final = timedelta(days=1)


class Changed(Disagrees):
    """A place has another shape than the plan says: reading it again changes nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made: rows, and the name of its content. `fault` says what it could not do, and went on without."""

    rows: int
    digest: str
    fault: str = ""


def part_name(step: Step) -> str:
    """The name of a place's part: the number of its step."""
    return f"part-{step.ord}"


def _policy(request: Request) -> Document:
    edition = Edition.objects.filter(digest=request.edition).first()
    if edition is None:
        raise WrongState("the edition of the plan is gone", "plan the request again")
    return stored.document(bytes(edition.canonical))


def _map(step: Step) -> Map:
    map_ = map_in_force(step.source)
    if map_ is None or map_.digest != step.plan_digest:
        why = "no map is in force for" if map_ is None else "another map is in force for"
        raise Changed(
            f"{why} `{step.source}` than the plan says" if map_ else f"{why} `{step.source}`",
            "adopt a map of it, then plan the request again",
            step.source,
        )
    return map_


def _unchanged(source: Open, step: Step, map_: Map) -> None:
    changes = [c for c in drifts.drift(map_, source.catalogue()) if c.kind in UNANSWERED]
    if changes:
        raise Changed(
            f"`{step.source}` has changed since its map: {changes[0].what}",
            f"run `chikai map scan {step.source}`, adopt the map, and plan the request again",
            step.source,
        )


def _gather(
    home: Home, request: Request, step: Step, out: IO[bytes], *, close: bool
) -> tuple[Package, dict[str, str]]:
    """Read a place in one consistent picture into an archive; counts are compared within that picture."""
    map_, keys = _map(step), _keys(request, step)
    planned = fulfil.Step(step.source, step.service, "asked", keys)
    plan = fulfil.Plan(request.person_id, (planned,))
    more: dict[str, str] = {}
    with (
        packages.scratch(request) as scratch,
        closing(connect(home, step.source)) as source,
        zipfile.ZipFile(out, "w") as archive,
    ):
        _unchanged(source, step, map_)
        pack = Package(_policy(request), plan, request.number, clock.now(), archive, scratch)
        with source.reading() as reading:
            counted = reading.count(map_, keys)
            customers = {t.name for t in map_.tables if t.whose == "customer"}
            read = {}
            for table, rows in reading.read(map_, keys):
                mapped = map_.by_name[table]
                noted = _noting(rows, mapped.identity, more) if mapped.identity else rows
                read[table] = pack.add_table(planned, mapped, noted)
                point("read.table")
        pack.refer(planned, {t: n for t, n in counted.items() if t in customers})
        fulfil.compare(step.source, {t: n for t, n in counted.items() if t not in customers}, read)
        if close:
            parts.write(pack, more)
    return pack, more


def _keys(request: Request, step: Step) -> Keys:
    """The person's local keys in a source, as the plan holds them."""
    sealed = bytes(request.plan or b"")
    opened = sealing.unseal(rights.key_of(request), sealed, f"request|{request.pk}|plan")
    planned = json.loads(opened).get(step.source, {})
    return {table: tuple(keys) for table, keys in planned.items()}


def _noting(rows: Iterator[Row], identity: Identity, more: dict[str, str]) -> Iterator[Row]:
    """Note whom the letter is to, and the address that the service verified, while the rows go by."""
    for row in rows:
        if identity.name and row.get(identity.name):
            more.setdefault("name", str(row[identity.name]))
        if identity.email and identity.verified and row.get(identity.verified):
            more.setdefault("reply_to", str(row.get(identity.email) or ""))
        yield row


def read_place(home: Home, request: Request, step: Step) -> Made:
    """Read a place into its sealed part."""
    with packages.writing(request, part_name(step)) as out:
        pack, _ = _gather(home, request, step, cast("IO[bytes]", out), close=True)
    return Made(parts.rows_of(pack), parts.digest_of(pack))


def verify_place(home: Home, request: Request, step: Step) -> str:
    """Read the place again on a fresh connection and compare; and the part on the disk. The address for answers."""
    with (
        packages.reading(request, part_name(step)) as file,
        zipfile.ZipFile(cast("IO[bytes]", file)) as part,
    ):
        noted = parts.read(part)
    pack, more = _gather(home, request, step, cast("IO[bytes]", parts.Nowhere()), close=False)
    kept = sorted((f["name"], f["digest"]) for f in noted["files"])
    again = sorted((f.name, f.digest) for f in pack.files)
    if (parts.digest_of(pack), parts.rows_of(pack)) != (step.digest, step.rows) or kept != again:
        _again(step)
        raise Disagrees(
            "the place gave something else when it was read again",
            "it is read anew; look at it when it goes on changing",
            step.source,
        )
    return more.get("reply_to", "")


def _again(step: Step) -> None:
    step.state = "todo"


def _standings(request: Request) -> Iterator[tuple[Step, str]]:
    words = {"read": "asked", "manual": "by_hand", "nothing": "nothing"}
    for step in request.steps.filter(action__in=tuple(words)).order_by("ord"):
        yield step, words[step.action]


def write_letter(home: Home, request: Request, step: Step) -> Made:
    """Set the letter in type; without a Japanese font it is left out, and the step says so."""
    if typeset.font() is None:
        return Made(0, "", typeset.NO_FONT)
    places = [(s.service or s.source, standing, s.rows) for s, standing in _standings(request)]
    now = clock.now()
    said = letter.data(
        _policy(request),
        number=request.number,
        made_on=clock.day_in_japan(now),
        name=_name(request),
        places=places,
        until=clock.day_in_japan(deadline.package_until(now)) - _ONE_DAY,
    )
    pdf = typeset.pdf(said, now)
    with packages.writing(request, LETTER) as out:
        out.write(pdf)
    return Made(0, f"sha256:{hashlib.sha256(pdf).hexdigest()}")


def _name(request: Request) -> str:
    for step in request.steps.filter(action="read").order_by("ord"):
        with (
            packages.reading(request, part_name(step)) as file,
            zipfile.ZipFile(cast("IO[bytes]", file)) as part,
        ):
            if name := parts.read(part)["more"].get("name"):
                return str(name)
    return ""


def verify_letter(home: Home, request: Request, step: Step) -> str:
    """Read the letter's file again and compare."""
    if step.digest:
        _compare_file(request, LETTER, step)
    return ""


def make_package(home: Home, request: Request, step: Step) -> Made:
    """Put the parts, the letter, the page and the manifest into one sealed archive."""
    planned = [
        fulfil.Step(s.source, s.service, cast("fulfil.Standing", standing))
        for s, standing in _standings(request)
    ]
    plan = fulfil.Plan(request.person_id, tuple(planned))
    with packages.scratch(request) as scratch, packages.writing(request, packages.PACKAGE) as out:
        summing = _Summing(out)
        with zipfile.ZipFile(cast("IO[bytes]", summing), "w") as archive:
            pack = Package(_policy(request), plan, request.number, clock.now(), archive, scratch)
            for row in request.steps.order_by("ord"):
                _add(pack, request, row)
                point("package.part")
            manifest = pack.finish()
    return Made(int(str(manifest["rows"])), f"sha256:{summing.hexdigest}")


def _add(pack: Package, request: Request, row: Step) -> None:
    if row.action == "read":
        with (
            packages.reading(request, part_name(row)) as file,
            zipfile.ZipFile(cast("IO[bytes]", file)) as part,
        ):
            parts.add(pack, part)
    elif row.action == "manual":
        note = rights.read_step_note(request, row)
        pack.add_file(f"by-hand/{row.source}.txt", note.encode())
        pack.counts[row.source] = {"by hand": row.rows}
    elif row.action == "pdf" and row.digest:
        with packages.reading(request, LETTER) as file:
            pack.add_file("letter.pdf", file.read())


def verify_package(home: Home, request: Request, step: Step) -> str:
    """Read the sealed archive again: its bytes, its rows, and every file's digest in its manifest."""
    _compare_file(request, packages.PACKAGE, step)
    gathered = sum(request.steps.exclude(pk=step.pk).values_list("rows", flat=True))
    if gathered != step.rows:
        raise Disagrees("the package has another number of rows than was gathered", "make it anew")
    return ""


def _compare_file(request: Request, name: str, step: Step) -> None:
    found = hashlib.sha256()
    try:
        with packages.reading(request, name) as file:
            while block := file.read(2**16):
                found.update(block)
    except WrongState:
        _again(step)
        raise
    if f"sha256:{found.hexdigest()}" != step.digest:
        _again(step)
        raise Disagrees("the file is not what was written", "it is made anew")


class _Summing:
    """A file on the way to another one; its bytes are summed as they go."""

    def __init__(self, file: Any) -> None:
        self._file, self._sum = file, hashlib.sha256()

    def write(self, data: Any) -> int:
        self._sum.update(data)
        return int(self._file.write(data))

    def flush(self) -> None:
        self._file.flush()

    @property
    def hexdigest(self) -> str:
        return self._sum.hexdigest()


DOES: Final[Mapping[str, Callable[[Home, Request, Step], Made]]] = {
    "read": read_place,
    "pdf": write_letter,
    "package": make_package,
}
VERIFIES: Final[Mapping[str, Callable[[Home, Request, Step], str]]] = {
    "read": verify_place,
    "pdf": verify_letter,
    "package": verify_package,
}
