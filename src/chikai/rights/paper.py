"""A document that somebody hands in: what it really is, by its first bytes, and how large it may be.

It is looked at once and erased when the request is decided. A file that is not what it says is refused before anything
of it is kept.

Clauses: 6.
Law: APPI Art. 37(4).
"""

from __future__ import annotations

from typing import Final

from chikai.errors import BadInput

LARGEST: Final = 5 * 2**20
MOST: Final = 3  # papers of one request
_BEGINS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def type_of(data: bytes) -> str:
    """The media type of a document; BadInput when it is none of the three that we look at, empty, or too large."""
    if not data:
        raise BadInput("the file is empty", "choose the document once more")
    if len(data) > LARGEST:
        raise BadInput(
            f"the file is larger than {LARGEST // 2**20} MB",
            "scan it smaller, or hand it in by post",
        )
    for begins, media in _BEGINS:
        if data.startswith(begins):
            return media
    raise BadInput("the file is neither PDF nor PNG nor JPEG", "save it as one of these")
