"""Many persons in one statement a table: each gets exactly the rows that they get alone."""

import pytest

from chikai.sources import each
from tests.contract import shop

MAP = shop.MAP
THEM = {"a": {"accounts": (1,)}, "b": shop.KEYS, "c": {"accounts": (3,), "newsletter": (501,)}}
THEM |= {"text": {"accounts": ("2",)}, "nobody": {"accounts": (999,)}}


def alone(reading, keys):
    return {name: list(rows) for name, rows in reading.read(MAP, keys)}


def test_many_persons_get_what_each_gets_alone(read_shop):
    with each.picture(read_shop.source) as reading:
        found = {who: {} for who in THEM}
        for table, rows in reading.read_each(MAP, THEM):
            for who, row in rows:
                found[who].setdefault(table, []).append(row)
    with read_shop.source.reading() as reading:
        for who, keys in THEM.items():
            expected = {t: rows for t, rows in alone(reading, keys).items() if rows}
            assert {t: sorted(map(repr, r)) for t, r in found[who].items()} == {
                t: sorted(map(repr, r)) for t, r in expected.items()
            }, who
    assert found["b"]
    assert not found["nobody"]


def test_what_is_held_is_counted_for_each(read_shop):
    with each.picture(read_shop.source) as reading:
        held = reading.held(MAP, THEM)
        for who in ("b", "text", "nobody"):
            with each.picture(read_shop.source) as picture:
                one = picture.held(MAP, {who: THEM[who]})
            assert held[who] == one[who]


def test_a_row_that_two_accounts_of_one_person_lead_to_is_held_once(read_shop):
    """Messages from one of her accounts to the other."""
    one = {"accounts": (1, 2)}
    with read_shop.source.reading() as reading:
        held = reading.held(MAP, {"one": one, "other": {"accounts": (3,)}})
        counts = {table: len(rows) for table, rows in alone(reading, one).items()}
        assert reading.count(MAP, one) == reading.count_each(MAP, {"one": one})["one"]
    assert counts["messages"] == 6
    assert {t: n for t, (n, _) in held["one"].items() if t in counts} == counts


def test_the_digest_moves_with_a_value_and_only_for_whom_it_is(fresh_shop):
    if fresh_shop.engine is None:
        pytest.skip("rows in memory are changed by another way")
    source = fresh_shop.source
    with source.reading() as reading:
        before = reading.held(MAP, THEM)
    with fresh_shop.engine.begin() as c:
        c.execute(
            shop.META.tables["accounts"]
            .update()
            .where(shop.META.tables["accounts"].c.id == 1)
            .values(name="x")
        )
    with source.reading(fresh=True) as reading:
        after = reading.held(MAP, THEM)
    assert [w for w in THEM if before[w] != after[w]] == ["a"]
    assert [t for t in before["a"] if before["a"][t] != after["a"][t]] == ["accounts"]


def test_a_column_that_appears_is_known_at_the_next_reading(altered_shop):
    if altered_shop.engine is None:
        pytest.skip("the shape of a dict is given")
    import sqlalchemy as sa

    with altered_shop.source.reading() as reading:
        assert reading.catalogue().by_name["newsletter"].column("nick") is None
    with altered_shop.engine.begin() as c:
        c.execute(sa.text("alter table newsletter add column nick varchar(20)"))
    try:
        with altered_shop.source.reading() as reading:
            assert reading.catalogue().by_name["newsletter"].column("nick") is not None
    finally:
        with altered_shop.engine.begin() as c:
            c.execute(sa.text("alter table newsletter drop column nick"))
