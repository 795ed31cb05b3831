"""Requests of persons beside statements written by hand: twelve tables, one heavy person of 185 rows, a thousand people.

The floor reads the same rows with one statement a table in one picture and writes JSON into a ZIP: what nobody can do
without. Ours goes from the press to the answered request: plan, read, verify on a fresh connection, seal JSON, CSV, page
and manifest, and write its ledger, with its own state on PostgreSQL that waits for the disk. The letter's time and the
officer's reading and approval, on which free text waits, are printed apart. `CHIKAI_BENCH_PEOPLE` sets how many people
there are (100000), `CHIKAI_BENCH_MANY` how many wait together.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import servers
from tests.bench import rights_processes as processes
from tests.bench import rights_schema as schema
from tests.bench.rows import Row

LEVII = Path(__file__).parents[2] / "examples" / "levii"
PEOPLE = int(os.environ.get("CHIKAI_BENCH_PEOPLE", "100000"))
PERSON = "00000000-0000-7000-8000-{:012x}"
MANY = int(os.environ.get("CHIKAI_BENCH_MANY", "1000"))


def within(name: str, ours: float, unit: str, most: float) -> Row:
    """A figure that is promised by itself."""
    return Row(name, ours, unit, "at most", most, most / ours if ours else 1.0, 1.0)


def beside(name: str, ours: float, theirs: float, goal: float | None = None) -> Row:
    """A figure in milliseconds beside the floor's."""
    return Row(name, ours * 1000, "ms", "by hand", theirs * 1000, theirs / ours, goal)


def settle(home: Path, source: str) -> None:
    """The installation's folder: the example's policy, which here asks for nobody's approval."""
    (home / "chikai.toml").write_text(
        f'[operator]\nja = "見本"\nen = "Example"\n\n[source.bench]\nservice = "balus"\nurl = "{source}"\n'
        'mode = "enforce"\n',
        "utf-8",
    )
    skip = shutil.ignore_patterns("*.py", "data*", "services", "databases")
    shutil.copytree(LEVII, home / "policy", ignore=skip)
    file = home / "policy" / "policy.toml"
    file.write_text(re.sub(r"approvals = \d", "approvals = 0", file.read_text("utf-8")), "utf-8")


@contextmanager
def company(people: int) -> Iterator[servers.Postgres]:
    """A PostgreSQL with the twelve tables of so many people, and an empty database for our own state."""
    import psycopg

    where = servers.find_postgres()
    if where is None:
        raise SystemExit("this benchmark needs PostgreSQL's programs")
    more = {"shared_preload_libraries": "pg_stat_statements", "shared_buffers": "256MB"}
    with servers.Postgres(where, fsync=True, **more) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as db:
            db.execute("CREATE DATABASE bench TEMPLATE template0")
            db.execute("CREATE DATABASE own TEMPLATE template0")
        with psycopg.connect(server.dsn("bench")) as db:
            schema.build(db, people)
            db.execute("CREATE EXTENSION pg_stat_statements")
        yield server


def measured(
    server: servers.Postgres, own: str, people: int, many: int, *, running: bool = True
) -> dict[str, Any]:
    """The figures of one kind of own state; on PostgreSQL those of the `running` processes too."""
    with tempfile.TemporaryDirectory(prefix="chk") as folder:
        home = Path(folder)
        settle(home, server.url("bench"))
        env = {**os.environ, "CHIKAI_HOME": folder, "DJANGO_SETTINGS_MODULE": "chikai.web.settings"}
        env["CHIKAI_DATABASE_URL"] = own or f"sqlite:{home}/own.sqlite3"
        argv = [sys.executable, "-m", "tests.bench.rights_own", server.dsn("bench")]
        done = subprocess.run(
            [*argv, str(people), str(many)], env=env, stdout=subprocess.PIPE, text=True, check=True
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        if own and running:
            found |= processes.measured(env, lambda n: PERSON.format(people - n), _answered(server))
    return found


def _answered(server: servers.Postgres) -> Callable[[], object]:
    """Whether no request is open."""
    import psycopg

    def ask() -> bool:
        with psycopg.connect(server.dsn("own")) as db:
            row = db.execute("SELECT count(*) FROM request WHERE state <> 'answered'").fetchone()
        return row == (0,)

    return ask


def rows() -> Iterator[Row]:
    """Every figure of the requests."""
    with company(PEOPLE) as server:
        yield within("lines of the map by hand", len(schema.MAP.splitlines()), "lines", 15)
        yield from of_own("PostgreSQL", measured(server, server.django_url("own"), PEOPLE, MANY))
        yield from of_own("SQLite", measured(server, "", PEOPLE, MANY), promised=False)


def of_own(own: str, said: dict[str, Any], *, promised: bool = True) -> Iterator[Row]:
    """The lines of one kind of own state; the promises are made for PostgreSQL."""
    found = [
        within(f"access, 185 rows, own state on {own}", said["access"] * 1000, "ms", 60),
        beside("access beside the floor", said["access"], said["floor_access"], 0.1),
        beside("the letter as PDF, apart", said["letter"], said["floor_access"]),
        beside("the officer's reading and approval, apart", said["officer"], said["floor_access"]),
        within("statements to the source, access", said["source_statements"], "", 16),
    ]
    if said["own_statements"]:
        found.append(within("statements to our own database", said["own_statements"], "", 40))
    if "many" in said:
        found.append(within(f"access of {said['many']} people", said["many_access"], "s", 5))
        found.append(beside("the same beside the floor", said["many_access"], said["floor_many"]))
        found.append(beside("their presses, one by one", said["submit"], said["floor_many"]))
    asked = said["own_statements_erase"]
    found += [
        within(f"verified erasure, own state on {own}", said["erase"] * 1000, "ms", 100),
        beside("erasure beside the floor, never verified", said["erase"], said["floor_erase"]),
        beside("the same where rows are deleted", said["delete"], said["floor_delete"]),
        within("statements to the source, erasure", said["source_statements_erase"], "", 40),
    ]
    found += [within("statements to our own database", asked, "", 40)] if asked else []
    if "many_erase" in said:
        found.append(within(f"erasure of {said['many']} people", said["many_erase"], "s", 8))
    if said.get("turn"):
        found.append(Row("the ledger's turn, each second for all", said["turn"], "", "", 0, 1.0))
    if "memory" in said:
        found += [
            within("memory of web, feed and worker", said["memory"], "MiB", 250),
            within("cold start, the dearest process", said["cold_start"], "CPU-s", 2),
            Row("cold start, all three", said["cold_start_all"], "CPU-s", "", 0, 1.0),
            within("recovery after kill -9 amid an erasure", said["recovery"], "s", 5),
        ]
    for row in found:
        yield (
            row
            if promised
            else Row(row.name, row.ours, row.unit, row.against, row.theirs, row.ratio)
        )
