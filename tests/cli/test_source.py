"""A database is connected with the least rights, scanned, mapped and watched; nothing half-written, no value kept."""

import json
import re
import sqlite3
import stat
import time

import pytest
import sqlalchemy as sa

from tests.cli.conftest import MARKERS, SHOP

pytestmark = pytest.mark.own_state


def added(installed, shop, *more):
    return installed("source", "add", "shop", "--service", "balus", "--url", shop, *more)


def finish(installed):
    """Decide everything that the scan left, as an engineer would: nobody's."""
    file = installed.path / "maps" / "shop.toml"
    text = re.sub(r'"\?(/\w+)?"', '"-"', file.read_text())
    file.write_text(text.replace('whose = "unknown"', 'whose = "none"'))


def unchanged(installed, before):
    assert (installed.path / "chikai.toml").read_text() == before
    assert not (installed.path / "maps" / "shop.toml").exists()
    assert "source.added" not in installed.events()


def test_a_source_is_added_scanned_and_mapped(installed, shop):
    done = added(installed, shop)
    assert done.code == 0, done.err
    assert "3 tables" in done.out
    assert "chikai map adopt shop" in done.out
    assert installed.events()[-2:] == ["source.added", "source.scanned"]
    file = installed.path / "maps" / "shop.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = json.loads(installed("source", "list", "--format", "json").out)
    assert [(row["name"], row["map"]) for row in listed] == [("shop", True)]
    assert installed("source", "check").code == 0


def test_no_value_of_a_person_is_printed_or_kept(installed, shop):
    said = []
    for words in (
        ("source", "add", "shop", "--service", "balus", "--url", shop),
        ("map", "scan", "shop"),
        ("map", "scan", "shop", "--over", "--format", "json"),
        ("map", "check", "shop"),
        ("map", "adopt", "shop", "--unfinished"),
        ("map", "show", "shop"),
        ("map", "why", "shop", "members"),
        ("map", "drift", "shop"),
        ("people", "sync"),
        ("people", "count"),
        ("people", "candidates"),
        ("doctor",),
    ):
        done = installed(*words)
        said.append(done.out + done.err)
    held = installed.everything()
    for marker in MARKERS:
        assert marker not in "".join(said)
        assert marker.encode() not in held


def test_a_map_is_finished_adopted_and_its_drift_is_seen(installed, shop):
    assert added(installed, shop).code == 0
    before = installed("map", "drift")
    assert before.code == 4
    finish(installed)
    assert installed("map", "check", "shop").code == 0, installed("map", "check", "shop").out
    adopted = installed("map", "adopt", "shop")
    assert adopted.code == 0, adopted.err
    assert installed.events()[-1] == "source.mapped"
    assert installed("map", "adopt", "shop").code == 4
    assert installed("map", "drift").code == 0
    with sqlite3.connect(shop.removeprefix("sqlite:///")) as db:
        db.execute("ALTER TABLE members ADD COLUMN blood_type TEXT")
    db.close()
    drifted = installed("map", "drift", "shop", "--exit-code")
    assert drifted.code == 2
    assert "members.blood_type" in drifted.out
    assert installed.events()[-1] == "source.drifted"
    count = len(installed.events())
    assert installed("map", "drift").code == 2
    assert len(installed.events()) == count


def test_an_unfinished_map_is_not_adopted_unless_it_is_said(installed, shop):
    with sqlite3.connect(shop.removeprefix("sqlite:///")) as db:
        db.execute("ALTER TABLE members ADD COLUMN zzqx TEXT")
    db.close()
    added(installed, shop)
    checked = installed("map", "check", "shop")
    assert checked.code == 2
    assert "members.zzqx" in checked.out
    refused = installed("map", "adopt", "shop")
    assert refused.code == 2
    assert "--unfinished" in refused.err
    adopted = installed("map", "adopt", "shop", "--unfinished")
    assert adopted.code == 0
    assert "undecided" in adopted.out


