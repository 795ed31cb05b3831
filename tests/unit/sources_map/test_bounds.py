"""A map says how many rows one person may have, and which law keeps them."""

import pytest

from chikai.sources import mapfile
from chikai.sources.map import Hold

TEXT = """
source = "shop"
service = "shop"

[table.orders]
whose = "person"
through = ["account_id -> accounts.id"]
most = 500
hold = { law = "tax_books", since = "ordered on", columns = ["total"], set = { "archived" = "true" } }
columns.total = "payment"
nothing = ["id", "account_id", "ordered on", "archived"]
"""


def test_a_bound_and_a_hold_are_read_and_written_as_they_stand():
    table = mapfile.parse(TEXT).by_name["orders"]
    assert table.most == 500
    assert table.hold == Hold("tax_books", "ordered on", ("total",), (("archived", "true"),))
    assert mapfile.parse(mapfile.text(mapfile.parse(TEXT))).by_name["orders"] == table


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("most = -1", "not a number of rows"),
        ("most = true", "not a number of rows"),
        ('hold = "tax_books"', "`hold` is not understood"),
        ('hold = { law = "tax_books" }', "`hold` is not understood"),
        ('hold = { law = "tax_books", since = "x", until = "y" }', "`hold` is not understood"),
    ],
)
def test_a_wrong_bound_or_hold_is_told_with_its_line(line, says):
    key = line.split(" ", 1)[0]
    lines = [line if old.startswith(key) else old for old in TEXT.splitlines()]
    with pytest.raises(mapfile.MapErrors, match=says) as caught:
        mapfile.parse("\n".join(lines))
    assert ":" in caught.value.faults[0].where
