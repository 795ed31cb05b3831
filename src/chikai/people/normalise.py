"""One spelling for each identifier, and its keyed digest, so that equal things are found equal and nothing is kept.

A spelling lives only as long as the row that is being read. What finds somebody is stored as HMAC-SHA256 under the
installation's key `identifiers`; what only has to differ when two things do, as 8 bytes of keyed BLAKE2s (RFC 7693)
under a key made from it. Text that is no address or no telephone number has no spelling: None, never a guess.

Law: APPI Art. 37(2).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai.spelling import mail, phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BLOCK: Final = 64  # of SHA-256, in bytes
SHORT: Final = 8  # bytes that only have to differ when two things do; nothing is found by them

_PARTS: Final = re.compile(r"[\s,、・･·=＝]+")
_JAPANESE: Final = re.compile(
    r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# What a name in Japanese letters is folded by: spaces and selectors of a glyph's variant go, katakana becomes
# hiragana, and a letter that some machines lack becomes the one that is typed instead.
_FOLDED: Final = {
    **dict.fromkeys(map(ord, " \t\r\n\u00a0\u3000,、・·=")),
    **dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x3099, 0x309A]),
    **{code: code - 0x60 for code in range(0x30A1, 0x30F7)},
    **str.maketrans("髙﨑𠮷邉邊德隆濵瀨", "高崎吉辺辺徳隆浜瀬"),
}
_HONORIFICS: Final = ("様", "さま", "殿")
_HONORIFIC: Final = re.compile(r"(?<=.)(?:様|さま|殿)$")
_NO_PROOF: Final = frozenset(
    {"", "0", "f", "false", "n", "no", "none", "null", "off", "unverified"}
)
_DIGITS: Final = frozenset("123456789")


def name(value: object) -> str | None:
    """One spelling of a name, to see whether two names disagree; it never finds anybody.

    A name in Japanese letters loses its spaces, one in other letters the order of its parts.
    """
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value).casefold()
    if _JAPANESE.search(text):
        text = text.translate(_FOLDED)
        if text.endswith(_HONORIFICS):
            text = _HONORIFIC.sub("", text)
        return text or None
    return " ".join(sorted(part for part in _PARTS.split(text) if part)) or None


def is_proof(value: object) -> bool:
    """Whether what stands in a column of proof (a time, a boolean, a text of either) says that the address was proved."""
    if type(value) is str and value[:1] in _DIGITS:  # a time, or a number that is not 0
        return True
    if value is None or isinstance(value, bool | int | float):
        return bool(value)
    if isinstance(value, bytes):  # MySQL's BIT(1)
        return any(value)
    if isinstance(value, date):
        return True
    text = str(value).strip().lower()
    return text not in _NO_PROOF and not text.startswith("0000-00-00")


def local_key(value: object) -> str | None:
    """A local key as text, as links hold it; None for a value that cannot be one."""
    common = type(value) is int or type(value) is str
    if not common and (value is None or isinstance(value, bool | float | bytes)):
        return None
    text = str(value)
    return text if text and "\0" not in text else None


def rules() -> bytes:
    """What a spelling depends on besides what was written: this file, and the tables of Unicode."""
    return Path(__file__).read_bytes() + unicodedata.unidata_version.encode()


class Keyed:
    """Digests of identifiers under one key. The kind is part of what is digested, so a mail never equals a phone."""

    def __init__(self, key: bytes) -> None:
        # RFC 2104 with both pads digested once: `hmac` sets up the key anew for each of a million short texts.
        block = hashlib.sha256(key).digest() if len(key) > BLOCK else key
        block = block.ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
        self._name = hashlib.blake2s(key=self._digest("key of names"), digest_size=SHORT)
        # With other rules the same row is another row, so a release with better rules digests every row anew.
        self._row = hashlib.blake2s(rules(), key=self._digest("key of rows"), digest_size=SHORT)

    def mail(self, value: object) -> bytes | None:
        """The digest of a mail address, 32 bytes."""
        text = mail(value)
        return None if text is None else self._digest(f"mail\0{text}")

    def phone(self, value: object) -> bytes | None:
        """The digest of a telephone number, 32 bytes."""
        text = phone(value)
        return None if text is None else self._digest(f"phone\0{text}")

    def name(self, value: object) -> bytes | None:
        """The digest of a name, 8 bytes."""
        text = name(value)
        if text is None:
            return None
        sum_ = self._name.copy()
        sum_.update(text.encode("utf-8", "surrogatepass"))
        return sum_.digest()

    def row(self, row: Mapping[str, object]) -> bytes:
        """The digest of all that a row says of a person, as it is written there, 8 bytes. No spelling is made."""
        said = (row.get("email"), row.get("phone"), row.get("name"), is_proof(row.get("verified")))
        sum_ = self._row.copy()
        sum_.update(repr(said).encode())
        return sum_.digest()

    def _digest(self, text: str) -> bytes:
        """HMAC-SHA256 of a text."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        return outer.digest()


# A row of an identity table: local key, a short digest of what is written beside it, and the row itself.
Marked = tuple[str, bytes, "Mapping[str, object]"]
# What is kept of it: local key, digests of mail, phone and name, whether the mail is proved, and that short digest, to
# see that a row is as it was.
Digested = tuple[str, bytes | None, bytes | None, bytes | None, bool, bytes]


def marked(rows: Iterable[Mapping[str, object]], keyed: Keyed) -> Iterator[Marked]:
    """Rows keyed by the fields of `Identity`, each with what tells it from its next state. One without a key is left out."""
    for row in rows:
        key = local_key(row.get("key"))
        if key is not None:
            yield key, keyed.row(row), row


def kept(rows: Iterable[Marked], keyed: Keyed) -> Iterator[Digested]:
    """What is kept of rows. A row whose table names no column of proof proves nothing."""
    for key, seen, row in rows:
        mailbox = keyed.mail(row.get("email"))
        telephone = None if row.get("phone") is None else keyed.phone(row["phone"])
        called = keyed.name(row.get("name"))
        proved = mailbox is not None and is_proof(row.get("verified"))
        yield key, mailbox, telephone, called, proved, seen


def digested(rows: Iterable[Mapping[str, object]], keyed: Keyed) -> Iterator[Digested]:
    """What is kept of rows keyed by the fields of `Identity`."""
    return kept(marked(rows, keyed), keyed)
