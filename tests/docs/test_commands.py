"""Every command that a page tells people to type is typed here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("README.md", "dev", "docs", "examples", "pyproject.toml", "requirements", "src", "tools")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the tree, whose `./dev setup` finds what is installed already."""
    there = tmp_path_factory.mktemp("clone") / "chikai"
    there.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, there / name, ignore=shutil.ignore_patterns("__pycache__", "var")
            )
        else:
            shutil.copy2(ROOT / name, there / name)
    (there / "var").mkdir()
    return there


def blocks(page):
    text = (ROOT / page).read_text("utf-8")
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def typed(commands, folder):
    """Run the lines of a page in one shell; `./dev setup` and `activate` are this very environment."""
    lines = "\n".join(commands).replace("./dev setup", ":").replace(". .venv/bin/activate", ":")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("CHIKAI_", "DJANGO_"))}
    environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}"
    environ["PYTHONPATH"] = f"{folder / 'src'}{os.pathsep}{folder}"
    lines = lines.replace("./dev where", "python -m tools.where")
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_hour_can_be_typed_from_top_to_bottom(clone):
    done = typed(blocks("docs/start/first-hour.md"), clone)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for promise in (
        "lint ended with 2",
        "refused with 4",
        "not yet: 4",
        "drift ended with 2",
        "refused with 5",
    ):
        assert promise in done.stdout
    assert (clone / "var/hour/site/index.html").exists()


def test_the_readme_leads_a_new_company_in(clone):
    move_in = next(b for b in blocks("README.md") if "chikai init" in b)
    done = typed([move_in], clone)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "要記入" in done.stdout
