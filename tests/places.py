"""The four databases of the example as files: filled once for all tests, and a copy of them for each test."""

import shutil

import pytest

from examples.levii import databases
from tests.web import asking


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The folder of the files that every test copies."""
    folder = tmp_path_factory.mktemp("services")
    asking.fill(folder)
    return folder


@pytest.fixture
def urls(made, tmp_path):
    """The addresses of this test's own copies, by service."""
    for file in made.iterdir():
        shutil.copy(file, tmp_path)
    return {s: f"sqlite:///{tmp_path / s}.sqlite3" for s in databases.SERVICES}
