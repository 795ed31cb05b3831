"""Services behind HTTP that hold state, on a real socket: a plain one for the shop, and faults on demand."""

from __future__ import annotations

import base64
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
    lines: list[tuple[str, str]] = field(default_factory=list)  # headers that come more than once


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

    def forget(self) -> None:
        """Forget what was made already, as after a day or so every service does."""
        self._once.clear()

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


class Crm(Service):
    """What `templates/crm.toml` describes: contacts and notes, archived by DELETE and erased by `gdpr-delete`."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, dict[str, dict[str, Any]]] = {"contacts": {}, "notes": {}}
        for n in range(1, 8):
            self.add("contacts", f"10{n}", email=f"person{n}@mail.example", firstname=f"名{n}", lastname="山田", phone=f"03-0000-000{n}")  # fmt: skip
            for k in range(3):
                self.add("notes", f"{n}{k}", contact_id=f"10{n}", body=f"note {n}-{k}")

    def add(self, kind: str, id: str, **properties: Any) -> None:
        row = {"id": id, "properties": properties, "archived": False}
        self.objects[kind][id] = row | {"createdAt": "2026-04-01T09:30:00+00:00", "updatedAt": "x"}

    def answer(self, call: Call) -> Reply:
        kind, *rest = call.parts[3:]
        held = self.objects[kind]
        if rest == ["search"]:
            [wanted] = call.body["filters"]
            found = [r for r in held.values() if r["properties"][wanted["property"]] == wanted["value"]]  # fmt: skip
            return self._page(found, int(call.body.get("after", 0)), 2)
        if rest == ["gdpr-delete"]:
            gone = held.pop(call.body["objectId"], None)
            return Reply(204) if gone else Reply(404, {"message": "no such object"})
        if not rest:
            return self._page(list(held.values()), int(call.query.get("after", 0)), 3)
        if rest[0] not in held:
            return Reply(404, {"message": "no such object"})
        row = held[rest[0]]
        if call.method == "PATCH":
            row["properties"].update(call.body["properties"])
        if call.method == "DELETE":
            row["archived"] = True
            return Reply(204)
        return Reply(body=row)

    def _page(self, rows: list[dict[str, Any]], start: int, size: int) -> Reply:
        more = {"next": {"after": str(start + size)}} if start + size < len(rows) else {}
        return Reply(body={"results": rows[start : start + size], "paging": more})


class Newsletter(Service):
    """What `templates/newsletter.toml` describes: members by pages; DELETE archives, `delete-permanent` deletes."""

    auth = ("Authorization", "Basic " + base64.b64encode(f"chikai:{KEY}".encode()).decode())

    def __init__(self) -> None:
        super().__init__()
        self.members = {
            f"m{n}": {"id": f"m{n}", "email_address": f"person{n}@mail.example", "full_name": f"山田 {n}",
                      "status": "subscribed", "language": "ja", "ip_signup": f"192.0.2.{n}",
                      "timestamp_signup": "2026-04-01T09:30:00+00:00", "list_id": "a1"}
            for n in range(1, 6)
        }  # fmt: skip

    def answer(self, call: Call) -> Reply:
        rest = call.parts[call.parts.index("members") + 1 :]
        if not rest:
            rows = [
                m
                for m in self.members.values()
                if call.query.get("email") in (None, m["email_address"])
            ]
            start = (int(call.query["page"]) - 1) * 2
            return Reply(body={"members": rows[start : start + 2], "total_items": len(rows)})
        if rest[0] not in self.members:
            return Reply(404, {"detail": "no such member"})
        member = self.members[rest[0]]
        if rest[1:] == ["actions", "delete-permanent"]:
            del self.members[rest[0]]
            return Reply(204)
        if call.method == "DELETE":
            member["status"] = "archived"
            return Reply(204)
        if call.method == "PATCH":
            member.update(call.body)
        return Reply(body=member)


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
        for name, value in (*reply.headers.items(), *reply.lines):
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
