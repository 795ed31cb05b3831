"""The same shop on every kind of source: one to read from for a whole module, and a fresh one for each test that writes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chikai.sources.folder import FolderSource
from chikai.sources.memory import MemorySource
from tests.contract import shop

SQL = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
JOINED = ["memory", *SQL]  # rows that point at each other are kept together
TYPED = [*JOINED, "http"]
KINDS = [*TYPED, "folder"]  # a folder knows only text


def make(kind: str, folder: Path, request: pytest.FixtureRequest) -> shop.Shop:
    if kind == "folder":
        return shop.Shop(kind, shop.foldered(folder))
    if kind == "http":
        source, service, close = shop.behind_http(folder)
        return shop.Shop(kind, source, closers=[source.close, close], service=service)
    if kind in {"memory", "sqlite"}:
        url = shop.sqlite_url(folder)
    else:
        url = request.getfixturevalue(kind).fresh()
    engine = shop.filled(url)
    source = shop.opened(url)
    if kind == "memory":  # the shape comes from SQLite, the rows from Python
        shape = replace(source.catalogue(), dialect="memory")
        return shop.Shop(kind, MemorySource("shop", shape, shop.rows(), secret=shop.SECRET))
    return shop.Shop(kind, source, url, engine, [source.close, engine.dispose])


@pytest.fixture(scope="session")
def shops() -> Iterator[dict[str, shop.Shop]]:
    """One shop of each kind for the whole run: making a schema is what costs time."""
    made: dict[str, shop.Shop] = {}
    yield made
    for each in made.values():
        each.close()


def standing(kind: str, shops: dict[str, shop.Shop], request: pytest.FixtureRequest) -> shop.Shop:
    if kind not in shops:
        factory = request.getfixturevalue("tmp_path_factory")
        shops[kind] = make(kind, factory.mktemp(kind), request)
    return shops[kind]


def refilled(made: shop.Shop) -> shop.Shop:
    """The shop with its rows as they were."""
    if isinstance(made.source, MemorySource):
        made.source.rows = shop.rows()
    elif made.service is not None:
        made.service.tables = shop.http_rows()
        made.service.forget()
    elif isinstance(made.source, FolderSource):
        shop.foldered(made.source.folder)
    elif made.engine is not None:
        shop.fill(made.engine)
    return made


@pytest.fixture(params=KINDS)
def read_shop(request: pytest.FixtureRequest, shops: dict[str, shop.Shop]) -> shop.Shop:
    """A shop to read from, as a test before has left it at worst."""
    made = standing(request.param, shops, request)
    if made.changed:
        refilled(made).changed = False
    return made


@pytest.fixture(params=TYPED)
def typed_shop(request: pytest.FixtureRequest, shops: dict[str, shop.Shop]) -> shop.Shop:
    """A shop to read from, whose columns have types, keys and references."""
    made = standing(request.param, shops, request)
    if made.changed:
        refilled(made).changed = False
    return made


@pytest.fixture(params=KINDS)
def fresh_shop(request: pytest.FixtureRequest, shops: dict[str, shop.Shop]) -> shop.Shop:
    """A shop whose rows may be changed."""
    made = refilled(standing(request.param, shops, request))
    made.changed = True
    return made


@pytest.fixture(params=TYPED)
def fresh_typed_shop(request: pytest.FixtureRequest, shops: dict[str, shop.Shop]) -> shop.Shop:
    """A shop whose columns have types, and whose rows may be changed."""
    made = refilled(standing(request.param, shops, request))
    made.changed = True
    return made


@pytest.fixture(params=JOINED)
def fresh_joined_shop(request: pytest.FixtureRequest, shops: dict[str, shop.Shop]) -> shop.Shop:
    """A shop that itself refuses to lose a row which others point at."""
    made = refilled(standing(request.param, shops, request))
    made.changed = True
    return made


@pytest.fixture(params=SQL)
def sql_shop(request: pytest.FixtureRequest, shops: dict[str, shop.Shop]) -> shop.Shop:
    """A shop in a real database, whose rows may be changed."""
    made = refilled(standing(request.param, shops, request))
    made.changed = True
    return made


@pytest.fixture(params=SQL)
def altered_shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[shop.Shop]:
    """A shop in a real database, whose tables may be changed."""
    made = make(request.param, tmp_path, request)
    yield made
    made.close()


@pytest.fixture
def make_shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """Shops of one's own, by kind."""
    made: list[shop.Shop] = []

    def one(kind: str) -> shop.Shop:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(make(kind, folder, request))
        return made[-1]

    yield one
    for each in made:
        each.close()