def test_a_second_scan_keeps_what_an_engineer_decided(installed, shop):
    added(installed, shop)
    finish(installed)
    file = installed.path / "maps" / "shop.toml"
    file.write_text("# mine\n" + file.read_text())
    assert installed("map", "scan", "shop").code == 0
    assert file.read_text().startswith("# mine\n")


def test_people_are_synced_found_and_counted(installed, shop):
    added(installed, shop)
    finish(installed)
    installed("map", "adopt", "shop")
    synced = installed("people", "sync", "--format", "json")
    assert synced.code == 0, synced.err
    assert json.loads(synced.out)["links"] == 29
    found = installed("people", "find", stdin=f"3{MARKERS[1]}\n")
    assert found.code == 0
    assert "shop:members:3" in found.out
    by_key = installed("people", "find", "shop:members:3", "--format", "json")
    assert [row["sure"] for row in json.loads(by_key.out)] == [True]
    assert installed("people", "find", "shop:members:999").code == 2
    assert json.loads(installed("people", "count", "--format", "json").out)["persons"] == 29


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--url", "sqlite:////nowhere/shop.db"), 5),
        (("--url", "postgresql://u@127.0.0.1:1/d"), 5),
        (("--url", "mariadb://u@127.0.0.1:1/d"), 5),
        (("--url", "oracle://u@h/d"), 3),
        (("--url", "hunter2"), 3),
        (("--url", "postgresql://u@h/d", "--password-file", "/nowhere/p"), 3),
        (("--url", "postgresql://u@h/d", "--password-env", "NOWHERE"), 3),
        (("--kind", "manual", "--owner", "総務"), 3),
        ((), 2),
    ],
)
def test_what_cannot_be_connected_leaves_nothing_behind(installed, words, code):
    before = (installed.path / "chikai.toml").read_text()
    started = time.monotonic()
    done = installed("source", "add", "shop", "--service", "balus", *words)
    assert done.code == code, done.err
    assert time.monotonic() - started < 30
    assert "hunter2" not in done.out + done.err
    unchanged(installed, before)


def test_a_service_that_the_policy_does_not_have_is_refused(installed, shop):
    before = (installed.path / "chikai.toml").read_text()
    done = installed("source", "add", "shop", "--service", "shop", "--url", shop)
    assert done.code == 2
    assert "`balus`" in done.err
    unchanged(installed, before)


def test_a_source_that_does_not_answer_is_added_when_it_is_said(installed):
    done = added(installed, "sqlite:////nowhere/shop.db", "--anyway")
    assert done.code == 0, done.err
    assert installed("source", "check").code == 5
    assert installed("map", "scan", "shop").code == 5


def test_a_place_that_people_work_by_hand_is_a_source_too(installed):
    done = installed(
        *("source", "add", "crm", "--service", "balus", "--kind", "manual"),
        *("--owner", "営業部", "--instruction", "検索して書き出す"),
    )
    assert done.code == 0, done.err
    assert installed("source", "check", "crm").code == 0


def test_a_name_is_given_once_and_unknown_names_are_helped(installed, shop):
    added(installed, shop)
    assert added(installed, shop).code == 4
    for words in (("map", "scan", "shpo"), ("map", "check", "shpo"), ("source", "check", "shpo")):
        done = installed(*words)
        assert done.code == 2
        assert "did you mean `shop`?" in done.err
    assert installed("map", "why", "shop", "nothing").code == 2


def test_when_the_map_cannot_be_written_nothing_is(installed, shop):
    before = (installed.path / "chikai.toml").read_text()
    (installed.path / "maps").rmdir()
    (installed.path / "maps").write_text("in the way")
    assert added(installed, shop).code == 1
    assert (installed.path / "chikai.toml").read_text() == before
    assert "source.added" not in installed.events()


def test_a_broken_map_tells_its_line(installed, shop):
    added(installed, shop)
    file = installed.path / "maps" / "shop.toml"
    file.write_text(file.read_text().replace('whose = "person"', 'whose = "king"'))
    done = installed("map", "check", "shop")
    assert done.code == 2
    assert "shop.toml:" in done.err


