"""The tree against vectors that others wrote: RFC 6962's reference tree, and proofs that verifiers must refuse."""

import base64

import pytest

from chikai.errors import Forked, Tampered
from chikai.ledger import tiles, tree
from tests.unit.ledger.made import Memory

# The leaves and roots of Certificate Transparency's reference tree.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = """
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
# From 6 to 8 leaves, as transparency-dev/merkle prints it.
GROWTH = [
    "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
    "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
    "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
]
X, Y = b"x" * 32, b"y" * 32


def grown(count):
    memory, edge = Memory(), tiles.Edge()
    list(edge.extend([tree.hash_leaf(leaf) for leaf in LEAVES[:count]]))
    for place, hashes in edge.partial():
        memory.tiles[place.level, place.n] = hashes
    return tiles.Tree(count, memory)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference_tree(size):
    assert grown(size).root().hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_root_of_nothing():
    assert tiles.Edge().root() == tree.EMPTY
    assert tree.EMPTY.hex().startswith("e3b0c44298fc1c149afbf4c8996fb924")


def test_growth_is_proved_as_others_prove_it():
    proof = [base64.b64decode(text) for text in GROWTH]
    assert grown(8).growth(6) == proof
    tree.check_growth(6, 8, bytes.fromhex(ROOTS[5]), bytes.fromhex(ROOTS[7]), proof)


@pytest.mark.parametrize(
    ("index", "size", "leaf", "proof", "root"),
    [
        (0, 0, X, [], tree.EMPTY),
        (0, 1, b"", [], b""),
        (0, 1, X, [], b""),
        (0, 1, b"", [], X),
        (0, 1, X, [], Y),
        (0, 1, X, [X], X),
        (1, 1, X, [], X),
        (-1, 1, X, [], X),
        (0, 2, X, [], X),
        (0, 2, X, [b"short"], X),
    ],
)
def test_a_proof_of_inclusion_that_proves_nothing_is_refused(index, size, leaf, proof, root):
    with pytest.raises(Tampered):
        tree.check_inclusion(index, size, leaf, proof, root)


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof"),
    [
        (0, 0, X, X, []),  # two empty trees with a root that no empty tree has
        (0, 0, tree.EMPTY, X, []),
        (0, 0, tree.EMPTY, tree.EMPTY, [X]),
        (0, 1, tree.EMPTY, X, []),  # everything grows from nothing: it proves nothing
        (0, 1, X, X, []),
        (0, 2, tree.EMPTY, X, [X]),
        (1, 1, X, Y, []),
        (1, 1, X, X, [X]),
        (1, 1, b"", b"", []),
        (2, 1, X, X, []),
        (1, 2, X, Y, []),
        (1, 0, X, tree.EMPTY, []),
        (6, 8, X, Y, []),
        (-1, 1, X, Y, []),
    ],
)
def test_a_proof_of_growth_that_proves_nothing_is_refused(old, new, old_root, new_root, proof):
    with pytest.raises(Forked):
        tree.check_growth(old, new, old_root, new_root, proof)


def test_two_empty_trees_are_one():
    tree.check_growth(0, 0, tree.EMPTY, tree.EMPTY, [])


@pytest.mark.parametrize("bad", ["drop", "double", "swap", "flip", "behind", "before"])
def test_a_proof_of_growth_is_not_bent(bad):
    proof = [base64.b64decode(text) for text in GROWTH]
    bent = {
        "drop": proof[:-1],
        "double": [*proof, proof[-1]],
        "swap": [proof[1], proof[0], proof[2]],
        "flip": [bytes([proof[0][0] ^ 16]) + proof[0][1:], *proof[1:]],
        "behind": [*proof, b""],
        "before": [bytes.fromhex(ROOTS[5]), *proof],
    }[bad]
    with pytest.raises(Forked):
        tree.check_growth(6, 8, bytes.fromhex(ROOTS[5]), bytes.fromhex(ROOTS[7]), bent)
