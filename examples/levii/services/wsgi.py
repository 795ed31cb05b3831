"""A very small web frame for the example services: routes, signed cookies, forms that count one press once.

It stands on the standard library, so that a reader sees all of it. Strict content policy, no script, nothing is logged.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
import traceback
import urllib.parse
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus, cookies
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from chikai.errors import ChikaiError, UseRefused
from examples.levii.services import pages, reasons
from examples.levii.services.pages import Html, markup

STYLE: Final = (Path(__file__).parent / "style.css").read_bytes()
HEADERS: Final = (
    (
        "Content-Security-Policy",
        (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("Cache-Control", "no-store"),
)
MOST_BYTES: Final = 64 * 1024
SESSION_SECONDS: Final = 12 * 3600
_REMEMBERED: Final = 1000
_BROKEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Environ = dict[str, Any]


class Problem(Exception):
    """What a person is told instead of the page; `status` is the HTTP status."""

    def __init__(self, status: int, title: str, body: Html | str = "") -> None:
        super().__init__(title)
        self.status, self.title, self.body = status, title, body


@dataclass
class Request:
    """One request: the form's fields are text without control characters; `who` is the signed-in key."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    visit: str
    who: int | None
    web: Web

    def field(self, name: str, most: int) -> str:
        """A field of the form, without blanks around it; Problem when it is longer than its column."""
        value = self.form.get(name, "").strip()
        if len(value) > most:
            raise Problem(400, "入力が長すぎます", f"{most} 文字までで入れてください。")
        return value

    @property
    def press(self) -> Html:
        """The hidden field that each form carries."""
        return markup('<input type="hidden" name="press" value="$v">', v=self.web.press_for(self))

    def signed_in(self) -> int:
        """The key of the signed-in person; Problem when nobody is."""
        if self.who is None:
            raise Problem(
                401, "ログインしてください", Html('<p><a href="/signin">ログイン</a></p>')
            )
        return self.who


