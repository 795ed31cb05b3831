"""A source that was restored from an old backup: what was erased or corrected is so again before anybody uses it."""

from datetime import date

from chikai.sources import orders
from chikai.sources.orders import Order
from chikai.sources.protocol import Applying, Change
from tests.contract import shop

MAP, SECRET = shop.MAP, b"of the source"
TODAY, LATER = date(2026, 11, 26), date(2027, 1, 1)
TWO = {"accounts": (2,), "newsletter": (502,)}


def order(id_, keys, epoch, *changes):
    verb = "write" if changes else "erase"
    return Order(id_, orders.marks(SECRET, keys), epoch, verb, LATER, changes)


def test_what_a_backup_brought_back_is_carried_out_again(fresh_joined_shop):
    source = fresh_joined_shop.source
    assert source.prepare()
    kept = [
        order("o1", {"accounts": (1,)}, 3, Change("accounts", (1,), "name", "一郎")),
        order("o2", TWO, 5),
        order("o3", {"accounts": (99,)}, 6),
    ]
    lost = orders.newer(kept, 2, TODAY)
    assert [o.id for o in lost] == ["o1", "o2", "o3"]
    again = orders.replay(
        source, MAP, lost, secret=SECRET, step=f"replay-{fresh_joined_shop.kind}", epoch=8
    )
    assert again.may_lift
    assert set(again.done) == {"o1", "o2"}  # the third did not come back
    assert source.epoch() >= 8
    assert source.left(MAP, {"p": TWO}) == {}
    assert {row[0]: row[2] for row in fresh_joined_shop.everything()["accounts"]}[1] == "一郎"


def test_a_source_stays_closed_while_one_order_does_not_stand(fresh_joined_shop):
    lost = [order("o1", {"accounts": (1,)}, 3, Change("order", (77,), "ship to", "x"))]
    again = orders.replay(
        fresh_joined_shop.source, MAP, lost, secret=SECRET, step="closed", epoch=9
    )
    assert again.unsettled == ("o1",)
    assert not again.may_lift


def test_a_later_correction_counts_and_an_erased_person_is_not_written(fresh_joined_shop):
    name = [Change("accounts", (2,), "name", text) for text in ("first", "second")]
    lost = [order("o1", TWO, 1, name[0]), order("o2", TWO, 2, name[1])]
    source = fresh_joined_shop.source
    assert orders.replay(source, MAP, lost, secret=SECRET, step="later", epoch=0).may_lift
    assert {row[0]: row[2] for row in fresh_joined_shop.everything()["accounts"]}[2] == "second"
    with source.changing(Applying("other")):
        pass
    lost.append(order("o4", TWO, 4))
    assert orders.replay(source, MAP, lost, secret=SECRET, step="erased", epoch=0).may_lift
    assert source.left(MAP, {"p": TWO}) == {}


def test_only_what_is_newer_and_still_in_a_backup_is_lost():
    assert orders.was_restored(4, 5)
    assert not orders.was_restored(5, 5)
    assert not orders.was_restored(None, 5)
    kept = [order("a", TWO, 4), order("b", TWO, 6), order("c", TWO, 5)]
    assert [o.id for o in orders.newer(kept, 4, TODAY)] == ["c", "b"]
    assert orders.newer(kept, 4, date(2027, 1, 2)) == ()


def test_a_mark_names_nobody_and_differs_by_register_and_secret():
    said = {
        orders.mark(SECRET, "accounts", 2),
        orders.mark(SECRET, "newsletter", 2),
        orders.mark(b"x", "accounts", 2),
    }
    assert len(said) == 3
    assert orders.mark(SECRET, "accounts", 2) == orders.mark(SECRET, "accounts", "2")
