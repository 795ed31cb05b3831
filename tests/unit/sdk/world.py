"""A service's gate over a folder, with a clock that the test holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chikai.choices.registry import Registry
from chikai.choices.standing import Delta, Standing
from chikai.gate.compile import compile_table
from chikai.policy.document import (
    Clause,
    Controller,
    DataCategory,
    Document,
    Purpose,
    Recipient,
    Service,
    Text,
    Use,
)
from chikai.sdk import cache, folder
from chikai.sdk.client import Gate
from chikai.sdk.feed_client import News
from chikai.sdk.folder import FolderFeed
from chikai.sdk.outbox import Outbox

VITAL = {("balus", "protection")}


def policy(*purposes, edition="1"):
    return Document(
        controller=Controller(Text("会社", "Company")),
        services=(Service("balus", Text("Balus")),),
        categories=tuple(DataCategory(c, Text(c), "2.2") for c in ("name", "email")),
        purposes=tuple(
            Purpose(p, Text(p), "2.3", (Use("balus", ("name", "email")),), "switch")
            for p in purposes
        ),
        recipients=(
            Recipient("northmail", Text(), "entrusted", "4.1", ("guidance",), ("email",)),
            Recipient("manabi", Text(), "consent", "4.1.2", ("guidance",), ("email",)),
        ),
        rights=(),
        clauses=(
            Clause("2.3", "2(3)", Text(), Text(), kind="purposes"),
            Clause("5", "5", Text(), Text(), kind="suspension"),
            Clause("8", "8", Text(), Text(), kind="change"),
        ),
        edition=edition,
    )


POLICY = policy("guidance", "support", "protection")


class World:
    """The installation's side: it publishes into a folder. `moment` is the time of both sides."""

    def __init__(self, path: Path, people=range(10)):
        self.path, self.feed_folder = path, path / "gate" / "balus"
        self.moment = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        self.standing = Standing()
        self.registry = Registry()
        for key in people:
            self.standing.apply(Delta(0, key, clears=(0,)))
        self.edit(POLICY)

    @property
    def v(self):
        return self.standing.v

    def now(self):
        return self.moment

    def ticks(self):
        return self.moment.timestamp()

    def wait(self, seconds):
        self.moment += timedelta(seconds=seconds)

    def edit(self, document, unrelated=()):
        self.registry = self.registry.allocate(document, unrelated)
        self.table = compile_table(document, self.registry, vital=VITAL).of("balus")
        self.publish()

    def publish(self):
        folder.publish_snapshot(self.feed_folder, self.snapshot())
        self.renew()

    def snapshot(self):
        return cache.pack(self.table, self.standing, self.moment)

    def renew(self):
        folder.renew(self.feed_folder, self.v, self.table.digest, self.moment)

    def bit(self, unit, *refs):
        return self.registry.find(unit, *refs).bit

    def turn(self, key, *, sets=(), clears=(), forget=False):
        delta = Delta(self.v + 1, key, tuple(sets), tuple(clears), forget)
        self.standing.apply(delta)
        news = News(self.v, self.v + 1, self.table.digest, (delta,))
        self.standing.v += 1
        folder.publish_news(self.feed_folder, news, self.moment)

    def stop(self, key, *unit):
        self.turn(key, sets=[self.bit(*unit)])

    def gate(self, name="own"):
        """A gate without threads: the test refreshes it."""
        outbox = Outbox(self.path / name / "outbox")
        feed = FolderFeed(self.feed_folder, self.now)
        return Gate(feed, "balus", outbox, ticks=self.ticks, now=self.now)
