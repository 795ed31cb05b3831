"""One person's year while every process and every command is killed again and again: what is left is the same."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest

from examples.levii import databases
from tools.company import SERVICES, Company
from tools.year import Year

PEOPLE = 60


@pytest.fixture(scope="module")
def moved_in(request):
    """A company that has moved in, and nothing of the year yet."""
    if not request.config.getoption("--long"):
        pytest.skip("two whole years take minutes: `./dev test --long`, or name this file with it")
    folder = Path(tempfile.mkdtemp(prefix="chikai-year-"))
    company = Company(folder / "company", people=PEOPLE)
    company.make_databases()
    company.found()
    company.chikai("policy", "publish")
    for service in SERVICES:
        company.connect(service)
        if company.decide(service):
            company.chikai("map", "scan", service)
        company.chikai("map", "adopt", service)
    company.chikai("people", "sync")
    heroine = databases.awkward(PEOPLE)["heroine"]
    merged(company, heroine)
    yield company, heroine
    shutil.rmtree(folder)


def merged(company, heroine):
    """What an officer decides about the heroine's registrations."""
    found = company.chikai("people", "find", f"balus:{heroine['balus']}", "--format", "json")
    her = json.loads(found)[0]["person"]
    for pair in json.loads(company.chikai("people", "candidates", "--format", "json")):
        if her in (pair["one"], pair["other"]):
            other = pair["other"] if pair["one"] == her else pair["one"]
            company.chikai("people", "merge", her, other)


def lived(moved_in, reap):
    """The year on the same company from its beginning; what it leaves, and how many kills there were."""
    company, heroine = moved_in
    lines = []

    def holds(sentence, *, true):
        assert true, sentence
        lines.append(sentence.partition("  [")[0])

    year = Year(company, heroine, holds, reap=reap)
    year.tell()
    return year.state(), lines, year.running.kills


def kept(company):
    return company.folder.with_name("before")


@pytest.fixture(scope="module")
def undisturbed(moved_in):
    """The state that the year leaves when nothing is killed."""
    company, _ = moved_in
    shutil.copytree(company.folder, kept(company), symlinks=True)
    state, lines, _ = lived(moved_in, None)
    return state, lines


@pytest.mark.parametrize("seed", [1])
def test_whatever_is_killed_the_year_ends_in_the_same_state(moved_in, undisturbed, seed):
    company, _ = moved_in
    shutil.rmtree(company.folder)
    shutil.copytree(kept(company), company.folder, symlinks=True)
    state, lines, kills = lived(moved_in, seed)
    assert kills > 10
    assert state == undisturbed[0]
    assert [line for line in lines if "#" not in line] == [
        line for line in undisturbed[1] if "#" not in line
    ]
