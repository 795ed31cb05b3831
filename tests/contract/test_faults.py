"""What goes wrong is said in a sentence with what to do, and holds no value, account or password."""

import sqlite3

import pytest
import sqlalchemy as sa

from chikai.errors import ChikaiError, ConfigError, Disagrees, Unreachable
from tests.contract import shop

KEYS = shop.KEYS


def fault(call, *kinds):
    with pytest.raises(kinds or ChikaiError) as caught:
        call()
    said = f"{caught.value}\n{caught.value.do}\n{caught.value.where}"
    for hidden in (
        "hunter2",
        "person2",
        "SELECT id",
        "psycopg",
        "sqlite3.",
        "pymysql",
        "Traceback",
    ):
        assert hidden not in said
    assert caught.value.do
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return said


def test_a_file_that_is_missing(tmp_path):
    source = shop.opened(f"sqlite:///{tmp_path / 'none.db'}")
    assert "none.db" in fault(source.catalogue, Unreachable)
    health = source.check()
    assert (health.reachable, health.privileges) == (False, "none")
    assert "none.db" in health.fault
    assert health.do


def test_a_missing_file_is_not_made_by_asking(tmp_path):
    source = shop.opened(f"sqlite:///{tmp_path / 'none.db'}")
    fault(lambda: source.erase(shop.MAP, KEYS, at_most={}), Unreachable)
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "x.db").write_text("this is a letter, not a database " * 200)
    assert "not a SQLite database" in fault(
        shop.opened(f"sqlite:///{tmp_path / 'x.db'}").catalogue, ConfigError
    )


def test_a_file_that_another_process_has_locked(tmp_path, monkeypatch):
    monkeypatch.setattr("chikai.sources.sql_engine.LOCK_SECONDS", 0.1)
    shop.filled(shop.sqlite_url(tmp_path)).dispose()
    source = shop.opened(shop.sqlite_url(tmp_path))
    other = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert "lock" in fault(source.catalogue, Unreachable)
    other.close()
    source.catalogue()


def test_an_observed_file_cannot_be_written_even_by_sql(tmp_path):
    shop.filled(shop.sqlite_url(tmp_path)).dispose()
    source = shop.opened(shop.sqlite_url(tmp_path), mode="observe")
    with source.reading() as reading, pytest.raises(sa.exc.OperationalError, match="readonly"):
        reading.connection.exec_driver_sql("DELETE FROM accounts")


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_server_that_does_not_answer(dialect):
    source = shop.opened(f"{dialect}://somebody@127.0.0.1:9/shop")
    assert "127.0.0.1:9" in fault(source.catalogue, Unreachable)
    assert not source.check().reachable


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_a_host_that_nobody_knows(dialect):
    assert "no-such-host.invalid" in fault(
        shop.opened(f"{dialect}://somebody@no-such-host.invalid/shop").catalogue, Unreachable
    )


@pytest.mark.postgres
@pytest.mark.mariadb
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_database_that_is_missing(kind, request):
    url = request.getfixturevalue(kind).url(db="nowhere")
    assert "nowhere" in fault(shop.opened(url).catalogue, ConfigError)


@pytest.mark.postgres
@pytest.mark.mariadb
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_an_account_or_password_that_is_wrong(kind, request, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("hunter2\n")
    secret.chmod(0o600)
    url = request.getfixturevalue(kind).url(
        db="postgres" if kind == "postgres" else "mysql", user="stranger"
    )
    said = fault(shop.opened(url, password_file=str(secret)).catalogue, ConfigError)
    assert "password" in said
    assert "stranger" not in said


def test_a_table_that_was_dropped_names_itself_and_the_way_on(altered_shop):
    with altered_shop.source.reading() as reading:
        reading.count(shop.MAP, KEYS)
    altered_shop.ask('DROP TABLE "pings"')

    def counted():
        with altered_shop.source.reading() as reading:
            reading.count(shop.MAP, KEYS)

    fault(counted, Disagrees)  # the shape was still believed
    fresh = shop.opened(altered_shop.url)

    def counted_afresh():
        with fresh.reading() as reading:
            reading.count(shop.MAP, KEYS)

    said = fault_with_context(counted_afresh)
    assert "`pings`" in said
    assert "chikai map drift" in said
    fresh.close()


def fault_with_context(call):
    with pytest.raises(Disagrees) as caught:
        call()
    return f"{caught.value}"


def test_a_column_that_was_dropped_names_itself(altered_shop):
    altered_shop.ask('ALTER TABLE "notes" DROP COLUMN body')
    fresh = shop.opened(altered_shop.url)

    def read():
        with fresh.reading() as reading:
            for _, rows in reading.read(shop.MAP, KEYS):
                list(rows)

    assert "notes.body" in fault_with_context(read)
    fresh.close()


def test_a_broken_connection_is_replaced(sql_shop):
    sql_shop.source.catalogue()
    if sql_shop.kind == "postgres":
        sql_shop.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chikai'"
        )
    assert sql_shop.source.check().reachable


def test_a_source_answers_its_person_after_a_fault(sql_shop):
    bad = shop._table("log", "person", [shop._edge("nowhere", "accounts")], "ip:device")
    with sql_shop.source.reading() as reading:
        with pytest.raises(Disagrees, match="nowhere"):
            reading.count(shop.Map("shop", "shop", (shop.MAP.tables[0], bad)), KEYS)
        assert reading.count(shop.MAP, KEYS)["log"] == 2
