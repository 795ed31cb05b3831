"""A small file that its owner alone may read, and that is seen whole or not at all: a secret made on first use, or news.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def replace(file: Path, data: bytes) -> None:
    """Put these bytes (0600) in the place of what stands there: a reader sees the old ones or the new ones."""
    fresh = _beside(file, data)
    try:
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    _settle(file.parent)


def make(file: Path, data: bytes) -> None:
    """Put them where none stand yet; of two that make the file at once the first wins, and what stands is left as it is."""
    if file.exists():
        return
    fresh = _beside(file, data)
    try:
        with suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink()


def _beside(file: Path, data: bytes) -> Path:
    """A new file with these bytes beside the one that is meant."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _settle(folder: Path) -> None:
    """Let the name itself outlive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
