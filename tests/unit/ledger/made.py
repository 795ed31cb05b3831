"""Ledgers made in memory, for the tests of the tree, of exports and of receipts."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chikai import canon
from chikai.ledger import disclosure, export, note, receipt, sealing, tiles, tree
from chikai.ledger.entry import Entry, tag

SIGNER = note.Signer("desk.example/ledger/5c0ffee5", b"\x07" * 32)
NOON = datetime(2025, 11, 26, 3, 0, tzinfo=UTC)


def same(*parts: object) -> bytes:
    """The same 32 bytes for the same words, so that a failing example repeats."""
    return hashlib.sha256(repr(parts).encode()).digest()


class Memory:
    """Tiles in a dict."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}

    def tile(self, place):
        return self.tiles[place.level, place.n]


@dataclass
class Ledger:
    """A ledger of events, about nobody or about one of three subjects; `erase` erases one of them."""

    seed: object = 0
    lines: list[bytes] = field(default_factory=list)
    opened: dict[int, disclosure.Opened] = field(default_factory=dict)
    of: dict[int, list[int]] = field(default_factory=dict)
    erased: dict[int, int] = field(default_factory=dict)

    def add(self, kind="work.asked", subject=None, **facts):
        index = len(self.lines)
        blinding = same(self.seed, "blinding", index)
        payload = canon.encode({"by": "work", "facts": facts, "kind": kind, "subject": None})
        tag_ = None
        if subject is not None:
            mine = self.of.setdefault(subject, [])
            tag_ = tag(same(self.seed, "subject", subject), len(mine))
            mine.append(index)
        at = NOON + timedelta(seconds=index)
        commitment = sealing.commit(blinding, payload)
        self.lines.append(Entry(kind, at, None, tag_, commitment).encode())
        self.opened[index] = disclosure.Opened(payload, blinding)
        return index

    def erase(self, subject):
        gone = self.of.pop(subject, [])
        by = self.add(disclosure.ERASURE, entries=disclosure.as_ranges(gone), count=len(gone))
        for index in gone:
            del self.opened[index]
            self.erased[index] = by
        return by

    @property
    def tree(self):
        memory, edge = Memory(), tiles.Edge()
        for tile in edge.extend([tree.hash_leaf(line) for line in self.lines]):
            memory.tiles[tile.place.level, tile.place.n] = tile.hashes
        for place, hashes in edge.partial():
            memory.tiles[place.level, place.n] = hashes
        return tiles.Tree(len(self.lines), memory)

    def note(self, size=None, signer=SIGNER):
        whole = self.tree
        size = len(self.lines) if size is None else size
        root = tiles.Tree(size, whole.reader).root()
        return signer.sign(note.Checkpoint(signer.name, size, root).text()).encode()

    def export(self, folder, signer=SIGNER):
        def entries(place):
            return self.lines[place.n * 256 : place.n * 256 + place.width]

        return export.write(folder, self.note(signer=signer), signer.key, entries)

    def shown(self, chosen=None):
        entries = {
            i: disclosure.Erased(self.erased[i])
            if i in self.erased
            else self.opened[i]
            if chosen is None or i in chosen or i in self.erased.values()
            else disclosure.Sealed()
            for i in range(len(self.lines))
        }
        return disclosure.Disclosure(SIGNER.name, len(self.lines), complete=True, entries=entries)

    def receipt(self, index):
        proof = tuple(self.tree.inclusion(index))
        line, opened = self.lines[index], self.opened[index]
        return receipt.Receipt(index, line, opened, proof, self.note(), str(SIGNER.key))


def ledger(count, seed=0):
    """A ledger of so many events, every third about a subject."""
    made = Ledger(seed)
    for index in range(count):
        made.add("rights.disclosed" if index % 3 == 0 else "work.asked", index % 3 or None, n=index)
    return made
