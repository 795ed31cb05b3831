"""The feed over HTTP: a snapshot with an ETag, news with a wait, records handed over."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from chikai import canon
from chikai.errors import ConfigError, Unreachable
from chikai.sdk.client import Gate
from chikai.sdk.feed_client import HttpFeed
from chikai.sdk.folder import FolderFeed
from chikai.sdk.outbox import Outbox


class Server(ThreadingHTTPServer):
    """The feed of a world over loopback, as small as it can be."""

    def __init__(self, world):
        super().__init__(("127.0.0.1", 0), Handler)
        self.world, self.taken, self.asked, self.status = world, [], [], 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/gate"


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        self.server.asked.append((path, dict(self.headers)))
        if self.server.status:
            return self.answer(self.server.status)
        if path == "/gate/snapshot":
            data = (self.server.world.feed_folder / "snapshot").read_bytes()
            same = self.headers["If-None-Match"] == f'"{canon.digest_bytes(data)}"'
            return self.answer(304) if same else self.answer(200, data)
        feed = FolderFeed(self.server.world.feed_folder, self.server.world.now)
        return self.answer(200, canon.encode(feed.after(int(asked["after"][0]), 0).as_json()))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken += json.loads(body)["records"]
        self.answer(204)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(world):
    with Server(world) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def gate(world, server, **more):
    feed = HttpFeed(server.url, "balus", world.path / "kept" / "snapshot", **more)
    return Gate(feed, "balus", Outbox(world.path / "o"), ticks=world.ticks, now=world.now)


def test_a_service_follows_the_feed_and_hands_its_records_over(world, server):
    ours = gate(world, server)
    guide = ours.use("guidance")
    world.stop(3, "purpose", "guidance")
    assert ours.refresh()
    assert 3 not in guide
    assert ours.v == 1
    ours.register(50, notice="n")
    assert ours.hand_over() == 1
    assert [r["key"] for r in server.taken] == [50]


def test_a_snapshot_that_is_kept_is_not_sent_again(world, server):
    gate(world, server)
    asked = len(server.asked)
    assert 1 in gate(world, server).use("guidance")
    path, headers = server.asked[asked]
    assert path == "/gate/snapshot"
    assert headers["If-None-Match"]
    assert (world.path / "kept" / "snapshot").stat().st_mode & 0o077 == 0


def test_a_service_starts_while_the_feed_is_down_and_refuses_until_it_is_up(world, server):
    gate(world, server)
    server.status = 503
    ours = gate(world, server)
    guide = ours.use("guidance")
    assert not ours.is_fresh
    server.status = 0
    assert ours.refresh()
    assert 1 in guide


def test_a_first_start_without_a_feed_says_so(world, server):
    server.status = 503
    with pytest.raises(Unreachable):
        gate(world, server)
    server.status = 403
    with pytest.raises(ConfigError):
        gate(world, server)


def test_an_address_in_the_clear_is_refused_except_on_loopback(tmp_path):
    for url in ("http://privacy.example/gate", "ftp://127.0.0.1/", "http://127.0.0.1.example/"):
        with pytest.raises(ConfigError):
            HttpFeed(url, "balus", tmp_path)
    for url in ("https://privacy.example/gate", "http://localhost:1/", "http://[::1]:1/"):
        HttpFeed(url, "balus", tmp_path)


def test_a_token_is_sent_from_a_file_that_only_its_owner_reads(world, server):
    token = world.path / "token"
    token.write_text("secret\n", "utf-8")
    token.chmod(0o600)
    gate(world, server, token_file=token)
    assert server.asked[0][1]["Authorization"] == "Bearer secret"
    token.chmod(0o644)
    with pytest.raises(ConfigError):
        gate(world, server, token_file=token)
