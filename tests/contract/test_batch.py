"""Several people in one transaction: each gets what is theirs, nobody else is touched, and it is seen afterwards."""

import threading
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from chikai.errors import Disagrees, MapError, Unreachable, WrongState
from chikai.rights import holds as laws
from chikai.sources.map import ColumnMap, Hold, Map
from chikai.sources.protocol import Applying, Change, Holds
from chikai.sources.values import digest
from tests.contract import shop

MAP = shop.MAP
THEM = {"a": {"accounts": (1,), "newsletter": (501,)}, "b": shop.KEYS}


def plan(source, map_, people, holds=None):
    with source.reading() as reading:
        return (
            reading.resolve(map_, people),
            {
                who: dict(o.rows)
                for who, o in reading.would_erase(map_, people, holds=holds).items()
            },
        )


def erase(source, map_, people, holds=None, applying=None):
    keys, planned = plan(source, map_, people, holds)
    with source.changing(applying) as change:
        return keys, change.erase(map_, keys, planned=planned, holds=holds)


def marked(made, number):
    """What rows still say of a person of the shop."""
    signs = (f"person{number}@", f"山田{number}", f"文京区{number}", f"gift {number}", f"本郷 {number}", f"電話 {number}",
             f"192.168.0.{number}", f"YAMADA {number}", f"memo {number}", f"odd {number}")  # fmt: skip
    said = repr({n: rows for n, rows in made.everything().items() if n not in {"uploads", "pages"}})
    return [sign for sign in signs if sign in said]


def test_two_people_are_erased_at_once_and_the_third_is_not_touched(fresh_joined_shop):
    before = fresh_joined_shop.everything()
    keys, done = erase(fresh_joined_shop.source, MAP, THEM)
    assert done["a"].rows["order items"] == done["b"].rows["order items"] == 4
    assert marked(fresh_joined_shop, 1) == marked(fresh_joined_shop, 2) == []
    assert marked(fresh_joined_shop, 3)
    assert fresh_joined_shop.source.left(MAP, keys) == {}
    after = fresh_joined_shop.everything()
    for name in ("accounts", "order", "notes", "pings", "wallets"):
        third = [r for r in before[name] if "3" in repr(r) and not set("12") & set(repr(r[:2]))]
        assert set(third) <= set(after[name]), name


def test_what_is_left_is_seen_on_another_connection(fresh_joined_shop):
    left = fresh_joined_shop.source.left(MAP, THEM)
    assert set(left) == {"a", "b"}
    assert left["b"]["order items"] == 4
    assert left["b"]["newsletter"] == 1


def test_a_row_of_two_people_counts_for_both_and_changes_once(fresh_joined_shop):
    _, done = erase(fresh_joined_shop.source, MAP, THEM)
    # messages 0 and 1 are of both, 2 and 5 of b alone, 3 and 4 of a and the third.
    assert (done["a"].rows["messages"], done["b"].rows["messages"]) == (4, 4)


def test_masks_are_the_same_where_an_edge_joins_and_differ_between_people(fresh_joined_shop):
    tables = {t.name: t for t in MAP.tables}
    joined = replace(tables["newsletter"], identity=None, edges=(shop._edge("email", "accounts", "email"),),
                     columns=(replace(tables["newsletter"].columns[1], erase="replace"),))  # fmt: skip
    map_ = Map("shop", "shop", (tables["accounts"], joined))
    people = {"a": {"accounts": (1,)}, "b": {"accounts": (2,)}}
    keys, _ = erase(fresh_joined_shop.source, map_, people)
    rows = fresh_joined_shop.everything()
    mails = {row[0]: row[1] for row in rows["accounts"]}
    letters = {row[0]: row[1] for row in rows["newsletter"]}
    assert letters[501] == mails[1] != mails[2] == letters[502]
    assert mails[1].endswith("@erased.invalid")
    assert letters[503] == mails[3] == "person3@mail.example"
    assert fresh_joined_shop.source.left(map_, keys) == {}
    erase(fresh_joined_shop.source, map_, people)
    assert fresh_joined_shop.everything() == rows


