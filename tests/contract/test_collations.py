"""A key is compared as its register compares it: whose letters differ in case alone is somebody else, or the same person."""

from datetime import date

import pytest
import sqlalchemy as sa

from chikai.sources import sql
from chikai.sources.config import SourceConfig
from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap
from chikai.sources.protocol import Holds

MAP = Map(
    "s",
    "shop",
    (
        TableMap(
            "accounts",
            "person",
            identity=Identity("id", email="email"),
            columns=(ColumnMap("id", "-"), ColumnMap("email", "contact", "delete", "email")),
        ),
        TableMap(
            "orders",
            "person",
            (Edge(("account",), "accounts", ("id",)),),
            columns=(
                ColumnMap("id", "-"),
                ColumnMap("account", "-"),
                ColumnMap("code", "usage", "delete"),
            ),
        ),
        TableMap(
            "parts",
            "person",
            (Edge(("code",), "orders", ("code",)),),
            columns=(
                ColumnMap("id", "-"),
                ColumnMap("code", "-"),
                ColumnMap("item", "usage", "delete"),
            ),
        ),
    ),
)
EXACT = {"mariadb": "character set utf8mb4 collate utf8mb4_bin", "postgres": "", "sqlite": ""}
FOLDS = {
    "mariadb": "character set utf8mb4 collate utf8mb4_general_ci",
    "postgres": "collate folding",
    "sqlite": "collate nocase",
}
FOLDING = (
    "create collation folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
)


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def shop(request, tmp_path):
    """A shop whose accounts are exact, and whose orders and parts take `abc` for `ABC`."""
    name = request.param
    url = (
        f"sqlite:///{tmp_path / 'shop.sqlite3'}"
        if name == "sqlite"
        else request.getfixturevalue(name).fresh()
    )
    engine = sa.create_engine(url)
    with engine.begin() as c:
        if name == "postgres":
            c.exec_driver_sql(FOLDING)
        exact, folds = EXACT[name], FOLDS[name]
        c.exec_driver_sql(
            f"create table accounts (id varchar(20) {exact} primary key, email varchar(80))"
        )
        c.exec_driver_sql(
            f"create table orders (id int primary key, account varchar(20) {folds}, code varchar(20) {exact})"
        )
        c.exec_driver_sql(
            f"create table parts (id int primary key, code varchar(20) {folds}, item varchar(80))"
        )
        c.exec_driver_sql(
            "insert into accounts values ('abc', 'a@x.example'), ('ABC', 'b@x.example')"
        )
        c.exec_driver_sql("insert into orders values (1, 'abc', 'x'), (2, 'ABC', 'X')")
        c.exec_driver_sql("insert into parts values (1, 'x', 'mine'), (2, 'X', 'theirs')")
    source = sql.connect(
        SourceConfig("s", "shop", url=url, mode="enforce"), environ={}, secret=b"x" * 32
    )
    yield source, engine
    source.close()
    engine.dispose()


def test_whose_key_differs_in_case_alone_is_somebody_else(shop):
    source, _ = shop
    with source.reading() as reading:
        read = {t: [r["id"] for r in rows] for t, rows in reading.read(MAP, {"accounts": ("abc",)})}
        each = [
            (table, row["id"])
            for table, rows in reading.read_each(MAP, {"q": {"accounts": ("abc",)}})
            for _, row in rows
        ]
    assert read == {"accounts": ["abc"], "orders": [1], "parts": [1]}
    assert each == [("accounts", "abc"), ("orders", 1), ("parts", 1)]


def test_an_erasure_leaves_whose_key_differs_in_case_alone(shop):
    source, engine = shop
    asked, holds = {"q": {"accounts": ("abc",)}}, Holds(date(2026, 11, 27), {})
    with source.reading() as reading:
        planned = {k: dict(v.rows) for k, v in reading.would_erase(MAP, asked, holds=holds).items()}
    with source.changing() as changing:
        changing.erase(MAP, asked, planned=planned, holds=holds)
    with engine.connect() as c:
        left = {
            t: c.scalar(sa.text(f"select min(id) from {t}"))
            for t in ("accounts", "orders", "parts")
        }
    assert left == {"accounts": "ABC", "orders": 2, "parts": 2}
    assert not any(source.left(MAP, asked, holds=holds).values())


def test_a_register_that_folds_its_keys_has_one_person_for_both(mariadb):
    engine = sa.create_engine(url := mariadb.fresh())
    with engine.begin() as c:
        folds = FOLDS["mariadb"]
        c.exec_driver_sql(
            f"create table accounts (id varchar(20) {folds} primary key, email varchar(80))"
        )
        c.exec_driver_sql(
            f"create table orders (id int primary key, account varchar(20) {folds}, code varchar(20))"
        )
        c.exec_driver_sql(
            "create table parts (id int primary key, code varchar(20), item varchar(80))"
        )
        c.exec_driver_sql("insert into accounts values ('abc', 'a@x.example')")
        c.exec_driver_sql("insert into orders values (1, 'abc', 'x'), (2, 'ABC', 'y')")
    source = sql.connect(SourceConfig("s", "shop", url=url), environ={}, secret=b"x" * 32)
    with source.reading() as reading:
        read = {t: len(list(rows)) for t, rows in reading.read(MAP, {"accounts": ("abc",)})}
    assert read["orders"] == 2
    source.close()
    engine.dispose()
