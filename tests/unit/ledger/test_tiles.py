"""The cut into tiles, by the examples of C2SP tlog-tiles."""

import contextlib

import pytest

from chikai.errors import Tampered
from chikai.ledger import tiles
from chikai.ledger.tiles import Place


def test_a_tile_is_named_by_digits_in_threes():
    assert Place(0, 1234067, 256).path() == "tile/0/x001/x234/067"
    assert Place(2, 0, 256).path() == "tile/2/000"
    assert Place(1, 17, 5).path() == "tile/1/017.p/5"
    assert Place(0, 1000, 256).path("entries") == "tile/entries/x001/000"


def test_a_tree_of_70000_is_cut_as_the_specification_says():
    cut = list(tiles.all_places(70_000))
    assert sum(p.level == 0 and p.width == 256 for p in cut) == 273
    rest = [p for p in cut if p.level or p.width < 256]
    assert rest == [Place(0, 273, 112), Place(1, 0, 256), Place(1, 1, 17), Place(2, 0, 1)]


def test_a_tree_of_256_is_one_full_tile_and_one_root_above_it():
    assert list(tiles.all_places(256)) == [Place(0, 0, 256), Place(1, 0, 1)]


def test_an_empty_tree_has_no_tile():
    assert list(tiles.all_places(0)) == []


def test_a_bundle_holds_each_entry_behind_its_length():
    data = tiles.bundle([b"one", b"", b"three"])
    assert data == b"\x00\x03one\x00\x00\x00\x05three"
    assert tiles.unbundle(data) == [b"one", b"", b"three"]


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_bundle_that_is_cut_off_is_noticed(cut):
    data = tiles.bundle([b"one", b"three"])
    with contextlib.suppress(Tampered):
        assert tiles.unbundle(data[:-cut]) in ([b"one"], [])
    with pytest.raises(Tampered):
        tiles.unbundle(b"\x00\x05four")


def test_an_entry_too_long_for_its_length_is_refused():
    with pytest.raises(ValueError, match="65535"):
        tiles.bundle([bytes(65_536)])
