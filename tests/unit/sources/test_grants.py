"""The statements of the least role, word by word; the servers' answers are in tests/contract."""

import pytest

from chikai.errors import BadInput
from chikai.sources.catalogue import Catalogue, Column, Table
from chikai.sources.grants import advice, statements
from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap

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
    assert 'ALTER ROLE "eye" SET default_transaction_read_only = on' in said("observe")


def test_enforcing_writes_personal_columns_and_deletes_only_what_goes_whole():
    more = [s for s in said("enforce") if "UPDATE" in s or "DELETE" in s]
    assert more == [
        'GRANT UPDATE ("name") ON "people" TO "eye"',
        'GRANT UPDATE ("note") ON "order" TO "eye"',
        'GRANT DELETE ON "order" TO "eye"',
    ]


def test_without_a_map_nothing_is_written_in_any_mode():
    assert not [s for s in said("enforce", None) if "UPDATE" in s or "DELETE" in s]
    assert len([s for s in said("enforce", None) if "SELECT" in s]) == 4


def test_no_statement_holds_a_password():
    for dialect in ("postgresql", "mariadb"):
        assert not [
            s for s in said("observe", dialect=dialect) if "PASSWORD" in s or "IDENTIFIED" in s
        ]
        assert advice(role="eye", mode="observe", dialect=dialect)


def test_an_account_is_locked_until_it_has_a_password():
    assert said("observe", dialect="mariadb")[0].endswith("ACCOUNT LOCK")


def test_a_file_has_advice_instead():
    assert said("observe", dialect="sqlite") == ()
    assert "chmod 640" in advice(role="", mode="observe", dialect="sqlite")[0]


@pytest.mark.parametrize(
    ("role", "dialect"), [("", "postgresql"), ("a\nb", "mariadb"), ("eye", "oracle")]
)
def test_what_cannot_be_said_is_refused(role, dialect):
    with pytest.raises(BadInput):
        statements(SHAPE, MAP, role=role, mode="observe", dialect=dialect)
