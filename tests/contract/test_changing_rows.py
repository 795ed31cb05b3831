"""What folders and services do for several people at once: planned, held to the plan, kept by law, verified afterwards."""

from dataclasses import replace
from datetime import date

import pytest

from chikai.errors import Disagrees, WrongState
from chikai.sources.map import Hold, Map
from chikai.sources.protocol import Applying, Change, Holds
from tests.contract import shop

THEM = {"a": {"accounts": (1,), "newsletter": (501,)}, "b": shop.KEYS}


@pytest.fixture(params=["folder", "http"])
def rows_shop(request, shops):
    from tests.contract.conftest import refilled, standing

    made = refilled(standing(request.param, shops, request))
    made.changed = True
    return made


def planned(source, map_=shop.MAP, holds=None):
    with source.reading() as reading:
        found = reading.would_erase(map_, THEM, holds=holds)
    return {who: outcome.rows for who, outcome in found.items()}


def test_two_people_are_erased_and_nothing_of_them_is_left(rows_shop):
    source = rows_shop.source
    with source.reading() as reading:
        keys = reading.resolve(shop.MAP, THEM)
    plan = planned(source)
    assert plan["b"]["notes"] == 3
    assert set(source.left(shop.MAP, keys)) == {"a", "b"}
    with source.changing(Applying("step-1")) as change:
        assert change.erase(shop.MAP, keys, planned=plan)["b"].rows == plan["b"]
    assert source.left(shop.MAP, keys) == {}
    with source.reading() as reading:
        assert reading.count(shop.MAP, {"accounts": (3,)})["notes"] == 3


def test_a_step_that_is_made_again_finds_nothing_more_to_do(rows_shop):
    source = rows_shop.source
    plan = planned(source)
    for _ in range(2):
        with source.changing(Applying("step-1")) as change:
            change.erase(shop.MAP, THEM, planned=plan)
        after = rows_shop.everything()
    assert source.left(shop.MAP, THEM) == {}
    assert rows_shop.everything() == after


def test_one_row_more_than_planned_stops_both(rows_shop):
    source, before = rows_shop.source, rows_shop.everything()
    plan = planned(source)
    plan["b"] = {**plan["b"], "log": 1}
    with pytest.raises(Disagrees, match="log"), source.changing() as change:
        change.erase(shop.MAP, THEM, planned=plan)
    assert rows_shop.everything() == before


def test_a_block_that_raises_changes_nothing(rows_shop):
    source, before = rows_shop.source, rows_shop.everything()
    with pytest.raises(RuntimeError), source.changing() as change:  # noqa: PT012
        change.erase(shop.MAP, THEM, planned=planned(source))
        raise RuntimeError
    assert rows_shop.everything() == before


def test_what_a_law_keeps_stands(rows_shop):
    source = rows_shop.source
    mapped = shop.MAP.by_name["accounts"]
    held = replace(mapped, hold=Hold("books", "born"))
    map_ = Map("shop", "shop", tuple(held if t is mapped else t for t in shop.MAP.tables))
    holds = Holds(date(2026, 1, 1), {"books": lambda day: date(day.year + 50, 1, 1)})
    before = rows_shop.everything()["accounts"]
    plan = planned(source, map_, holds)
    with source.changing() as change:
        outcome = change.erase(map_, THEM, planned=plan, holds=holds)
    assert [(k.table, k.rows) for k in outcome["b"].kept] == [("accounts", 1)]
    assert rows_shop.everything()["accounts"] == before
    assert source.left(map_, THEM, holds=holds) == {}


def test_corrections_are_made_and_seen(rows_shop):
    source = rows_shop.source
    changes = {"a": [Change("accounts", (1,), "name", "新1")], "b": [Change("order", (22,), "ship to", "新2")]}  # fmt: skip
    assert set(source.unlike(shop.MAP, THEM, changes)) == {"a", "b"}
    with source.changing() as change:
        assert change.write(shop.MAP, THEM, changes)["b"].rows == {"order": 1}
    assert source.unlike(shop.MAP, THEM, changes) == {}


def test_a_preview_holds_no_value_and_changes_nothing(rows_shop):
    source, before = rows_shop.source, rows_shop.everything()
    said = source.preview(shop.MAP, THEM)
    assert sum(s.rows for s in said if s.table == "notes") == 6
    assert "person2" not in repr(said)
    assert rows_shop.everything() == before


def test_an_observed_place_is_not_changed(rows_shop):
    source = rows_shop.source
    source.config = replace(source.config, mode="observe")
    try:
        with pytest.raises(WrongState), source.changing():
            pass
    finally:
        source.config = replace(source.config, mode="enforce")


def test_a_place_without_markers_says_so(rows_shop):
    source = rows_shop.source
    assert (source.prepare(), source.epoch()) == (False, None)
    assert source.fingerprint() == source.fingerprint()
