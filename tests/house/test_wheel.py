"""The bare wheel: what a service embeds and what an outsider verifies with needs two dependencies and no more."""

import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import where

# Rooms that work without any extra, and in them the hooks that are imported only by name.
BARE = ("choices", "gate", "ledger", "sdk")
HOOKS = {"sdk.django", "sdk.fastapi", "sdk.sqlalchemy"}


def needed(name: str, seen: set[str]) -> set[str]:
    """A distribution and what it needs here, without extras."""
    from packaging.requirements import Requirement

    if name not in seen:
        seen.add(name)
        for text in importlib.metadata.requires(name) or []:
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                needed(wanted.name, seen)
    return seen


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The built wheel, unpacked, beside links to its base dependencies; nothing else can be imported."""
    made = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    done = subprocess.run(build, cwd=where.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [archive] = made.glob("chikai-*.whl")
    site = made / "site"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(site)
    seen: set[str] = set()
    for base in ("cryptography", "pyroaring"):
        needed(base, seen)
    for name in seen:
        dist = importlib.metadata.distribution(name)
        for top in {Path(str(f)).parts[0] for f in dist.files or []} - {"..", "__pycache__"}:
            there = Path(str(dist.locate_file(top)))
            if there.exists() and not (site / top).exists():
                (site / top).symlink_to(there)
    return site


def run(site: Path, program: str) -> str:
    """Run a program that sees the wheel, its dependencies and the standard library."""
    whole = f"import sys\nsys.path.append({str(site)!r})\n{program}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", whole], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules(room: str) -> list[str]:
    names = (h.module for h in where.headers() if h.module.partition(".")[0] == room)
    return [f"chikai.{n}" for n in names if n not in HOOKS]


def test_the_wheel_imports_and_asks_for_two_packages(wheel):
    assert run(wheel, "import chikai\nprint(chikai.__version__)").strip()
    asked = importlib.metadata.requires("chikai") or []
    base = {a.split(">")[0] for a in asked if "extra ==" not in a}
    assert base == {"cryptography", "pyroaring"}


def test_nothing_else_is_in_reach(wheel):
    run(wheel, "import pyroaring\nfrom cryptography.hazmat.primitives.asymmetric import ed25519")
    gone = "from importlib.util import find_spec\nprint(find_spec('django'), find_spec('pytest'))"
    assert run(wheel, gone).split() == ["None", "None"]


@pytest.mark.parametrize("room", BARE)
def test_a_room_of_the_base_imports_from_the_bare_wheel(room, wheel):
    names = modules(room)
    if not names:
        pytest.skip(f"chikai.{room} is not built yet")
    run(wheel, "\n".join(f"import {n}" for n in names))


def test_the_wheel_holds_what_is_read_at_run_time(wheel):
    kinds = {".html", ".txt", ".sql", ".css", ".js", ".svg", ".po", ".typed"}
    files = [p for p in where.SRC.rglob("*") if p.suffix in kinds]
    missing = [
        p.relative_to(where.SRC)
        for p in files
        if not (wheel / "chikai" / p.relative_to(where.SRC)).exists()
    ]
    assert not missing