def filled(url):
    engine = sa.create_engine(url)
    with engine.begin() as db:
        for statement in SHOP.replace("TEXT", "VARCHAR(200)").split(";"):
            if statement.strip():
                db.execute(sa.text(statement))
        for i in range(1, 6):
            db.execute(
                sa.text("INSERT INTO members VALUES (:i, :n, :m, '2025-01-01', :p, :a)"),
                {"i": i, "n": MARKERS[0], "m": MARKERS[1], "p": MARKERS[2], "a": MARKERS[3]},
            )
    engine.dispose()


@pytest.mark.postgres
def test_the_printed_grants_are_what_the_least_role_needs_on_postgresql(installed, postgres):
    superuser = postgres.fresh()
    filled(superuser)
    url = superuser.replace("postgresql+psycopg", "postgresql")
    done = added(installed, url, "--mode", "observe")
    assert done.code == 0, done.err
    assert "superuser" in done.err
    assert "GRANT SELECT ON" in done.out
    role = f"reader{time.monotonic_ns()}"
    grants = installed("source", "grants", "shop", "--role", role)
    assert grants.code == 0
    engine = sa.create_engine(superuser, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        for line in grants.out.splitlines():
            db.exec_driver_sql(line.replace("%", "%%"))
    engine.dispose()
    least = url.replace("chikai@", f"{role}@")
    done = installed("source", "add", "least", "--service", "balus", "--url", least)
    assert done.code == 0, done.err
    assert done.err == ""


@pytest.mark.mariadb
def test_a_mariadb_is_connected_and_a_wrong_account_is_told(installed, mariadb):
    url = mariadb.fresh()
    filled(url)
    done = added(installed, url)
    assert done.code == 0, done.err
    assert "CREATE USER" in done.out
    before = (installed.path / "chikai.toml").read_text()
    wrong = installed(
        "source", "add", "other", "--service", "balus", "--url", url.replace("root@", "nobody@")
    )
    assert wrong.code == 5
    assert "does not accept our account" in wrong.err
    assert (installed.path / "chikai.toml").read_text() == before


@pytest.mark.postgres
def test_a_source_that_may_not_be_read_has_no_map_made_from_names(installed, postgres):
    url = sa.make_url(postgres.fresh())
    place = f"postgresql://blind@/{url.database}?host={url.query['host']}"
    with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as db:
        db.exec_driver_sql("CREATE TABLE members (id int PRIMARY KEY, name text, email text)")
        db.exec_driver_sql("INSERT INTO members VALUES (1, 'x', 'y')")
    unknown = added(installed, place, "--anyway")
    assert 'GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "blind"' in unknown.out
    with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as db:
        db.exec_driver_sql("CREATE ROLE blind LOGIN")
    assert (
        "nosuch"
        in installed(
            *("source", "add", "far", "--service", "balus", "--url", place, "--schema", "nosuch")
        ).err
    )
    done = installed("source", "add", "two", "--service", "balus", "--url", place)
    assert done.code == 0, done.err
    assert "chikai map scan two" in done.out
    assert 'GRANT SELECT ON "members" TO "blind"' in done.out
    assert not (installed.path / "maps" / "two.toml").exists()
    scanned = installed("map", "scan", "two")
    assert scanned.code == 3
    assert "may not read any table" in scanned.err
    owner = f"postgresql://chikai@/{url.database}?host={url.query['host']}"
    done = installed("source", "add", "three", "--service", "balus", "--url", owner)
    assert "is left as it is" in done.out
    assert 'CREATE ROLE "chikai_least"' in done.out
    assert 'ALTER ROLE "chikai" ' not in done.out


def test_one_source_that_cannot_be_asked_does_not_hide_the_others(installed, shop):
    assert added(installed, shop).code == 0
    toml = installed.path / "chikai.toml"
    broken = '[source.club]\nservice = "balus"\nurl = "postgresql://u@h.invalid/d"\n'
    toml.write_text(f'{toml.read_text()}\n{broken}password_file = "/nowhere/p"\n')
    checked = installed("source", "check", "--format", "json")
    assert checked.code == 5
    assert {row["name"]: row["reachable"] for row in json.loads(checked.out)} == {
        "shop": True, "club": False,
    }  # fmt: skip
