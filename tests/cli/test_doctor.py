"""The doctor names each thing that is not well, what to do, and goes on with the others."""

import json
import re
import shutil
import sqlite3

import pytest

from tests.cli.test_source import added, finish

pytestmark = pytest.mark.own_state


def looked(installed):
    done = installed("doctor", "--format", "json")
    return done.code, {line["about"]: line for line in json.loads(done.out)}


def test_a_fresh_installation_is_well(installed):
    code, lines = looked(installed)
    bad = {about: line for about, line in lines.items() if line["state"] == "fail"}
    assert (code, bad) == (0, {})
    assert lines["edition"]["do"] == "run `chikai policy publish`"
    text = installed("doctor").out
    assert "0 not well" in text


def test_too_few_officers_for_an_erasure_are_named_with_the_ways_on(installed):
    said = looked(installed)[1]["approvals"]
    assert (said["state"], "`erase`" in said["says"]) == ("warn", True)
    assert "single_officer = true" in said["do"]
    toml = installed.path / "chikai.toml"
    before = toml.read_text()
    toml.write_text(before.replace("single_officer = false", "single_officer = true"))
    alone = looked(installed)[1]["approvals"]
    assert (alone["state"], "24 hours" in alone["says"]) == ("ok", True)
    toml.write_text(before)
    invite = ("staff", "invite", "second@ko.example", "--name", "佐藤", "--role", "officer")
    assert installed(*invite).code == 0
    assert looked(installed)[1]["approvals"]["state"] == "ok"


def test_the_last_backup_is_noted_and_named_when_it_is_too_old(installed):
    assert looked(installed)[1]["last backup"]["state"] == "warn"
    done = installed("backup", "note")
    assert done.code == 0, done.err
    said = looked(installed)[1]["last backup"]
    assert (said["state"], "0 days ago" in said["says"]) == ("ok", True)
    toml = installed.path / "chikai.toml"
    toml.write_text(toml.read_text().replace("# backup_every = 1", "backup_every = -1"))
    assert looked(installed)[1]["last backup"]["state"] == "warn"
    assert installed("backup", "note", "--on", "2099-01-01").code == 2
    assert installed("backup", "note", "--on", "yesterday").code == 2


def test_a_backup_that_was_noted_late_counts_by_its_own_day(installed):
    assert installed("backup", "note", "--on", "2026-01-02").code == 0
    said = looked(installed)[1]["last backup"]
    assert (said["state"], said["says"].startswith("2026-01-02")) == ("warn", True)
    assert installed("backup", "note").code == 0
    assert installed("backup", "note", "--on", "2026-01-03").code == 0
    assert looked(installed)[1]["last backup"]["state"] == "ok"


def test_after_publishing_the_files_are_compared_with_the_edition(installed):
    assert installed("policy", "publish").code == 0
    assert looked(installed)[1]["edition"]["state"] == "ok"
    toml = installed.path / "policy" / "policy.toml"
    toml.write_text(toml.read_text().replace('edition = "', 'edition = "x', 1))
    assert looked(installed)[1]["edition"]["state"] == "warn"


def break_home(path):
    path.chmod(0o755)


def break_key(path):
    (path / "keys" / "identifiers").chmod(0o644)


def break_policy(path):
    (path / "policy" / "policy.toml").write_text("nonsense = [")


def break_database(path):
    for file in path.glob("own.sqlite3*"):
        file.unlink()
    (path / "own.sqlite3").write_bytes(b"not a database" * 100)


def break_installation(path):
    with sqlite3.connect(path / "own.sqlite3") as db:
        db.execute("DELETE FROM installation")
    db.close()


def break_migrations(path):
    with sqlite3.connect(path / "own.sqlite3") as db:
        db.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    db.close()


def break_mail(path):
    toml = path / "chikai.toml"
    toml.write_text(toml.read_text().replace("[mail]", '[mail]\nhost = "127.0.0.1"\nport = 1'))


