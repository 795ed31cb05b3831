"""Starts the example's services beside an installation: a feed, four services, and the file that tells them of each other.

    with services.running(company):
        ...

`start` is for a caller that watches its processes itself.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from chikai import keyfile

ROOT: Final = Path(__file__).resolve().parents[3]
PORTS: Final = {
    "chikai": 8400,
    "feed": 8401,
    "balus": 8411,
    "training": 8412,
    "website": 8413,
    "kata": 8414,
}
SERVED: Final = ("balus", "training", "website", "kata")
_PR_SET_PDEATHSIG: Final = 1  # as <sys/prctl.h> numbers it


def addresses(ports: Mapping[str, int] = PORTS) -> dict[str, str]:
    """Where a browser finds each service."""
    return {name: f"http://localhost:{ports[name]}" for name in SERVED}


def place_of(home: Path) -> Path:
    """The file of the services of an installation; its folder holds their state and their mails."""
    return home.parent / "services" / "place.json"


def write_place(
    home: Path, ports: Mapping[str, int] = PORTS, *, gate: str = "", **more: Any
) -> Path:
    """Write the file of the services. `gate` is the feed's address or a folder; without it the feed of `ports`."""
    file = place_of(home)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    databases = {s: f"sqlite:////{(home.parent / f'{s}.sqlite3').relative_to('/')}" for s in SERVED}
    said = {
        "home": str(home),
        "chikai": f"http://localhost:{ports['chikai']}",
        "gate": gate or f"http://127.0.0.1:{ports['feed']}",
        "addresses": addresses(ports),
        "databases": databases,
        "tokens": {s: str(_token(home, s)) for s in SERVED},
        **more,
    }
    fresh = file.with_suffix(".new")
    fresh.touch(0o600)
    fresh.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")
    fresh.replace(file)
    for service in SERVED:
        # The key that a service shares with the portal, where neither has made it yet.
        keyfile.make(home / "keys" / f"handoff-{service}", secrets.token_bytes(32))
    return file


def started(command: list[str], **words: Any) -> subprocess.Popen[bytes]:
    """Start a process that is killed with the one that started it, however that ends; on Linux, elsewhere it stays."""
    return subprocess.Popen(command, preexec_fn=_end_with_parent, **words)  # noqa: PLW1509 - one thread starts them


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _token(home: Path, service: str) -> Path:
    """The file by which a service shows the feed and the doors who it is."""
    return home / "keys" / f"gate-{service}.token"


def _environ(home: Path) -> dict[str, str]:
    return {**os.environ, "CHIKAI_HOME": str(home)}


def start(
    home: Path, ports: Mapping[str, int] = PORTS, *, gate: str = ""
) -> list[subprocess.Popen[bytes]]:
    """Start the feed of an installation and the services; with a `gate` of its own no feed is started.

    What they print goes where ours goes. The installation has a published policy by now.
    """
    file = write_place(home, ports, gate=gate)
    chikai = [sys.executable, "-m", "chikai.cli.main"]
    commands = [
        [
            sys.executable,
            "-m",
            f"examples.levii.services.{service}",
            "--port",
            str(ports[service]),
            "--place",
            str(file),
        ]
        for service in SERVED
    ]
    if not gate:
        for service in SERVED:
            if not _token(home, service).exists():
                make = [*chikai, "gate", "token", service]
                subprocess.run(
                    make, check=True, cwd=ROOT, env=_environ(home), stdout=subprocess.DEVNULL
                )
        commands.insert(0, [*chikai, "feed", "--port", str(ports["feed"])])
    return [started(command, cwd=ROOT, env=_environ(home)) for command in commands]


def wait(
    ports: Mapping[str, int], running: list[subprocess.Popen[bytes]], seconds: float = 60
) -> None:
    """Wait until the feed, if it was started, and each service answer; RuntimeError when one ended or none does."""
    end = time.monotonic() + seconds
    names = SERVED if len(running) == len(SERVED) else ("feed", *SERVED)
    for name in names:
        while not _answers(f"http://127.0.0.1:{ports[name]}/healthz"):
            if time.monotonic() > end or any(p.poll() is not None for p in running):
                raise RuntimeError(f"`{name}` of the example did not start")
            time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False


class Housed(Protocol):
    """Whoever has an installation: `tools.company.Company` is one."""

    @property
    def home(self) -> Path:
        """The installation's folder; the databases stand beside it."""


@contextmanager
def running(
    company: Housed, ports: Mapping[str, int] = PORTS, *, gate: str = ""
) -> Iterator[dict[str, str]]:
    """A company's feed and services, running and answering; their addresses. They end with the block."""
    processes = start(company.home, ports, gate=gate)
    try:
        wait(ports, processes)
        yield addresses(ports)
    finally:
        end(processes)


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End processes that `start` gave: the services first, so that the feed still takes what they counted."""
    for process in reversed(processes):
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