def test_rows_that_appear_behind_what_is_gone_are_found_again(make_shop):
    made = make_shop("sqlite")
    tables = {t.name: t for t in MAP.tables}
    gone = replace(
        tables["devices"], columns=(replace(tables["devices"].columns[0], erase="delete"),)
    )
    map_ = Map("shop", "shop", (tables["accounts"], gone, tables["pings"]))
    keys, _ = erase(made.source, map_, {"b": {"accounts": (2,)}})
    assert keys["b"]["@devices.token"] == ("tok-2",)
    made.ask("INSERT INTO pings (id, device, ip) VALUES (99, 'tok-2', '10.9.9.9')")
    assert (
        made.source.left(map_, {"b": {"accounts": (2,)}}) == {}
    )  # without what was resolved nothing leads there
    assert made.source.left(map_, keys) == {"b": {"pings": 1}}
    _, planned = plan(made.source, map_, keys)
    with made.source.changing() as change:
        change.erase(map_, keys, planned=planned)
    assert made.source.left(map_, keys) == {}


def test_one_row_more_than_planned_for_one_of_them_stops_all(fresh_joined_shop):
    before = fresh_joined_shop.everything()
    keys, planned = plan(fresh_joined_shop.source, MAP, THEM)
    planned["b"]["order items"] -= 1
    with (
        pytest.raises(Disagrees, match="order items"),
        fresh_joined_shop.source.changing() as change,
    ):
        change.erase(MAP, keys, planned=planned)
    assert fresh_joined_shop.everything() == before


def test_a_table_lets_one_person_have_so_many_rows_and_no_more(fresh_joined_shop):
    before = fresh_joined_shop.everything()
    tables = tuple(replace(t, most=3) if t.name == "order items" else t for t in MAP.tables)
    with pytest.raises(Disagrees, match="map allows 3"):
        erase(fresh_joined_shop.source, Map("shop", "shop", tables), THEM)
    assert fresh_joined_shop.everything() == before


def test_corrections_of_several_people_are_guarded_by_what_stood_there(fresh_joined_shop):
    changes = {
        "a": [Change("accounts", (1,), "name", "一郎", digest("山田1"))],
        "b": [
            Change("accounts", (2,), "name", "二郎", digest("山田2")),
            Change("order", (21,), "ship to", None),
        ],
    }
    assert set(fresh_joined_shop.source.unlike(MAP, THEM, changes)) == {"a", "b"}
    with fresh_joined_shop.source.changing() as change:
        done = change.write(MAP, THEM, changes)
    assert done["b"].rows == {"accounts": 1, "order": 1}
    assert fresh_joined_shop.source.unlike(MAP, THEM, changes) == {}
    with fresh_joined_shop.source.changing() as change:  # made again, it stands already
        assert change.write(MAP, THEM, changes)["a"].rows == {"accounts": 1}
    late = {"a": [Change("accounts", (1,), "name", "三郎", digest("山田1"))]}
    with (
        pytest.raises(Disagrees, match="changed since"),
        fresh_joined_shop.source.changing() as change,
    ):
        change.write(MAP, THEM, late)
    assert {row[0]: row[2] for row in fresh_joined_shop.everything()["accounts"]}[1] == "一郎"


def test_nobody_corrects_the_row_of_another_of_the_batch(fresh_joined_shop):
    wrong = {"a": [Change("accounts", (2,), "name", "x")]}
    with (
        pytest.raises(Disagrees, match="does not belong"),
        fresh_joined_shop.source.changing() as change,
    ):
        change.write(MAP, THEM, wrong)


def test_a_step_is_made_once_and_remembers_what_it_did(fresh_joined_shop):
    source = fresh_joined_shop.source
    assert source.prepare()
    step = Applying("step-1", 1, {"a": 5, "b": 5}, epoch=7)
    _, first = erase(source, MAP, THEM, applying=step)
    assert source.epoch() >= 7
    with source.changing(replace(step, fence=2)) as change:
        again = change.erase(MAP, THEM, planned={})
    assert {w: dict(o.rows) for w, o in again.items()} == {
        w: dict(o.rows) for w, o in first.items()
    }
    assert all(o.recorded for o in again.values())


def test_what_is_out_of_date_is_refused(fresh_joined_shop):
    source, people = fresh_joined_shop.source, {"z": {"accounts": (1,)}}
    assert source.prepare()
    newer = {"z": [Change("accounts", (1,), "name", "new")]}
    with source.changing(Applying("step-2", 1, {"z": 8})) as change:
        change.write(MAP, people, newer)
    old = {"z": [Change("accounts", (1,), "name", "old")]}
    with (
        pytest.raises(WrongState, match="newer"),
        source.changing(Applying("step-3", 1, {"z": 7})) as change,
    ):
        change.write(MAP, people, old)
    assert source.unlike(MAP, people, newer) == {}


def test_our_own_tables_are_no_tables_of_the_source(sql_shop):
    before = sql_shop.source.catalogue().digest
    assert sql_shop.source.prepare()
    assert sql_shop.source.catalogue().digest == before


