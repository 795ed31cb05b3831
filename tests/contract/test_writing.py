"""Corrections and erasure: by the map, within the bound, in one piece, and nobody else's."""

from datetime import date

import pytest

from chikai.errors import ConfigError, Disagrees, WrongState
from chikai.sources.map import ColumnMap, Map, TableMap
from chikai.sources.protocol import Change
from tests.contract import shop

KEYS = shop.KEYS
PLENTY = dict.fromkeys([t.name for t in shop.MAP.tables], 100)


def mine(source):
    with source.reading() as reading:
        return {name: list(rows) for name, rows in reading.read(shop.MAP, KEYS)}


def test_a_correction_changes_one_column_of_one_row(fresh_shop):
    before = fresh_shop.everything()
    changes = [
        Change("accounts", (2,), "name", "山田 次郎"),
        Change("order", ("22",), "ship to", "本郷"),
    ]
    assert fresh_shop.source.write(shop.MAP, KEYS, changes, at_most=2) == {
        "accounts": 1,
        "order": 1,
    }
    assert mine(fresh_shop.source)["accounts"][0]["name"] == "山田 次郎"
    after = fresh_shop.everything()
    for name, rows in before.items():
        assert len(set(after[name]) - set(rows)) == (1 if name in {"accounts", "order"} else 0), (
            name
        )


def test_a_correction_comes_as_text_and_lands_in_the_type_of_its_column(fresh_typed_shop):
    change = Change("accounts", ("2",), "born", "1990-12-31")
    fresh_typed_shop.source.write(shop.MAP, KEYS, [change], at_most=1)
    assert mine(fresh_typed_shop.source)["accounts"][0]["born"] == date(1990, 12, 31)


def test_two_columns_of_one_row_are_one_row(fresh_shop):
    changes = [
        Change("accounts", (2,), "name", "x"),
        Change("accounts", (2,), "email", "new@mail.example"),
    ]
    assert fresh_shop.source.write(shop.MAP, KEYS, changes, at_most=1) == {"accounts": 1}


