"""The ledger: a whole export verified, against nothing but its hashes; proofs; sealing.

The floor is what any verifier must do: one SHA-256 for each leaf and one for each node, over entries that are already in
memory. CPU seconds are compared, since files are read from a warm disk.
"""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from chikai.ledger import sealing, tree, verify
from tests.bench.rows import Row, best_of
from tests.unit.ledger.made import SIGNER, Ledger, same

EVENTS = 200_000
SEALED = 20_000


def big(count: int) -> Ledger:
    """Entries alone, made quickly."""
    made = Ledger("bench")
    form = "1 rights.disclosed 2025-11-{:02}T03:04:05Z - {} {}"
    for index in range(count):
        one = same(index).hex()
        made.lines.append(form.format(index % 30 + 1, one, one[::-1]).encode())
    return made


def floor(lines: list[bytes]) -> bytes:
    """The root by hashlib alone, of a number of leaves that is filled up to a power of two."""
    sha256 = hashlib.sha256
    row = [sha256(b"\x00" + line).digest() for line in lines]
    while len(row) > 1:
        if len(row) & 1:
            row.append(row[-1])
        row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
    return row[0]


def cpu(work, runs: int = 3) -> float:
    """The least CPU seconds of a few runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def rows() -> Iterator[Row]:
    """Ours beside the floor: the ratio says how near we are to it."""
    made = big(EVENTS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made.export(folder)
        ours = EVENTS / cpu(lambda: verify.verify_folder(folder, key=SIGNER.key))
        theirs = EVENTS / cpu(lambda: floor(made.lines))
        yield Row("an export verified", ours, "events/s", "hashlib", theirs, ours / theirs, 0.3)
        million = 1_000_000 / ours
        yield Row("a million events", million, "CPU s", "wished for", 2.5, 2.5 / million)
    whole = made.tree
    root, index = whole.root(), EVENTS // 3
    leaf, proof = tree.hash_leaf(made.lines[index]), whole.inclusion(EVENTS // 3)
    cold = best_of(lambda: whole.inclusion(index))
    yield Row("a proof made", cold * 1e3, "ms", "goal of", 5, 5e-3 / cold, 1.0)
    checked = best_of(lambda: tree.check_inclusion(index, EVENTS, leaf, proof, root))
    yield Row("a proof checked", checked * 1e6, "us", "goal of", 100, 1e-4 / checked, 1.0)
    key, payload = b"k" * 32, b"p" * 200
    sealed = SEALED / cpu(
        lambda: [
            sealing.seal(key, sealing.blind() + payload, "event_payload") for _ in range(SEALED)
        ]
    )
    yield Row("small payloads sealed", sealed, "per s", "goal of", 20_000, sealed / 20_000, 1.0)
