"""One side of the rights bench in a process of its own: an installation, its worker in a thread, and the floor beside.

`python -m tests.bench.rights_own SOURCE_DSN PEOPLE MANY`; our own state is where CHIKAI_DATABASE_URL says. Prints figures
as JSON. A measurement begins at the press and ends when the package is sealed and the request is answered.
"""

import json
import os
import re
import statistics
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench import rights_schema as schema

RUNS = 9
TURN = re.compile(
    r"ledger_head|ledger_entry|ledger_tile|ledger_checkpoint|pg_advisory|FROM \"ledger_pending\"|"
    r"SET \"entries\"|SELECT \"subject_key\"\.\"subject\".*\$1::uuid\)\s*$"
)
LEVII = Path(__file__).parents[2] / "examples" / "levii"
_PERSON = "00000000-0000-7000-8000-{:012x}"


class Installation:
    """A company whose policy asks for nobody's approval, with everybody of the source linked."""

    def __init__(self, dsn: str, people: int) -> None:
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from chikai import clock
        from chikai.policy import load
        from chikai.sources import mapfile
        from chikai.web.actions import COMMAND
        from chikai.web.actions.policy import publish_edition
        from chikai.web.models import MapEdition, SourceEpoch
        from chikai.web.work import engine

        self.home, self.people, self.engine = settings.HOME.path, people, engine
        publish_edition(COMMAND, load.read(self.home / "policy"))
        SourceEpoch.objects.create(source="bench", service="balus", seen_at=clock.now())
        made = mapfile.parse(schema.MAP)
        counts = {"tables": len(made.tables), "columns": 1, "undecided": 0}
        MapEdition.objects.create(
            source="bench", digest=made.digest, text=schema.MAP, at=clock.now(), **counts
        )
        _link_everybody(people)
        self.met: dict[str, float] = {}
        self.answered = threading.Event()
        self.waits_for = "package.done"
        engine.hook = self._meet
        self.stop = threading.Event()
        self.thread: threading.Thread | None = None

    def _meet(self, point: str) -> None:
        self.met[point] = time.perf_counter()
        if point == self.waits_for:
            self.answered.set()

    def work(self) -> None:
        """Start the worker."""
        self.stop.clear()
        self.thread = threading.Thread(target=self.engine.run, args=(self.stop,), daemon=True)
        self.thread.start()

    def rest(self) -> None:
        """End the worker."""
        from chikai.web import wake

        self.stop.set()
        wake.ring()
        if self.thread is not None:
            self.thread.join(30)

    def ask(self, number: int, kind: str = "disclose") -> None:
        """Press: a person who is signed in asks."""
        from uuid import UUID

        from chikai.web.actions import rights
        from chikai.web.models import Person

        person = Person(pk=UUID(_PERSON.format(number)))
        rights.open_request(rights.PERSON, person=person, kind=kind, evidence="sign_in")

    def access(self, number: int) -> tuple[float, float]:
        """One person from the press to the package; seconds without the letter, and the letter's."""
        self.answered.clear()
        start = time.perf_counter()
        self.ask(number)
        if not self.answered.wait(15):
            raise RuntimeError(f"the request was not answered: {faults()}")
        letter = self.met["pdf.done"] - self.met["pdf.doing"]
        return self.met["package.done"] - start - letter, letter


def faults() -> str:
    """What stopped, for whoever reads the failure of a bench."""
    from chikai.web.models import Request, Step

    states = list(Request.objects.values_list("state", "takings").distinct())
    return f"{states} {list(Step.objects.values_list('action', 'state', 'fault').distinct())}"


