"""One side of the rights bench in a process of its own: an installation, its worker in a thread, and the floor beside.

`python -m tests.bench.rights_own SOURCE_DSN PEOPLE MANY`; our own state is where CHIKAI_DATABASE_URL says. Prints figures
as JSON. A measurement begins at the press and ends when the package is sealed and the request is answered. Free text is
read by an officer before it is handed out: the reading and the approval are timed apart.
"""

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench import rights_floor as floor
from tests.bench import rights_schema as schema

RUNS = 9
LEVII = Path(__file__).parents[2] / "examples" / "levii"
_PERSON = "00000000-0000-7000-8000-{:012x}"


class Asked:
    """How many statements our own database is asked by presses and by the worker; the ledger's turn is counted apart."""

    def __init__(self) -> None:
        from django.db import connection
        from django.db.backends.signals import connection_created

        self.count = self.turn = 0
        self.pressing = False
        connection_created.connect(lambda connection, **_: self._watch(connection), weak=False)
        self._watch(connection)

    def _watch(self, connection: Any) -> None:
        if self._note not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._note)

    def _note(self, execute: Callable[..., Any], sql: Any, *more: Any) -> Any:
        thread = threading.current_thread()
        if thread.name == "ledger":
            self.turn += 1
        elif "SAVEPOINT" not in str(sql) and (
            self.pressing or thread is not threading.main_thread()
        ):
            self.count += 1
        return execute(sql, *more)

    def reset(self) -> None:
        """Begin to count."""
        self.count = self.turn = 0


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
        from chikai.web.actions import COMMAND
        from chikai.web.actions.policy import publish_edition
        from chikai.web.models import SourceEpoch
        from chikai.web.work import engine

        self.home, self.people, self.engine = settings.HOME.path, people, engine
        self.asked = Asked()
        publish_edition(COMMAND, load.read(self.home / "policy"))
        SourceEpoch.objects.create(source="bench", service="balus", seen_at=clock.now())
        self.adopt(schema.MAP)
        _link_everybody(people)
        self.met: dict[str, float] = {}
        self.answered = threading.Event()
        self.waits_for = "package.done"
        engine.hook = self._meet
        self.stop = threading.Event()
        self.thread: threading.Thread | None = None

    def adopt(self, text: str) -> None:
        """Let a map come into force."""
        from chikai import clock
        from chikai.sources import mapfile
        from chikai.web.models import MapEdition

        made = mapfile.parse(text)
        counts = {"tables": len(made.tables), "columns": 1, "undecided": 0}
        MapEdition.objects.create(
            source="bench", digest=made.digest, text=text, at=clock.now(), **counts
        )

    def settle(self) -> None:
        """Wait until the ledger has made the entries of all that was done before."""
        from chikai.web.models.ledger import Pending

        while Pending.objects.exists():
            time.sleep(0.2)
        time.sleep(0.3)

    def _meet(self, point: str) -> None:
        self.met[point] = time.perf_counter()
        if point == self.waits_for:
            self.answered_with = self.asked.count
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
        self.asked.pressing = True
        rights.open_request(rights.PERSON, person=person, kind=kind, evidence="sign_in")
        self.asked.pressing = False

    def until(self, point: str, press: Callable[[], object], seconds: float = 60) -> float:
        """Press, and wait until the worker comes to a point for everybody; the seconds from the press."""
        self.waits_for = point
        self.answered.clear()
        start = time.perf_counter()
        press()
        if not self.answered.wait(seconds):
            raise RuntimeError(f"`{point}` was not reached: {faults()}")
        return self.met[point] - start

    def access(self, number: int) -> tuple[float, float, float]:
        """One person from the press to the package: seconds without the letter and the officer, the letter's, the officer's."""
        gathered = self.until("read.done", lambda: self.ask(number))
        (row,) = in_review()
        officer = [timed(lambda: look_through(row))]
        packed = self.until("package.done", lambda: officer.append(timed(lambda: approve(row))))
        letter = self.met["pdf.done"] - self.met["pdf.doing"]
        return gathered + packed - letter - officer[1], letter, sum(officer)


def in_review() -> list[Any]:
    """The requests that wait for an officer, as soon as the worker has given them back."""
    from chikai.web.models import Request

    while not (found := list(Request.objects.awaiting_approval().filter(claim=None))):
        time.sleep(0.001)
    return found


def look_through(request: Any) -> None:
    """An officer reads what was gathered, and blacks out nothing."""
    from chikai.rights.review import Review
    from chikai.web import gathered
    from chikai.web.actions import reviewing

    found = gathered.of_request(request)
    words = len(found.words)
    reviewing.review_request(officer(), request, Review(()), known=found.known, found=words)


def approve(request: Any) -> None:
    """An officer approves."""
    from chikai.web.actions import rights

    rights.approve_request(officer(), request)


