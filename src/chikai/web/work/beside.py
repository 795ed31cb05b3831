"""A second process for as long as a batch makes many things of one kind, where a core would be idle.

It is forked, and knows what this one knows. Both take the next number from one pipe, so that neither waits for the other.
It asks no database. What it could not do, and what it took and never answered because it ended, this process makes as if
there were no other; an answer is therefore never missed, and a fault is always met here.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import struct
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from django.db import connection

from chikai.errors import WrongState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Beginning and ending it costs 55 ms, a package 3.7 ms: 32 took 169 ms in two processes and 118 in one, 64 took 374 and 415.
FEW: Final = 64
MOST: Final = 2000  # numbers that any pipe holds, two bytes each
SILENT_SECONDS: Final = 60.0  # another process that answers nothing for so long is ended
_BLOCK: Final = 2**16


def is_worth_it(count: int) -> bool:
    """Whether another process would help; only Linux forks a process that has threads without harm."""
    return sys.platform == "linux" and FEW <= count <= MOST and len(os.sched_getaffinity(0)) > 1


class Shared:
    """The numbers below `count`, shared with another process that makes a line of bytes of each.

    Iterating gives the numbers that are this process's; `answers` are the other one's, once they are all taken.
    """

    def __init__(self, count: int, make: Callable[[int], bytes]) -> None:
        self._numbers, given = os.pipe()
        self._answers, told = os.pipe()
        os.write(given, b"".join(struct.pack(">H", n) for n in range(count)))
        os.close(given)  # who has taken the last one finds the end
        us = os.getpid()
        self._other = os.fork()
        if self._other == 0:
            self._live(us, told, make)
        os.close(told)

    def __iter__(self) -> Iterator[int]:
        """The numbers that are left for this process, one after another."""
        while two := os.read(self._numbers, 2):
            yield int(struct.unpack(">H", two)[0])

    def answers(self) -> Iterator[tuple[int, bytes]]:
        """The number and the line of each thing that the other process made; it has ended then."""
        said = bytearray()
        while select.select([self._answers], [], [], SILENT_SECONDS)[0]:
            block = os.read(self._answers, _BLOCK)
            if not block:
                break
            said += block
        self._end()
        for line in said.split(b"\n")[:-1]:  # one that was cut off is no answer
            number, _, made = line.partition(b" ")
            yield int(number), bytes(made)

    def _end(self) -> None:
        os.kill(self._other, signal.SIGKILL)  # one that has ended stays until it is waited for
        os.waitpid(self._other, 0)
        os.close(self._numbers)
        os.close(self._answers)

    def _live(self, us: int, told: int, make: Callable[[int], bytes]) -> NoReturn:
        """The other process: nothing that this one holds may be closed on the way out."""
        try:
            gc.freeze()  # what both share is not written to
            connection.execute_wrappers.append(_refused)
            for number in self:
                if os.getppid() != us:
                    break
                try:
                    made = make(number)
                except Exception:  # noqa: S112  the process that asked makes it, and meets the fault
                    continue
                os.write(told, b"%d %s\n" % (number, made))
        finally:
            os._exit(0)


def _refused(*_: object) -> NoReturn:
    raise WrongState("a second process asks no database", "ask before it begins")