def _link_everybody(people: int) -> None:
    from django.db import connection

    person = "('00000000-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid"
    rows = f"generate_series(1, {people}) g"
    if connection.vendor == "sqlite":
        person = "printf('00000000000070008000%012x', g)"
        rows = f"(WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < {people}) SELECT g FROM n)"
    now, text = "'2026-01-01 00:00:00'", "TEXT"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO person (id, since) SELECT {person}, {now} FROM {rows}")
        for table, where in (
            ("customer", ""),
            ("newsletter", f"WHERE g % 5 <> 0 OR g = {schema.heavy(people)}"),
        ):
            cursor.execute(
                f"""INSERT INTO person_link (person_id, source, "table", key, verified, since)
                SELECT {person}, 'bench', '{table}', CAST(g AS {text}), '', {now} FROM {rows} {where}"""
            )
        cursor.execute("ANALYZE")


def floor_access(db: Any, numbers: Sequence[int], out: Path) -> int:
    """By hand: twelve statements in one picture, each person's rows as JSON in a ZIP."""
    count = 0
    db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in schema.ORDER:
            cursor = db.execute(
                f"SELECT * FROM {table} WHERE {schema.WHERE[table]}", [list(numbers)]
            )
            names = [c.name for c in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor]
            count += len(rows)
            archive.writestr(f"{table}.json", json.dumps(rows, ensure_ascii=False, default=str))
    db.execute("COMMIT")
    return count


class Counted:
    """How many statements a database was asked between two moments, as PostgreSQL itself counts them."""

    def __init__(self, db: Any, name: str) -> None:
        self._db, self._name = db, name
        self.turn = 0  # what the integrator asked meanwhile: once a second, for everybody's events

    def reset(self) -> None:
        """Begin to count."""
        self._db.execute("SELECT pg_stat_statements_reset()")

    def read(self) -> tuple[int, int]:
        """Statements that read or write, and all with the beginnings and ends of transactions and what connections are told."""
        rows = self._db.execute(
            """SELECT s.query, s.calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
            WHERE d.datname = %s""",
            [self._name],
        ).fetchall()
        rows = [
            (q, n) for q, n in rows if not q.startswith(("SELECT 1 FROM ONLY", "SELECT pg_stat"))
        ]
        plain = ("BEGIN", "COMMIT", "ROLLBACK", "SET ", "SAVEPOINT", "RELEASE", "START", "DISCARD")
        if os.environ.get("BENCH_SHOW"):
            for query, calls in rows:
                print(calls, " ".join(query.split())[:150], file=sys.stderr)
        asked = [(q, n) for q, n in rows if not q.upper().startswith(plain)]
        turn = sum(n for q, n in asked if TURN.search(q))
        self.turn = max(self.turn, turn)
        return sum(n for _, n in asked) - turn, sum(n for _, n in rows)


def middle(runs: Sequence[float]) -> float:
    """The median."""
    return statistics.median(runs)


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_person(house: Installation, floor: Any, said: dict[str, Any]) -> None:
    """Access of the heavy person, in turns with the floor."""
    number = schema.heavy(house.people)
    ours, letters, theirs = [], [], []
    for _ in range(3):
        house.access(number)
    for _ in range(RUNS):
        spent, letter = house.access(number)
        ours.append(spent)
        letters.append(letter)
        theirs.append(timed(lambda: floor_access(floor, [number], house.home / "floor.zip")))
    said |= {"access": middle(ours), "letter": middle(letters), "floor_access": middle(theirs)}


def statements(house: Installation, db: Any, own: str, said: dict[str, Any]) -> None:
    """What one access asks of the source and of our own database."""
    found = {}
    for name in filter(None, ("bench", own)):
        counted = Counted(db, name)
        time.sleep(2.5)  # the turn of the ledger before
        counted.reset()
        house.access(schema.heavy(house.people))
        found[name] = counted.read()
        said["turn"] = counted.turn
    said["source_statements"] = found["bench"]
    said["own_statements"] = found.get(own, (0, 0))


