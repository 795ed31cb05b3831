"""Where a copy of the choices comes from: a snapshot, then news after a feed number, and where the outbox goes.

Over HTTP: `GET snapshot?service=S` (with an ETag), `GET feed?service=S&after=V&wait=N` (answers at once when there is news, else
after N seconds with none: that is the heartbeat), `POST events`. News is JSON: `{"after": 41, "v": 43, "table": "sha256:...",
"deltas": [...]}`, true from `after` up to `v`; a hole or another table means a new snapshot.

Clauses: 1.2, 5.
Law: APPI Art. 23.
"""

from __future__ import annotations

import http.client
import ipaddress
import math
import os
import secrets
import stat
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from chikai import canon
from chikai.choices import reading
from chikai.choices.standing import Delta
from chikai.errors import BadInput, ConfigError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chikai.sdk.outbox import Record

_SLACK: Final = 10.0
_MOST_BYTES: Final = 2**30


@dataclass(frozen=True, slots=True)
class News:
    """All that happened after feed number `after` up to `v`, true `age` seconds before it was asked for.

    `table` is the digest of the table in force at `v`.
    """

    after: int
    v: int
    table: str
    deltas: tuple[Delta, ...] = ()
    age: float = 0.0

    def as_json(self) -> dict[str, object]:
        """The form in the feed."""
        deltas = [delta.as_json() for delta in self.deltas]
        return {"after": self.after, "v": self.v, "table": self.table, "deltas": deltas}

    @classmethod
    def from_json(cls, data: dict[str, object]) -> News:
        """Read `as_json` again; BadInput when the numbers do not follow each other."""
        deltas = tuple(
            Delta.from_json(reading.an_object(row, "a delta"))
            for row in reading.a_list(data.get("deltas"), "the news")
        )
        after = reading.number(data.get("after"), "the news's `after`")
        v = reading.number(data.get("v"), "the news's `v`")
        if [*(d.v for d in deltas)] != sorted(d.v for d in deltas) or not all(
            after < delta.v <= v for delta in deltas
        ):
            raise BadInput("the numbers of the news do not follow each other", "see the feed's log")
        return cls(after, v, reading.text(data.get("table"), "the news's `table`"), deltas)


class Feed(Protocol):
    """Where a copy comes from. Each method may raise; the copy then grows old and refuses."""

    def snapshot(self) -> tuple[bytes, float]:
        """The newest snapshot, and how many seconds ago it was true."""

    def after(self, v: int, wait: float) -> News | None:
        """News after `v`, empty news as a heartbeat, or None when nothing was heard within `wait` seconds."""

    def send(self, records: Sequence[Record]) -> None:
        """Hand records over; returns when the receiver has kept them."""


class HttpFeed:
    """A feed over HTTP; a copy of the snapshot stays on disk so that a service can start while the feed is down."""

    def __init__(self, url: str, service: str, kept: Path, token_file: Path | None = None) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "https" and not (
            parts.scheme == "http" and _is_loopback(parts.hostname or "")
        ):
            raise ConfigError("the feed's address is neither https nor loopback", "use https")
        self._url = url.rstrip("/")
        self._service = service
        self._kept = kept
        self._token_file = token_file
        self._copy = secrets.token_hex(8)

    def snapshot(self) -> tuple[bytes, float]:
        """The newest snapshot; the kept one, of unknown age, when the feed does not answer."""
        old = self._kept.read_bytes() if self._kept.exists() else b""
        etag = f'"{canon.digest_bytes(old)}"'
        try:
            status, data = self._ask("snapshot", {}, {"If-None-Match": etag} if old else {})
        except Unreachable:
            if not old:
                raise
            return old, math.inf
        if status == 304:
            return old, 0.0
        self._kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._kept.with_name(f".{self._kept.name}.{secrets.token_hex(4)}")
        fresh.touch(0o600)
        fresh.write_bytes(data)
        fresh.replace(self._kept)
        return data, 0.0

    def after(self, v: int, wait: float) -> News | None:
        """Ask for news and wait for it. The name of this copy lets the other side count who has heard."""
        _, data = self._ask("feed", {"after": v, "wait": wait, "copy": self._name()}, {}, wait)
        return News.from_json(reading.parsed(data, "the news"))

    def leave(self) -> None:
        """Say that this copy ends: nobody waits for it to hear of a stop any more."""
        self._ask("leave", {"copy": self._name()}, {"Content-Type": "application/json"}, body=b"{}")

    def _name(self) -> str:
        return f"{self._copy}-{os.getpid():x}"  # a process that forks is a copy of its own

    def send(self, records: Sequence[Record]) -> None:
        """Post records; the receiver answers 2xx when it has kept them."""
        body = canon.encode({"service": self._service, "records": records})
        self._ask("events", {}, {"Content-Type": "application/json"}, body=body)

    def _ask(
        self,
        what: str,
        asked: dict[str, int | float | str],
        headers: dict[str, str],
        wait: float = 0.0,
        body: bytes | None = None,
    ) -> tuple[int, bytes]:
        query = urllib.parse.urlencode({"service": self._service, **asked})
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked when the feed was made
            f"{self._url}/{what}?{query}", data=body, headers=headers
        )
        if self._token_file is not None:
            request.add_unredirected_header("Authorization", f"Bearer {_secret(self._token_file)}")
        try:
            with urllib.request.urlopen(request, timeout=wait + _SLACK) as answer:  # noqa: S310 - as above
                data: bytes = answer.read(_MOST_BYTES)
                return int(answer.status), data
        except urllib.error.HTTPError as fault:
            if fault.code == 304:
                return 304, b""
            if fault.code in (401, 403, 404):
                do = "check the service's name, its token and the address"
                raise ConfigError(f"the feed refused `{what}` ({fault.code})", do) from None
            raise Unreachable(
                f"the feed answered `{what}` with {fault.code}", "see its log"
            ) from None
        except (OSError, http.client.HTTPException):
            raise Unreachable(f"the feed did not answer `{what}`", "is it running?") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(file: Path) -> str:
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ConfigError("the token can be read by others", f"run `chmod 600 {file}`", str(file))
    return file.read_text("utf-8").strip()