def test_rows_with_keys_of_two_columns_and_of_uuids_are_corrected(fresh_typed_shop):
    wallet = mine(fresh_typed_shop.source)["wallets"][0]["id"]
    changes = [
        Change("order items", (21, 2), "gift", "changed"),
        Change("wallets", (str(wallet),), "holder", "JIRO"),
    ]
    assert fresh_typed_shop.source.write(shop.MAP, KEYS, changes, at_most=2) == {
        "order items": 1,
        "wallets": 1,
    }
    rows = mine(fresh_typed_shop.source)
    assert [r["gift"] for r in rows["order items"]].count("changed") == 1
    assert rows["wallets"][0]["holder"] == "JIRO"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change("accounts", (3,), "name", "secret"), "does not belong"),
        (Change("order", (11,), "ship to", "secret"), "does not belong"),
        (Change("order", ("x",), "ship to", "secret"), "does not belong"),
        (Change("accounts", (2,), "born", "secret"), "does not fit"),
        (Change("accounts", (2,), "email", None), "empty"),
        (Change("accounts", (2,), "id", 9), "key"),
        (Change("shipments", (212,), "address", "secret" * 9), "longer"),
        (Change("uploads", (2,), "file", "secret"), "customer"),
        (Change("pages", (2,), "secret", "secret"), "not in the map"),
        (Change("secrets", (2,), "x", "secret"), "not in the map"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_changes(fresh_typed_shop, change, says):
    before = fresh_typed_shop.everything()
    fine = Change("accounts", (2,), "name", "fine")
    with pytest.raises(Disagrees, match=says):
        fresh_typed_shop.source.write(shop.MAP, KEYS, [fine, change], at_most=10)
    assert fresh_typed_shop.everything() == before


def test_a_refused_value_is_not_repeated(fresh_typed_shop):
    with pytest.raises(Disagrees) as caught:
        fresh_typed_shop.source.write(
            shop.MAP, KEYS, [Change("accounts", (2,), "born", "hidden value")], at_most=1
        )
    assert "hidden" not in f"{caught.value}{caught.value.do}{caught.value.where}"


def test_a_value_that_must_be_unique_is_refused_without_being_repeated(sql_shop):
    taken = Change("accounts", (2,), "email", "person1@mail.example")
    with pytest.raises(Disagrees, match="already") as caught:
        sql_shop.source.write(shop.MAP, KEYS, [taken], at_most=1)
    assert "person1" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_more_corrections_than_planned_change_nothing(fresh_shop):
    before = fresh_shop.everything()
    changes = [Change("accounts", (2,), "name", "x"), Change("order", (21,), "ship to", "y")]
    with pytest.raises(Disagrees, match="plan allows 1"):
        fresh_shop.source.write(shop.MAP, KEYS, changes, at_most=1)
    assert fresh_shop.everything() == before


def test_erasing_leaves_nothing_of_the_person_and_everything_of_others(fresh_shop):
    before = fresh_shop.everything()
    counts = fresh_shop.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    assert counts == {
        "accounts": 1, "newsletter": 1, "order": 2, "order items": 4, "shipments": 4, "会員メモ": 2, "messages": 4,
        "notes": 3, "devices": 1, "pings": 1, "wallets": 1, "transfers": 1, "log": 2, shop.WEIRD: 1, "pages": 1,
    }  # fmt: skip
    after = fresh_shop.everything()
    said = repr({name: rows for name, rows in after.items() if name not in {"uploads", "pages"}})
    for mark in (
        "person2@",
        "山田2",
        "文京区2",
        "gift 2",
        "本郷 2",
        "電話 2",
        "192.168.0.2",
        "YAMADA 2",
        "memo 2",
        "odd 2",
    ):
        assert mark not in said, mark
    for name, rows in before.items():
        others = [r for r in rows if "2" not in repr(r)]
        assert set(others) <= set(after[name]), name


def test_a_row_of_which_everything_goes_is_deleted_and_others_stand(fresh_shop):
    fresh_shop.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    with fresh_shop.source.reading() as reading:
        counts = reading.count(shop.MAP, KEYS)
    gone = {"newsletter", "会員メモ", "notes", "pings", "log"}
    assert {name for name, rows in counts.items() if rows == 0} == gone


def test_a_shared_work_stands_with_its_author_replaced(fresh_shop):
    fresh_shop.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    [page] = mine(fresh_shop.source)["pages"]
    assert page["body"] == "a shared page 2"
    assert page["author name"] != "山田2"


def test_what_is_held_for_a_customer_is_never_touched(fresh_shop):
    before = fresh_shop.everything()["uploads"]
    fresh_shop.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    assert fresh_shop.everything()["uploads"] == before


def test_columns_that_cannot_be_empty_get_a_replacement_that_fits(fresh_typed_shop):
    fresh_typed_shop.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    rows = mine(fresh_typed_shop.source)
    assert len(rows["devices"][0]["label"]) == 4
    assert rows["accounts"][0]["email"].endswith("@erased.invalid")
    assert rows["accounts"][0]["born"] is None
    assert rows["accounts"][0]["active"] is True
    assert all(row["address"] for row in rows["shipments"])


def test_replacements_are_the_same_on_every_source(make_shop, request):
    made = [make_shop(kind) for kind in ("memory", "sqlite")]
    for each in made:
        each.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    assert mine(made[0].source) == mine(made[1].source)


def test_erasing_twice_is_erasing_once(fresh_shop):
    fresh_shop.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    once = fresh_shop.everything()
    fresh_shop.source.erase(shop.MAP, KEYS, at_most=PLENTY)
    assert fresh_shop.everything() == once


@pytest.mark.parametrize("table", ["notes", "accounts", "log", "messages"])
def test_more_rows_than_planned_stop_everything(fresh_shop, table):
    before = fresh_shop.everything()
    with pytest.raises(Disagrees, match=table):
        fresh_shop.source.erase(shop.MAP, KEYS, at_most={**PLENTY, table: 0})
    assert fresh_shop.everything() == before


def test_a_table_without_a_bound_is_bound_to_nothing(fresh_shop):
    with pytest.raises(Disagrees, match="plan allows 0"):
        fresh_shop.source.erase(shop.MAP, KEYS, at_most={})


def test_an_observed_source_refuses_to_be_changed(make_shop):
    for kind in ("memory", "sqlite"):
        made = make_shop(kind)
        source = made.source if kind == "memory" else shop.opened(made.url, mode="observe")
        if kind == "memory":
            source.mode = "observe"
        with pytest.raises(WrongState, match="only observed"):
            source.erase(shop.MAP, KEYS, at_most=PLENTY)
        with pytest.raises(WrongState, match="only observed"):
            source.write(shop.MAP, KEYS, [], at_most=1)


def test_erasing_without_a_secret_is_refused(make_shop):
    made = make_shop("sqlite")
    from chikai.sources.sql import connect

    source = connect(shop.configured(made.url, mode="enforce"), environ={})
    with pytest.raises(ConfigError, match="secret"):
        source.erase(shop.MAP, KEYS, at_most=PLENTY)


def only(name, **changed):
    """The map with one table's columns changed."""
    tables = tuple(
        TableMap(t.name, t.whose, t.edges, t.identity, tuple(
            ColumnMap(c.name, c.category, changed.get(c.name.replace(" ", "_"), c.erase)) for c in t.columns
        )) if t.name == name else t
        for t in shop.MAP.tables
    )  # fmt: skip
    return Map("shop", "shop", tables)


def test_a_row_that_others_still_point_at_is_not_deleted(fresh_joined_shop):
    """The order's items stand (their shipments do), so the order cannot go."""
    before = fresh_joined_shop.everything()
    map_ = only("order", ship_to="delete")
    with pytest.raises(Disagrees, match="order"):
        fresh_joined_shop.source.erase(map_, KEYS, at_most=PLENTY)
    assert fresh_joined_shop.everything() == before


def test_a_cascade_that_would_take_rows_of_others_is_refused(altered_shop):
    altered_shop.ask('CREATE TABLE "likes" (id integer PRIMARY KEY, message integer, who integer, '
                 'FOREIGN KEY (message) REFERENCES "messages" (id) ON DELETE CASCADE)')  # fmt: skip
    altered_shop.ask('INSERT INTO "likes" VALUES (1, 1, 3)')
    source = shop.opened(altered_shop.url)
    with pytest.raises(Disagrees, match="`likes`"):
        source.erase(only("messages", body="delete"), KEYS, at_most=PLENTY)
    source.close()
    assert altered_shop.ask('SELECT count(*) FROM "likes"') == [(1,)]


def test_a_thread_of_ones_own_may_go_at_once(altered_shop):
    """Rows that point at each other with a cascade, all the person's."""
    altered_shop.ask('CREATE TABLE "threads" (id integer PRIMARY KEY, account_id integer, parent_id integer, body varchar(20), '
                 'FOREIGN KEY (parent_id) REFERENCES "threads" (id) ON DELETE CASCADE)')  # fmt: skip
    altered_shop.ask(
        "INSERT INTO \"threads\" VALUES (1, 2, NULL, 'a'), (2, 2, 1, 'b'), (3, 1, NULL, 'c')"
    )
    mapped = shop._table(
        "threads", "person", [shop._edge("account_id", "accounts")], "body:content:delete"
    )
    map_ = Map("shop", "shop", (shop.MAP.tables[0], mapped))
    source = shop.opened(altered_shop.url)
    assert source.erase(map_, KEYS, at_most=PLENTY | {"threads": 2})["threads"] == 2
    assert altered_shop.ask('SELECT id FROM "threads"') == [(3,)]
    altered_shop.ask(
        "INSERT INTO \"threads\" VALUES (1, 2, NULL, 'a'), (2, 1, 1, 'a reply of another')"
    )
    with pytest.raises(Disagrees, match="threads"):
        source.erase(map_, KEYS, at_most=PLENTY | {"threads": 2})
    assert len(altered_shop.ask('SELECT id FROM "threads"')) == 3
    source.close()