def floor_erase(db: Any, numbers: Sequence[int]) -> int:
    """By hand: every personal column of every table replaced in one transaction, and nothing looked at again."""
    count = 0
    db.execute("BEGIN")
    for table in reversed(schema.ORDER):
        column = "'erased-'||id||'@erased.invalid'" if table in {"customer", "newsletter"} else ""
        values = ", ".join(
            f"{name} = {column if column and name == 'email' else chr(39) + 'erased' + chr(39)}"
            for name in schema.PERSONAL[table]
        )
        where = schema.WHERE[table]
        count += db.execute(f"UPDATE {table} SET {values} WHERE {where}", [list(numbers)]).rowcount
    db.execute("COMMIT")
    return count


def erasures(house: Installation, floor: Any, db: Any, own: str, said: dict[str, Any]) -> None:
    """One person after another, verified; and a batch. Each is another person, since nobody is erased twice."""
    house.waits_for = "erase.done"
    numbers = list(range(7, house.people, 11))[: 2 * RUNS + 8]
    ours, theirs = [], []
    for n, number in enumerate(numbers[: RUNS + 3]):
        house.answered.clear()
        start = time.perf_counter()
        house.ask(number, "erase")
        if not house.answered.wait(60):
            raise RuntimeError(f"the erasure was not answered: {faults()}")
        if n >= 3:
            ours.append(house.met["erase.done"] - start)
            theirs.append(timed(lambda who=numbers[-n]: floor_erase(floor, [who])))
    said |= {"erase": middle(ours), "floor_erase": middle(theirs)}
    found = {}
    for count, name in enumerate(filter(None, ("bench", own))):
        counted = Counted(db, name)
        time.sleep(2.5)
        counted.reset()
        house.answered.clear()
        house.ask(numbers[RUNS + 4 + count], "erase")
        house.answered.wait(60)
        found[name] = counted.read()
    said["source_statements_erase"] = found["bench"]
    said["own_statements_erase"] = found.get(own, (0, 0))


def many_erasures(house: Installation, said: dict[str, Any], count: int) -> None:
    """People who wait together for their erasure."""
    from chikai.web.models import Request

    numbers = [n + 1 for n in schema.people(house.people, count) if n + 1 <= house.people]
    house.rest()
    for number in numbers:
        house.ask(number, "erase")
    house.answered.clear()
    start = time.perf_counter()
    house.work()
    if not house.answered.wait(300):
        raise RuntimeError(f"the erasures were not answered: {faults()}")
    said["many_erase"] = time.perf_counter() - start
    left = Request.objects.exclude(state="answered").count()
    if left:
        raise RuntimeError(f"{left} requests are open: {faults()}")


def many(house: Installation, floor: Any, said: dict[str, Any], count: int) -> None:
    """People who wait together, without their letters: from the worker's first look to the last package."""
    from chikai.web import typeset
    from chikai.web.models import Request

    numbers, font = schema.people(house.people, count), typeset.font
    house.rest()
    said["submit"] = timed(lambda: [house.ask(n) for n in numbers])
    typeset.font = lambda: None
    house.answered.clear()
    start = time.perf_counter()
    house.work()
    if not house.answered.wait(300):
        raise RuntimeError("the requests were not answered")
    said["many_access"] = time.perf_counter() - start
    typeset.font = font
    left = Request.objects.exclude(state="answered").count()
    if left:
        raise RuntimeError(f"{left} requests are open")
    said["floor_many"] = timed(lambda: floor_access(floor, numbers, house.home / "floor.zip"))
    said["many"] = len(numbers)


def main() -> None:
    """Measure and print."""
    import psycopg

    dsn, people, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    house = Installation(dsn, people)
    own = os.environ["CHIKAI_DATABASE_URL"]
    name = own.split("?")[0].rsplit("/", 1)[1] if own.startswith("postgres") else ""
    said: dict[str, Any] = {}
    with (
        psycopg.connect(dsn, autocommit=True) as floor,
        psycopg.connect(dsn, autocommit=True) as db,
    ):
        house.work()
        one_person(house, floor, said)
        statements(house, db, name, said)
        if count:
            many(house, floor, said, count)
        erasures(house, floor, db, name, said)
        if count:
            many_erasures(house, said, count)
        house.rest()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
