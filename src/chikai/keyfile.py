"""A secret in a file of its own, made on first use: whole or not at all, and of two that make it at once the first wins.

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


def make(file: Path, data: bytes) -> None:
    """Put a secret where none stands yet, readable by its owner only; one that stands is left as it is."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if file.exists():
        return
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        with suppress(FileExistsError):  # another process was first, and its secret holds
            os.link(fresh, file)
    finally:
        fresh.unlink()