def break_source(path):
    with (path / "chikai.toml").open("a") as toml:
        toml.write('\n[source.shop]\nservice = "balus"\nurl = "sqlite:////nowhere/shop.db"\n')


@pytest.mark.parametrize(
    ("harm", "about"),
    [
        (break_home, "home"),
        (break_key, "keys"),
        (break_policy, "policy"),
        (break_database, "own database"),
        (break_installation, "installation"),
        (break_migrations, "own database"),
        (break_mail, "mail"),
        (break_source, "source shop"),
    ],
)
def test_what_is_not_well_is_named_with_what_to_do(installed, harm, about):
    harm(installed.path)
    code, lines = looked(installed)
    assert code == 1
    assert lines[about]["state"] == "fail", lines
    assert lines[about]["do"]
    assert "disk" in lines or about == "home"


def test_without_an_installation_the_doctor_says_so(installed):
    shutil.rmtree(installed.path)
    code, lines = looked(installed)
    assert code == 1
    assert lines["home"]["do"].startswith("run `chikai init`")


def test_a_database_of_an_older_version_stops_every_command_but_migrate(installed):
    break_migrations(installed.path)
    done = installed("staff", "list")
    assert done.code == 3
    assert "run `chikai migrate`" in done.err


def test_an_own_database_that_is_older_than_what_it_did_is_noticed(installed, shop):
    assert added(installed, shop).code == 0
    _, lines = looked(installed)
    assert lines["source shop"]["state"] == "ok"
    with sqlite3.connect(shop.removeprefix("sqlite:///")) as db:
        db.execute("CREATE TABLE chikai_epoch (id integer primary key, epoch bigint not null)")
        db.execute("INSERT INTO chikai_epoch VALUES (1, 3)")
    db.close()
    code, lines = looked(installed)
    assert code == 1
    assert lines["source shop"]["says"].startswith("3 changes stand there that our own database")
    assert "look by hand" in lines["source shop"]["do"]


def test_a_map_that_says_nothing_of_money_and_days_is_asked_about(installed, shop):
    assert added(installed, shop).code == 0
    finish(installed)
    file = installed.path / "maps" / "shop.toml"
    file.write_text(re.sub(r"hold = .*\n", "", file.read_text()))
    checked = installed("map", "check", "shop")
    assert "invoices: table `invoices` has money and days" in checked.out
    done = installed("map", "adopt", "shop")
    assert done.code == 0, done.err
    assert 'or `hold = "none"`' in done.out
    _, lines = looked(installed)
    assert "no law is named for `invoices`" in lines["map shop"]["says"]
    file.write_text(
        file.read_text().replace("[table.invoices]\n", '[table.invoices]\nhold = "none"\n')
    )
    assert installed("map", "check", "shop").out.startswith("the map of `shop` is finished")


def test_how_long_books_are_kept_is_said_where_a_map_holds_rows_back(installed, shop):
    assert added(installed, shop).code == 0
    finish(installed)
    file = installed.path / "maps" / "shop.toml"
    proposed = re.search(r'hold = \{ law = "tax_books", since = "\w+" \}\n', file.read_text())[0]
    file.write_text(file.read_text().replace(proposed, 'hold = "none"\n'))
    assert installed("map", "adopt", "shop").code == 0
    _, lines = looked(installed)
    assert "books" not in lines
    file.write_text(file.read_text().replace('hold = "none"\n', proposed))
    done = installed("map", "adopt", "shop")
    assert done.code == 0, done.err
    _, lines = looked(installed)
    assert (lines["books"]["state"], "tax_books 20" in lines["books"]["says"]) == ("warn", True)
    toml = installed.path / "chikai.toml"
    text = toml.read_text().replace("# ends_in = 3", "ends_in = 12")
    toml.write_text(text.replace("# losses = [2025]", "losses = [2024]"))
    _, lines = looked(installed)
    assert lines["books"]["state"] == "ok"
    assert "month 12, 1 years with a loss" in lines["books"]["says"]
