"""The example company, set up by the same commands that any other company types.

Its four databases are made first; then `chikai init`, `policy publish`, `source add`, `map adopt` and `people sync`. What an
engineer decides about the maps stands in `examples/levii/maps/`, a line or less for each table.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

ROOT: Final = Path(__file__).resolve().parents[1]
EXAMPLE: Final = ROOT / "examples" / "levii"
SERVICES: Final = ("balus", "kata", "training", "website")
OFFICERS: Final = (
    ("高橋 恵", "takahashi@levii.example", "officer,desk,engineer"),
    ("森 健太", "mori@levii.example", "officer,desk"),
    ("監査 太郎", "kansa@auditor.example", "auditor"),
)


class Broken(Exception):
    """A command of the story ended otherwise than it should."""


@dataclass
class Company:
    """A folder with the example's databases and its installation; `say` prints each command before it runs."""

    folder: Path
    people: int = 2000
    told: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    reaper: Random | None = None

    @property
    def home(self) -> Path:
        """The installation's folder."""
        return self.folder / "home"

    def url(self, service: str) -> str:
        """The address of one of the four databases."""
        return f"sqlite:////{(self.folder / f'{service}.sqlite3').relative_to('/')}"

    def chikai(self, *words: str, ends: int = 0, told: bool = True) -> str:
        """Run one command; what it printed. Broken when it does not end as expected."""
        if self.told and told:
            print(f"\n  $ chikai {' '.join(self._short(w) for w in words)}", flush=True)
        done = self.ran([sys.executable, "-m", "chikai.cli.main", *words], cwd=self.folder)
        if self.reaper is not None and done.returncode == 4:
            return done.stdout + done.stderr  # it had been done when it was killed
        if done.returncode != ends:
            raise Broken(
                f"`chikai {words[0]} {words[1] if len(words) > 1 else ''}` ended with {done.returncode}, "
                f"not {ends}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
            )
        return done.stdout if ends == 0 else done.stdout + done.stderr

    def ran(self, command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; with a reaper it is killed at some moment first, and begun again."""
        words: dict[str, Any] = {
            "env": {**self.environ, "CHIKAI_HOME": str(self.home)},
            "cwd": cwd,
            "capture_output": True,
            "text": True,
        }
        if self.reaper is not None:
            soon = self.reaper.uniform(0.2, 2.5)
            with suppress(subprocess.TimeoutExpired):
                return subprocess.run(command, check=False, timeout=soon, **words)
        return subprocess.run(command, check=False, **words)

    def _short(self, word: str) -> str:
        shown = word.replace(str(self.folder), "…").replace(str(ROOT), ".")
        return f"'{shown}'" if " " in shown else shown

    def make_databases(self) -> None:
        """Fill the four databases; a half-made set is made anew."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for service in SERVICES:
            Path(self.folder / f"{service}.sqlite3").unlink(missing_ok=True)
        to = str(self.folder / "{service}.sqlite3").lstrip("/")
        subprocess.run(
            [
                sys.executable,
                *("-m", "examples.levii.databases.fill"),
                *("--people", str(self.people), "--to", f"sqlite:////{to}"),
            ],
            check=True,
            cwd=ROOT,
            capture_output=True,
        )

    def found(self) -> str:
        """Start the installation with the example's policy, and say what was printed."""
        name, mail, _ = OFFICERS[0]
        printed = self.chikai(
            *("init", str(self.home), "--example", "--policy", str(EXAMPLE)),
            *("--name-ja", "株式会社レヴィ", "--name-en", "Levii Inc."),
            *("--desk-mail", "privacy@levii.example", "--desk-address", "東京都文京区（見本）"),
            *("--staff-name", name, "--staff-mail", mail),
        )
        for other, address, roles in OFFICERS[1:]:
            held = [w for role in roles.split(",") for w in ("--role", role)]
            self.chikai("staff", "invite", address, "--name", other, *held)
        return printed

    def decide(self, service: str) -> int:
        """Lay the engineer's lines where the scan will find them; how many there are."""
        lines = EXAMPLE / "maps" / f"{service}.toml"
        if not lines.exists():
            return 0
        to = self.home / "maps" / f"{service}.toml"
        to.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(lines, to)
        text = lines.read_text("utf-8").splitlines()
        return sum(1 for line in text if line.strip() and not line.lstrip().startswith(("#", "[")))

    def connect(self, service: str) -> str:
        """Connect one database; what the command printed."""
        return self.chikai(
            "source", "add", service, "--service", service, "--url", self.url(service)
        )
