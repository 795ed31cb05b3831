"""Gathering everything that is held about one person into a package: one consistent picture of each source.

The officer's command uses it as it is; the durable steps come with the request.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chikai import clock
from chikai.errors import BadInput, Unreachable, WrongState
from chikai.rights import fulfil, package
from chikai.web.actions import rights as actions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from chikai.policy.document import Document
    from chikai.rights.fulfil import Plan, Step
    from chikai.sources.map import Map
    from chikai.sources.protocol import Keys, Source
    from chikai.web.actions import Actor


@dataclass(frozen=True)
class Places:
    """What a disclosure asks: every source with its service, its map, and how to open it."""

    services: Mapping[str, str]
    maps: Mapping[str, Map]
    open: Callable[[str], Source]
    manual: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Disclosed:
    """What was made: the package's digest, its manifest, and the file."""

    digest: str
    manifest: Mapping[str, object]
    file: Path


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
) -> Disclosed:
    """Make the package at `out` and record it; nothing is left at `out` when anything fails.

    With `partial`, a source that does not answer is named in the package instead of ending it.
    """
    if out.exists():
        raise BadInput(f"`{out.name}` exists", "name a file that does not exist yet")
    if not out.parent.is_dir():
        raise BadInput("the folder of the package does not exist", "make it first", str(out.parent))
    plan = fulfil.plan(person, places.services, keys, places.maps, places.manual)
    if (unmapped := [s.source for s in plan.steps if s.standing == "no_map"]) and not partial:
        names = ", ".join(f"`{name}`" for name in unmapped)
        raise WrongState(
            f"no map is in force for {names}",
            "run `chikai map adopt NAME`, or pass `--partial` to say so in the package",
        )
    scratch = Path(tempfile.mkdtemp(prefix=".disclose-", dir=out.parent))
    try:
        fresh = scratch / "package.zip"
        manifest = _gather(plan, policy, places, fresh, number=number, partial=partial)
        digest = _digest(fresh)
        actions.record_disclosure(
            by,
            person,
            number=number,
            package=digest,
            edition=policy.digest,
            rows=int(str(manifest["rows"])),
            sources=len(plan.asked),
        )
        os.link(fresh, out)  # fails, unlike a rename, when somebody made the file meanwhile
    finally:
        shutil.rmtree(scratch)
    return Disclosed(digest, manifest, out)


def _gather(
    plan: Plan, policy: Document, places: Places, file: Path, *, number: str, partial: bool
) -> dict[str, object]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle, zipfile.ZipFile(handle, "w") as archive:
        pack = package.Package(policy, plan, number, clock.now(), archive, file.parent)
        steps: list[Step] = []
        for step in plan.steps:
            if step.standing != "asked":
                steps.append(step)
                continue
            try:
                source = places.open(step.source)
                _read(pack, step, source, places.maps[step.source])
                steps.append(step)
            except Unreachable:
                if not partial:
                    raise
                steps.append(replace(step, standing="unreachable"))
        pack.plan = replace(plan, steps=tuple(steps))
        return pack.finish()


def _read(pack: package.Package, step: Step, source: Source, map_: Map) -> None:
    with source.reading() as reading:
        counted = reading.count(map_, step.keys)
        customers = {t.name for t in map_.tables if t.whose == "customer"}
        read = {
            table: pack.add_table(step, map_.by_name[table], rows)
            for table, rows in reading.read(map_, step.keys)
        }
    pack.refer(step, {t: n for t, n in counted.items() if t in customers})
    fulfil.compare(step.source, {t: n for t, n in counted.items() if t not in customers}, read)


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return f"sha256:{hashlib.file_digest(handle, 'sha256').hexdigest()}"
