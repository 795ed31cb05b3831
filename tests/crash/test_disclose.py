"""A worker is killed at every named point of a request: the next one ends in the same state, nothing lost or doubled."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from chikai import clock
from chikai.web import mail, packages, released
from chikai.web.models import Installation, Outbox, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine, rights
from tests.web import asking

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
TWICE = {"read.table", "read.written", "package.part"}  # also at their second time
AFTER = ("request.advanced", "pdf.", "package.")


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


def worker(point, nth=1, what="kill"):
    """A worker in a process of its own, with this process's installation and database."""
    with apart() as env:
        argv = [sys.executable, "-m", "tests.crash.worker", point, str(nth), what]
        return subprocess.run(
            argv, env=env, capture_output=True, text=True, timeout=120, check=False
        )


@contextmanager
def apart():
    """The environment of workers in processes of their own; what they did is there when the block has ended."""
    found = connection.settings_dict
    file = settings.HOME.path / "crash.sqlite3"
    if (
        connection.vendor == "sqlite"
    ):  # the tests' own database is in memory: the worker gets it as a file
        url = f"sqlite:{file}"
        copied(connection.connection, file)
    else:
        url = f"postgresql://{found['USER']}@/{found['NAME']}?host={found['HOST']}"
        url = url if not found["PORT"] else f"{url}&port={found['PORT']}"
    yield {**os.environ, "CHIKAI_DATABASE_URL": url, "CHIKAI_HOME": str(settings.HOME.path)}
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as there:
            there.backup(connection.connection)


@contextmanager
def asleep_at(env, point):
    """A worker that stops at a point; its leases end, another does all that waits, and when the block ends it wakes."""
    argv = [sys.executable, "-m", "tests.crash.worker"]
    asleep = subprocess.Popen([*argv, point, "1", "freeze"], env=env)
    try:
        os.waitid(os.P_PID, asleep.pid, os.WSTOPPED | os.WNOWAIT)
        leases_end(env)
        subprocess.run([*argv, "none", "1", "kill"], env=env, check=True, timeout=120)
        yield asleep
        os.kill(asleep.pid, signal.SIGCONT)
        asleep.wait(timeout=120)
    finally:
        asleep.kill()
        asleep.wait()


def leases_end(env):
    """The time passes that ends every lease, for the workers of this environment."""
    past = clock.now() - timedelta(seconds=1)
    if connection.vendor != "sqlite":
        Request.objects.exclude(lease_until=None).update(lease_until=past)
        return
    with closing(sqlite3.connect(env["CHIKAI_DATABASE_URL"].removeprefix("sqlite:"))) as there:
        then = connection.ops.adapt_datetimefield_value(past)
        there.execute("UPDATE request SET lease_until = ? WHERE lease_until IS NOT NULL", [then])
        there.commit()


def copied(memory, file):
    for name in ("", "-wal", "-shm"):
        file.with_name(file.name + name).unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as there:
        memory.backup(there)


def go_on():
    """The time passes that a next worker needs: leases end, waits are over."""
    past = clock.now() - timedelta(seconds=1)
    Request.objects.exclude(lease_until=None).update(lease_until=past)
    Outbox.objects.exclude(lease_until=None).update(lease_until=past)
    Step.objects.exclude(state="done").update(not_before=past)
    engine.drain()


def check_whole(request):
    """Everything that an answered request has, once."""
    request.refresh_from_db()
    assert request.state == "answered"
    assert {s.state for s in request.steps.all()} == {"done"}
    once = ("opened", "identified", "planned", "submitted", "approved", "disclosed", "answered")
    for kind in once:
        assert len(Events(f"rights.{kind}")) == 1, kind
    assert len(Events("rights.gathered")) == 6
    assert sorted(Outbox.objects.values_list("kind", "state")) == [
        ("answered", "sent"),
        ("received", "sent"),
    ]
    with zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(request)))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert len(archive.namelist()) == len(set(archive.namelist()))
    assert manifest["rows"] == sum(
        request.steps.filter(action="read").values_list("rows", flat=True)
    )
    assert [p.name for p in packages.folder(request).iterdir()] == [request.package_file]


def sweep_points():
    for point in engine.POINTS:
        if point.startswith(("count.", "erase.", "replay.")):
            continue
        yield point, 1
        if point in TWICE:
            yield point, 2


@pytest.mark.parametrize(("point", "nth"), list(sweep_points()))
def test_a_worker_that_is_killed_is_followed_by_another(urls, point, nth, mailoutbox):
    her = asking.settle(urls)
    request = asking.ask(her)
    later = point.startswith(AFTER) or (point.startswith("mail.") and nth == 1)
    if point == "request.advanced":
        Installation.objects.update(single_officer=True)
        Request.objects.update(entered_by="staff:1")
    if later:
        engine.drain()
        asking.approve(Request.objects.get())
        Request.objects.exclude(approve_after=None).update(approve_after=clock.now())
    killed = worker(point, nth)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    go_on()
    if not later:
        request.refresh_from_db()
        assert request.state == "review"
        asking.approve(request)
        engine.drain()
    if point == "request.advanced":
        assert len(Events("rights.approval_delayed")) == 1
    check_whole(request)
    twice = Outbox.objects.filter(perhaps_twice=True).count()
    assert twice == (1 if point in ("mail.trying", "mail.sent") else 0)


def test_a_worker_that_is_killed_again_and_again_still_ends(urls):
    her = asking.settle(urls)
    request = asking.ask(her)
    for point in ("request.planned", "read.doing", "read.written", "read.made", "read.verify"):
        assert worker(point).returncode == -signal.SIGKILL
        Request.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    go_on()
    request.refresh_from_db()
    assert request.state == "review"
    asking.approve(request)
    engine.drain()
    check_whole(request)


def test_a_step_that_ends_every_worker_is_shown_to_somebody_and_holds_up_nobody(urls):
    her, other = asking.settle(urls), asking.more_people(urls, 1)[0]
    request = asking.ask(her)
    for _ in range(rights.MOST_ATTEMPTS):
        assert worker("read.doing").returncode == -signal.SIGKILL
        Request.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    second = asking.ask(other, reply_to="")
    go_on()
    assert set(request.steps.values_list("state", flat=True)) == {"failed"}
    assert "ended 6 times" in request.steps.first().fault
    second.refresh_from_db()
    assert second.state == "review"


def test_mail_of_the_worker_stays_in_the_folder_of_an_example(urls):
    her = asking.settle(urls)
    asking.ask(her)
    assert worker("none").returncode == 0
    assert [m.to for m in mail.kept()] == [asking.MAIL]
