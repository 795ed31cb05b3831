"""Services behind HTTP that hold state, on a real socket: a plain one for the shop, and faults on demand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

KEY = "a-key-of-the-tests"


@dataclass
class Call:
    """One call as the service saw it."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]

    @property
    def parts(self) -> list[str]:
        return [unquote(part) for part in self.path.strip("/").split("/")]


@dataclass
class Reply:
    """What it answers: JSON, or `raw` bytes as they are. `drop` closes the line instead, after the effect."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    drop: bool = False
    drip: float = 0.0


# A fault looks at a call and may answer it itself; it stands until it is taken away.
Fault = Callable[[Call], Reply | None]


class Service:
    """What every service has: its key, its faults, the calls that came, and each Idempotency-Key once."""

    auth = ("Authorization", f"Bearer {KEY}")

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.effects = 0
        self._once: dict[str, Reply] = {}

    def answer(self, call: Call) -> Reply:
        raise NotImplementedError

    def handle(self, call: Call) -> Reply:
        self.calls.append(call)
        for fault in list(self.faults):
            if (reply := fault(call)) is not None:
                return reply
        if call.headers.get(self.auth[0].lower()) != self.auth[1]:
            return Reply(401, {"message": "no key"})
        once = call.headers.get("idempotency-key", "")
        if once and once in self._once:
            return self._once[once]
        reply = self.answer(call)
        if once:
            self.effects += 1
            self._once[once] = reply
        return reply


class Shop(Service):
    """Tables of rows under `/v1/t/N`: all by a cursor, found by any column, changed and erased by their key."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]], keys: dict[str, list[str]]) -> None:
        super().__init__()
        self.tables, self.keys = tables, keys
        self.page = 3

    def answer(self, call: Call) -> Reply:
        _, _, number, *rest = call.parts
        name = list(self.tables)[int(number)]
        rows = self.tables[name]
        if call.method == "GET":
            found = [r for r in rows if all(str(r[c]) == v for c, v in self._asked(call).items())]
            start = int(call.query.get("after", "0"))
            more = start + self.page
            paging = {"next": {"after": str(more)}} if more < len(found) else {}
            return Reply(body={"results": found[start:more], "paging": paging})
        mine = [r for r in rows if [str(r[c]) for c in self.keys[name]] == rest]
        if not mine:
            return Reply(404, {"message": "not found"})
        if call.method == "PATCH":
            mine[0].update(call.body)
            return Reply(body=mine[0])
        rows.remove(mine[0])
        return Reply(204)

    def _asked(self, call: Call) -> dict[str, str]:
        return {k: v for k, v in call.query.items() if k not in {"after", "limit"}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = (
        65536  # headers and body in one packet: else each answer waits 40 ms for an acknowledgement
    )
    service: Service

    def _all(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        parts = urlsplit(self.path)
        call = Call(
            self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)),
            json.loads(raw) if raw else None, {k.lower(): v for k, v in self.headers.items()},
        )  # fmt: skip
        reply = self.service.handle(call)
        if reply.drop:
            self.close_connection = True
            self.connection.close()
            return
        data = reply.raw
        if data is None:
            data = b"" if reply.body is None else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if reply.drip:
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(reply.drip)
            return
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _all  # noqa: N815  the names of the library

    def handle(self) -> None:
        with suppress(ConnectionError):  # a client that gives up is what some tests are about
            super().handle()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(service: Service) -> Iterator[str]:
    """The service's address while the block lasts."""
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
