"""One mask for one address and one telephone number, however each source writes it."""

import pytest

from chikai.sources.catalogue import Catalogue, Column, Table
from chikai.sources.erasure import Replacing
from chikai.sources.map import ColumnMap, Identity, Map, TableMap

SECRET = b"of the tests"


def masked(source, kind, *values, unique=(), identity=None):
    columns = (ColumnMap("id", "-"), ColumnMap("held", "contact", "replace", kind))
    table = Table("people", (Column("id", "integer"), Column("held", "text")), ("id",), unique)
    map_ = Map(source, source, (TableMap("people", "person", (), identity, columns),))
    replacing = Replacing(map_, SECRET, Catalogue("x", (table,)))
    return [
        replacing.values(table, columns[1:], keys={"people": (n,)}, row=(n,), now={"held": value})[
            "held"
        ]
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    "spelt",
    ["+81-90-1234-5678", "０９０－１２３４－５６７８", "09012345678", "+81 (0)90 1234 5678"],
)
def test_a_number_has_one_mask_in_every_source(spelt):
    plain = masked("balus", "phone", "090-1234-5678")
    assert masked("training", "phone", spelt) == plain
    assert masked("training", "phone", "090-1234-5679") != plain
    assert masked("lists", "other", spelt, identity=Identity("id", phone="held")) == plain


def test_an_address_has_one_mask_in_every_source():
    plain = masked("balus", "email", "hanako@a.example")
    assert masked("kata", "email", "Hanako@A.example") == plain
    assert plain[0].endswith("@erased.invalid")


def test_a_text_that_is_no_number_has_a_mask_of_its_own():
    one, other = masked("balus", "phone", "内線 12", "内線 13")
    assert one != other


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [("phone", "090-1234-5678", "09012345678"), ("email", "Hanako@a.example", "hanako@a.example")],
)
def test_two_spellings_stay_apart_where_nothing_may_stand_twice(kind, one, other):
    first, second = masked("balus", kind, one, other, unique=(("held",),))
    assert first != second
    assert len(set(masked("balus", kind, one, other))) == 1
