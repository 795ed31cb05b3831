"""The printed statements, run on real servers: the role reads, and can do nothing else."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from chikai.errors import ConfigError
from chikai.sources import grants
from chikai.sources.catalogue import Catalogue
from chikai.sources.protocol import Applying
from tests.contract import shop

KEYS = shop.KEYS
SERVERS = [
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
ROLE = 'chikai\'s "eye"'


@pytest.fixture(params=SERVERS)
def served(request, shops):
    """A shop on a server."""
    from tests.contract import conftest

    return conftest.refilled(conftest.standing(request.param, shops, request))


def dialect(kind):
    return {"postgres": "postgresql"}.get(kind, kind)


def role_of(made, request, mode, map_, name):
    """Run the statements as the owner, do the operator's part, and give the URL of the new role."""
    server = request.getfixturevalue(made.kind)
    catalogue = made.source.catalogue()
    printed = grants.statements(catalogue, map_, role=name, mode=mode, dialect=dialect(made.kind))
    with made.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in printed:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        if made.kind == "mariadb":
            account = name.replace("'", "''")
            connection.exec_driver_sql(
                f"ALTER USER '{account}'@'%%' IDENTIFIED BY 'x' ACCOUNT UNLOCK"
            )
    url = sa.make_url(server.url(db=sa.make_url(made.url).database)).set(username=name)
    return (
        url.set(password="x").render_as_string(hide_password=False)
        if made.kind == "mariadb"
        else url.render_as_string()
    )


def logged_in(url, mode, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o600)
    plain = sa.make_url(url)
    plain = sa.URL.create(
        plain.drivername, plain.username, None, plain.host, plain.port, plain.database, plain.query
    )
    return shop.opened(plain.render_as_string(), mode=mode, password_file=str(secret))


def test_the_observing_role_reads_the_map_and_nothing_more(served, request, tmp_path):
    made, kind = served, served.kind
    url = role_of(made, request, "observe", shop.MAP, f"{ROLE}1")
    source = logged_in(url, "observe", tmp_path)
    with source.reading() as reading:
        assert reading.count(shop.MAP, KEYS)["shipments"] == 4
        assert len({n: list(r) for n, r in reading.read(shop.MAP, KEYS)}) == 15
    health = source.check()
    assert (health.privileges, health.fault) == ("select", "")
    source.close()
    engine = sa.create_engine(url)
    quote = engine.dialect.identifier_preparer.quote_identifier
    for statement in (
        "INSERT INTO newsletter VALUES (9, 'x')",
        "UPDATE accounts SET name = 'x'",
        "DELETE FROM accounts",
        f"TRUNCATE TABLE {quote('order')}",
        "CREATE TABLE mine (id integer)",
        "DROP TABLE countries",
        "SELECT * FROM countries",
    ):
        for undone in (True, False):
            with engine.connect() as connection:
                if (
                    undone and kind == "postgres"
                ):  # the second lock can be undone by SQL, the first cannot
                    connection.exec_driver_sql("SET default_transaction_read_only = off")
                    connection.commit()
                with pytest.raises(sa.exc.DBAPIError):
                    connection.exec_driver_sql(statement)
    engine.dispose()
    assert made.everything()["accounts"]


def test_without_a_map_every_table_can_be_read(served, request, tmp_path):
    made = served
    source = logged_in(role_of(made, request, "observe", None, f"{ROLE}2"), "observe", tmp_path)
    with source.reading() as reading:
        assert reading.sample("countries", ["name"], 5) == [("日本",)]
    assert len(source.catalogue().tables) == len(shop.META.tables)
    source.close()


def test_the_enforcing_role_can_erase_and_correct_by_the_map(served, request, tmp_path):
    made = served
    source = logged_in(role_of(made, request, "enforce", shop.MAP, f"{ROLE}3"), "enforce", tmp_path)
    health = source.check()
    assert (health.privileges, health.fault) == ("write", "")
    plenty = dict.fromkeys(shop.MAP.by_name, 100)
    made.changed = True
    assert source.lacking(shop.MAP) == ()
    step, people = Applying("granted", 1, {"p": 1}, epoch=30), {"p": KEYS}
    for recorded in (False, True):
        with source.changing(step) as change:
            done = change.erase(shop.MAP, people, planned={"p": plenty})["p"]
        assert (done.rows["order"], done.recorded) == (2, recorded)
    assert source.epoch() == 31  # made again, it is raised once more
    source.close()


