"""An export: the folder that anybody can verify, with the ledger's files and nothing personal.

```
checkpoint           size and root, signed
key                  the verifier's key
tile/L/N[.p/W]       hashes
tile/entries/N[.p/W] entries
```
A later export into the same folder adds files, replaces the checkpoint last, and takes away partial tiles that grew.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai.errors import Tampered, WrongState
from chikai.ledger import tiles, tree
from chikai.ledger.note import VerifierKey, open_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chikai.ledger.note import Checkpoint
    from chikai.ledger.tiles import Place

CHECKPOINT: Final = "checkpoint"
KEY: Final = "key"
ENTRIES: Final = "entries"


def files_of(size: int) -> set[str]:
    """The files of an export of this size."""
    found = {CHECKPOINT, KEY}
    found.update(place.path() for place in tiles.all_places(size))
    found.update(place.path(ENTRIES) for place in tiles.places(size))
    return found


def write(
    folder: Path, note: bytes, key: VerifierKey, entries: Callable[[Place], Sequence[bytes]]
) -> Checkpoint:
    """Write the ledger below a checkpoint. `entries` gives those of a place of level 0.

    Tampered when the entries do not make the root that was signed: then nothing new is signed for in the folder.
    """
    checkpoint = open_checkpoint(note, key)
    _check_free(folder, key)
    folder.mkdir(parents=True, exist_ok=True)
    edge = tiles.Edge()
    for place in tiles.places(checkpoint.size):
        bundle = entries(place)
        if len(bundle) != place.width:
            raise Tampered(f"entries are missing behind entry {edge.size}", "restore the database")
        _write(folder / place.path(ENTRIES), tiles.bundle(bundle))
        for tile in edge.extend(tree.hash_leaves(bundle)):
            _write(folder / tile.place.path(), tile.hashes)
    for place, hashes in edge.partial():
        _write(folder / place.path(), hashes)
    if edge.root() != checkpoint.root:
        raise Tampered(
            "the entries in the database do not make the root that was signed",
            "restore the database from its backup",
        )
    _write(folder / KEY, f"{key}\n".encode())
    _write(folder / CHECKPOINT, note)
    for name in listed(folder) - files_of(checkpoint.size):
        (folder / name).unlink()
    for empty in sorted(folder.rglob("*.p"), reverse=True):
        if not any(empty.iterdir()):
            empty.rmdir()
    return checkpoint


def listed(folder: Path) -> set[str]:
    """The files of a folder, by their paths inside it."""
    found: set[str] = set()
    for top, folders, names in os.walk(folder):
        inside = Path(top).relative_to(folder)
        links = [name for name in folders if (Path(top) / name).is_symlink()]
        found.update((inside / name).as_posix() for name in [*names, *links])
    return found


def _check_free(folder: Path, key: VerifierKey) -> None:
    """WrongState when the folder holds anything but an earlier export of this log."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    there = folder / KEY
    if not there.is_file() or there.read_bytes() != f"{key}\n".encode():
        raise WrongState(
            "the folder is not empty and holds no export of this log", "name another", str(folder)
        )


def _write(file: Path, data: bytes) -> None:
    """Write a whole file or nothing; a file that has these bytes is left alone. It can be written again, so no fsync."""
    if file.exists() and file.read_bytes() == data:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_bytes(data)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
