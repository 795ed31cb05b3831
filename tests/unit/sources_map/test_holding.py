"""Which tables a scan proposes to be held by the tax law, and which a map is asked about."""

from dataclasses import replace

import pytest

from chikai.policy import load
from chikai.sources import checks, holding, mapfile, scan
from chikai.sources.catalogue import Catalogue, Column, ForeignKey, Table
from chikai.sources.erasure import planned
from chikai.sources.graph import compile_map
from chikai.sources.map import Hold
from tests.web.world import EXAMPLE

POLICY = load.read(EXAMPLE).document


COLUMNS = {"name": "text", "amount": "integer", "issued_on": "date"}


def users():
    return Table("users", (Column("id", "integer"), Column("email", "text")), ("id",))


def table(name, columns):
    columns = {"id": "integer", "user_id": "integer", **columns}
    said = [Column(n, t, nullable=n.startswith("paid")) for n, t in columns.items()]
    return Table(name, tuple(said), ("id",), (ForeignKey(("user_id",), "users", ("id",)),))


def proposed(name, /, **columns):
    return scan.propose(Catalogue("sqlite", (users(), table(name, columns))), POLICY, "balus").map


@pytest.mark.parametrize(
    ("name", "columns", "since"),
    [
        ("invoices", {"name": "text", "amount": "integer", "paid_on": "date", "issued_on": "date"}, "issued_on"),
        ("billing_history", {"name": "text", "total_price": "integer", "created_at": "timestamp"}, "created_at"),
        ("payments", {"name": "text", "fee": "decimal", "paid_at": "timestamp"}, "paid_at"),
        ("receipts", {"name": "text", "tax": "decimal", "modified_at": "timestamp", "date": "date"}, "date"),
        ("請求", {"氏名": "text", "金額": "integer", "入金日": "date", "請求日": "date"}, "請求日"),
        ("領収書", {"氏名": "text", "税込金額": "integer", "発行日": "text"}, "発行日"),
    ],
)  # fmt: skip
def test_books_are_proposed_to_be_held_from_the_day_that_says_most(name, columns, since):
    map_ = proposed(name, **columns)
    assert map_.by_name[name].hold == Hold("tax_books", since)
    assert mapfile.parse(mapfile.text(map_)).by_name[name].hold == Hold("tax_books", since)
    assert not [f for f in checks.check(map_, POLICY) if f.code == "hold"]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("profiles", {"name": "text", "created_at": "timestamp"}),  # no money
        ("invoices", {"name": "text", "amount": "integer"}),  # no day
        ("gifts", {"name": "text", "price": "integer", "given_on": "date"}),  # no book by its name
        ("invoices", {"name": "text", "amount": "integer", "birthday": "date"}),  # no day of a book
    ],
)
def test_nothing_else_is(name, columns):
    assert proposed(name, **columns).by_name[name].hold is None


def test_money_with_days_under_another_name_is_asked_about_until_somebody_says_so():
    map_ = proposed("gifts", name="text", price="integer", given_on="date")
    (found,) = [f for f in checks.check(map_, POLICY) if f.code == "hold"]
    assert (found.table, found.error) == ("gifts", False)
    text = mapfile.text(map_).replace("[table.gifts]\n", '[table.gifts]\nhold = "none"\n')
    said = mapfile.parse(text)
    assert not [f for f in checks.check(said, POLICY) if f.code == "hold"]
    assert 'hold = "none"' in mapfile.text(said)


def test_what_no_law_keeps_is_erased():
    map_ = proposed("invoices", **COLUMNS)
    catalogue = Catalogue("sqlite", (users(), table("invoices", COLUMNS)))
    said = replace(map_, tables=tuple(replace(t, hold=Hold("none", "")) for t in map_.tables))
    assert all(step.hold is None for step in planned(compile_map(said), catalogue))
    held = next(s for s in planned(compile_map(map_), catalogue) if s.table == "invoices")
    assert held.hold == Hold("tax_books", "issued_on")


def test_rows_that_we_hold_for_a_customer_are_not_asked_about():
    map_ = proposed("gifts", name="text", price="integer", given_on="date")
    theirs = replace(map_.by_name["gifts"], whose="customer")
    assert not holding.is_asked(theirs)
