"""What a service has to tell the ledger, kept on its own disk until it was handed over.

Each record is sealed with AES-256-GCM under a key beside it (0600) and written with one call, so a process that is killed loses
at most the record it was writing: the torn tail is seen and dropped. Records have ids and are handed over at least once;
the receiver drops what it knows. Each process writes a file of its own and holds a lock on it; what a dead process
left, the next one hands over.

Clauses: 1.2, 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import stat
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from chikai import canon, keyfile
from chikai.choices import reading
from chikai.errors import BadInput, ConfigError, Tampered
from chikai.ledger.sealing import seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

# When a record is forced to the disk: at once, by `sync` (each second in the SDK), or when the system likes.
# A killed process loses nothing under any of them; a machine that loses power loses what was not forced.
Forced = Literal["always", "interval", "never"]
Record = dict[str, object]
MAGIC: Final = b"chikai-outbox 1\n"
_LENGTH: Final = 4
_ROTATE: Final = 4 * 2**20
_MOST: Final = 500

log = logging.getLogger("chikai.outbox")


def key_in(folder: Path) -> bytes:
    """The key of an outbox, made on first use; ConfigError when others can read it."""
    file = folder / "key"
    keyfile.make(file, secrets.token_bytes(32))
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ConfigError("the outbox's key can be read by others", f"run `chmod 600 {file}`")
    return file.read_bytes()


@dataclass(frozen=True, slots=True)
class Found:
    """The records of one file, the bytes of a torn tail (dropped), and whether the file is damaged before its end."""

    records: tuple[Record, ...]
    torn: int = 0
    damaged: bool = False


def read(data: bytes, key: bytes, name: str) -> Found:
    """The records of a file's bytes; `name` is the file's name, under which they were sealed."""
    if not data.startswith(MAGIC):
        return Found((), len(data), damaged=not MAGIC.startswith(data))
    records: list[Record] = []
    at = len(MAGIC)
    while at < len(data):
        size = int.from_bytes(data[at : at + _LENGTH], "big")
        end = at + _LENGTH + size
        # A record that would end behind the file was being written; zeros are what a lost power leaves.
        if end > len(data) or at + _LENGTH > len(data) or not any(data[at:]):
            return Found(tuple(records), len(data) - at)
        try:
            plain = unseal(key, data[at + _LENGTH : end], f"{name}:{len(records)}")
            records.append(reading.parsed(plain, "a record"))
        except (Tampered, BadInput, ValueError):
            return Found(tuple(records), len(data) - at, damaged=end < len(data))
        at = end
    return Found(tuple(records))


class Outbox:
    """The outbox of one process in a folder that processes may share."""

    def __init__(
        self, folder: Path, *, forced: Forced = "interval", rotate_bytes: int = _ROTATE
    ) -> None:
        self._folder = folder
        self._key = key_in(folder)
        self._forced = forced
        self._rotate_bytes = rotate_bytes
        self._lock = threading.Lock()
        self._delivering = threading.Lock()
        self._forget_file()

    def _forget_file(self) -> None:
        self._file = -1
        self._name = ""
        self._count = self._size = 0
        self._unforced = False

    def append(self, record: Mapping[str, object], now: datetime) -> str:
        """Keep a record, and give its id. When this returns, a killed process has not lost it."""
        id_ = canon.new_id(now).hex
        plain = canon.encode({**record, "id": id_, "at": now.isoformat()})
        with self._lock:
            if self._file < 0:
                self._open()
            sealed = seal(self._key, plain, f"{self._name}:{self._count}")
            frame = len(sealed).to_bytes(_LENGTH, "big") + sealed
            written = os.write(self._file, frame)
            if written != len(frame):  # a full disk: take the half record back
                os.ftruncate(self._file, self._size)
                raise OSError("the outbox's disk is full")
            self._count += 1
            self._size += len(frame)
            self._unforced = True
            if self._forced == "always":
                self._force()
            if self._size >= self._rotate_bytes:
                self._close()
        return id_

    def _open(self) -> None:
        # Made, locked and begun under a name that nobody hands over, then named: no other process sees it unlocked.
        name = secrets.token_hex(8)
        fresh = self._folder / f".{name}.new"
        self._file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        os.write(self._file, MAGIC)
        fresh.rename(self._folder / f"{name}.log")
        self._name, self._count, self._size = name, 0, len(MAGIC)

    def _force(self) -> None:
        if self._unforced and self._file >= 0:
            os.fsync(self._file)
            self._unforced = False

    def _close(self) -> None:
        if self._file >= 0:
            if self._forced != "never":
                self._force()
            os.close(self._file)
        self._forget_file()

    def sync(self) -> None:
        """Force to the disk what was kept since the last time."""
        with self._lock:
            if self._forced != "never":
                self._force()

    def close(self) -> None:
        """End the file; the next record begins another."""
        with self._lock:
            self._close()

    def after_fork(self) -> None:
        """In a child: leave the parent's file alone."""
        self._lock, self._delivering = threading.Lock(), threading.Lock()
        if self._file >= 0:
            os.close(self._file)  # the parent's lock stays, since the parent's descriptor does
        self._forget_file()

    def deliver(self, send: Callable[[Sequence[Record]], None]) -> int:
        """Hand over everything that no living process is writing, this one's file included, and give the count.

        `send` raises when the receiver did not keep the records; they stay. A receiver sees a record again
        when the process ends between `send` and the removal of the file.
        """
        with self._delivering:
            # What is left goes first: while the receiver is away, the file in use is not ended again and again.
            count = self._send_left(send)
            self.close()
            return count + self._send_left(send)

    def _send_left(self, send: Callable[[Sequence[Record]], None]) -> int:
        count = 0
        for name, file, found in self._left():
            for start in range(0, len(found.records), _MOST):
                send(found.records[start : start + _MOST])
            count += len(found.records)
            if found.damaged:
                log.error("an outbox file is damaged; set aside as %s.damaged", name)
                file.rename(file.with_suffix(".damaged"))
            else:
                file.unlink()
        return count

    def pending(self) -> tuple[Record, ...]:
        """What was left by processes that ended."""
        return tuple(record for _, _, found in self._left() for record in found.records)

    def _left(self) -> Iterator[tuple[str, Path, Found]]:
        for file in sorted(self._folder.glob("*.log")):
            try:
                descriptor = os.open(file, os.O_RDONLY)
            except FileNotFoundError:
                continue  # another process handed it over
            with os.fdopen(descriptor, "rb") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue  # its process lives
                if os.fstat(handle.fileno()).st_nlink:
                    found = read(handle.read(), self._key, file.stem)
                    if found.torn and not found.damaged:
                        log.warning("dropped the torn tail of an outbox file: %s bytes", found.torn)
                    yield file.stem, file, found
