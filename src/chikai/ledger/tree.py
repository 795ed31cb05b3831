"""The tree of RFC 6962: hashes of leaves and nodes, and what proves inclusion and growth.

A proof that is empty where it must not be, that is longer than it need be, or that speaks about an empty tree is
refused: outside suites of proofs show that verifiers let such things pass.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from chikai.errors import Forked, Tampered

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE: Final = 32
EMPTY: Final = hashlib.sha256(b"").digest()  # the root of a tree without leaves


def hash_leaf(entry: bytes) -> bytes:
    """The hash of an entry: RFC 6962, 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_leaves(entries: Sequence[bytes]) -> list[bytes]:
    """The hashes of many entries."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def hash_node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, the left one complete."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def join(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees of one size; their number is a power of two."""
    sha256 = hashlib.sha256
    row = list(hashes)
    while len(row) > 1:
        row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)]
    return row[0]


def split(size: int) -> int:
    """The largest power of two below a size of two or more: how many leaves stand on the left."""
    return 1 << (size - 1).bit_length() - 1


def check_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Tampered unless the leaf stands at this index of the tree with this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise Tampered(f"the proof is for entry {index} of a tree of {size}", "ask for a new one")
    if len(leaf) != SIZE or len(root) != SIZE or any(len(p) != SIZE for p in proof):
        raise Tampered("the proof holds a hash that has not 32 bytes", "ask for a new one")
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise Tampered("the proof is longer than the tree is high", "ask for a new one")
        if at & 1 or at == last:
            found = hash_node(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hash_node(found, sibling)
        at, last = at >> 1, last >> 1
    if last or found != root:
        raise Tampered(f"entry {index} is not proved to stand in the tree", "ask for a new one")


def check_growth(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Forked unless the new tree holds the old one unchanged at its beginning (RFC 9162, 2.1.4.2).

    From an empty tree everything grows, so nothing is proved by it: it is refused unless both trees are empty.
    """
    if any(len(h) != SIZE for h in (old_root, new_root, *proof)):
        raise Forked("the proof holds a hash that has not 32 bytes", "ask for a new one")
    if not 0 <= old <= new or (old == 0) != (new == 0):
        raise Forked(f"a tree of {new} cannot be shown to grow from {old}", "name another one")
    if old == new:
        if proof or old_root != new_root or (old == 0 and old_root != EMPTY):
            raise Forked(f"two trees of {old} entries differ", "ask which one is true")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise Forked("the proof is empty", "ask for a new one")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    found_old = found_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Forked("the proof is longer than the tree is high", "ask for a new one")
        if at & 1 or at == last:
            found_old = hash_node(sibling, found_old)
            found_new = hash_node(sibling, found_new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found_new = hash_node(found_new, sibling)
        at, last = at >> 1, last >> 1
    if last or found_old != old_root or found_new != new_root:
        raise Forked(
            f"the tree of {new} entries does not hold the tree of {old}", "ask which one is true"
        )