def officer() -> Any:
    """Who approves."""
    from chikai.web.actions import Actor

    return Actor("staff:1", frozenset({"officer"}))


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


def middle(runs: Sequence[float]) -> float:
    """The median."""
    return statistics.median(runs)


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_person(house: Installation, db: Any, said: dict[str, Any]) -> None:
    """Access of the heavy person, in turns with the floor."""
    number = schema.heavy(house.people)
    ours, letters, reads, theirs = [], [], [], []
    for _ in range(3):
        house.access(number)
    for _ in range(RUNS):
        spent, letter, read = house.access(number)
        ours.append(spent)
        letters.append(letter)
        reads.append(read)
        theirs.append(timed(lambda: floor.access(db, [number], house.home / "floor.zip")))
    said |= {"access": middle(ours), "letter": middle(letters), "floor_access": middle(theirs)}
    said["officer"] = middle(reads)


def statements(house: Installation, db: Any, said: dict[str, Any]) -> None:
    """What one access asks of the source and of our own database; the officer's presses are left out."""
    counted = floor.Counted(db, "bench")
    house.settle()
    counted.reset()
    house.asked.reset()
    house.until("read.done", lambda: house.ask(schema.heavy(house.people)))
    asked = house.answered_with
    (row,) = in_review()
    house.rest()
    gathered = counted.read()
    look_through(row)
    approve(row)
    counted.reset()
    house.asked.reset()
    house.until("package.done", house.work)
    said["source_statements"] = gathered + counted.read()
    said["own_statements"] = asked + house.answered_with


def erasures(
    house: Installation, db: Any, said: dict[str, Any], numbers: list[int], by: str
) -> None:
    """One person after another, verified, in turns with the floor. Each is another one: nobody is erased twice."""
    ours, theirs, work = [], [], getattr(floor, by)
    for n, number in enumerate(numbers):
        house.settle()
        spent = house.until("erase.done", lambda number=number: house.ask(number, "erase"))
        if n >= len(numbers) - RUNS:
            ours.append(spent)
            theirs.append(timed(lambda number=number: work(db, [number + 1])))
    said |= {by: middle(ours), f"floor_{by}": middle(theirs)}


def erased_statements(house: Installation, db: Any, said: dict[str, Any], number: int) -> None:
    """What one erasure asks of the source and of our own database, to the answer."""
    counted = floor.Counted(db, "bench")
    house.settle()
    counted.reset()
    house.asked.reset()
    house.until("erase.done", lambda: house.ask(number, "erase"))
    said["source_statements_erase"] = counted.read()
    said["own_statements_erase"] = house.answered_with
    house.settle()
    said["turn"] = house.asked.turn


def many(house: Installation, db: Any, said: dict[str, Any], count: int) -> None:
    """People who wait together, without their letters: the worker's time to the gathered data, and from there to the packages."""
    from chikai.web import typeset

    numbers, font = schema.people(house.people, count), typeset.font
    house.rest()
    said["submit"] = timed(lambda: [house.ask(n) for n in numbers])
    typeset.font = lambda: None
    gathered = house.until("read.done", house.work, 300)
    rows = in_review()
    house.rest()
    for row in rows:
        look_through(row)
        approve(row)
    said["many_access"] = gathered + house.until("package.done", house.work, 300)
    typeset.font = font
    all_answered()
    said["floor_many"] = timed(lambda: floor.access(db, numbers, house.home / "floor.zip"))
    said["many"] = len(numbers)


def many_erasures(house: Installation, said: dict[str, Any], count: int) -> None:
    """People who wait together for their erasure."""
    numbers = [n + 1 for n in schema.people(house.people, count) if n + 1 <= house.people]
    house.settle()
    house.rest()
    for number in numbers:
        house.ask(number, "erase")
    said["many_erase"] = house.until("erase.done", house.work, 300)
    all_answered()


def all_answered() -> None:
    """A batch that left somebody behind has no time."""
    from chikai.web.models import Request

    if left := Request.objects.exclude(state="answered").count():
        raise RuntimeError(f"{left} requests are open: {faults()}")


def main() -> None:
    """Measure and print."""
    import psycopg

    dsn, people, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    house = Installation(dsn, people)
    said: dict[str, Any] = {}
    others = range(7, people, 11)
    with psycopg.connect(dsn, autocommit=True) as db:
        house.work()
        one_person(house, db, said)
        statements(house, db, said)
        erasures(house, db, said, list(others[: RUNS + 3]), "erase")
        erased_statements(house, db, said, others[20])
        house.adopt(schema.deleting())
        erasures(house, db, said, list(others[30 : 31 + RUNS]), "delete")
        house.adopt(schema.MAP)
        if count:
            many(house, db, said, count)
            many_erasures(house, said, count)
        house.rest()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
