"""A service's copy of its table and its people's choices, kept fresh, and refused when it is not.

A use is bound to the set of people whom it may touch; a change patches one person in each bound set, so a question is one
look into one set. Reading needs no lock: a set is changed by single steps that Python does not interrupt. `v` is raised after a
change is in every set, so an answer that carries v knew everything up to v.

Freshness is a lease: each news, also an empty one, is good for `fresh_seconds` from the moment it was asked for, on a clock that
nobody sets. Past it every use refuses, except those that are vital.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Final

from pyroaring import BitMap

from chikai import canon
from chikai.choices import reading
from chikai.choices.standing import Delta, Key, Registrar, Standing, normal
from chikai.errors import BadInput, Forked, Tampered, UseRefused
from chikai.gate import decide
from chikai.gate.compile import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from chikai.gate.compile import Use
    from chikai.gate.meaning import Decision
    from chikai.sdk.feed_client import Feed, News

MAGIC: Final = b"chikai-gate 1\n"


class Stale(UseRefused):
    """The copy of the choices is older than the policy allows, so no use goes on."""


def pack(table: Table, standing: Standing, at: datetime) -> bytes:
    """A snapshot for one service: its table, everybody's choices and the moment at which both are true."""
    header = canon.encode({"table": table.as_json(), "at": at.isoformat()})
    payload = len(header).to_bytes(4, "big") + header + standing.snapshot()
    return MAGIC + canon.digest_bytes(payload).encode() + b"\n" + payload


def _open(data: bytes) -> tuple[dict[str, object], bytes]:
    digest, _, payload = data.removeprefix(MAGIC).partition(b"\n")
    if not data.startswith(MAGIC):
        raise BadInput("this is no snapshot of a gate, or of another format", "update chikai")
    if canon.digest_bytes(payload).encode() != digest:
        raise Tampered("the snapshot of the gate does not match its digest", "take a new one")
    end = 4 + int.from_bytes(payload[:4], "big")
    return reading.parsed(payload[4:end], "the snapshot's header"), payload[end:]


def snapshot_time(data: bytes) -> datetime:
    """When a snapshot was made."""
    header, _ = _open(data)
    return reading.moment(header.get("at"), "the snapshot's `at`")


def unpack(data: bytes) -> tuple[Table, Standing]:
    """Read `pack` again; Tampered when a byte is another."""
    header, rest = _open(data)
    table = Table.from_json(reading.an_object(header.get("table"), "the snapshot's table"))
    return table, Standing.from_snapshot(rest)


class Audience:
    """The people whom one use may touch, as it stands now; `row` is None when the policy grants it no longer.

    Past `until` the use refuses. `is_direct` says that every key of the service is its own number; where it is not,
    `numbered` holds the set together with the numbers that it is written in, so that both are read as one.
    """

    __slots__ = (
        *("categories", "is_direct", "numbered", "people"),
        *("purpose", "recipient", "row", "until"),
    )

    def __init__(self, purpose: str, recipient: str, categories: Collection[str] | None) -> None:
        self.purpose = purpose
        self.recipient = recipient
        self.categories = categories
        self.row: Use | None = None
        self.people = BitMap()
        self.numbered = (Registrar(), self.people)
        self.until = -math.inf
        self.is_direct = True


