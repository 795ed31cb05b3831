"""The statements of the least role, word by word; the servers' answers are in tests/contract."""

from dataclasses import replace

import pytest

from chikai.errors import BadInput
from chikai.sources.catalogue import Catalogue, Column, ForeignKey, Table
from chikai.sources.grants import advice, role_for, statements
from chikai.sources.map import ColumnMap, Edge, Hold, Identity, Map, TableMap

SHAPE = Catalogue(
    "postgresql",
    tuple(Table(n, (Column("id", "integer"),)) for n in ("order", "people", "x.logs", "codes")),
)
MAP = Map("s", "s", (
    TableMap("people", "person", identity=Identity("id"), columns=(ColumnMap("name", "name"), ColumnMap("id", "-"))),
    TableMap("order", "person", (Edge(("p",), "people", ("id",)),), columns=(ColumnMap("note", "content", "delete"),)),
    TableMap("x.logs", "customer"),
    TableMap("codes", "none"),
))  # fmt: skip


def said(mode, map_=MAP, dialect="postgresql"):
    return statements(SHAPE, map_, role="eye", mode=mode, dialect=dialect)


def test_observing_is_reading_what_is_mapped():
    grants = [s for s in said("observe") if s.startswith("GRANT")]
    assert grants == [
        'GRANT USAGE ON SCHEMA "x" TO "eye"',
        'GRANT SELECT ON "order" TO "eye"',
        'GRANT SELECT ON "people" TO "eye"',
        'GRANT SELECT ON "x"."logs" TO "eye"',
    ]


def test_the_second_lock_is_never_put_on_an_account_that_stood_before():
    made, *others = said("observe")
    assert made.startswith("DO $do$")
    assert "RAISE EXCEPTION" in made
    inside = made.partition("IF NOT EXISTS")[2].partition("END IF")[0]
    assert 'ALTER ROLE "eye" SET default_transaction_read_only = on' in inside
    assert not [s for s in others if "SET default_transaction_read_only" in s]
    assert others[0] == 'ALTER ROLE "eye" LOGIN NOINHERIT CONNECTION LIMIT 4'


@pytest.mark.parametrize(
    ("account", "privileges", "mode", "role"),
    [
        ("owner", "more", "enforce", "chikai"),
        ("shop", "write", "observe", "chikai"),
        ("shop", "write", "enforce", "shop"),
        ("shop", "select", "observe", "shop"),
        ("chikai", "more", "observe", "chikai_least"),
        ("", "none", "observe", "chikai"),
    ],
)
def test_an_account_with_more_rights_is_left_as_it_is(account, privileges, mode, role):
    new, why = role_for(account, privileges=privileges, mode=mode, dialect="postgresql")
    assert new == role
    assert bool(why) == (new != (account or "chikai"))


def test_what_is_not_known_yet_is_granted_as_a_whole():
    none = Catalogue("postgresql", ())
    lines = statements(
        none, None, role="eye", mode="observe", dialect="postgresql", schema="old shop"
    )
    assert lines[-2:] == (
        'GRANT USAGE ON SCHEMA "old shop" TO "eye"',
        'GRANT SELECT ON ALL TABLES IN SCHEMA "old shop" TO "eye"',
    )
    lines = statements(none, None, role="eye", mode="observe", dialect="mariadb", database="shop_1")
    assert lines[-1] == "GRANT SELECT ON `shop\\_1`.* TO 'eye'@'%'"


def test_a_table_that_the_map_does_not_know_stays_readable_for_the_next_scan():
    shape = Catalogue("postgresql", (*SHAPE.tables, Table("fresh", ())))
    lines = statements(shape, MAP, role="eye", mode="observe", dialect="postgresql", schema="s")
    assert 'GRANT SELECT ON "s"."fresh" TO "eye"' in lines
    assert not [line for line in lines if "codes" in line]


def test_enforcing_writes_personal_columns_and_deletes_only_what_goes_whole():
    more = [s for s in said("enforce") if "UPDATE" in s or "DELETE" in s]
    assert more == [
        'GRANT UPDATE ("name") ON "people" TO "eye"',
        'GRANT UPDATE ("note") ON "order" TO "eye"',
        'GRANT DELETE ON "order" TO "eye"',
        'GRANT SELECT, UPDATE ON "chikai_epoch" TO "eye"',
    ]


def test_changing_needs_a_place_for_markers_which_the_owner_makes():
    made = [s for s in said("enforce") if "chikai_" in s]
    assert made[0].startswith("CREATE TABLE IF NOT EXISTS chikai_applied (step_id")
    assert 'GRANT SELECT, INSERT ON "chikai_applied" TO "eye"' in made
    assert not [s for s in said("observe") if "chikai_" in s]


def test_what_lets_go_of_a_row_and_what_a_hold_sets_may_be_written():
    tables = (
        Table("people", (Column("id", "integer"), Column("last_order", "integer"), Column("box", "text")),
              foreign_keys=(ForeignKey(("last_order",), "order", ("id",)),)),
        SHAPE.by_name["order"],
    )  # fmt: skip
    people = replace(MAP.tables[0], hold=Hold("tax_books", "id", set=(("box", "x"),)))
    map_ = Map("s", "s", (people, MAP.tables[1]))
    lines = statements(
        Catalogue("postgresql", tables), map_, role="eye", mode="enforce", dialect="postgresql"
    )
    assert 'GRANT UPDATE ("name", "box", "last_order") ON "people" TO "eye"' in lines


def test_without_a_map_nothing_is_written_in_any_mode():
    assert not [s for s in said("enforce", None) if s.startswith(("GRANT UPDATE", "GRANT DELETE"))]
    assert len([s for s in said("enforce", None) if s.startswith("GRANT SELECT")]) == 4


def test_no_statement_holds_a_password():
    for dialect in ("postgresql", "mariadb"):
        assert not [
            s for s in said("observe", dialect=dialect) if "PASSWORD" in s or "IDENTIFIED" in s
        ]
        assert advice(role="eye", mode="observe", dialect=dialect)


def test_an_account_is_locked_until_it_has_a_password():
    assert said("observe", dialect="mariadb")[0].endswith("ACCOUNT LOCK")


def test_a_file_has_advice_instead_and_a_place_for_markers_where_it_is_written():
    assert said("observe", dialect="sqlite") == ()
    made = said("enforce", dialect="sqlite")
    assert [line.split(" (")[0] for line in made if line.startswith("CREATE TABLE")] == [
        "CREATE TABLE IF NOT EXISTS chikai_applied",
        "CREATE TABLE IF NOT EXISTS chikai_epoch",
    ]
    assert "chmod 640" in advice(role="", mode="observe", dialect="sqlite")[0]


@pytest.mark.parametrize(
    ("role", "dialect"),
    [("", "postgresql"), ("a\nb", "mariadb"), ("a$do$", "postgresql"), ("eye", "oracle")],
)
def test_what_cannot_be_said_is_refused(role, dialect):
    with pytest.raises(BadInput):
        statements(SHAPE, MAP, role=role, mode="observe", dialect=dialect)
