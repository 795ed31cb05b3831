"""Tiles: the tree cut into files of 256 hashes, as C2SP tlog-tiles lays them out, and proofs read from them.

Tile `n` of level `l` holds the roots of 256 complete subtrees of 256**l leaves each. The last tile of a level may be
partial. Entries stand in bundles of 256, each with its length (two bytes, big-endian) in front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from chikai.errors import Tampered
from chikai.ledger import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDTH: Final = 256
LONGEST_ENTRY: Final = 2**16 - 1


@dataclass(frozen=True, slots=True)
class Place:
    """Which tile: its level, its number in the level, and how many hashes (or entries) it holds."""

    level: int
    n: int
    width: int

    def path(self, kind: str = "") -> str:
        """The tile's file: `tile/0/x001/x234/067`, and `.p/W` behind it for a partial one."""
        digits = f"{self.n:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind or self.level}/{name}{partial}"


def places(size: int, level: int = 0) -> Iterator[Place]:
    """The tiles of one level in a tree of this size, in order."""
    hashes = size >> 8 * level
    for n in range(hashes // WIDTH):
        yield Place(level, n, WIDTH)
    if hashes % WIDTH:
        yield Place(level, hashes // WIDTH, hashes % WIDTH)


def all_places(size: int) -> Iterator[Place]:
    """The tiles of every level in a tree of this size."""
    level = 0
    while size >> 8 * level:
        yield from places(size, level)
        level += 1


def bundle(entries: Iterable[bytes]) -> bytes:
    """The bytes of a bundle of entries."""
    parts = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise ValueError("an entry has at most 65535 bytes")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; Tampered when a length leads beyond its end."""
    entries, at, end = [], 0, len(data)
    try:
        while at < end:
            start = at + 2
            at = start + (data[at] << 8 | data[at + 1])
            entries.append(data[start:at])
    except IndexError:
        at = end + 1
    if at > end:
        raise Tampered("a bundle of entries is cut off", "fetch it again")
    return entries


def hashes_of(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[i : i + tree.SIZE] for i in range(0, len(tile), tree.SIZE)]


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile and the root over it, which stands in the level above."""

    place: Place
    hashes: bytes
    root: bytes


class Edge:
    """The right edge of a growing tree: the hashes of the partial tile of each level."""

    def __init__(self, size: int = 0, rows: Iterable[bytes] = ()) -> None:
        self.size = size
        self.rows = [hashes_of(row) for row in rows] or [[]]

    def extend(self, leaves: Sequence[bytes]) -> Iterator[Tile]:
        """Add the hashes of leaves; every tile that becomes full, in the order in which it does."""
        at = 0
        while at < len(leaves):
            row = self.rows[0]
            part = leaves[at : at + WIDTH - len(row)]
            row.extend(part)
            at += len(part)
            self.size += len(part)
            level = 0
            while len(self.rows[level]) == WIDTH:
                full = self.rows[level]
                self.rows[level] = []
                place = Place(level, (self.size >> 8 * (level + 1)) - 1, WIDTH)
                tile = Tile(place, b"".join(full), tree.join(full))
                level += 1
                if level == len(self.rows):
                    self.rows.append([])
                self.rows[level].append(tile.root)
                yield tile

    def partial(self) -> Iterator[tuple[Place, bytes]]:
        """The partial tiles, lowest level first."""
        for level, row in enumerate(self.rows):
            if row:
                yield Place(level, self.size >> 8 * (level + 1), len(row)), b"".join(row)

    def root(self) -> bytes:
        """The root of the whole tree: complete subtrees, the smallest joined first."""
        found: bytes | None = None
        for row in self.rows:
            end = len(row)
            while end:
                width = end & -end  # the lowest bit: the last complete subtree
                left = tree.join(row[end - width : end])
                found = left if found is None else tree.hash_node(left, found)
                end -= width
        return tree.EMPTY if found is None else found


class Reader(Protocol):
    """Whoever holds tiles: the database, a folder, or memory."""

    def tile(self, place: Place) -> bytes:
        """The hashes of a tile, of which at least `place.width` are there."""


@dataclass(frozen=True)
class Tree:
    """A tree of some size whose tiles a reader holds; the size may be less than what the reader has."""

    size: int
    reader: Reader

    def edge(self) -> Edge:
        """The right edge at this size."""
        rows, level = [], 0
        while self.size >> 8 * level:
            hashes = self.size >> 8 * level
            place = Place(level, hashes // WIDTH, hashes % WIDTH)
            rows.append(self._read(place) if place.width else b"")
            level += 1
        return Edge(self.size, rows)

    def root(self) -> bytes:
        """The root at this size."""
        return self.edge().root()

    def inclusion(self, index: int) -> list[bytes]:
        """What proves that an entry stands at its index (RFC 6962, 2.1.1)."""
        if not 0 <= index < self.size:
            raise IndexError(f"a tree of {self.size} has no entry {index}")
        path, low, high = [], 0, self.size
        while high - low > 1:
            middle = low + tree.split(high - low)
            if index < middle:
                path.append(self._root(middle, high))
                high = middle
            else:
                path.append(self._root(low, middle))
                low = middle
        return path[::-1]

    def growth(self, old: int) -> list[bytes]:
        """What proves that this tree holds the tree of `old` entries at its beginning (RFC 6962, 2.1.2)."""
        if not 0 < old <= self.size:
            raise IndexError(f"a tree of {self.size} did not grow from {old}")
        path, low, high, whole = [], 0, self.size, True
        while old != high:
            middle = low + tree.split(high - low)
            if old <= middle:
                path.append(self._root(middle, high))
                high = middle
            else:
                path.append(self._root(low, middle))
                low, whole = middle, False
        if not whole:
            path.append(self._root(low, high))
        return path[::-1]

    def _root(self, low: int, high: int) -> bytes:
        """The root over the leaves from `low` up to `high`."""
        count = high - low
        if count & (count - 1):
            middle = low + tree.split(count)
            return tree.hash_node(self._root(low, middle), self._root(middle, high))
        level, rest = divmod(count.bit_length() - 1, 8)
        first = low >> 8 * level
        n, at = divmod(first, WIDTH)
        place = Place(level, n, min(WIDTH, (self.size >> 8 * level) - n * WIDTH))
        data = self._read(place)
        return tree.join(hashes_of(data[at * tree.SIZE : (at + (1 << rest)) * tree.SIZE]))

    def _read(self, place: Place) -> bytes:
        data = self.reader.tile(place)
        if len(data) < place.width * tree.SIZE:
            raise Tampered(f"the tile `{place.path()}` is too short", "fetch it again")
        return data[: place.width * tree.SIZE]
