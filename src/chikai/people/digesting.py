"""Digesting rows in a process of its own, beside the one that reads and writes: a first sync is mostly digesting.

The process is started for the second large part only, so that a small sync costs none. It gets the key and the rows
through a pipe, never on its command line, keeps nothing, and ends with the pipe. Where none can be started, or it ends
too soon, the rows are digested here.
"""

from __future__ import annotations

import contextlib
import marshal
import signal
import struct
import subprocess
import sys
from typing import IO, TYPE_CHECKING, Any, Final

from chikai.people.normalise import Keyed, is_proof, kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.people.normalise import Digested, Marked

LARGE: Final = 5000  # rows; fewer are digested sooner than sent
_LENGTH: Final = struct.Struct("<Q")
_PLAIN: Final = frozenset({str, int, type(None)})
# What a broken pipe, a process that ended and half an answer look like.
_FAULTS: Final = (OSError, EOFError, ValueError, TypeError)


class Digester:
    """Digests parts of rows, one at a time: hand one over, do something else, take what is kept of it."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.keyed = Keyed(key)
        self.process: subprocess.Popen[bytes] | None = None
        self.rows: Sequence[Marked] | None = None
        self.is_sent = False
        self.large = 0

    def hand(self, rows: Sequence[Marked]) -> None:
        """Hand over rows. What was handed over before must have been taken."""
        self.rows, self.is_sent = rows, False
        if len(rows) < LARGE:
            return
        self.large += 1
        try:
            if self.large == 2:  # after a fault there is no second try
                self._start()
            if self.process is not None and self.process.stdin is not None:
                _send(self.process.stdin, [_flat(one) for one in rows])
                self.is_sent = True
        except _FAULTS:
            self.close()

    def take(self) -> list[Digested]:
        """What is kept of the rows that were handed over, in their order."""
        rows, self.rows = self.rows or (), None
        if self.is_sent and self.process is not None and self.process.stdout is not None:
            self.is_sent = False
            try:
                found: list[Digested] = _receive(self.process.stdout)
                if len(found) == len(rows):
                    return found
            except _FAULTS:
                pass
            self.close()
        return list(kept(rows, self.keyed))

    def _start(self) -> None:
        argv = [sys.executable, "-P", "-m", "chikai.people.digesting"]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=nowhere)
        if self.process.stdin is not None:
            _send(self.process.stdin, self.key)

    def close(self) -> None:
        """End the process; what was handed over is still digested when it is taken."""
        process, self.process, self.is_sent = self.process, None, False
        if process is not None:
            process.kill()  # it keeps nothing
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            process.wait()


def _flat(one: Marked) -> tuple[Any, ...]:
    """A row in types that travel; a value of another type has no spelling either."""
    key, seen, row = one
    said = (row.get("email"), row.get("phone"), row.get("name"))
    if not _PLAIN.issuperset(map(type, said)):
        said = tuple(_plain(value) for value in said)  # type: ignore[assignment]
    return (key, seen, *said, is_proof(row.get("verified")))


def _plain(value: object) -> object:
    if isinstance(value, str):
        return str.__str__(value)
    return value if type(value) in _PLAIN else None


def _send(pipe: IO[bytes], what: Any) -> None:
    data = marshal.dumps(what)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    """What the other end sent; both ends are ours, and of one release."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    return marshal.loads(pipe.read(_LENGTH.unpack(head)[0]))  # noqa: S302


def main() -> None:
    """Digest what comes in, until nothing comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    come, go = sys.stdin.buffer, sys.stdout.buffer
    with contextlib.suppress(EOFError, BrokenPipeError):
        keyed = Keyed(_receive(come))
        while True:
            rows = (
                (key, seen, {"email": email, "phone": phone, "name": name, "verified": proved})
                for key, seen, email, phone, name, proved in _receive(come)
            )
            _send(go, list(kept(rows, keyed)))


if __name__ == "__main__":
    main()
