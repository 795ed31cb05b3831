"""The gate against cedarpy and pycasbin, which answer the same question, and against an empty call of Python.

The peers are not among our requirements: `pip install --target var/bench/peers cedarpy pycasbin` puts them where this looks.
Each is given the example's uses and one person, everything parsed beforehand. What is in process is timed on the thread's
own clock, since it neither waits nor starts threads.
"""

import json
import random
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyroaring import BitMap

import chikai
from chikai import clock
from chikai.choices.registry import Registry
from chikai.choices.standing import Delta, Standing
from chikai.gate import decide
from chikai.gate.compile import Table, compile_table
from chikai.policy import load
from chikai.sdk import cache, folder
from chikai.sdk.client import Gate
from chikai.sdk.feed_client import News
from chikai.sdk.folder import FolderFeed
from chikai.sdk.outbox import Outbox
from tests.bench.rows import Row

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "var" / "bench" / "peers"
PEOPLE = 10_000_000
SERVICE, PURPOSE = "balus", "guidance"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def each(work: Callable[[], object], count: int) -> float:
    """Nanoseconds of this thread for one call, the least of five runs."""
    timer = timeit.Timer(work, timer=time.thread_time)
    return min(timer.repeat(5, count)) / count * 1e9


def said(statement: str, count: int = 200_000, **names: object) -> float:
    """Nanoseconds of this thread for one statement, without a call around it."""
    timer = timeit.Timer(statement, globals=names, timer=time.thread_time)
    return min(timer.repeat(5, count)) / count * 1e9


def once(work: Callable[[], object], runs: int = 5) -> float:
    """Milliseconds of this thread for one call, the least of some runs."""
    return min(timeit.Timer(work, timer=time.thread_time).repeat(runs, 1)) * 1e3


def crowd(table: Table, share: float = 0.03) -> Standing:
    """Ten million people; each of twenty toggles set by some of them, in no order."""
    rng = random.Random(1)
    standing = Standing(v=1, everyone=BitMap(range(PEOPLE)))
    use = table.use(SERVICE, PURPOSE)
    bits = sorted((b for b in table.reasons if b), key=lambda b: not use.need >> b & 1)[:20]
    for bit in bits:
        standing._sets[bit] = BitMap(rng.sample(range(PEOPLE), int(PEOPLE * share)))
    return standing


def cedar(uses: list[tuple[str, str]]) -> Callable[[], object] | None:
    """One question to cedarpy, everything parsed that can be."""
    try:
        import cedarpy
    except ImportError:
        return None
    text = "\n".join(
        f'permit(principal == Service::"{s}", action == Action::"{p}", resource) '
        f'unless {{ resource.held || resource.stopped.contains("{p}") }};'
        for s, p in uses
    )
    entities = [
        {
            "uid": {"type": "Person", "id": "5"},
            "attrs": {"held": False, "stopped": ["support"]},
            "parents": [],
        }
    ]
    made: Any = cedarpy
    policies = made.PolicySet.from_str(text) if hasattr(made, "PolicySet") else text
    known = (
        made.Entities.from_json_str(json.dumps(entities)) if hasattr(made, "Entities") else entities
    )
    asked = {
        "principal": f'Service::"{SERVICE}"',
        "action": f'Action::"{PURPOSE}"',
        "resource": 'Person::"5"',
        "context": {},
    }

    def ask() -> object:
        return made.is_authorized(asked, policies, known)

    assert made.is_authorized(asked, policies, known).allowed
    return ask


def casbin(uses: list[tuple[str, str]]) -> Callable[[], object] | None:
    """One question to pycasbin's enforcer."""
    try:
        import casbin as made
    except ImportError:
        return None
    model = made.Model()
    model.load_model_from_text(
        "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, act\n"
        "[policy_effect]\ne = some(where (p.eft == allow))\n"
        "[matchers]\nm = r.sub == p.sub && r.act == p.act && !(r.act in r.obj.stopped)\n"
    )
    enforcer = made.Enforcer(model)
    for service, purpose in uses:
        enforcer.add_policy(service, purpose)

    class Person:
        def __init__(self) -> None:
            self.stopped = {"support"}

    person = Person()
    assert enforcer.enforce(SERVICE, person, PURPOSE)
    return lambda: enforcer.enforce(SERVICE, person, PURPOSE)


def rows() -> Iterator[Row]:
    """Decisions, then audiences, then what a copy weighs."""
    sys.path.append(str(PEERS))
    policy = load.read(ROOT / "examples" / "levii").document
    assert policy is not None
    table = compile_table(policy, Registry().allocate(policy)).of(SERVICE)
    standing = crowd(table)
    with tempfile.TemporaryDirectory() as there:
        where = Path(there)
        folder.publish_snapshot(where, cache.pack(table, standing, NOW))
        folder.renew(where, 1, table.digest, NOW)
        feed = FolderFeed(where, lambda: NOW)
        gate = Gate(feed, SERVICE, Outbox(where / "o"))
        yield from decisions(gate, table, policy)
        yield from audiences(gate, standing, table)
    yield from weights(standing)
    yield heard(table)


