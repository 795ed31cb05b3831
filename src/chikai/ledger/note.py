"""Checkpoints: the size and root of the ledger as a C2SP signed note, with Ed25519.

A note is a text, an empty line, and lines `— NAME BASE64`: four bytes that name the key and its signature. The
verifier's key is written `NAME+HEX+BASE64`. Signatures by other keys (witnesses) are let stand and not counted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chikai.errors import BadInput, Tampered
from chikai.ledger import tree

ED25519: Final = b"\x01"
LONGEST: Final = 65_536
_NAME: Final = re.compile(r"[^\s+\x00-\x20]+")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


def _decode(text: str) -> bytes:
    """Base64 with one spelling for each value; ValueError for any other."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the one spelling")
    return data


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and a public key: whom a signature is from."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that name the key beside its signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read `NAME+HEX+BASE64`; BadInput when it is not one."""
        name, plus, rest = text.partition("+")
        id_, _, data = rest.partition("+")
        try:
            raw = _decode(data)
        except ValueError:
            raw = b""
        key = cls(name, raw[1:])
        if not (plus and _NAME.fullmatch(name) and len(raw) == 33 and raw[:1] == ED25519):
            raise BadInput("this is no verifier's key", "it looks like `NAME+HEX+BASE64`")
        if str(key) != text or id_ != key.id.hex():
            raise BadInput("the verifier's key does not match its own name", "fetch it again")
        return key


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and a private key of 32 bytes. Its name is the origin of the log that it signs."""

    name: str
    seed: bytes

    @property
    def key(self) -> VerifierKey:
        """The key that verifies."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note of a text that ends with a newline."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(self.key.id + signature).decode()}\n"


def open_note(note: bytes, key: VerifierKey) -> str:
    """The text of a note that this key signed; Tampered when it did not."""
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise Tampered("the signed note is not UTF-8", "fetch it again") from None
    text, gap, lines = whole.rpartition("\n\n")
    if (
        len(note) > LONGEST
        or not gap
        or not lines.endswith("\n")
        or any(ord(sign) < 0x20 and sign != "\n" for sign in whole)
    ):
        raise Tampered("this is no signed note", "fetch it again")
    text += "\n"
    public, good = Ed25519PublicKey.from_public_bytes(key.public), 0
    for line in lines[:-1].split("\n"):
        dash, name, signature = [*line.split(" "), "", ""][:3]
        try:
            raw = _decode(signature)
        except ValueError:
            raw = b""
        if dash != "—" or line.count(" ") != 2 or not _NAME.fullmatch(name) or len(raw) < 5:
            raise Tampered("a signature of the note cannot be read", "fetch it again")
        if name == key.name and raw[:4] == key.id:
            try:
                public.verify(raw[4:], text.encode())
            except InvalidSignature:
                raise Tampered(
                    "the signature does not match the note", "ask for it again, and say so"
                ) from None
            good += 1
    if good != 1:
        raise Tampered(f"the note is not signed by `{key.name}`", "name the right key with --key")
    return text


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a log has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed: origin, size, root."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a checkpoint; Tampered when it is none. Lines behind the third are refused: we write none."""
        lines = text.split("\n")
        try:
            root = _decode(lines[2])
            good = len(lines) == 4 and lines[3] == "" and bool(_SIZE.fullmatch(lines[1]))
        except (IndexError, ValueError):
            root, good = b"", False
        if not good or len(root) != tree.SIZE or not lines[0]:
            raise Tampered("this is no checkpoint", "fetch it again")
        found = cls(lines[0], int(lines[1]), root)
        if found.size == 0 and root != tree.EMPTY:
            raise Tampered("an empty tree has another root", "fetch it again")
        return found


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that this key signed; its origin is the key's name."""
    found = Checkpoint.parse(open_note(note, key))
    if found.origin != key.name:
        raise Tampered("the checkpoint is of another log", "name the right key with --key")
    return found
