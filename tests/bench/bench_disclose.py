"""One person's disclosure, from the press to the verified and sealed package, beside twelve statements written by hand.

The database has the shape of a small company: twelve tables, a heavy person of 185 rows. The floor reads the same rows
with one statement a table in one picture and writes them as JSON into a ZIP: what nobody can do without. Ours plans,
reads twice (once to verify), seals, and writes its ledger; the letter's time is printed apart.
"""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.rows import Row

PEOPLE = 20_000
HEAVY = 4242
RUNS = 7
# table -> (its column that leads up, the table there, rows of the heavy person, rows for each person)
SHAPE = {
    "customer": ("", "", 1, 1.0),
    "newsletter": ("", "", 1, 0.5),
    "address": ("customer_id", "customer", 4, 1.1),
    "login_session": ("customer_id", "customer", 40, 3.5),
    "project": ("customer_id", "customer", 5, 1.0),
    "document": ("project_id", "project", 20, 2.0),
    "comment": ("customer_id", "customer", 30, 2.5),
    "orders": ("customer_id", "customer", 12, 2.0),
    "order_item": ("orders_id", "orders", 36, 4.0),
    "payment": ("orders_id", "orders", 12, 2.0),
    "support_ticket": ("customer_id", "customer", 8, 0.5),
    "ticket_message": ("support_ticket_id", "support_ticket", 16, 1.2),
}


def fill(file: Path, people: int) -> None:
    """The tables, with an index on each column that leads up."""
    with sqlite3.connect(file) as db:
        sizes: dict[str, int] = {}
        for table, (up, parent, heavy, share) in SHAPE.items():
            link = f", {up} INTEGER REFERENCES {parent} (id)" if up else ""
            db.execute(
                f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, email TEXT, name TEXT, body TEXT{link})"
            )
            size = sizes[table] = int(people * share)
            space = sizes.get(parent, 0)
            first = HEAVY if parent == "customer" else 1
            step = max(1, SHAPE[parent][2]) if parent else 1
            rows = []
            for n in range(1, size + 1):
                mail = f"person{n}@mail.example"
                row: tuple[Any, ...] = (n, mail, f"山田 {n}", f"{table} {n} " + "あ" * 40)
                if up and n <= heavy:
                    row += (first if parent == "customer" else 1 + (n - 1) % step,)
                elif up:
                    row += (step + HEAVY + 1 + n * 7919 % (space - step - HEAVY - 1),)
                rows.append(row)
            marks = ", ".join("?" * (5 if up else 4))
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            if up:
                db.execute(f"CREATE INDEX {table}_up ON {table} ({up})")


def map_text(policy: Any) -> Any:
    """The map of it, as an engineer would finish it."""
    from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap

    tables = []
    for table, (up, parent, _heavy, _share) in SHAPE.items():
        names = ["id", "email", "name", "body", *([up] if up else [])]
        kinds = {"email": "email", "name": "name", "body": "content"}
        columns = []
        for name in names:
            found = policy.category_of_kind(kinds[name]) if name in kinds else None
            columns.append(ColumnMap(name, found.id if found else "-", kind=kinds.get(name, "")))
        tables.append(
            TableMap(
                table,
                "person",
                (Edge((up,), parent, ("id",)),) if up else (),
                None if up else Identity("id", "email"),
                tuple(columns),
                ("id",),
            )
        )
    return Map("bench", "balus", tuple(tables))


def floor(file: Path, out: Path) -> int:
    """The same rows by hand: one statement a table, one picture, JSON in a ZIP."""
    count = 0
    with sqlite3.connect(file) as db, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        db.execute("BEGIN")
        for table, (up, parent, _heavy, _share) in SHAPE.items():
            where = f"{up} = ?" if up else "id = ?"
            if up and parent != "customer":
                where = f"{up} IN (SELECT id FROM {parent} WHERE customer_id = ?)"
            rows = db.execute(f"SELECT * FROM {table} WHERE {where}", (HEAVY,)).fetchall()
            count += len(rows)
            archive.writestr(f"{table}.json", json.dumps(rows, ensure_ascii=False))
    return count


def measure(people: int) -> None:
    """In a process of its own: fill, settle, and measure both sides one after another in turns."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from chikai import canon, clock
    from chikai.policy import load
    from chikai.sources import mapfile
    from chikai.web.actions import COMMAND, Actor
    from chikai.web.actions import rights as actions
    from chikai.web.actions.policy import publish_edition
    from chikai.web.models import Link, MapEdition, Person, Request, Step
    from chikai.web.work import engine

    home, levii = settings.HOME.path, Path(__file__).parents[2] / "examples" / "levii"
    file = home / "bench.sqlite3"
    fill(file, people)
    publish_edition(COMMAND, load.read(levii))
    now, made = clock.now(), map_text(load.read(levii).document)
    MapEdition.objects.create(
        source="bench",
        digest=made.digest,
        text=mapfile.text(made),
        tables=12,
        columns=59,
        undecided=0,
        at=now,
    )
    ours, letter, theirs, rows = [], [], [], 0
    officer = Actor("staff:1", frozenset({"officer"}))
    spent: dict[str, float] = {}
    engine.hook = lambda name: spent.__setitem__(name, time.perf_counter())
    for _ in range(RUNS):
        person = Person.objects.create(id=canon.new_id(clock.now()), since=now)
        Link.objects.filter(source="bench").delete()
        for table in ("customer", "newsletter"):
            Link.objects.create(
                person=person, source="bench", table=table, key=str(HEAVY), since=now
            )
        start = time.perf_counter()
        events = actions.open_request(
            actions.PERSON, person=person, kind="disclose", evidence="sign_in"
        )
        engine.drain()
        request = Request.objects.get(number=events[0].facts["number"])
        actions.approve_request(officer, request)
        engine.drain()
        whole = time.perf_counter() - start
        request.refresh_from_db()
        assert request.state == "answered", list(Step.objects.values_list("source", "fault"))
        rows = request.package_rows
        letter.append(spent["pdf.done"] - spent["pdf.doing"])
        ours.append(whole - letter[-1])
        start = time.perf_counter()
        floor(file, home / "floor.zip")
        theirs.append(time.perf_counter() - start)
    said = {"ours": ours, "letter": letter, "floor": theirs}
    print(json.dumps({**{k: statistics.median(v) for k, v in said.items()}, "rows": rows}))


def rows(people: int = PEOPLE) -> Iterator[Row]:
    """Submit to package beside the floor, and the letter by itself; no goal yet."""
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "chikai.toml").write_text(
            '[operator]\nja = "見本"\nen = "Example"\n\n[source.bench]\nservice = "balus"\n'
            f'url = "sqlite:///{home}/bench.sqlite3"\n',
            "utf-8",
        )
        env = {**os.environ, "CHIKAI_HOME": home, "DJANGO_SETTINGS_MODULE": "chikai.web.settings"}
        env["CHIKAI_DATABASE_URL"] = f"sqlite:{home}/own.sqlite3"
        argv = [sys.executable, "-m", "tests.bench.bench_disclose", str(people)]
        done = subprocess.run(argv, env=env, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    name = f"{found['rows']:.0f} rows, submit to package"
    yield Row(
        *(name, found["ours"] * 1000, "ms", "hand-written SQL", found["floor"] * 1000),
        *(found["floor"] / found["ours"], None),
    )
    yield Row(
        *("the letter as PDF", found["letter"] * 1000, "ms", "the package", found["ours"] * 1000),
        *(found["ours"] / found["letter"], None),
    )


if __name__ == "__main__":
    measure(int(sys.argv[1]))
