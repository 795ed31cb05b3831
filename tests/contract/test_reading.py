"""Every source answers the same about the same rows."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from chikai.errors import Disagrees, MapError
from chikai.sources.map import Map, TableMap
from tests.contract import shop

KEYS = shop.KEYS


def read_all(reading, map_, keys):
    return {name: list(rows) for name, rows in reading.read(map_, keys)}


def test_the_catalogue_names_every_table_as_it_is_called(read_shop):
    assert {t.name for t in read_shop.source.catalogue().tables} == set(shop.META.tables)


def test_the_catalogue_knows_keys_of_every_kind(typed_shop):
    known = typed_shop.source.catalogue().by_name
    assert known["order items"].primary_key == ("order_id", "line")
    assert known["devices"].primary_key == ("token",)
    assert ("email",) in known["accounts"].unique
    [foreign] = known["shipments"].foreign_keys
    assert (foreign.columns, foreign.table, foreign.to) == (
        ("order_id", "line"),
        "order items",
        ("order_id", "line"),
    )
    assert {f.columns for f in known["messages"].foreign_keys} == {("sender_id",), ("receiver_id",)}
    assert known["notes"].foreign_keys == ()


def test_a_table_may_have_no_key(sql_shop):
    assert sql_shop.source.catalogue().by_name["log"].primary_key == ()


def test_the_catalogue_knows_types_lengths_and_what_may_be_empty(typed_shop):
    known = typed_shop.source.catalogue().by_name
    types = {c.name: c.type for c in known["accounts"].columns}
    assert types == {
        "id": "integer",
        "email": "text",
        "name": "text",
        "verified_at": "timestamp",
        "born": "date",
        "active": "boolean",
    }
    email = known["accounts"].column("email")
    assert (email.length, email.nullable) == (200, False)
    assert known["wallets"].column("id").type == "uuid"
    assert known["order"].column("total").type == "decimal"
    assert known["会員メモ"].column("本文").type == "text"


def test_the_digest_of_the_shape_does_not_move_by_itself(read_shop):
    assert read_shop.source.catalogue().digest == read_shop.source.catalogue().digest


def test_a_check_says_what_answers(read_shop):
    health = read_shop.source.check()
    assert health.reachable
    assert health.tables == len(shop.META.tables)


def test_a_person_is_found_by_address(typed_shop):
    with typed_shop.source.reading() as reading:
        assert reading.find(
            shop.MAP, "accounts", "email", ["person2@mail.example", "nobody@mail.example"]
        ) == (2,)
        assert reading.find(shop.MAP, "accounts", "email", []) == ()


@pytest.mark.parametrize(
    "near", ["Person2@mail.example", "persön2@mail.example", "person2@mail.example ", "%"]
)
def test_a_similar_address_finds_nobody(read_shop, near):
    with read_shop.source.reading() as reading:
        assert reading.find(shop.MAP, "accounts", "email", [near]) == ()


def test_keys_may_come_as_text(read_shop):
    with read_shop.source.reading() as reading:
        number, text = (
            reading.count(shop.MAP, {"accounts": (2,)}),
            reading.count(shop.MAP, {"accounts": ("2",)}),
        )
    assert number == text
    assert number["order"] == 2


def test_a_key_that_no_column_can_hold_is_nobody(read_shop):
    with read_shop.source.reading() as reading:
        counts = reading.count(
            shop.MAP, {"accounts": ("2; DROP TABLE accounts", 2**70, None, "\x00")}
        )
    assert set(counts.values()) == {0}


def test_counts_are_the_same_everywhere(read_shop):
    with read_shop.source.reading() as reading:
        assert reading.count(shop.MAP, KEYS) == {
            "accounts": 1, "newsletter": 1, "order": 2, "order items": 4, "shipments": 4, "会員メモ": 2,
            "messages": 4, "notes": 3, "devices": 1, "pings": 1, "wallets": 1, "transfers": 1, "log": 2,
            shop.WEIRD: 1, "pages": 1, "uploads": 1,
        }  # fmt: skip


def test_nobody_has_no_rows(read_shop):
    with read_shop.source.reading() as reading:
        assert set(reading.count(shop.MAP, {"accounts": (99,)}).values()) == {0}
        assert set(reading.count(shop.MAP, {}).values()) == {0}


def test_rows_are_those_of_the_hand_written_query(typed_shop):
    if typed_shop.engine is None:
        pytest.skip("only a database has queries")
    with typed_shop.source.reading() as reading:
        got = read_all(reading, shop.MAP, KEYS)
    catalogue = typed_shop.source.catalogue().by_name
    for name, query in shop.BY_HAND.items():
        key = catalogue[name].primary_key
        assert [tuple(row[c] for c in key) for row in got[name]] == typed_shop.ask(query), name


def test_every_source_reads_the_same_rows(typed_shop):
    with typed_shop.source.reading() as reading:
        got = [(name, list(rows)) for name, rows in reading.read(shop.MAP, KEYS)]
    assert [name for name, _ in got] == [
        t.name for t in shop.MAP.tables if t.whose in {"person", "shared"}
    ]
    rows = dict(got)
    assert rows["accounts"] == [
        {
            "id": 2,
            "email": "person2@mail.example",
            "name": "山田2",
            "verified_at": shop.AT,
            "born": date(1982, 2, 3),
            "active": True,
        }
    ]
    assert rows["order"][0] == {"id": 21, "ship to": "文京区21", "total": Decimal(21)}
    assert rows["order items"][0] == {"order_id": 21, "line": 1, "gift": "gift 21-1"}
    assert rows["wallets"] == [{"id": UUID(int=2 << 64 | 1), "holder": "YAMADA 2"}]
    assert sorted(row["ip"] for row in rows["log"]) == ["10.0.0.21", "10.0.0.22"]
    assert rows[shop.WEIRD] == [{"id": 2, "text": "odd 2"}]


def test_a_row_with_two_reasons_is_read_once(typed_shop):
    with typed_shop.source.reading() as reading:
        rows = read_all(reading, shop.MAP, KEYS)
    assert [row["id"] for row in rows["messages"]] == [0, 1, 2, 5]


def test_no_row_of_anybody_else_is_read(read_shop):
    with read_shop.source.reading() as reading:
        for name, rows in reading.read(shop.MAP, KEYS):
            for row in rows:
                said = repr(row)
                assert not [mark for mark in ("山田1", "山田3", "11-", "31-") if mark in said], name


def test_a_table_may_be_left_before_its_end(read_shop):
    with read_shop.source.reading() as reading:
        names = [name for name, rows in reading.read(shop.MAP, KEYS) if next(rows, None)]
    assert "transfers" in names


def test_what_hangs_on_a_person_whose_row_has_gone_is_still_found(read_shop):
    with read_shop.source.reading() as reading:
        counts = reading.count(shop.MAP, {"accounts": (2,)})
    assert counts["order"] == 2
    assert counts["newsletter"] == 0


def test_identities_come_in_chunks_with_the_fields_of_the_map(typed_shop):
    with typed_shop.source.reading() as reading:
        chunks = list(reading.identities(shop.MAP, "accounts", chunk=2))
    assert [len(chunk) for chunk in chunks] == [2, 1]
    assert chunks[0][0] == {
        "key": 1,
        "email": "person1@mail.example",
        "verified": shop.AT,
        "name": "山田1",
    }
    assert chunks[1][0]["verified"] is None


def test_a_sample_is_of_real_rows(read_shop):
    with read_shop.source.reading() as reading:
        all_ = {tuple(r) for r in reading.sample("notes", ["id", "body"], 1000)}
        some = reading.sample("notes", ["id", "body"], 4)
    assert len(all_) == 12
    assert 1 <= len(some) <= 4
    assert set(some) <= all_


def test_inclusion_counts_distinct_values(read_shop):
    with read_shop.source.reading() as reading:
        assert reading.included(("pings", "device"), ("devices", "token"), 100) == (3, 3)
        assert reading.included(("messages", "sender_id"), ("accounts", "id"), 100) == (3, 3)
        assert reading.included(("notes", "owner_id"), ("accounts", "id"), 100) == (3, 9)
        assert reading.included(("newsletter", "id"), ("accounts", "id"), 100) == (0, 3)


def test_a_map_of_a_table_that_is_missing_disagrees_and_names_it(read_shop):
    map_ = Map(
        "shop",
        "shop",
        (*shop.MAP.tables, TableMap("ghosts", "person", shop.MAP.by_name["order"].edges)),
    )
    with read_shop.source.reading() as reading, pytest.raises(Disagrees, match="ghosts") as caught:
        read_all(reading, map_, KEYS)
    assert "chikai map drift" in caught.value.do


def test_a_table_nobody_can_be_reached_from_is_an_error_of_the_map(read_shop):
    map_ = Map("shop", "shop", (*shop.MAP.tables[:1], TableMap("log", "person")))
    with read_shop.source.reading() as reading, pytest.raises(MapError, match="log"):
        reading.count(map_, KEYS)


def test_more_keys_than_one_statement_takes(read_shop):
    keys = {"accounts": tuple(range(2, 2503)), "newsletter": (502,)}
    with read_shop.source.reading() as reading:
        counts = reading.count(shop.MAP, keys)
        messages = read_all(reading, shop.MAP, keys)["messages"]
    assert counts["messages"] == len(messages) == 6
    assert counts["order"] == 4
