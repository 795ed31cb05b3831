"""A text of twice the length asks for twice the work: for reading, linting and beginning a folder."""

import gc
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chikai.errors import BadInput
from chikai.policy import lint
from chikai.policy.importing import drafting, files
from chikai.policy.importing.reading import outline_of
from tests.unit.policy.importing.shapes import LONG, SHAPES, TITLE

PIECES = 150
TWICE = 2.2  # and what a text costs of any length is not much beside it


def whole(text: str) -> None:
    outline = outline_of([("policy.txt", text)])
    lint.of_text(outline)
    drafting.draft(outline)


def calls(work: Callable[[str], None], text: str) -> int:
    """How many functions are called and loops turned, C functions among them."""
    count = 0

    def note(_frame: object, event: str, _of: object) -> object:
        nonlocal count
        count += event in {"call", "c_call"}
        return None

    gc.disable()  # what a collection calls back is no work of ours
    sys.setprofile(note)
    try:
        work(text)
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    shape = SHAPES[name]
    whole(
        shape(2 * PIECES)
    )  # what is compiled or kept at the first use counts for none, of either length
    assert calls(whole, shape(2 * PIECES)) <= TWICE * calls(whole, shape(PIECES))


@pytest.mark.parametrize("name", LONG)
def test_a_line_of_any_length_ends(name: str) -> None:
    # A search that begins again at each of so many signs would take hours, and one that does not takes a second.
    code = (
        "from tests.unit.policy.importing.shapes import LONG\n"
        "from tests.unit.policy.importing.test_growth import whole\n"
        f"whole(LONG[{name!r}](150_000))"
    )
    root = Path(__file__).parents[4]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (40, 40)),
    )
    assert done.returncode == 0


def test_more_lines_than_any_policy_has_are_refused_before_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TITLE + "利\n" * files.LINES, encoding="utf-8")
    with pytest.raises(BadInput, match="more than 100,000 lines"):
        files.read([tmp_path / "a.txt"])