def decisions(gate: Gate, table: Table, policy: Any) -> Iterator[Row]:
    """One person, asked in four ways."""
    use, guide = table.use(SERVICE, PURPOSE), gate.use(PURPOSE)
    floor = said("f()", f=lambda: None)
    ids = [random.randrange(PEOPLE) for _ in range(200_000)]
    loop = said("for i in ids: pass", 1, ids=ids)
    core = said("bits & need == want", bits=5 << 20, need=use.need, want=use.want)
    inside = said("for i in ids: i in guide", 1, ids=ids, guide=guide)
    inside = (inside - loop) / len(ids)
    asked = {"table": table, "bits": 0}
    whole = said("ask(table, bits, 'balus', 'guidance')", ask=decide.ask, **asked)
    full = said("f(table, bits, 'balus', 'guidance')", 50_000, f=decide.decide, **asked)
    empty = "an empty call, ns"
    yield Row("two integers compared", core, "ns", empty, floor, floor / core, 0.3)
    yield Row("person in use, of 10M, leased, counted", inside, "ns", empty, floor, floor / inside)
    yield Row("whole question from strings, yes or no", whole, "ns", empty, floor, floor / whole)
    yield Row("the same, with reasons and categories", full, "ns", empty, floor, floor / full)
    uses = [(s, p.id) for p in policy.purposes for s in ("balus", "kata", "website", "training")]
    uses = [(s, p) for s, p in uses if policy.purpose(p).categories_at(s)]
    for name, ask in (("cedarpy, ns", cedar(uses)), ("pycasbin, ns", casbin(uses))):
        if ask is None:
            print(f"  {name.partition(',')[0]} is not installed")
            continue
        theirs = each(ask, 300)
        yield Row("person in use", inside, "ns", name, theirs, theirs / inside, 200)
        yield Row("two integers compared", core, "ns", name, theirs, theirs / core, 500)


def audiences(gate: Gate, standing: Standing, table: Table) -> Iterator[Row]:
    """Everybody whom a use may touch, against asking one by one (measured on a part and multiplied)."""
    use, guide = table.use(SERVICE, PURPOSE), gate.use(PURPOSE)
    part = range(0, PEOPLE, 1000)
    slow = once(lambda: [n for n in part if standing.bits_at(n) & use.need == use.want]) * 1000
    name = f"audience of 10M, {use.need.bit_count()} toggles"
    sets = once(lambda: decide.people(standing, use))
    yield Row(name, sets, "ms", "one by one, ms", slow, slow / sets, 1000)
    twenty = sum(1 << bit for bit in standing._sets) | 1
    sets = once(lambda: standing.matching(twenty, 0))
    yield Row("audience of 10M, 20 toggles", sets, "ms", "one by one, ms", slow, slow / sets)
    count = said("len(guide)", 20_000, guide=guide) / 1e6
    yield Row("count of a bound audience", count, "ms", "set algebra, ms", sets, sets / count)
    patch = Delta(2, 17, (next(iter(standing._sets)),))
    change = each(lambda: gate.cache._take(patch), 20_000) / 1e6
    yield Row("one change patched in", change, "ms", "set algebra, ms", sets, sets / change)


def weights(standing: Standing) -> Iterator[Row]:
    """What ten million people with twenty toggles weigh, against a bit a person and toggle."""
    data = standing.snapshot()
    dense = PEOPLE * (len(standing._sets) + 1) / 8 / 2**20
    ours = len(data) / 2**20
    yield Row("10M x 20 toggles, 3 % each, random", ours, "MiB", "dense, MiB", dense, dense / ours)
    grouped = Standing(v=1, everyone=BitMap(range(PEOPLE)))
    for bit in standing._sets:
        grouped._sets[bit] = BitMap(range(bit * 1000, bit * 1000 + 300_000))
    runs = len(grouped.snapshot()) / 2**20
    yield Row("the same, in runs", runs, "MiB", "dense, MiB", dense, dense / runs)
    load_ms = once(lambda: Standing.from_snapshot(data))
    import hashlib

    floor = once(lambda: hashlib.sha256(data).digest())
    yield Row("read it, digest checked", load_ms, "ms", "its SHA-256, ms", floor, floor / load_ms)


def heard(table: Table, stops: int = 100) -> Row:
    """From writing a stop into the feed's folder to the first refusal in a connected process: the slowest of 100."""
    standing = Standing(v=0, everyone=BitMap(range(stops)))
    bit = next(b for b, r in table.reasons.items() if (r.unit, r.refs) == ("purpose", (PURPOSE,)))
    with tempfile.TemporaryDirectory() as there:
        where = Path(there) / "gate" / SERVICE
        folder.publish_snapshot(where, cache.pack(table, standing, clock.now()))
        folder.renew(where, 0, table.digest, clock.now())
        gate = chikai.connect(there, service=SERVICE, state=Path(there) / "own")
        guide, slowest = gate.use(PURPOSE), 0.0
        for n in range(stops):
            news = News(n, n + 1, table.digest, (Delta(n + 1, n, (bit,)),))
            start = time.perf_counter()
            folder.publish_news(where, news, clock.now())
            while n in guide:
                time.sleep(0.001)
            slowest = max(slowest, time.perf_counter() - start)
        gate.close()
    return Row(f"a stop is heard, slowest of {stops}", slowest, "s", "goal, s", 1, 1 / slowest, 1)