HOLDS = laws.holds(date(2026, 11, 26), laws.Books(3))


def held_map(**more):
    hold = Hold("tax_books", "born", **more)
    return Map(
        "shop",
        "shop",
        tuple(replace(t, hold=hold) if t.name == "accounts" else t for t in MAP.tables),
    )


def test_rows_under_a_hold_stay_and_the_outcome_says_until_when(fresh_joined_shop):
    map_, source = held_map(columns=("email",)), fresh_joined_shop.source
    change = {"b": [Change("accounts", (2,), "born", "2026-06-10")]}
    with source.changing() as changing:
        changing.write(MAP, THEM, change)
    keys, done = erase(source, map_, THEM, HOLDS)
    assert done["a"].kept == ()
    [kept] = done["b"].kept
    assert (kept.table, kept.rows, kept.hold, kept.until) == (
        "accounts",
        1,
        "tax_books",
        date(2034, 5, 31),
    )
    rows = {row[0]: row for row in fresh_joined_shop.everything()["accounts"]}
    assert rows[2][1] == "person2@mail.example"
    assert "山田2" not in repr(rows[2])  # only the columns of the hold are kept
    assert "person1" not in repr(rows[1])
    assert source.left(map_, keys, holds=HOLDS) == {}
    later = Holds(date(2034, 6, 1), HOLDS.until)
    assert source.left(map_, keys, holds=later) == {"b": {"accounts": 1}}


def test_a_hold_that_nobody_knows_or_without_a_day_stops_the_erasure(fresh_joined_shop):
    with pytest.raises(MapError, match="nobody says"):
        erase(fresh_joined_shop.source, held_map(), THEM)
    empty = {"a": [Change("accounts", (1,), "born", None)]}
    with fresh_joined_shop.source.changing() as change:
        change.write(MAP, THEM, empty)
    with pytest.raises(Disagrees, match="no day"):
        erase(fresh_joined_shop.source, held_map(), THEM, HOLDS)


def test_the_first_write_shows_its_statements_with_counts_and_no_values(sql_shop):
    shown = sql_shop.source.preview(MAP, THEM)
    assert {s.table: s.rows for s in shown}["order items"] == 8
    assert any(s.sql.startswith("DELETE FROM") for s in shown)
    assert any(s.sql.startswith("UPDATE") for s in shown)
    assert "person" not in "".join(s.sql for s in shown)
    changes = {"a": [Change("accounts", (1,), "name", "secret")]}
    [one] = sql_shop.source.preview(MAP, THEM, changes=changes)
    assert (one.table, one.rows) == ("accounts", 1)
    assert "secret" not in one.sql


def test_an_observed_source_refuses_a_batch_and_says_what_to_do(make_shop):
    made = make_shop("sqlite")
    source = shop.opened(made.url, mode="observe")
    with pytest.raises(WrongState, match="only observed") as caught, source.changing():
        pass
    assert "[source.shop]" in caught.value.do
    assert source.preview(MAP, THEM)  # it is shown all the same


def test_a_failure_in_the_last_table_leaves_the_source_as_it_was(altered_shop):
    made = altered_shop
    guards = {
        "sqlite": [
            "CREATE TRIGGER guard BEFORE UPDATE ON accounts BEGIN SELECT RAISE(ABORT, 'no'); END"
        ],
        "postgres": [
            "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE check_violation; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER guard BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION refuse()",
        ],
        "mariadb": [
            "CREATE TRIGGER guard BEFORE UPDATE ON accounts FOR EACH ROW SIGNAL SQLSTATE '45000'"
        ],
    }
    for statement in guards[made.kind]:
        with made.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    before = made.everything()
    with pytest.raises(Disagrees):
        erase(made.source, MAP, THEM)
    assert made.everything() == before


def test_a_trigger_that_puts_values_back_is_noticed(altered_shop):
    made = altered_shop
    undo = {
        "sqlite": [
            "CREATE TRIGGER putback AFTER UPDATE OF name ON accounts BEGIN UPDATE accounts SET name = old.name WHERE id = old.id; END"
        ],
        "postgres": [
            "CREATE FUNCTION putback() RETURNS trigger AS $$ BEGIN NEW.name := OLD.name; RETURN NEW; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER putback BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION putback()",
        ],
        "mariadb": [
            "CREATE TRIGGER putback BEFORE UPDATE ON accounts FOR EACH ROW SET NEW.name = OLD.name"
        ],
    }
    for statement in undo[made.kind]:
        with made.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    keys, done = erase(made.source, MAP, THEM)
    assert done["b"].rows["accounts"] == 1
    assert made.source.left(MAP, keys) == {"a": {"accounts": 1}, "b": {"accounts": 1}}


