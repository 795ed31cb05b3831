"""The server answers, the worker ends when it is told, and our own database is brought to this version."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_state


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(home, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "chikai.cli.main", *map(str, words)],
        env={**os.environ, "CHIKAI_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process):
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def answer(port):
    """The status of the first page; whatever it is, somebody answered."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
                return page.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def test_the_server_answers_and_says_where_to_look(installed):
    port = free_port()
    server = started(installed.path, "serve", "--port", port)
    try:
        assert answer(port) < 500
    finally:
        ended(server)
    said = server.stdout.read()
    assert f"http://localhost:{port}/" in said
    assert "links and mails carry http://localhost:8400; `web.address`" in said


def test_without_a_port_the_server_listens_where_its_links_lead(installed):
    port = free_port()
    file = installed.path / "chikai.toml"
    file.write_text(file.read_text("utf-8").replace(":8400", f":{port}"), "utf-8")
    server = started(installed.path, "serve")
    try:
        assert answer(port) < 500
    finally:
        ended(server)
    assert "links and mails carry" not in server.stdout.read()


def children_of(process):
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in listed.stdout.splitlines())
    return [int(pid) for pid, parent in pairs if int(parent) == process.pid]


def test_a_server_that_is_killed_is_started_again_at_once(installed):
    port = free_port()
    server = started(installed.path, "serve", "--port", port)
    answer(port)
    children = children_of(server)
    server.kill()
    server.wait()
    end = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < end:
        time.sleep(0.05)
    again = started(installed.path, "serve", "--port", port)
    try:
        assert answer(port) < 500
        assert again.poll() is None
    finally:
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        ended(again)
    assert "cannot be listened on" not in again.stdout.read()


def test_without_an_installation_the_server_begins_one_by_a_code(tmp_path, monkeypatch):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    port = free_port()
    server = started(tmp_path / "new", "serve", "--port", port)
    try:
        assert answer(port) < 500
    finally:
        ended(server)
    assert "asks for this code: " in server.stdout.read()


def test_a_port_that_is_taken_is_told(installed):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = installed("serve", "--port", taken.getsockname()[1])
    assert done.code == 2
    assert "--port" in done.err
    assert installed("serve", "--port", "seven").code == 2


def test_the_worker_ends_in_order_when_it_is_told(installed):
    worker = started(installed.path, "work")
    assert "waiting for work" in worker.stdout.readline()
    second = installed("work", "--once")
    assert second.code == 4
    assert "another worker" in second.err
    assert ended(worker) == 0


def test_migrate_says_that_there_is_nothing_to_do(installed):
    done = installed("migrate")
    assert (done.code, done.out) == (0, "our own database is up to date\n")
