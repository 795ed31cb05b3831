"""What one place gave, kept as an archive of its own until everything is there; and what its reading is compared by.

A part holds the files of its tables and `part.json`: counts, items, and the first rows for the page. The package copies
its files, and compares each with the digest that was noted when it was gathered.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from chikai import canon
from chikai.rights.package import File, Item, Package
from chikai.rights.page import Section

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Mapping

    from typing_extensions import Buffer

NAME: Final = "part.json"


class Nowhere(io.RawIOBase):
    """A file that keeps nothing: reading again needs only the digests."""

    def writable(self) -> bool:
        """It takes everything."""
        return True

    def write(self, data: Buffer) -> int:
        """Forget these bytes."""
        return memoryview(data).nbytes


def digest_of(pack: Package) -> str:
    """The name of what was gathered: every file with its digest and rows, and what was referred to customers."""
    files = sorted((f.name, f.digest, f.rows or 0) for f in pack.files)
    return canon.digest(
        {"files": files, "counts": dict(pack.counts), "referred": dict(pack.referred)}
    )


def rows_of(pack: Package) -> int:
    """How many rows were gathered."""
    return sum(sum(tables.values()) for tables in pack.counts.values())


def write(pack: Package, more: Mapping[str, str]) -> None:
    """Close a part: its `part.json`. `more` is what the worker noted beside, such as the name for the letter."""
    said = {
        "counts": pack.counts,
        "referred": pack.referred,
        "items": [asdict(item) for item in pack.items],
        "sections": [asdict(section) for section in pack.sections],
        "files": [asdict(file) for file in pack.files],
        "more": dict(more),
    }
    pack.archive.writestr(NAME, json.dumps(said, ensure_ascii=False))


def add(pack: Package, part: zipfile.ZipFile) -> None:
    """Take a part over into the package."""
    said = read(part)
    for file in said["files"]:
        pack.copy_file(part, File(**file))
    pack.counts |= said["counts"]
    pack.referred |= said["referred"]
    pack.items += [
        Item(**item | {k: tuple(item[k]) for k in ("purposes", "recipients")})
        for item in said["items"]
    ]
    pack.sections += [
        Section(
            **section | {k: tuple(tuple(inner) for inner in section[k]) for k in ("items", "rows")}
        )
        for section in said["sections"]
    ]


def read(part: zipfile.ZipFile) -> dict[str, Any]:
    """What a part says of itself."""
    found: dict[str, Any] = json.loads(part.read(NAME))
    return found
