"""Files sealed in chunks: AES-256-GCM under a key of their own, so that a cut, swapped or foreign chunk is noticed.

The head holds a salt; the file's key is derived from it and from the request's key. Each chunk's nonce is its number
and whether it is the last one. Reading may begin anywhere. Bytes stand as they were only in memory.

Clauses: 1.2, 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

import io
import os
import secrets
from typing import IO, TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chikai.errors import Tampered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

MAGIC: Final = b"chikai-sealed-1\n"
SALT: Final = 16
CHUNK: Final = 2**16
TAG: Final = 16
HEAD: Final = len(MAGIC) + SALT


def _cipher(key: bytes, salt: bytes, context: str) -> AESGCM:
    derived = HKDF(hashes.SHA256(), 32, salt, f"chikai sealed file|{context}".encode())
    return AESGCM(derived.derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealing(io.RawIOBase):
    """A file that seals what is written to it; `close` writes the last chunk and lets the disk confirm."""

    def __init__(self, handle: IO[bytes], key: bytes, context: str) -> None:
        salt = secrets.token_bytes(SALT)
        self._handle, self._cipher = handle, _cipher(key, salt, context)
        self._waiting = bytearray()
        self._number = self._written = 0
        self._finished = False
        handle.write(MAGIC + salt)

    def writable(self) -> bool:
        """It is written to, and not read."""
        return True

    def tell(self) -> int:
        """How many bytes were written, as they were."""
        return self._written

    def write(self, data: Buffer) -> int:
        """Take bytes; full chunks go to the file."""
        view = memoryview(data).cast("B")
        self._waiting += view
        self._written += len(view)
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(view)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._handle.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, None))
        self._number += 1

    def finish(self, *, sure: bool = True) -> None:
        """Write the last chunk; `sure` waits until the disk holds it all."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()
        self._finished = True
        self._handle.flush()
        if sure:
            os.fsync(self._handle.fileno())


class Unsealing(io.RawIOBase):
    """A sealed file as it was: readable from anywhere. Tampered when a byte, a chunk or the key is another."""

    def __init__(self, handle: IO[bytes], key: bytes, context: str) -> None:
        self._handle, self._context = handle, context
        end = handle.seek(0, io.SEEK_END)
        handle.seek(0)
        head = handle.read(HEAD)
        body = end - HEAD
        if not head.startswith(MAGIC) or body < TAG:
            raise self._wrong()
        self._cipher = _cipher(key, head[len(MAGIC) :], context)
        self._chunks = -(-body // (CHUNK + TAG))
        self.size = body - self._chunks * TAG
        self._at, self._held, self._chunk = 0, -1, b""
        self._load(self._chunks - 1)  # the last one says that nothing was cut off

    def readable(self) -> bool:
        """It is read."""
        return True

    def seekable(self) -> bool:
        """It may be read from anywhere."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read on from elsewhere."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        """Fill a buffer with what follows."""
        view = memoryview(buffer).cast("B")
        if self._at >= self.size or not len(view):
            return 0
        number, within = divmod(self._at, CHUNK)
        part = self._load(number)[within : within + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _load(self, number: int) -> bytes:
        if number != self._held:
            self._handle.seek(HEAD + number * (CHUNK + TAG))
            sealed = self._handle.read(CHUNK + TAG)
            last = number == self._chunks - 1
            try:
                self._chunk = self._cipher.decrypt(_nonce(number, last=last), sealed, None)
            except InvalidTag:
                raise self._wrong() from None
            self._held = number
        return self._chunk

    def _wrong(self) -> Tampered:
        return Tampered(f"the sealed file `{self._context}` does not open", "gather it again")


def stream(handle: IO[bytes], key: bytes, context: str) -> Iterator[bytes]:
    """The bytes of a sealed file, chunk by chunk."""
    opened = Unsealing(handle, key, context)
    while chunk := opened.read(CHUNK):
        yield chunk
