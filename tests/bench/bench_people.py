"""A million rows of identity tables brought into the registry of people, against loading the same rows without rules.

The floor reads the same three tables through the same `Reading`, and puts key and address into one table with a
unique key, in one transaction: what nobody can do without. Each side runs in a process of its own, whose peak of
memory is read at its end.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from tests import servers
from tests.bench.rows import Row

SIZES = {"accounts": 700_000, "shop": 200_000, "attendees": 100_000}
SMALL = 10_000
GOAL_SECONDS = 60


class Invented:
    """A source of invented people: a third of the shop and half of the attendees are accounts as well."""

    def __init__(self, rows: int) -> None:
        self.name = "bench"
        self.sizes = {table: size * rows // 1_000_000 for table, size in SIZES.items()}

    def reading(self) -> AbstractContextManager["Invented"]:
        return nullcontext(self)

    def identities(self, map_: Any, table: str, chunk: int = 10_000) -> Iterator[list[dict]]:
        size, accounts = self.sizes[table], self.sizes["accounts"]
        for start in range(0, size, chunk):
            yield [self.row(table, n, accounts) for n in range(start, min(start + chunk, size))]

    def row(self, table: str, n: int, accounts: int) -> dict:
        who = n
        if table == "shop" and n % 3:
            who = accounts + n
        elif table == "attendees":
            who = (accounts - 1 - n // 2) if n % 2 else accounts * 2 + n
        return {
            "key": n + 1,
            "email": f"person{who}@mail{who % 97}.example",
            "verified": "2026-01-01 00:00:00" if table != "attendees" or n % 3 else None,
            "name": f"山田 {who}郎",
            **(
                {"phone": f"090-{who // 10_000:04}-{who % 10_000:04}"}
                if table == "accounts"
                else {}
            ),
        }


def map_of() -> Any:
    from chikai.sources.map import Identity, Map, TableMap

    identity = Identity("id", "email", "verified_at", "name", "tel")
    return Map("bench", "bench", tuple(TableMap(t, "person", identity=identity) for t in SIZES))


def peak() -> float:
    """The most memory that this process ever held, in MiB (a child's `ru_maxrss` counts its parent's)."""
    said = Path("/proc/self/status").read_text("utf-8")
    return int(said.partition("VmHWM:")[2].split()[0]) / 1024


def measure(what: str, rows: int) -> None:
    """In a process of its own: make the tables, do the work once or twice, print seconds and peak as JSON."""
    import time

    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import override_settings

    class Without:
        def __contains__(self, app: str) -> bool:
            return True

        def __getitem__(self, app: str) -> None:
            return None

    with override_settings(MIGRATION_MODULES=Without()):
        call_command("migrate", run_syncdb=True, verbosity=0)
    work = ours if what == "ours" else floor
    start = time.perf_counter()
    work(rows)
    first = time.perf_counter() - start
    start = time.perf_counter()
    if what == "ours":
        work(rows)
    print(json.dumps({"first": first, "again": time.perf_counter() - start, "peak": peak()}))


def ours(rows: int) -> None:
    from chikai.web.actions import COMMAND
    from chikai.web.actions.people_sync import sync

    done = sync(COMMAND, {"bench": (Invented(rows), map_of())})
    assert not done.faults, done.faults
    assert done.event.facts["links"] == rows
    if os.environ.get("CHIKAI_BENCH_SAY"):
        print(done.event.facts, file=sys.stderr)


def floor(rows: int) -> None:
    from django.db import connection, transaction

    source = Invented(rows)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE TABLE floor (place text, key text, mail text, UNIQUE (place, key))")
        cursor.execute("CREATE INDEX floor_mail ON floor (mail)")
        for table in SIZES:
            for chunk in source.identities(None, table):
                batch = [(table, str(row["key"]), row["email"]) for row in chunk]
                if connection.vendor == "postgresql":
                    with cursor.cursor.copy("COPY floor FROM STDIN") as copy:
                        for row in batch:
                            copy.write_row(row)
                else:
                    cursor.executemany("INSERT INTO floor VALUES (%s, %s, %s)", batch)


def apart(what: str, rows: int, database: str | None) -> dict[str, float]:
    """Run one side in a process and a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "CHIKAI_HOME": home, "DJANGO_SETTINGS_MODULE": "chikai.web.settings"}
        env["CHIKAI_DATABASE_URL"] = database or f"sqlite:{home}/own.sqlite3"
        argv = [sys.executable, "-m", "tests.bench.bench_people", what, str(rows)]
        done = subprocess.run(argv, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def rows(count: int = 1_000_000) -> Iterator[Row]:
    """A first sync, the same again, and memory, on SQLite and (with fsync) on PostgreSQL."""
    yield from side("SQLite", None, count)
    where = servers.find_postgres()
    if where is not None:
        with servers.Postgres(where, fsync=True) as server:
            yield from side("PostgreSQL", server, count)


def side(database: str, server: servers.Postgres | None, count: int) -> Iterator[Row]:
    def fresh() -> str | None:
        return server.fresh_django() if server else None

    small = apart("ours", SMALL, fresh())
    big = apart("ours", count, fresh())
    plain = apart("floor", count, fresh())
    yield Row(
        *(f"{count:,} rows, first sync, {database}", big["first"], "s", "promised", GOAL_SECONDS),
        *(GOAL_SECONDS / big["first"], 1.0),
    )
    yield Row(
        *(f"{count:,} rows, the same again, {database}", big["again"], "s", "promised"),
        *(GOAL_SECONDS, GOAL_SECONDS / big["again"], 1.0),
    )
    yield Row(
        *(f"first sync beside a load without rules, {database}", big["first"], "s", "plain load"),
        *(plain["first"], plain["first"] / big["first"], None),
    )
    grown = big["peak"] - small["peak"]
    yield Row(
        *(f"memory above a run of {SMALL:,} rows, {database}", grown, "MiB", "promised"),
        *(150.0, 150.0 / max(grown, 0.1), 1.0),
    )


if __name__ == "__main__":
    measure(sys.argv[1], int(sys.argv[2]))
