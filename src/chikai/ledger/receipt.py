"""A receipt: one file that proves an entry to whoever holds it, without us and without our keys.

It is a C2SP tlog-proof. Its extra line carries the entry, its payload with the blinding of the commitment, and the
verifier's key, so it opens after the person's key was destroyed. A person's receipt is several of them, one behind the
other with an empty line between.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai import canon
from chikai.errors import Tampered
from chikai.ledger import tree
from chikai.ledger.disclosure import Opened, check_opened
from chikai.ledger.entry import Entry
from chikai.ledger.note import VerifierKey, open_checkpoint

if TYPE_CHECKING:
    from chikai.ledger.note import Checkpoint

HEAD: Final = "c2sp.org/tlog-proof@v1\n"
LONGEST: Final = 64 * 2**20
_FORM: Final = re.compile(
    r"c2sp\.org/tlog-proof@v1\nextra ([A-Za-z0-9+/=]+)\nindex (0|[1-9][0-9]{0,18})\n"
    r"((?:[A-Za-z0-9+/=]{44}\n){0,63})\n(.+)",
    re.DOTALL,
)
_FIELDS: Final = {"entry", "payload", "blinding", "key"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry with its payload, and what proves its place below a checkpoint. `note` is the checkpoint as it was signed."""

    index: int
    entry: bytes
    opened: Opened
    proof: tuple[bytes, ...]
    note: bytes
    key: str

    def write(self) -> str:
        """The receipt as text."""
        extra = canon.encode(
            {
                "entry": self.entry.decode(),
                "payload": self.opened.payload.decode(),
                "blinding": self.opened.blinding.hex(),
                "key": self.key,
            }
        )
        hashes = "".join(f"{_base64(h)}\n" for h in self.proof)
        return f"{HEAD}extra {_base64(extra)}\nindex {self.index}\n{hashes}\n{self.note.decode()}"


@dataclass(frozen=True, slots=True)
class Proved:
    """What a receipt proves: the entry at its index, and its payload as data."""

    index: int
    entry: Entry
    payload: dict[str, object]
    checkpoint: Checkpoint


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def join(receipts: list[Receipt]) -> str:
    """Several receipts in one file."""
    return "\n".join(receipt.write() for receipt in receipts)


def read(data: bytes) -> list[Receipt]:
    """The receipts of a file; Tampered when it is none."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if len(data) > LONGEST or not text.startswith(HEAD):
        raise Tampered("this is no receipt", "ask for it again")
    return [_one(HEAD + part) for part in text.removeprefix(HEAD).split("\n" + HEAD)]


def _one(text: str) -> Receipt:
    found = _FORM.fullmatch(text)
    if found is None:
        raise Tampered("the receipt does not have the form of one", "ask for it again")
    extra, index, hashes, note = found.groups()
    try:
        raw = base64.b64decode(extra, validate=True)
        said = json.loads(raw)
        receipt = Receipt(
            int(index),
            said["entry"].encode(),
            Opened(said["payload"].encode(), bytes.fromhex(said["blinding"])),
            tuple(base64.b64decode(h, validate=True) for h in hashes.split()),
            note.encode(),
            said["key"],
        )
        same = said.keys() == _FIELDS and receipt.write() == text
    except (ValueError, KeyError, TypeError, AttributeError):
        same = False
    if not same:
        raise Tampered("the receipt cannot be read", "ask for it again")
    return receipt


def check(receipt: Receipt, key: VerifierKey) -> Proved:
    """What the receipt proves under a key; Tampered when it proves nothing."""
    checkpoint = open_checkpoint(receipt.note, key)
    entry = Entry.decode(receipt.entry)
    leaf = tree.hash_leaf(receipt.entry)
    tree.check_inclusion(receipt.index, checkpoint.size, leaf, receipt.proof, checkpoint.root)
    return Proved(receipt.index, entry, check_opened(entry, receipt.opened), checkpoint)
