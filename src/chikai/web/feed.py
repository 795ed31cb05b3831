"""The feed: a process of its own that tells services what people chose, and takes what they hand over. No page is served.

`GET snapshot?service=S`, `GET feed?service=S&after=V&wait=N`, `POST events`, `POST leave`; each service shows its token.
An answer rests on a look into our database that began after the question came, so a feed that cannot look says nothing and
the copies' time runs out. Reading and writing each have a thread of their own: a slow hand-over holds up no stop.

Clauses: 5.
Law: APPI Art. 23, APPI Art. 35(5).
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError, connection

from chikai import canon, clock
from chikai.choices import reading
from chikai.errors import BadInput, ChikaiError, NotAllowed, Unreachable, http_status
from chikai.web import gate_token
from chikai.web.actions import gate
from chikai.web.actions.feed import HEARD_SECONDS, heard, left
from chikai.web.feed_copies import Copies
from chikai.web.models.choices import feed_number

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]

T = TypeVar("T")
LOOK_SECONDS: Final = 0.1
MOST_WAIT: Final = 30.0
MOST_BYTES: Final = 16 * 2**20
_log: Final = logging.getLogger("chikai.feed")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    etag: str = ""


class Feed:
    """The application: one object a process."""

    def __init__(self) -> None:
        self._reader = ThreadPoolExecutor(1, "read")
        self._writer = ThreadPoolExecutor(1, "write")
        self._copies = Copies()
        self._waiting: list[asyncio.Future[int]] = []
        self._looks: asyncio.Task[None] | None = None
        self._heard: dict[tuple[str, str], tuple[int, float]] = {}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive)
        except ChikaiError as fault:
            if not isinstance(fault, NotAllowed):
                _log.warning("%s was not answered: %s", scope["path"], fault.what)
            answer = _fault(fault, http_status(fault))
        except Exception as fault:
            _log.error("%s was not answered: %s", scope["path"], type(fault).__name__)
            answer = Answer(500)
        headers = [(b"content-type", answer.kind.encode()), (b"cache-control", b"no-store")]
        if answer.etag:
            headers.append((b"etag", answer.etag.encode()))
        headers.append((b"content-length", str(len(answer.body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def end(self) -> None:
        """Finish what was begun with our database."""
        self._reader.shutdown()
        self._writer.shutdown()

    async def _answer(self, scope: dict[str, Any], receive: Receive) -> Answer:
        what, method = scope["path"].rpartition("/")[2], scope["method"]
        headers = {
            name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        if what == "healthz":
            return Answer(200, canon.encode({"v": await self._look()}))
        asked = {n: v[0] for n, v in parse_qs(scope["query_string"].decode("latin-1")).items()}
        service = asked.get("service", "")
        try:
            gate_token.check(settings.HOME, service, headers.get("authorization", ""))
        except NotAllowed as refusal:
            return _fault(refusal, 401)
        if method == "GET" and what == "snapshot":
            return await self._snapshot(service, headers.get("if-none-match", ""))
        if method == "GET" and what == "feed":
            return await self._news(service, asked)
        if method == "POST" and what == "leave":
            await self._leave(service, asked.get("copy", "-")[:64])
            return Answer(200, b"{}")
        if method == "POST" and what == "events":
            return await self._take(service, await _body(receive))
        return Answer(404)

    async def _snapshot(self, service: str, known: str) -> Answer:
        data = await self._read(self._copies.snapshot, service)
        etag = f'"{canon.digest_bytes(data)}"'
        if known == etag:
            return Answer(304, etag=etag)
        return Answer(200, data, "application/octet-stream", etag)

    async def _news(self, service: str, asked: dict[str, str]) -> Answer:
        """News at once when there is some, else after the time to wait, with none: that is the heartbeat."""
        after, wait = _number(asked, "after"), min(_seconds(asked), MOST_WAIT)
        self._note(service, asked.get("copy", "-")[:64], after)
        end = time.monotonic() + wait
        while await self._look() == after and time.monotonic() < end:
            pass
        news = await self._read(self._copies.news, service, after)
        return Answer(200, canon.encode(news.as_json()))

    async def _take(self, service: str, body: bytes) -> Answer:
        said = reading.parsed(body, "what was handed over")
        if said.get("service") != service:
            raise BadInput("the records are of another service", "hand over your own")
        records = [
            reading.an_object(record, "a record")
            for record in reading.a_list(said.get("records"), "the records")
        ]
        by = gate.of_service(service)
        events = await self._in(self._writer, gate.take_records, by, service, records)
        return Answer(200, canon.encode({"taken": len(events)}))

    async def _look(self) -> int:
        """The newest number, read after this call began. All who wait share a look; between two is a short rest."""
        mine: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        if self._looks is None or self._looks.done():
            self._looks = asyncio.create_task(self._look_for_all())
        return await mine

    async def _look_for_all(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                head = await self._read(feed_number)
            except ChikaiError as fault:
                for one in waiting:
                    if not one.done():
                        one.set_exception(fault)
            else:
                for one in waiting:
                    if not one.done():
                        one.set_result(head)
            await asyncio.sleep(LOOK_SECONDS)

    async def _leave(self, service: str, name: str) -> None:
        """Wait no longer for a copy that ended; one that asks again is there again."""
        self._heard.pop((service, name), None)
        await self._in(self._writer, left, service, name)

    def _note(self, service: str, name: str, v: int) -> None:
        """Keep how far a copy has heard, without holding up its answer."""
        moment, known = time.monotonic(), self._heard.get((service, name))
        if known is not None and known[0] == v and moment - known[1] < HEARD_SECONDS:
            return
        self._heard[service, name] = (v, moment)
        noting = asyncio.ensure_future(self._in(self._writer, heard, service, name, v, clock.now()))
        noting.add_done_callback(_said)

    async def _read(self, function: Callable[..., T], *words: object) -> T:
        return await self._in(self._reader, function, *words)

    async def _in(
        self, thread: ThreadPoolExecutor, function: Callable[..., T], *words: object
    ) -> T:
        """Call into our database from the thread that holds its connection; Unreachable when it does not answer."""

        def call() -> T:
            try:
                return function(*words)
            except DatabaseError as fault:
                connection.close()
                what = f"our own database does not answer (`{type(fault).__name__}`)"
                raise Unreachable(what, "see `chikai doctor`") from None

        return await asyncio.get_running_loop().run_in_executor(thread, call)


def _said(noting: asyncio.Future[None]) -> None:
    if not noting.cancelled() and (fault := noting.exception()) is not None:
        _log.warning("how far a copy has heard was not kept: %s", type(fault).__name__)


def _fault(fault: ChikaiError, status: int) -> Answer:
    problem = {"status": status, "code": fault.code, "title": fault.what, "detail": fault.do}
    return Answer(status, json.dumps(problem).encode(), "application/problem+json")


def _number(asked: dict[str, str], name: str) -> int:
    text = asked.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadInput(f"`{name}` is not a whole number", "write digits")
    return int(text)


def _seconds(asked: dict[str, str]) -> float:
    try:
        wait = float(asked.get("wait", "0"))
    except ValueError:
        wait = -1.0
    if not 0 <= wait < 1e6:
        raise BadInput("`wait` is no number of seconds", "write it as 5 or 2.5")
    return wait


async def _body(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadInput("the connection ended before the records did", "hand them over again")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise BadInput("more than 16 MiB were handed over at once", "hand over fewer records")
        if not message.get("more_body"):
            return b"".join(parts)


async def serve(host: str, port: int) -> None:
    """Serve in this process until SIGTERM or Ctrl-C."""
    import signal

    from granian.constants import Interfaces
    from granian.server.embed import Server

    feed = Feed()
    server = Server(
        feed,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
        backpressure=4096,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve()
    feed.end()