class Cache:
    """The copy. One thread refreshes it; any thread asks it."""

    def __init__(
        self, feed: Feed, service: str, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._feed = feed
        self.service = service
        self.ticks = ticks
        self.lock = threading.RLock()
        self.v = -1
        self.fresh_until = -math.inf
        self._audiences: dict[tuple[str, str, tuple[str, ...] | None], Audience] = {}
        self._pending: dict[Key, tuple[int, ...]] = {}
        self.load()

    def load(self) -> None:
        """Take a whole snapshot; Forked when it is older than what this copy has seen."""
        asked = self.ticks()
        data, age = self._feed.snapshot()
        table, standing = unpack(data)
        with self.lock:
            if standing.v < self.v:
                # Going back would lift stops that were made since.
                raise Forked("the snapshot is older than this copy", "restore the feed, or restart")
            self.table, self.standing = table, standing
            for key, bits in [*self._pending.items()]:
                if standing.is_known(key):
                    del self._pending[key]
                else:
                    standing.apply(Delta(standing.v, key, bits, (0,)))
            for audience in self._audiences.values():
                self._fill(audience)
            self.v = standing.v
            self._stay_fresh(asked - age + table.fresh_seconds)

    def bind(
        self, purpose: str, recipient: str = "", categories: Iterable[str] | None = None
    ) -> Audience:
        """The audience of a use; UseRefused when the policy does not grant it."""
        listed = None if categories is None else tuple(sorted(set(categories)))
        with self.lock:
            row = self.table.use(self.service, purpose, recipient)
            if listed is not None:
                row.only(listed)
            name = (purpose, recipient, listed)
            if name not in self._audiences:
                audience = Audience(purpose, recipient, listed)
                self._fill(audience)
                self._audiences[name] = audience
            return self._audiences[name]

    def _fill(self, audience: Audience) -> None:
        row = self.table.find(self.service, audience.purpose, audience.recipient)
        try:
            if row is not None and audience.categories is not None:
                row = row.only(audience.categories)
        except UseRefused:
            row = None
        audience.row = row
        audience.until = self._until(audience)
        audience.is_direct = len(self.standing.registrar) == 0
        people = BitMap() if row is None else decide.people(self.standing, row)
        audience.people, audience.numbered = people, (self.standing.registrar, people)

    def _stay_fresh(self, until: float) -> None:
        self.fresh_until = until
        for audience in self._audiences.values():
            audience.until = self._until(audience)

    def _until(self, audience: Audience) -> float:
        return math.inf if audience.row is not None and audience.row.vital else self.fresh_until

    def refresh(self, wait: float = 0.0) -> bool:
        """Take news over, waiting for it; whether anything was heard. A hole or a new table loads a snapshot."""
        for seconds in (wait, 0.0):
            asked = self.ticks()
            news = self._feed.after(self.v, seconds)
            if news is None:
                return False
            with self.lock:
                if news.after <= self.v and news.table == self.table.digest:
                    self._take_news(news)
                    lease = asked - news.age + self.table.fresh_seconds
                    self._stay_fresh(max(self.fresh_until, lease))
                    return True
            self.load()
        return False

    def _take_news(self, news: News) -> None:
        for delta in news.deltas:
            if delta.v > self.v:
                self._pending.pop(normal(delta.key), None)
                self._take(delta)
        self.v = self.standing.v = max(self.v, news.v)

    def _take(self, delta: Delta) -> None:
        number = self.standing.apply(delta)
        if number < 0:
            return
        bits = self.standing.bits_at(number)
        is_direct = len(self.standing.registrar) == 0
        for audience in self._audiences.values():
            audience.is_direct = is_direct
            if audience.row is not None and decide.is_allowed(bits, audience.row):
                audience.people.add(number)
            else:
                audience.people.discard(number)

    def wait_for(self, v: int, seconds: float = 1.0) -> None:
        """Wait until everything up to `v` is here; Stale when it does not come."""
        end = self.ticks() + seconds
        while self.v < v:
            if self.ticks() >= end:
                raise Stale(
                    f"this copy stands at {self.v} and was asked for {v}", "is the feed running?"
                )
            self.refresh(0.0)
            if self.v < v:
                time.sleep(0.01)

    def is_stale(self) -> bool:
        """Whether the lease is over."""
        return self.ticks() >= self.fresh_until

    def why(self, key: Key, audience: Audience) -> Decision:
        """The decision about a person with every reason."""
        with self.lock:
            bits = self.standing.bits_of(key)
            if audience.row is not None:
                return decide.why(self.table, bits, audience.row, self.v)
            return decide.decide(
                self.table,
                bits,
                self.service,
                audience.purpose,
                audience.categories,
                audience.recipient or None,
                self.v,
            )

    def register(self, key: Key) -> bool:
        """Let a new person in, with the bits of registration; False when the key was known, held ones included."""
        key = normal(key)
        with self.lock:
            if self.standing.is_known(key):
                return False
            bits = self.table.at_registration.get(self.service, ())
            self._pending[key] = bits
            self._take(Delta(self.v, key, bits, (0,)))
            return True
