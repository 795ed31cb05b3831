"""The example's services over invented databases and a feed in a folder; a person is a browser without a screen."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa

from chikai.choices.registry import Registry
from chikai.choices.standing import Delta, Standing
from chikai.gate.compile import compile_table
from chikai.policy import load
from chikai.sdk import cache, folder
from chikai.sdk.feed_client import News
from examples.levii import databases, services
from examples.levii.services.place import ROOT, Place

PEOPLE = 60
POLICY = load.read(ROOT / "examples" / "levii").document
PORTS = {"chikai": 9, "feed": 9, "balus": 8411, "training": 8412, "website": 8413, "kata": 8414}


class Feed:
    """The installation's side of one service: it says who is known and what they stopped."""

    def __init__(self, path, service, keys):
        self.path, self.service = path, service
        self.registry = Registry().allocate(POLICY)
        self.table = compile_table(POLICY, self.registry).of(service)
        self.standing = Standing()
        for key in keys:
            self.standing.apply(Delta(0, key, clears=(0,)))
        self.publish(datetime.now(UTC))

    def publish(self, at):
        folder.publish_snapshot(self.path, cache.pack(self.table, self.standing, at))
        folder.renew(self.path, self.standing.v, self.table.digest, at)

    def stop(self, key, *unit):
        bit = 0 if unit == ("held",) else self.registry.find(*unit).bit
        before = self.standing.v
        delta = Delta(before + 1, key, (bit,))
        self.standing.apply(delta)
        self.standing.v = before + 1
        news = News(before, before + 1, self.table.digest, (delta,))
        folder.publish_news(self.path, news, datetime.now(UTC))

    def go_silent(self):
        """The feed has not spoken for longer than the policy allows."""
        self.publish(datetime.now(UTC) - timedelta(seconds=self.table.fresh_seconds + 5))


class World:
    """A folder with four databases and the services' places."""

    def __init__(self, path, people=PEOPLE):
        self.path, self.home = path, path / "home"
        self.feeds = {}
        self._places = {}
        for service in services.addresses():
            engine = sa.create_engine(f"sqlite:///{path}/{service}.sqlite3")
            databases.fill(engine, service, people=people)
            table = {"balus": "accounts", "training": "attendees", "kata": "profiles"}.get(service)
            with engine.connect() as db:
                keys = [*db.scalars(sa.text(f"SELECT id FROM {table}"))] if table else []
            engine.dispose()
            if table:
                self.feeds[service] = Feed(self.home / "gate" / service, service, keys)
        self.file = services.write_place(self.home, PORTS, gate=str(self.home))
        head = json.dumps({"edition": 1, "digest": POLICY.digest})
        for service in services.addresses():
            kept = self.file.parent / service / "policy"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(head.encode() + b"\n" + POLICY.bytes)

    def place(self, service):
        if service not in self._places:
            self._places[service] = Place(self.file, service)
        return self._places[service]

    def sql(self, service, text, **values):
        with self.place(service).engine.connect() as db:
            return db.execute(sa.text(text), values).all()

    def write(self, service, text, **values):
        with self.place(service).writing() as db:
            db.execute(sa.text(text), values)

    def stop(self, service, key, *unit):
        """Stop a unit, and wait until the service's own copy has heard of it."""
        self.feeds[service].stop(key, *unit)
        place = self._places.get(service)
        if place is not None and place._gate is not None:
            place.gate.cache.wait_for(self.feeds[service].standing.v, 5)

    def records(self, service):
        """What the service has told the ledger, or is about to."""
        gate = self.place(service).gate
        gate.sum_up()
        gate.hand_over()
        inbox = (self.home / "gate" / service / "inbox").glob("*.json")
        return [r for file in sorted(inbox) for r in json.loads(file.read_bytes())["records"]]

    def close(self):
        for place in self._places.values():
            place.close()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode()

    @property
    def to(self):
        return dict(self.headers).get("Location", "")

    @property
    def said(self):
        return unescape(re.sub(r"<[^>]+>", "", self.text))


class Browser:
    """Opens pages of one service, keeps its cookies, and presses the buttons of forms."""

    def __init__(self, web):
        self.web, self.cookies = web, {}

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, **fields):
        return self._ask("POST", path, urlencode(fields).encode())

    def press(self, page, path, **fields):
        """Press the button of the form of a page that goes to `path`."""
        shown = page if isinstance(page, Answer) else self.get(page)
        for form in re.findall(r"<form.*?</form>", shown.text, re.DOTALL):
            if f'action="{path}"' in form or (page == path and "action=" not in form):
                hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
                return self.post(path, **{k: unescape(v) for k, v in hidden.items()} | fields)
        raise AssertionError(f"no form goes to {path}: {shown.said[:500]}")

    def follow(self, answer):
        assert answer.status == 303, answer.said
        return self.get(answer.to)

    def _ask(self, method, path, body=b"", kind="application/x-www-form-urlencoded"):
        parts, kept = urlsplit(path), {}
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "HTTP_COOKIE": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        found = b"".join(
            self.web(environ, lambda status, headers: kept.update(s=status, h=headers))
        )
        for name, value in kept["h"]:
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(int(kept["s"].split()[0]), kept["h"], found)
