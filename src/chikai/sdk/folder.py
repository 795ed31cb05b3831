"""The same feed through a folder, for services on the machine of the installation; and how the folder is written.

```
snapshot        the newest snapshot
feed.jsonl      news, one JSON a line, oldest first
lease           {"v": 43, "table": "sha256:...", "at": "..."}; written anew every few seconds, which is the heartbeat
inbox/ID.json   what services handed over
```
A snapshot alone is a feed too: one that says nothing more, and whose uses end when its time is over.

Clauses: 1.2, 5.
Law: APPI Art. 23.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from chikai import canon, clock, keyfile
from chikai.choices import reading
from chikai.choices.standing import Delta
from chikai.errors import BadInput, ConfigError
from chikai.sdk.cache import snapshot_time
from chikai.sdk.feed_client import News

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from chikai.sdk.outbox import Record

_LOOK_SECONDS: Final = 0.1


def publish_snapshot(folder: Path, snapshot: bytes) -> None:
    """Put a new snapshot in place; the news before it is dropped."""
    keyfile.replace(folder / "snapshot", snapshot)
    keyfile.replace(folder / "feed.jsonl", b"")


def publish_news(folder: Path, news: News, now: datetime) -> None:
    """Append news with one write, and renew the lease."""
    file = folder / "feed.jsonl"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, canon.encode(news.as_json()) + b"\n")
    finally:
        os.close(descriptor)
    renew(folder, news.v, news.table, now)


def renew(folder: Path, v: int, table: str, now: datetime) -> None:
    """Say that everything up to `v` is in the folder at this moment, and which table is in force."""
    lease = {"v": v, "table": table, "at": now.isoformat()}
    keyfile.replace(folder / "lease", canon.encode(lease))


class FolderFeed:
    """The feed of one service in a folder, or a lone file that is a snapshot."""

    def __init__(self, path: Path, now: Callable[[], datetime] = clock.now) -> None:
        self._alone = path.is_file()
        self._file = path if self._alone else path / "snapshot"
        self._folder = path.parent if self._alone else path
        self._now = now
        self._heard = b""
        self._read = (0, 0)  # which feed file was read, and how far

    def snapshot(self) -> tuple[bytes, float]:
        """The snapshot; it was true when it was made."""
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            do = "publish the policy and start the feed, or name another path"
            raise ConfigError("there is no snapshot of the gate", do, str(self._file)) from None
        # The lease may be heard again, and the lines read again: what they said was not taken.
        self._heard, self._read = b"", (0, 0)
        return data, self._age(snapshot_time(data))

    def after(self, v: int, wait: float) -> News | None:
        """The lines after `v`. None while the lease has not been renewed since it was last read.

        A lease is heard once: a clock that is set back or a lease from the future keeps no copy alive.
        """
        end = time.monotonic() + wait
        while not self._alone:
            lease = _bytes(self._folder / "lease")
            if lease and lease != self._heard:
                # The lease is read before the lines, so every line up to its number is there.
                self._heard = lease
                said = reading.parsed(lease, "the lease")
                age = self._age(reading.moment(said.get("at"), "the lease's `at`"))
                up_to = reading.number(said.get("v"), "the lease's `v`")
                return self._news(v, up_to, reading.text(said.get("table"), "its table"), age)
            if time.monotonic() >= end:
                return None
            time.sleep(_LOOK_SECONDS)
        time.sleep(max(0.0, wait))
        return None

    def _news(self, v: int, up_to: int, table: str, age: float) -> News:
        after, deltas = v, list[Delta]()
        for line in self._lines():
            news = News.from_json(reading.parsed(line, "a line of the feed"))
            if news.v > after and news.after <= after:
                deltas += [delta for delta in news.deltas if delta.v > after]
                after = news.v
        if after < up_to:  # a hole: the copy starts again from a snapshot
            return News(up_to, up_to, table, age=age)
        return News(v, after, table, tuple(deltas), age)

    def _lines(self) -> list[bytes]:
        """The whole lines since the last time; what has no newline yet is being written."""
        try:
            with (self._folder / "feed.jsonl").open("rb") as file:
                now = os.fstat(file.fileno())
                inode, at = self._read
                at = at if now.st_ino == inode and now.st_size >= at else 0
                file.seek(at)
                data, _, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return []
        self._read = (now.st_ino, at + len(data) + 1 if data else at)
        return data.split(b"\n") if data else []

    def _age(self, at: datetime) -> float:
        return max(0.0, (self._now() - at).total_seconds())

    def send(self, records: Sequence[Record]) -> None:
        """Lay records into the inbox."""
        if self._alone:
            raise BadInput("a lone snapshot takes no records", "connect to a folder or a feed")
        name = f"{canon.new_id(self._now()).hex}.json"
        keyfile.replace(self._folder / "inbox" / name, canon.encode({"records": records}))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