def test_a_lock_that_others_hold_changes_nothing(sql_shop, monkeypatch):
    made = sql_shop
    monkeypatch.setattr("chikai.sources.sql_engine.LOCK_SECONDS", 1)
    source = shop.opened(made.url)
    before = made.everything()
    with made.engine.connect() as other:
        if made.kind == "sqlite":
            other.exec_driver_sql("BEGIN IMMEDIATE")
        other.execute(sa.text("UPDATE accounts SET name = 'x' WHERE id = 2"))
        with pytest.raises(Unreachable, match="lock"):
            erase(source, MAP, THEM)
        other.rollback()
    source.close()
    assert made.everything() == before


@pytest.mark.postgres
@pytest.mark.mariadb
@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_deadlock_is_tried_once_more(kind, make_shop):
    """We hold accounts last; another takes an account first and then waits for a row that we hold."""
    made = make_shop(kind)
    keys, planned = plan(made.source, MAP, {"b": shop.KEYS})
    with made.engine.connect() as other, made.source.changing() as change:
        other.execute(sa.text("UPDATE accounts SET active = active WHERE id = 2"))

        def cross():
            try:
                other.execute(sa.text("UPDATE messages SET body = body WHERE id IN (1, 2)"))
                other.commit()
            except sa.exc.DBAPIError:
                other.rollback()

        timer = threading.Timer(0.7, cross)
        timer.start()
        done = change.erase(MAP, keys, planned=planned)
        timer.join()
    assert done["b"].rows["accounts"] == 1
    assert made.source.left(MAP, keys) == {}


@pytest.mark.postgres
def test_a_connection_that_is_cut_leaves_the_source_as_it_was(make_shop):
    made = make_shop("postgres")
    before = made.everything()
    keys, planned = plan(made.source, MAP, THEM)

    def cut_off():
        with made.source.changing() as change:
            change.erase(MAP, keys, planned=planned)
            made.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chikai'"
            )

    with pytest.raises(Unreachable):
        cut_off()
    assert made.everything() == before


def test_tables_that_point_at_each_other_let_go_first(altered_shop):
    made = altered_shop
    made.ask('CREATE TABLE "homes" (id integer PRIMARY KEY, account_id integer, street varchar(20), '
             'FOREIGN KEY (account_id) REFERENCES "accounts" (id))')  # fmt: skip
    made.ask('CREATE TABLE "cards" (id integer PRIMARY KEY, account_id integer, home_id integer, up integer, holder varchar(20), '
             'FOREIGN KEY (home_id) REFERENCES "homes" (id), FOREIGN KEY (up) REFERENCES "cards" (id))')  # fmt: skip
    made.ask("INSERT INTO \"homes\" VALUES (1, 2, 'x'), (2, 3, 'y')")
    made.ask(
        "INSERT INTO \"cards\" VALUES (1, 2, 1, NULL, 'h'), (2, 2, 1, 1, 'i'), (3, 3, 2, NULL, 'j')"
    )
    account = shop._edge("account_id", "accounts")
    map_ = Map("shop", "shop", (
        MAP.tables[0],
        shop._table("cards", "person", [account], "holder:name:delete"),
        shop._table("homes", "person", [account], "street:contact:delete"),
    ))  # fmt: skip
    source = shop.opened(made.url)
    keys, _ = erase(source, map_, {"b": shop.KEYS})
    assert source.left(map_, keys) == {}
    assert made.ask('SELECT id FROM "cards"') == [(3,)]
    assert made.ask('SELECT id FROM "homes"') == [(2,)]
    source.close()


def test_the_fingerprint_moves_with_the_shape_and_not_with_rows(altered_shop):
    made = altered_shop
    before = made.source.fingerprint()
    made.ask("UPDATE accounts SET name = 'x' WHERE id = 1")
    assert made.source.fingerprint() == before
    made.ask("ALTER TABLE newsletter ADD COLUMN nick varchar(20)")
    assert made.source.fingerprint() != before


def test_what_is_left_names_a_column_that_the_source_lost(sql_shop):
    pages = shop.MAP.by_name["pages"]
    lost = replace(pages, columns=(*pages.columns, ColumnMap("nickname", "name", "", "nickname")))
    map_ = replace(shop.MAP, tables=tuple(lost if t is pages else t for t in shop.MAP.tables))
    with pytest.raises(Disagrees, match=r"pages\.nickname"):
        sql_shop.source.left(map_, {"b": shop.KEYS})
