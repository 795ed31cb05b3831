"""An installation with a running feed, and services in processes of their own; everything real, nothing in between."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from chikai.home import Home
from chikai.web import gate_token
from tests.cli.conftest import chikai, made  # noqa: F401 - `made` is a fixture

ROOT = Path(__file__).parents[2]
LEVII = ROOT / "examples" / "levii"
SEED = """
import sys
from chikai.cli import own
own.start()
from chikai import canon, clock
from django.db import transaction
from chikai.web.actions import feed
from chikai.web.models import Link, Person
with transaction.atomic():
    now = clock.now()
    person = Person.objects.create(id=canon.new_id(now), since=now)
    for text in sys.argv[1:]:
        service, _, key = text.partition(":")
        Link.objects.create(person=person, source=service, table="accounts", key=key, since=now)
    feed.follow(now)
print(person.id)
"""
# The desk: a process that presses what it reads, and says what the feed's number is then and who has heard.
DESK = """
import json, sys, time
from chikai.cli import own
own.start()
from uuid import UUID
from chikai import clock
from chikai.web.actions import PERSON, choices
from chikai.web.models.choices import feed_number
from chikai.web.models.switches import acknowledged
print("ready", flush=True)
for line in sys.stdin:
    verb, *words = line.split()
    if verb != "heard":
        getattr(choices, verb)(PERSON, UUID(words[0]), words[1])
    at, v = time.time(), feed_number()
    found = acknowledged(v, clock.now())
    places = {place.service: place.state for place in found.places}
    said = {"at": at, "v": v, "heard": found.k, "running": found.n, "places": places}
    print(json.dumps(said), flush=True)
"""
# A service as its engineer would write it: asks again and again, and says each change of the answer with its time.
SERVICE = """
import sys, time
import chikai
from chikai.sdk.cache import Stale
from chikai.errors import UseRefused
url, token, state, purpose, key = sys.argv[1:]
from pathlib import Path
gate = chikai.connect(url, service="balus", token_file=Path(token), state=Path(state))
use = gate.use(purpose)
print("ready", flush=True)
said = None
while True:
    try:
        use.require(int(key))
        now = "allowed"
    except Stale:
        now = "stale"
    except UseRefused:
        now = "refused"
    if now != said:
        print(now, gate.v, time.time(), flush=True)
        said = now
    time.sleep(0.005)
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class House:
    """One installation, its feed, and its services; each ends with the test."""

    def __init__(self, home, folder):
        self.home, self.folder, self.port = home, folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.feed, self.desk, self.running, self.her = None, None, [], ""

    def __call__(self, *words, ends=0):
        done = chikai(self.home, *words)
        assert done.code == ends, done.out + done.err
        return done.out

    def token(self, service="balus"):
        return gate_token.make(Home(self.home), service)

    def environ(self):
        return {**os.environ, "CHIKAI_HOME": str(self.home)}

    def person(self, *keys):
        done = subprocess.run(
            [sys.executable, "-c", SEED, *keys],
            env=self.environ(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def start_feed(self, *program):
        program = program or ("-m", "chikai.cli.main")
        log = (self.folder / "feed.log").open("a")
        self.feed = subprocess.Popen(
            [sys.executable, *program, "feed", "--port", str(self.port)],
            env=self.environ(),
            stdout=log,
            stderr=log,
        )
        self.running.append(self.feed)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                assert self.feed.poll() is None, (self.folder / "feed.log").read_text()
                time.sleep(0.05)
        raise AssertionError("the feed did not start")

    def kill_feed(self):
        self.feed.send_signal(signal.SIGKILL)
        self.feed.wait()

    def service(self, key, purpose="guidance", name="state"):
        words = (self.url, self.token(), self.folder / name, purpose, key)
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", SERVICE, *map(str, words)],
            stdout=subprocess.PIPE,
            env=self.environ(),
            text=True,
        )
        self.running.append(process)
        assert process.stdout.readline().strip() == "ready"
        return process

    def ask(self, what, token=None, body=None, **asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        request = urllib.request.Request(f"{self.url}/{what}?{query}", data=body)
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read()

    def press(self, *words):
        if self.desk is None:
            self.desk = subprocess.Popen(
                [sys.executable, "-u", "-c", DESK],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=self.environ(),
                text=True,
            )
            self.running.append(self.desk)
            assert self.desk.stdout.readline().strip() == "ready"
        self.desk.stdin.write(" ".join(words) + "\n")
        self.desk.stdin.flush()
        return json.loads(self.desk.stdout.readline())

    def heard(self):
        return self.press("heard")

    def end(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()


@pytest.fixture(scope="session")
def published(made, tmp_path_factory):  # noqa: F811 - the fixture of that name
    """A home whose policy is published, with two persons; copied for each test."""
    path = tmp_path_factory.mktemp("published")
    shutil.copytree(made, path / "home")
    found = House(path / "home", path)
    found("policy", "publish")
    ids = found.person("balus:17", "kata:k-1"), found.person("balus:18")
    return path / "home", *ids


@pytest.fixture
def house(published, tmp_path, monkeypatch):
    """A copy of it with a feed that runs; `house.her` has the keys balus:17 and kata:k-1."""
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    shutil.copytree(published[0], tmp_path / "home")
    found = House(tmp_path / "home", tmp_path)
    found.her = published[1]
    found.start_feed()
    yield found
    found.end()
