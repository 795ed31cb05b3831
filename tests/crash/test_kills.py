"""Workers of erasures are killed again and again, at named points and at any moment: nothing lost, doubled or half.

By `--long` a thousand times on the database of this run; the counts go into var/long.json.
"""

import json
import random
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from django.db import connection

from chikai import clock
from chikai.web.actions import rights as actions
from chikai.web.models import Outbox, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from examples.levii import databases
from tests.crash.nursery import nursery
from tests.crash.test_disclose import apart, go_on
from tests.web import asking
from tests.web.asking import OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
POINTS = [p for p in engine.POINTS if p.startswith("erase.")]
FILE = Path(__file__).parents[2] / "var" / "long.json"
MANY, EACH = 1000, 4
PEOPLE = MANY  # of the four workers of each, two or three are done before they are killed
LONGEST = 0.5  # seconds: about what a worker needs for the whole of an erasure


@pytest.fixture(scope="module")
def made(tmp_path_factory, long):
    folder = tmp_path_factory.mktemp("services")
    asking.fill(folder, people=PEOPLE if long else 60)
    return folder


def mail_of(url, key):
    db = sa.create_engine(url)
    with db.connect() as c:
        found = c.scalar(sa.text("select email from accounts where id = :i"), {"i": key})
    db.dispose()
    return found


def test_workers_that_are_killed_at_any_moment_leave_nothing_half(made, tmp_path, long):
    for file in made.iterdir():
        shutil.copy(file, tmp_path)
    urls = {s: f"sqlite:///{tmp_path / s}.sqlite3" for s in databases.SERVICES}
    asking.settle(urls, mode="enforce")
    people = asking.more_people(urls, PEOPLE - 1 if long else 1)
    draw, kills, unverified = random.Random(2026), 0, 0
    with apart() as env, nursery(env) as worker:
        for person in people:
            request = asking.ask(person, kind="erase", reply_to="")
            engine.drain()
            actions.approve_request(OFFICER, request)
            actions.approve_request(SECOND, request)
            for turn in range(EACH):
                with apart():
                    if turn % 2:
                        ended = worker("none", after=draw.uniform(0, LONGEST))
                    else:
                        ended = worker(draw.choice(POINTS))
                kills += ended == -signal.SIGKILL
                request.refresh_from_db()
                if request.state == "answered":
                    open_ = request.steps.exclude(state="done").exists()
                    key = person.links.get(source="balus").key
                    unverified += open_ or not mail_of(urls["balus"], key).endswith(
                        "@erased.invalid"
                    )
                go_on_later()
            go_on()
            with apart():
                pass  # the file that the outer block gives back holds it too
            if kills >= MANY:
                break
    people = people[: 1 + people.index(person)]
    keys = [person.links.get(source="balus").key for person in people]
    lost = sum(not mail_of(urls["balus"], key).endswith("@erased.invalid") for key in keys)
    lost += Request.objects.exclude(state="answered").count()
    doubled = len(Events("rights.answered")) - len(people)
    doubled += Outbox.objects.filter(kind="answered").count() - len(people)
    if long:
        note(kills=kills, lost=lost, doubled=doubled, unverified=unverified)
    assert kills
    assert (lost, doubled, unverified) == (0, 0, 0)


def go_on_later():
    """The next worker may take what the one before has left, and nobody does yet."""
    past = clock.now() - timedelta(seconds=1)
    Request.objects.exclude(lease_until=None).update(lease_until=past)
    Step.objects.exclude(state="done").update(not_before=past, attempts=0)


def note(**counts):
    """Put the counts of this database into the file of long runs."""
    FILE.parent.mkdir(exist_ok=True)
    known = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    known.setdefault("kills", {})[connection.vendor] = counts
    FILE.write_text(json.dumps(known, indent=2) + "\n", "utf-8")
