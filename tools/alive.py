"""The company's processes while its year is told: pages, worker, feed and services; each may be killed and is started again.

`Reaper` is the check that a killed process loses nothing: it ends one after another with SIGKILL, at moments drawn from a
seed, and starts each again, as whatever supervises processes would.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final

from examples.levii import services
from tools.browser import Browser
from tools.company import ROOT, Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tools.company import Company

PATIENCE: Final = 90.0
CHIKAI: Final = (sys.executable, "-m", "chikai.cli.main")


def until(what: str, true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for something to become true; Broken, with its name, when it does not."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise Broken(f"in {seconds:.0f} seconds it did not happen: {what}")
        time.sleep(0.1)


def free_ports() -> dict[str, int]:
    """A free port for each process."""
    held = [socket.socket() for _ in services.PORTS]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return dict(zip(services.PORTS, (one.getsockname()[1] for one in held), strict=True))
    finally:
        for one in held:
            one.close()


class Running:
    """The processes by name; `at` holds their addresses."""

    def __init__(self, company: Company, said: BinaryIO) -> None:
        self._said = said
        self._environ = {**os.environ, **company.environ, "CHIKAI_HOME": str(company.home)}
        self.ports = free_ports()
        self.at: Mapping[str, str] = {
            **services.addresses(self.ports),
            "chikai": f"http://localhost:{self.ports['chikai']}",
            "feed": f"http://localhost:{self.ports['feed']}",
        }
        place = str(services.write_place(company.home, self.ports))
        self._commands: dict[str, tuple[str, ...]] = {
            "chikai": (*CHIKAI, "serve", "--port", str(self.ports["chikai"])),
            "worker": (*CHIKAI, "work"),
            "feed": (*CHIKAI, "feed", "--port", str(self.ports["feed"])),
        }
        for name in services.SERVED:
            company.chikai("gate", "token", name, told=False)
            words = ("-m", f"examples.levii.services.{name}", "--port", str(self.ports[name]))
            self._commands[name] = (sys.executable, *words, "--place", place)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Every process."""
        return tuple(self._commands)

    def start(self, name: str) -> None:
        """Start one, again where it ended at once: a port may be free a moment later than its process."""
        command = list(self._commands[name])
        self._processes[name] = services.started(
            command, cwd=ROOT, env=self._environ, stdout=self._said, stderr=self._said
        )

    def kill(self, name: str) -> None:
        """End one in the middle of whatever it does, and start it again."""
        process = self._processes[name]
        process.kill()
        process.wait()
        self.kills += 1
        self.start(name)

    def mend(self) -> None:
        """Start again what ended."""
        for name, process in [*self._processes.items()]:
            if process.poll() is not None:
                self.start(name)

    def answers(self, name: str) -> bool:
        """Whether one serves."""
        browser = Browser(self.at[name], patience=0)
        try:
            browser.get("/healthz")
        except OSError:
            return False
        return browser.status == 200

    def end(self) -> None:
        """End all in order; a worker amid a long piece is killed, which loses nothing."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def alive(company: Company, *, reap: int | None = None) -> Iterator[Running]:
    """All processes, running and answering; with a seed to `reap` by, they are killed again and again meanwhile."""
    with (company.folder / "said").open("ab") as said:
        running = Running(company, said)
        reaper = Reaper(running, reap) if reap is not None else None
        try:
            for name in running.names:
                running.start(name)
            for name in running.at:
                until(f"{name} answers", partial(running.answers, name))
            if reaper is not None:
                reaper.start()
            yield running
        finally:
            if reaper is not None:
                reaper.end()
            running.end()


class Reaper(threading.Thread):
    """Kills one process after another, the next once the last one serves again."""

    def __init__(self, running: Running, seed: int) -> None:
        super().__init__(name="reaper", daemon=True)
        self._running, self._over = running, threading.Event()
        self._random = random.Random(seed)  # noqa: S311 - moments, no secrets

    def run(self) -> None:
        """Until it is told to end: wait, kill one, and start again whatever ended."""
        while not self._over.wait(self._random.uniform(0.3, 1.8)):
            name = self._random.choice(self._running.names)
            self._running.kill(name)
            while name in self._running.at and not self._over.wait(0.2):
                self._running.mend()
                if self._running.answers(name):
                    break

    def end(self) -> None:
        """Kill no more; whatever ended is started a last time."""
        self._over.set()
        self.join()
        self._running.mend()
