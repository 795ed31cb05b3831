"""Verifying an export or a receipt, offline: numbered steps, and the first fault by name.

Nothing of ours is trusted but the verifier's key, which the reader should have from elsewhere: without one the key
inside the folder is used, and the report says so. docs/reference/ledger.md holds the same steps with the same numbers.

Clauses: 1.1, 6.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput, Forked, LedgerError, Tampered
from chikai.ledger import disclosure, export, receipt, tiles, tree
from chikai.ledger.entry import Entry
from chikai.ledger.note import LONGEST, VerifierKey, open_checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from chikai.ledger.disclosure import Disclosure, Erased
    from chikai.ledger.note import Checkpoint
    from chikai.ledger.receipt import Proved
    from chikai.ledger.tiles import Place

STEPS: Final = {
    1: "the folder holds a checkpoint and a verifier's key",
    2: "the checkpoint is signed by that key, and is of that log",
    3: "the folder holds the files that the checkpoint's size asks for, and no others",
    4: "every entry has the form of an entry",
    5: "every entry hashes to its place in the tiles of level 0",
    6: "every full tile's root stands in the level above it",
    7: "the root over all tiles is the one that was signed",
    8: "an older checkpoint is of the same log, and what it covered stands unchanged at the beginning",
    9: "what was shown matches its entry; what was erased names the entry of its erasure; nothing is missing",
    10: "a receipt's entry stands at its index below a checkpoint that the key signed",
}
_AGAIN: Final = "fetch it again; when it stays so, ask the operator why"


@dataclass(frozen=True, slots=True)
class Report:
    """What holds. `trusted` is false when the key came with what it verifies."""

    key: str
    trusted: bool
    origin: str
    size: int
    root: bytes
    grew_from: int | None = None
    opened: tuple[Proved, ...] = ()
    sealed: int = 0
    erased: int = 0
    steps: tuple[int, ...] = ()


@contextmanager
def _step(number: int, where: str = "") -> Iterator[None]:
    """Say in which step a fault was found."""
    try:
        yield
    except (LedgerError, BadInput, OSError) as fault:
        kind = type(fault) if isinstance(fault, Forked) else Tampered
        what = fault.what if isinstance(fault, LedgerError | BadInput) else "a file cannot be read"
        place = ", ".join(filter(None, (f"step {number}", where, getattr(fault, "where", ""))))
        raise kind(what, getattr(fault, "do", "") or _AGAIN, place) from None


@dataclass
class _Walk:
    """The folder while its entries are read in order."""

    folder: Path
    checkpoint: Checkpoint
    old: Checkpoint | None
    keep: frozenset[int]
    edge: tiles.Edge = field(default_factory=tiles.Edge)
    kept: dict[int, Entry] = field(default_factory=dict)
    old_root: bytes | None = None

    def read(self, name: str, most: int) -> bytes:
        """A file, of which no more is read than it may hold."""
        with (self.folder / name).open("rb") as handle:
            data = handle.read(most + 1)
        if len(data) > most:
            raise Tampered("the file is too long", _AGAIN, f"`{name}`")
        return data

    def leaves(self, place: Place) -> list[bytes]:
        """Steps 4 and 5 for the entries of one bundle: their hashes."""
        name, start = place.path(export.ENTRIES), place.n * tiles.WIDTH
        with _step(4, f"`{name}`"):
            data = self.read(name, place.width * (2 + tiles.LONGEST_ENTRY))
            entries = tiles.unbundle(data)
            if len(entries) != place.width:
                raise Tampered(f"the bundle holds {len(entries)} entries instead of {place.width}")
        if not _well_formed(entries):
            for index, entry in enumerate(entries, start):
                with _step(4, f"entry {index}"):
                    Entry.decode(entry)
        for index in self.keep & frozenset(range(start, start + place.width)):
            self.kept[index] = Entry.decode(entries[index - start])
        hashes = tree.hash_leaves(entries)
        with _step(5, f"`{place.path()}`"):
            tile = self.read(place.path(), place.width * tree.SIZE)
        if tile != b"".join(hashes):
            self._differs(place, hashes, tile, 5)
        return hashes

    def _differs(self, place: Place, found: Sequence[bytes], tile: bytes, step: int) -> None:
        start = place.n * tiles.WIDTH
        there = tiles.hashes_of(tile)
        at = next((i for i, h in enumerate(found) if i >= len(there) or there[i] != h), 0)
        with _step(step, f"`{place.path()}`"):
            if place.level == 0:
                raise Tampered(f"entry {start + at} is not the one that the tile holds")
            raise Tampered(f"hash {at} is not the root of the tile below it")

    def add(self, hashes: Sequence[bytes]) -> None:
        """Step 6: grow the tree, and compare each tile that becomes full."""
        size = self.edge.size
        if self.old is not None and size <= self.old.size <= size + len(hashes):
            cut = self.old.size - size
            self._grow(hashes[:cut])
            self.old_root = self.edge.root()
            hashes = hashes[cut:]
        self._grow(hashes)

    def _grow(self, hashes: Sequence[bytes]) -> None:
        for tile in self.edge.extend(hashes):
            self._compare(tile.place, tile.hashes)

    def _compare(self, place: Place, hashes: bytes) -> None:
        if place.level == 0:
            return  # step 5 did
        with _step(6, f"`{place.path()}`"):
            there = self.read(place.path(), place.width * tree.SIZE)
        if there != hashes:
            self._differs(place, tiles.hashes_of(hashes), there, 6)

    def end(self) -> None:
        """Step 6 for partial tiles, and steps 7 and 8."""
        for place, hashes in self.edge.partial():
            self._compare(place, hashes)
        with _step(7):
            if self.edge.root() != self.checkpoint.root:
                raise Tampered("the entries do not make the root that was signed")
        if self.old is not None and self.old_root != self.old.root:
            with _step(8):
                raise Forked(
                    f"the first {self.old.size} entries are not those of the older checkpoint",
                    "ask the operator which history is true",
                )


# The moments of a bundle, a line each; the 29th of February is left to whoever decodes.
_MOMENTS: Final = re.compile(
    rb"(?:(?!0000)\d{4}-"
    rb"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    rb"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ\n)*"
)
_KIND: Final = re.compile(rb"[a-z_]+\.[a-z_]+")
_HEX: Final = b"0123456789abcdef"


def _well_formed(entries: Sequence[bytes]) -> bool:
    """Whether each of them can surely be decoded, column by column: several times faster than decoding them.

    A False is no fault yet: the entries are then decoded one by one, and the first that fails is named.
    """
    whole = b" \n ".join(entries)
    if whole.count(b"\n") != len(entries) - 1:
        return False  # no entry holds a newline, so each line below is exactly one entry
    parts = [*whole.split(b" "), b"\n"]
    kinds, moments, acts, tags, commitments, ends = (parts[i::7] for i in range(1, 7))
    hashes = b"".join([*acts, *tags, *commitments])
    absent = acts.count(b"-") + tags.count(b"-")
    return (
        len(parts) == 7 * len(entries)
        and set(parts[::7]) == {b"1"}
        and set(ends) == {b"\n"}
        and all(map(_KIND.fullmatch, set(kinds)))
        and _MOMENTS.fullmatch(b"\n".join([*moments, b""])) is not None
        and set(map(len, acts)) <= {1, 32}
        and set(map(len, tags)) <= {1, 64}
        and set(map(len, commitments)) == {64}
        and hashes.translate(None, _HEX) == b"-" * absent
        and [*map(len, acts), *map(len, tags)].count(1) == absent
    )


def verify_folder(
    folder: Path,
    *,
    key: VerifierKey | None = None,
    old: bytes | None = None,
    shown: Disclosure | None = None,
) -> Report:
    """Verify an export. Tampered, or Forked against an older checkpoint, names the first fault.

    Args:
        folder: what `chikai ledger export` wrote.
        key: the verifier's key, from elsewhere; the folder's own without it.
        old: an older checkpoint of the same log, as it was signed.
        shown: what was disclosed of chosen entries.
    """
    with _step(1):
        own = _read_key(folder)
        note = _short(folder / export.CHECKPOINT)
    with _step(2):
        checkpoint = open_checkpoint(note, key or own)
        if key is not None and own != key:
            raise Tampered("the folder's key is not the one that was named", _AGAIN)
    with _step(3):
        _check_files(folder, checkpoint.size)
    before = None if old is None else _open_older(old, key or own, checkpoint)
    keep = frozenset() if shown is None else frozenset(shown.entries)
    walk = _Walk(folder, checkpoint, before, keep)
    walk.add(())
    for place in tiles.places(checkpoint.size):
        walk.add(walk.leaves(place))
    walk.end()
    report = Report(
        key=str(key or own),
        trusted=key is not None,
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        grew_from=None if before is None else before.size,
        steps=(
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            *(() if old is None else (8,)),
            *(() if shown is None else (9,)),
        ),
    )
    return report if shown is None else _check_shown(report, checkpoint, shown, walk.kept)


def _open_older(old: bytes, key: VerifierKey, checkpoint: Checkpoint) -> Checkpoint:
    """The first half of step 8: the older checkpoint is signed, of this log, and not the longer one."""
    with _step(8):
        before = open_checkpoint(old, key)
        if before.size > checkpoint.size:
            raise Forked(
                f"the older checkpoint has {before.size} entries, and this one {checkpoint.size}",
                "ask the operator where the others went",
            )
    return before


def _read_key(folder: Path) -> VerifierKey:
    text = _short(folder / export.KEY).decode("utf-8", "replace")
    if not text.endswith("\n"):
        raise Tampered("the key's file is cut off", _AGAIN)
    return VerifierKey.parse(text[:-1])


def _short(file: Path) -> bytes:
    try:
        with file.open("rb") as handle:
            return handle.read(LONGEST + 1)
    except OSError:
        raise Tampered(f"there is no file `{file.name}`", "name a folder of an export") from None


def _check_files(folder: Path, size: int) -> None:
    there = export.listed(folder)
    # A forged size must not make us list more files than there can be: entries are counted first.
    bundles = sum(1 for name in there if name.startswith(f"tile/{export.ENTRIES}/"))
    if size > bundles * tiles.WIDTH:
        raise Tampered(f"files are missing: {bundles} bundles cannot hold {size} entries", _AGAIN)
    wanted = export.files_of(size)
    if missing := sorted(wanted - there):
        raise Tampered(f"the file `{missing[0]}` is missing", _AGAIN)
    if extra := sorted(there - wanted):
        raise Tampered("a file does not belong there", "take it away", f"`{extra[0]}`")


def _check_shown(
    report: Report, checkpoint: Checkpoint, shown: Disclosure, entries: dict[int, Entry]
) -> Report:
    """Step 9: the three classes, and the alarm."""
    with _step(9):
        if shown.origin != checkpoint.origin or not 0 <= shown.size <= checkpoint.size:
            raise Tampered("what was shown is of another log, or of a later state", "fetch both")
        if beyond := [i for i in shown.entries if i >= shown.size]:
            raise Tampered(f"entry {beyond[0]} is shown, and the file ends before it")
        if shown.complete and len(shown.entries) != shown.size:
            lost = next(i for i in range(shown.size) if i not in shown.entries)
            raise Tampered(
                f"entry {lost} is missing, and no erasure says why",
                "ask the operator",
                f"entry {lost}",
            )
    opened: dict[int, Proved] = {}
    for index, what in shown.entries.items():
        if isinstance(what, disclosure.Opened):
            with _step(9, f"entry {index}"):
                payload = disclosure.check_opened(entries[index], what)
            opened[index] = receipt.Proved(index, entries[index], payload, checkpoint)
    erased = {i: e for i, e in shown.entries.items() if isinstance(e, disclosure.Erased)}
    for index, erasure in erased.items():
        with _step(9, f"entry {index}"):
            _check_erased(index, erasure, opened)
    return replace(
        report,
        opened=tuple(opened[i] for i in sorted(opened)),
        sealed=len(shown.entries) - len(opened) - len(erased),
        erased=len(erased),
    )


def _check_erased(index: int, erasure: Erased, opened: dict[int, Proved]) -> None:
    proof = opened.get(erasure.by)
    if proof is None or proof.entry.kind != disclosure.ERASURE or erasure.by <= index:
        raise Tampered(
            f"entry {erasure.by} is said to have erased it, and is no erasure shown here"
        )
    facts = proof.payload.get("facts")
    named = facts.get("entries", "") if isinstance(facts, dict) else ""
    if not disclosure.in_ranges(index, str(named)):
        raise Tampered(f"the erasure in entry {erasure.by} does not name it")


def verify_receipt(data: bytes, *, key: VerifierKey | None = None) -> Report:
    """Verify a file of receipts; step 10 names the first that proves nothing."""
    with _step(10):
        receipts = receipt.read(data)
        own = VerifierKey.parse(receipts[0].key)
    proved = []
    for number, one in enumerate(receipts, 1):
        with _step(10, f"receipt {number}, entry {one.index}"):
            if one.key != str(key or own):
                raise Tampered("the receipt names another key than the one expected", _AGAIN)
            proved.append(receipt.check(one, key or own))
    last = max((p.checkpoint for p in proved), key=lambda c: c.size)
    return Report(
        key=str(key or own),
        trusted=key is not None,
        origin=last.origin,
        size=last.size,
        root=last.root,
        opened=tuple(proved),
        steps=(10,),
    )
