"""Bytes become text in the encodings that Japanese files really have; what is no text is said.

A byte order mark decides. Without one the text must be valid in the encoding and read as Japanese, since Shift_JIS
and EUC-JP each accept much that was written in the other.
"""

from __future__ import annotations

import re
from typing import Final

from chikai.errors import BadInput

LIMIT: Final = 8_000_000
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SIGNATURES: Final = (
    (b"%PDF", "this is a PDF file", "extract its text first, for example with `pdftotext`"),
    (b"PK\x03\x04", "this is an office or zip file", "save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "this is an office file", "save it as plain text"),
    (b"{\\rtf", "this is an RTF file", "save it as plain text"),
    (b"\x89PNG", "this is a picture", "a scanned text needs its text recognised first"),
    (b"\xff\xd8\xff", "this is a picture", "a scanned text needs its text recognised first"),
    (b"GIF8", "this is a picture", "a scanned text needs its text recognised first"),
    (b"II*\x00", "this is a picture", "a scanned text needs its text recognised first"),
    (b"MM\x00*", "this is a picture", "a scanned text needs its text recognised first"),
)
_JIS: Final = re.compile(rb"\x1b(?:\$[@B]|\([BJ])")
_FONT: Final = re.compile(rb"/Font\b")
# Kana and the marks of sentences: what every Japanese text is full of.
_JAPANESE: Final = re.compile("[\u3041-\u3096\u30a1-\u30fc、。・（）「」]")
_ODD: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\uff61-\uff9f]")
_BULLETS: Final = "\uf0b7\uf06c"


def decoded(data: bytes, name: str) -> str:
    """The text of a file with plain line ends; BadInput says why it cannot be read and what to do."""
    return as_written(data, name).replace("\r\n", "\n").replace("\r", "\n")


def as_written(data: bytes, name: str) -> str:
    """The text of a file with its own line ends; BadInput as for `decoded`."""
    if len(data) > LIMIT:
        raise BadInput("the file is larger than 8 MB", "hand in the policy alone", name)
    if not data.strip(b"\x00\t\n\r\x0b \xef\xbb\xbf\xfe\xff"):
        raise BadInput("the file is empty", "hand in the text of the policy", name)
    _refuse_binary(data, name)
    text = _text(data, name)
    if not text.strip("\ufeff\f\r\n\t \u3000"):
        do = "recognise its text first; a scanned page holds only a picture"
        raise BadInput("the file holds pages without any text", do, name)
    return text


def _refuse_binary(data: bytes, name: str) -> None:
    for signature, what, do in _SIGNATURES:
        if data.startswith(signature):
            if signature == b"%PDF" and not _FONT.search(data):
                what = "this is a PDF file in which no text was found: it may be a scan"
                do = "recognise its text first, then extract it"
            raise BadInput(what, do, name)


def _text(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    if _JIS.search(data[:4096]):
        return _strict(data, "iso2022_jp_3", name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if "\x00" not in text:
            return text
    if wide := _wide(data):
        return wide
    return _by_likeness(data, name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError:
        raise BadInput(f"the file is not valid `{encoding}`", "save it as UTF-8", name) from None


def _wide(data: bytes) -> str:
    """UTF-16 without a mark, known by the empty bytes of its line ends and spaces."""
    if len(data) % 2 or b"\x00" not in data:
        return ""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _likeness(text) > 0.3:
            return text
    return ""


def _by_likeness(data: bytes, name: str) -> str:
    best, text = 0.0, ""
    for encoding in ("cp932", "euc_jp", "euc_jis_2004"):
        try:
            read = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if (like := _likeness(read)) > best:
            best, text = like, read
    if best < 0.15:
        do = "save it as UTF-8; UTF-16, Shift_JIS, EUC-JP and ISO-2022-JP are read too"
        raise BadInput("the encoding of the file is not known", do, name)
    return text


def _likeness(text: str) -> float:
    """The share of signs that are those of Japanese, less those that no text has."""
    sample = text[:20000]
    other = [sign for sign in sample if not sign.isascii()]
    if not other:
        return 0.0
    good = sum(bool(_JAPANESE.match(sign)) for sign in other)
    odd = sum(bool(_ODD.match(sign)) and sign not in _BULLETS for sign in sample)
    return (good - 4 * odd) / len(other)
