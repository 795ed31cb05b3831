"""The fast tree agrees with the slow definition, every honest export verifies, and every tamper is found."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.errors import Forked, LedgerError
from chikai.ledger import note, tiles, tree, verify
from tests.unit.ledger.made import SIGNER, Ledger, Memory, ledger, same

SIZES = st.one_of(st.integers(0, 40), st.integers(250, 262), st.integers(508, 600))


def defined(leaves):
    """The root as RFC 6962 defines it."""
    if not leaves:
        return tree.EMPTY
    if len(leaves) == 1:
        return leaves[0]
    left = tree.split(len(leaves))
    return tree.hash_node(defined(leaves[:left]), defined(leaves[left:]))


def grow(leaves, cuts):
    """A tree that grew in steps, from its stored tiles each time."""
    memory, edge, at = Memory(), tiles.Edge(), 0
    for cut in [*sorted(c for c in cuts if c < len(leaves)), len(leaves)]:
        for tile in edge.extend(leaves[at:cut]):
            memory.tiles[tile.place.level, tile.place.n] = tile.hashes
        for place, hashes in edge.partial():
            memory.tiles[place.level, place.n] = hashes
        at = cut
        edge = tiles.Tree(at, memory).edge()
    return tiles.Tree(len(leaves), memory)


@given(SIZES, st.lists(st.integers(0, 600), max_size=4))
def test_a_tree_that_grew_in_any_steps_has_the_root_of_the_definition(size, cuts):
    leaves = [same(i) for i in range(size)]
    assert grow(leaves, cuts).root() == defined(leaves)


@given(SIZES.filter(bool), st.data())
def test_every_entry_is_proved_and_no_other_is(size, data):
    leaves = [same(i) for i in range(size)]
    whole, index = grow(leaves, []), data.draw(st.integers(0, size - 1))
    proof = whole.inclusion(index)
    tree.check_inclusion(index, size, leaves[index], proof, whole.root())
    wrong = data.draw(st.integers(0, size - 1))
    if wrong != index:
        with pytest.raises(LedgerError):
            tree.check_inclusion(wrong, size, leaves[index], proof, whole.root())
        with pytest.raises(LedgerError):
            tree.check_inclusion(index, size, leaves[wrong], proof, whole.root())


@given(SIZES.filter(bool), st.data())
def test_every_growth_is_proved_and_no_fork_is(size, data):
    leaves = [same(i) for i in range(size)]
    whole, old = grow(leaves, []), data.draw(st.integers(1, size))
    before = tiles.Tree(old, whole.reader).root()
    assert before == defined(leaves[:old])
    proof = whole.growth(old)
    tree.check_growth(old, size, before, whole.root(), proof)
    changed = data.draw(st.integers(0, old - 1))
    fork = grow([*leaves[:changed], same("fork"), *leaves[changed + 1 :]], [])
    with pytest.raises(Forked):
        tree.check_growth(old, size, before, fork.root(), fork.growth(old))


EVENTS = st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.booleans()), max_size=30)


@given(EVENTS, st.integers(0, 300), st.integers(0, 2**32))
def test_an_honest_export_raises_no_alarm(tmp_path_factory, events, more, seed):
    made = Ledger(seed)
    for subject, erases in events:
        made.add("rights.disclosed", subject)
        if erases and subject in made.of:
            made.erase(subject)
    old = made.note()
    for _ in range(more):
        made.add()
    folder = tmp_path_factory.mktemp("export")
    made.export(folder)
    report = verify.verify_folder(folder, key=SIGNER.key, old=old, shown=made.shown())
    assert report.size == len(made.lines)
    assert report.erased == len(made.erased)
    shutil.rmtree(folder)


@given(st.integers(1, 300), st.integers(1, 40), st.data())
def test_an_export_that_grew_is_the_export_that_is_written_at_once(
    tmp_path_factory, size, more, data
):
    made = ledger(size)
    grown = tmp_path_factory.mktemp("grown")
    made.export(grown)
    for i in range(more):
        made.add(n=i)
    made.export(grown)
    fresh = tmp_path_factory.mktemp("fresh")
    made.export(fresh)
    assert files(grown) == files(fresh)
    shutil.rmtree(grown)
    shutil.rmtree(fresh)


def files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257])
def test_the_same_history_is_the_same_bytes(size):
    signed = note.Checkpoint(SIGNER.name, size, ledger(size).tree.root()).text()
    assert SIGNER.sign(signed).encode() == ledger(size).note()