@dataclass
class Answer:
    """What goes back; `who` signs somebody in (0 signs out, None leaves it)."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    to: str = ""
    who: int | None = None


def redirect(to: str, *, who: int | None = None) -> Answer:
    """Go on to another page."""
    return Answer(status=303, to=to, who=who)


@dataclass
class _Press:
    done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None


Handler = Callable[..., Answer | Html]


class Web:
    """One service's pages. `frame` lays a page around a title and a body."""

    def __init__(self, name: str, secret: bytes, frame: Callable[[Request, str, Html], Html]):
        self.name, self._secret, self._frame = name, secret, frame
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._presses: OrderedDict[str, _Press] = OrderedDict()
        self._lock = threading.Lock()

    def route(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Answer a path; `{n}` stands for a number, `{token}` for a name of letters, digits, `_`, `-` and `.`."""
        pattern = path.replace("{n}", r"(\d{1,12})").replace("{token}", r"([A-Za-z0-9_.-]{1,200})")

        def keep(handler: Handler) -> Handler:
            self._routes.append((method, re.compile(pattern + r"\Z"), handler))
            return handler

        return keep

    def sign(self, *parts: str) -> str:
        """A keyed digest of some words."""
        text = "\x1f".join((self.name, *parts)).encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:40]

    def is_signed(self, mac: str, *parts: str) -> bool:
        """Whether `sign` gave this for these words."""
        return hmac.compare_digest(mac.encode(), self.sign(*parts).encode())

    def press_for(self, request: Request) -> str:
        """A form's token: of this browser, this signed-in person, and good for one press."""
        nonce = secrets.token_urlsafe(12)
        return f"{nonce}.{self.sign('press', request.visit, str(request.who), nonce)}"

    def __call__(self, environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        """Answer one request; whatever goes wrong becomes a page without values."""
        jar = cookies.SimpleCookie()
        visit = ""
        try:
            try:
                jar.load(environ.get("HTTP_COOKIE", ""))
            except cookies.CookieError:
                jar = cookies.SimpleCookie()
            sent = jar.get(f"levii_{self.name}_visit")
            visit = sent.value if sent and re.fullmatch(r"[\w-]{16,40}", sent.value) else ""
            request = self._request(environ, jar, visit or secrets.token_urlsafe(16))
        except Problem as problem:
            request = Request("GET", "/", {}, {}, secrets.token_urlsafe(16), None, self)
            answer = self._told(request, problem)
        else:
            answer = self._answered(request)
        headers = [("Content-Type", answer.kind), *HEADERS]
        if answer.to:
            headers.append(("Location", answer.to))
        if not visit and answer.kind.startswith("text/html"):
            headers.append(self._cookie("visit", request.visit, SESSION_SECONDS))
        if answer.who is not None:
            headers.append(self._session(answer.who))
        status = HTTPStatus(answer.status)
        body = answer.body
        start(f"{status.value} {status.phrase}", [*headers, ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _cookie(self, name: str, value: str, age: int) -> tuple[str, str]:
        text = f"levii_{self.name}_{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax"
        return "Set-Cookie", text

    def _session(self, who: int) -> tuple[str, str]:
        if not who:
            return self._cookie("in", "", 0)
        until = str(int(time.time()) + SESSION_SECONDS)
        value = f"{who}.{until}.{self.sign('in', str(who), until)}"
        return self._cookie("in", value, SESSION_SECONDS)

    def _who(self, jar: cookies.SimpleCookie) -> int | None:
        sent = jar.get(f"levii_{self.name}_in")
        who, _, rest = (sent.value if sent else "").partition(".")
        until, _, mac = rest.partition(".")
        if not self.is_signed(mac, "in", who, until) or int(until) < time.time():
            return None
        return int(who)

    def _request(self, environ: Environ, jar: cookies.SimpleCookie, visit: str) -> Request:
        method = str(environ["REQUEST_METHOD"]).replace("HEAD", "GET")
        query = _fields(environ.get("QUERY_STRING", ""))
        form: dict[str, str] = {}
        if method == "POST":
            kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip()
            length = str(environ.get("CONTENT_LENGTH") or "0")
            if kind != "application/x-www-form-urlencoded" or not length.isdecimal():
                raise Problem(415, "この形では受け取れません", "画面のフォームから送ってください。")
            if int(length) > MOST_BYTES:
                raise Problem(
                    413, "送られた内容が大きすぎます", "短くして、もう一度送ってください。"
                )
            try:
                form = _fields(environ["wsgi.input"].read(int(length)).decode("ascii"))
            except (UnicodeDecodeError, ValueError):
                raise Problem(
                    400, "読めない入力です", "画面のフォームから送ってください。"
                ) from None
        path = str(environ.get("PATH_INFO", "/"))
        return Request(method, path, query, form, visit, self._who(jar), self)

    def _answered(self, request: Request) -> Answer:
        try:
            return self._routed(request)
        except Problem as problem:
            return self._told(request, problem)
        except UseRefused as refused:
            return self._told(request, reasons.problem(refused))
        except ChikaiError as fault:
            print(f"{self.name}: {fault.code}: {fault.what}", flush=True)
            return self._told(request, reasons.unreachable())
        except Exception as fault:
            # Where it happened, never what was in it.
            last = traceback.extract_tb(fault.__traceback__)[-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            print(f"{self.name}: {type(fault).__name__} at {where}", flush=True)
            again = "少し待って、もう一度お試しください。"
            return self._told(request, Problem(500, "うまくいきませんでした", again))

    def _routed(self, request: Request) -> Answer:
        if request.path == "/style.css":
            return Answer(STYLE, kind="text/css; charset=utf-8")
        if request.path == "/healthz":
            return Answer(b"ok\n", kind="text/plain; charset=utf-8")
        methods = set()
        for method, pattern, handler in self._routes:
            found = pattern.match(request.path)
            if found and method == request.method:
                if method == "POST":
                    return self._once(request, lambda: _shown(handler(request, *found.groups())))  # noqa: B023 - called at once
                return _shown(handler(request, *found.groups()))
            if found:
                methods.add(method)
        if methods:
            raise Problem(405, "この操作はできません")
        raise Problem(404, "ページが見つかりません", Html('<p><a href="/">はじめのページ</a></p>'))

    def _once(self, request: Request, act: Callable[[], Answer]) -> Answer:
        """Do what a form asks; a second press of the same button waits for the first and gets its answer."""
        nonce, _, mac = request.form.get("press", "").partition(".")
        if not nonce or not self.is_signed(mac, "press", request.visit, str(request.who), nonce):
            again = "画面を開きなおして、もう一度押してください。何も変わっていません。"
            raise Problem(403, "この画面の期限が切れています", again)
        with self._lock:
            known = self._presses.get(nonce)
            if known is None:
                mine = self._presses[nonce] = _Press()
                while len(self._presses) > _REMEMBERED:
                    self._presses.popitem(last=False)
        if known is not None:
            known.done.wait(30)
            if known.answer is None:
                raise Problem(409, "もう送られています", "画面を開きなおして、確かめてください。")
            return known.answer
        try:
            mine.answer = act()
            return mine.answer
        finally:
            mine.done.set()

    def _told(self, request: Request, problem: Problem) -> Answer:
        body = problem.body
        body = body if isinstance(body, Html) else markup("<p>$text</p>", text=body)
        shown = markup(
            '<h1>$title</h1><div class="card told">$body</div>', title=problem.title, body=body
        )
        page = self._frame(request, problem.title, shown)
        return Answer(page.encode(), status=problem.status)

    def page(self, request: Request, title: str, body: Html, status: int = 200) -> Answer:
        """A whole page."""
        return Answer(self._frame(request, title, body).encode(), status=status)


def _fields(text: str) -> dict[str, str]:
    pairs = urllib.parse.parse_qsl(
        text, keep_blank_values=True, max_num_fields=200, errors="strict"
    )
    return {name: _BROKEN.sub("", value) for name, value in pairs}


def _shown(answer: Answer | Html) -> Answer:
    return answer if isinstance(answer, Answer) else Answer(answer.encode())


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: an address may hold a key."""

    def log_message(self, *_: object) -> None:
        return

    def address_string(self) -> str:
        return "-"


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 32


def serve(web: Web, port: int) -> None:
    """Serve on the loopback address until the process ends."""
    with make_server("127.0.0.1", port, web, _Threads, _Quiet) as server:
        server.serve_forever()


__all__ = ["Answer", "Problem", "Request", "Web", "pages", "redirect", "serve"]