def test_a_table_that_may_not_be_read_is_named_with_its_grant(served, request, tmp_path):
    made, kind = served, served.kind
    few = replace(
        shop.MAP,
        tables=tuple(
            replace(t, whose="none", edges=()) if t.name in {"log", "newsletter"} else t
            for t in shop.MAP.tables
        ),
    )
    source = logged_in(role_of(made, request, "observe", few, f"{ROLE}4"), "observe", tmp_path)
    log = replace(shop.MAP, tables=(shop.MAP.tables[0], shop.MAP.by_name["log"]))
    with pytest.raises(Exception) as caught, source.reading() as reading:
        {n: list(r) for n, r in reading.read(log, KEYS)}
    said = str(caught.value)
    assert "log" in said
    if kind == "postgres":  # MariaDB does not show such a table at all
        assert caught.type is ConfigError
        assert "GRANT SELECT" in said
    source.close()


def test_too_many_rights_are_noticed(served, request, tmp_path):
    made = served
    health = made.source.check()
    assert health.privileges == "more"
    assert "may do more" in health.fault
    source = logged_in(role_of(made, request, "enforce", shop.MAP, f"{ROLE}5"), "observe", tmp_path)
    health = source.check()
    assert health.privileges == "write"
    assert "may write" in health.fault
    source.close()


@pytest.mark.parametrize("made", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_the_statements_run_twice_and_stop_at_an_owner(made, request, tmp_path):
    import psycopg

    server = request.getfixturevalue(made)
    url = server.fresh()
    shape = Catalogue("postgresql", ())
    with psycopg.connect(server.dsn(sa.make_url(url).database), autocommit=True) as db:
        db.execute("CREATE TABLE members (id int, name text); CREATE SCHEMA other")
        db.execute("CREATE TABLE other.far (id int)")
        db.execute("CREATE ROLE twice_owner LOGIN; ALTER TABLE other.far OWNER TO twice_owner")
        lines = grants.statements(shape, None, role="twice", mode="observe", dialect="postgresql")
        for line in (*lines, *lines):
            db.execute(line)
        held = "SELECT rolconfig, rolinherit, rolconnlimit FROM pg_roles WHERE rolname = %s"
        assert db.execute(held, ["twice"]).fetchone() == (
            ["default_transaction_read_only=on"], False, 4,
        )  # fmt: skip
        more = grants.statements(
            shape, None, role="twice_owner", mode="enforce", dialect="postgresql"
        )
        with pytest.raises(psycopg.errors.RaiseException, match="--role"):
            db.execute(more[0])
        assert db.execute(held, ["twice_owner"]).fetchone() == (None, True, -1)
    db_url = sa.make_url(server.url(db=sa.make_url(url).database, user="twice"))
    source = shop.opened(db_url.render_as_string(hide_password=False))
    assert (source.check().privileges, source.check().tables) == ("select", 2)
    source.close()
    scoped = shop.opened(db_url.render_as_string(hide_password=False), schema="other")
    assert [t.name for t in scoped.catalogue().tables] == ["far"]
    assert scoped.check().privileges == "none"
    scoped.close()
    missing = shop.opened(db_url.render_as_string(hide_password=False), schema="nosuch")
    health = missing.check()
    assert not health.reachable
    assert "no schema `nosuch`" in health.fault
    missing.close()


def test_what_the_mode_needs_and_the_account_lacks_is_named(served, request, tmp_path):
    url = role_of(served, request, "observe", shop.MAP, f"{ROLE}9")
    source = logged_in(url, "observe", tmp_path)
    assert source.lacking(shop.MAP) == ()
    source.close()
    source = logged_in(url, "enforce", tmp_path)
    lacking = source.lacking(shop.MAP)
    source.close()
    assert "DELETE ON notes" in lacking
    assert "UPDATE (email) ON accounts" in lacking
    assert not [right for right in lacking if right.startswith("SELECT")]
