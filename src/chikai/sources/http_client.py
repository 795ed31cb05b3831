"""Calls to one HTTP service: slow enough for it, patient within bounds, and silent about what they carry.

The standard library's client is used because it logs nothing, follows no redirect, unpacks nothing and needs nothing
beside Python. A fault names the call as its description writes it (`GET /contacts/{id}`), never with a value in it.

Clauses: 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from chikai import clock
from chikai.errors import ConfigError, Disagrees, Unreachable
from chikai.sources.config import SourceConfig
from chikai.sources.http_api import Auth, Endpoint, Limits

E = TypeVar("E", ConfigError, Disagrees, Unreachable)
_BLOCK: Final = 64 * 2**10
_AGAIN: Final = {429, 500, 502, 503, 504}
_FIRST_WAIT: Final = 0.5
_LONGEST_PATH: Final = 8 * 2**10


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the body in Python (None where there is none), and the headers in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass
class Client:
    """One service; one connection at a time, opened when it is needed."""

    config: SourceConfig
    auth: Auth
    limits: Limits
    secret: str | None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    _connection: http.client.HTTPConnection | None = None
    _next: float = 0.0

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def call(
        self, endpoint: Endpoint, path: str, query: Mapping[str, str], body: Any, once: str = ""
    ) -> Answer:
        """One call, tried again while the service asks for patience.

        Args:
            endpoint: what faults name.
            path: the path below the source's `url`, each value in it quoted.
            query: the parameters.
            body: what is sent as JSON; None sends nothing.
            once: the Idempotency-Key; the same for every attempt, and after a crash.

        Raises:
            Unreachable: it does not answer, or asks to wait longer than we do.
            ConfigError: it does not let us in.
            Disagrees: it refuses the call, sends us elsewhere, or answers what cannot be read.
        """
        until = time.monotonic() + self.limits.wait_seconds
        target = urlsplit(self.config.url).path.rstrip("/") + path
        target += f"?{urlencode(query)}" if query else ""
        if len(target) > _LONGEST_PATH:
            raise self._fault(
                Disagrees, endpoint, "would be too long an address", "Look at its query."
            )
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        for attempt in range(max(self.limits.attempts, 1)):
            self._wait(until, endpoint)
            try:
                answer = self._once(endpoint, target, data, once)
            except (OSError, http.client.HTTPException) as fault:
                self.close()
                if isinstance(fault, ssl.SSLCertVerificationError):
                    raise self._fault(
                        ConfigError, endpoint, "was not made: the service's certificate is not trusted",
                        "Check the address; a private authority is named by SSL_CERT_FILE.",
                    ) from None  # fmt: skip
                self._later(_backed_off(attempt))
                continue
            if answer.status not in _AGAIN:
                return self._judged(answer, endpoint)
            self._later(_asked_wait(answer.headers) or _backed_off(attempt))
        raise self._fault(
            Unreachable, endpoint, "was not answered", "See whether the service is up; the step is tried again."
        )  # fmt: skip

    def _once(self, endpoint: Endpoint, target: str, data: bytes | None, once: str) -> Answer:
        connection = self._connection or self._opened()
        self._connection = connection
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "chikai",
        }
        headers |= self._credentials()
        if data is not None:
            headers["Content-Type"] = "application/json"
        if once:
            headers["Idempotency-Key"] = once
        try:
            connection.request(endpoint.method, target, data, headers)
        except (ValueError, UnicodeError):  # a header or a path that HTTP cannot carry
            self.close()
            raise self._fault(
                ConfigError, endpoint, "cannot be sent: its key or its path holds a sign that HTTP does not allow",
                "Look at the file of the key and at the description.",
            ) from None  # fmt: skip
        response = connection.getresponse()
        raw = self._body(response, endpoint)
        found: dict[str, str] = {}
        for key, value in response.getheaders():
            name = key.lower()
            # A list may be told in several lines (RFC 9110, 5.3); of all else the last one counts.
            also = f"{found[name]}, " if name == "link" and name in found else ""
            found[name] = also + value
        if response.will_close:
            self.close()
        self._heed(found)
        return Answer(response.status, self._parsed(raw, response.status, endpoint), found)

    def _body(self, response: http.client.HTTPResponse, endpoint: Endpoint) -> bytes:
        """The whole body within its bounds of size and time; a service that drips is given up."""
        most, until = self.limits.megabytes * 2**20, time.monotonic() + self.limits.seconds * 3
        parts: list[bytes] = []
        size, length = 0, response.length
        # Counted here, because read1 of older Pythons does not count what is left.
        while length is None or size < length:
            block = response.read1(_BLOCK if length is None else min(_BLOCK, length - size))
            if not block:
                break
            parts.append(block)
            size += len(block)
            if size > most:
                self.close()
                raise self._fault(
                    Disagrees,
                    endpoint,
                    f"was answered with more than {self.limits.megabytes} MB",
                    "Ask for smaller pages, or raise `limits.megabytes`.",
                )
            if time.monotonic() > until:
                raise TimeoutError
        if length is not None and size < length:
            raise http.client.IncompleteRead(b"", length - size)
        response.close()
        return b"".join(parts)

    def _parsed(self, raw: bytes, status: int, endpoint: Endpoint) -> Any:
        if not raw.strip():
            return None
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            if status >= 300:
                return None  # a proxy's page of HTML; the status says enough
            raise self._fault(
                Disagrees, endpoint, "was answered with something that is not JSON",
                "Look at the address and the path; a page for people may stand there.",
            ) from None  # fmt: skip

    def _judged(self, answer: Answer, endpoint: Endpoint) -> Answer:
        status = answer.status
        if status < 300 or status in endpoint.missing:
            return answer
        if status < 400:
            raise self._fault(
                Disagrees, endpoint, "was sent on to another address, which is not followed",
                "Write the address that it names into `url`.",
            )  # fmt: skip
        if status in (401, 403):
            raise self._fault(
                ConfigError, endpoint, f"was not allowed (status {status})",
                "Check the key and what it may do there.",
            )  # fmt: skip
        raise self._fault(
            Disagrees, endpoint, f"was refused (status {status})",
            "Compare the description with the service's own documentation.",
        )  # fmt: skip

    def _fault(self, kind: type[E], endpoint: Endpoint, what: str, do: str) -> E:
        return kind(f"the call `{endpoint.method} {endpoint.path}` {what}", do, self.config.name)

    def _opened(self) -> http.client.HTTPConnection:
        parts, seconds = urlsplit(self.config.url), self.limits.seconds
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=seconds)
        proxy = self.environ.get("HTTPS_PROXY") or self.environ.get("https_proxy") or ""
        if not proxy or _is_near(host, self.environ.get("NO_PROXY", "")):
            return http.client.HTTPSConnection(host, port, timeout=seconds)
        through = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        made = http.client.HTTPSConnection(through.hostname or "", through.port, timeout=seconds)
        made.set_tunnel(host, port)
        return made

    def _credentials(self) -> dict[str, str]:
        if self.auth.kind == "none":
            return {}
        if not self.secret:
            raise ConfigError(
                f"source `{self.config.name}` has no key",
                "Put it into a file of mode 0600 and name it by `password_file`.",
                self.config.name,
            )
        if self.auth.kind == "basic":
            pair = base64.b64encode(f"{self.auth.user}:{self.secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        if self.auth.kind == "bearer":
            return {"Authorization": f"Bearer {self.secret}"}
        return {self.auth.header: self.secret}

    def _wait(self, until: float, endpoint: Endpoint) -> None:
        """Until the next call may go; not longer than we wait at all."""
        now = time.monotonic()
        if self._next > until:
            raise self._fault(
                Unreachable, endpoint, f"may go in {self._next - now:.0f} seconds at the earliest",
                "The service asks for patience; the step is tried again.",
            )  # fmt: skip
        if self._next > now:
            time.sleep(self._next - now)
        gap = 1 / self.limits.per_second if self.limits.per_second else 0.0
        self._next = time.monotonic() + gap

    def _later(self, seconds: float) -> None:
        self._next = max(self._next, time.monotonic() + seconds)

    def _heed(self, headers: Mapping[str, str]) -> None:
        """Stop before the service must refuse: it says how many calls are left, and until when."""
        for prefix in ("x-ratelimit-", "ratelimit-"):
            if headers.get(f"{prefix}remaining", "").strip() == "0":
                self._later(_seconds(headers.get(f"{prefix}reset", "")))


def _is_near(host: str, said: str) -> bool:
    """Whether a host is reached without the proxy, by the list in NO_PROXY."""
    names = [name.strip().lstrip(".").lower() for name in said.split(",") if name.strip()]
    return any(name in {"*", host} or host.endswith(f".{name}") for name in names)


def quoted(value: object) -> str:
    """A value as one part of a path; Disagrees for one that would be another path."""
    text = str(value)
    if text in ("", ".", ".."):
        raise Disagrees("a key cannot stand in an address", "Find the row by another column.")
    return quote(text, safe="")


def _backed_off(attempt: int) -> float:
    return float(_FIRST_WAIT * 2**attempt * random.uniform(0.8, 1.2))  # noqa: S311  it spreads calls


def _asked_wait(headers: Mapping[str, str]) -> float:
    return _seconds(headers.get("retry-after", ""))


def _seconds(said: str) -> float:
    """Seconds from now, by a number of them, a moment since 1970, or a date; nothing where it says none."""
    said = said.strip()
    try:
        number = float(said)
    except ValueError:
        try:
            return max(0.0, (parsedate_to_datetime(said) - clock.now()).total_seconds())
        except (TypeError, ValueError):
            return 0.0
    if number > 10**9:
        return max(0.0, number - clock.now().timestamp())
    return max(0.0, number) if number < 10**7 else 0.0
