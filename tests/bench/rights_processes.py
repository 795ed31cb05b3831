"""The processes of an installation as they run: cold start, memory of all of them, and a worker killed amid an erasure.

Memory is the proportional set size, so that pages that processes share count once. What is killed ends itself inside the
transaction of the place; the time is from its death to the answered request, the start of the next worker included.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

TICKS = os.sysconf("SC_CLK_TCK")
ASK = """
import sys, django; django.setup()
from uuid import UUID
from chikai.web.actions import rights
from chikai.web.models import Person
person = Person(pk=UUID(sys.argv[1]))
rights.open_request(rights.PERSON, person=person, kind="erase", evidence="sign_in")
"""


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found, parents = [pid], {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu_seconds(pid: int) -> float:
    """What a process and those it started have spent."""
    spent = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def mebibytes(pid: int) -> float:
    """The proportional set size of a process and those it started."""
    kib = 0
    for one in family(pid):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        kib += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kib / 1024


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise RuntimeError("it did not come about")
        time.sleep(0.01)


def answers(port: int) -> bool:
    """Whether somebody answers there, whatever it is: the port is open before the pages are loaded."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=10):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(env: Mapping[str, str], *words: str) -> Iterator[int]:
    """One `chikai` command that runs until the block ends."""
    argv = [sys.executable, "-m", "chikai.cli.main", *words]
    with subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            yield process.pid
        finally:
            process.terminate()


def measured(
    env: Mapping[str, str], person: Callable[[int], str], answered: Callable[[], object]
) -> dict[str, Any]:
    """Kill a worker amid the erasure of a person, let the next one finish; then start everything and look at it.

    The cold start ends when pages and feed answer; the memory is that after one more erasure.
    """
    home, ports = Path(env["CHIKAI_HOME"]), (free_port(), free_port())
    subprocess.run([sys.executable, "-c", ASK, person(0)], env=env, check=True)
    argv = [sys.executable, "-m", "tests.crash.worker", "erase.table", "1", "kill"]
    if (ended := subprocess.run(argv, env=env, check=False).returncode) != -signal.SIGKILL:
        raise RuntimeError(f"the worker was not killed: {ended}")
    start = time.monotonic()
    with running(env, "work"):
        until(answered)
        said: dict[str, Any] = {"recovery": time.monotonic() - start}
    with ExitStack() as all_:
        pids = [all_.enter_context(running(env, "work"))]
        for words, port in zip(("serve", "feed"), ports, strict=True):
            pids.append(all_.enter_context(running(env, words, "--port", str(port))))
        until(lambda: all(map(answers, ports)))
        until((home / "wake.sock").exists)
        said["cold_start"] = max(map(cpu_seconds, pids))
        said["cold_start_all"] = sum(map(cpu_seconds, pids))
        subprocess.run([sys.executable, "-c", ASK, person(1)], env=env, check=True)
        until(answered)
        said["memory"] = sum(map(mebibytes, pids))
    return said
