"""Setting a letter or the policy in type: finding a Japanese font, reading which characters it has, and calling typst.

Clauses: 1.1, 6.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from chikai.errors import ConfigError
from chikai.policy import sheet
from chikai.rights import letter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chikai.policy.document import Document, Language

# In the order of our preference: the family as typst calls it, and how its file begins.
FAMILIES: Final = (
    ("Noto Sans CJK JP", "NotoSansCJK"),
    ("Noto Sans JP", "NotoSansJP"),
    ("Noto Serif CJK JP", "NotoSerifCJK"),
    ("IPAexGothic", "ipaexg"),
)
FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
NO_FONT: Final = "no Japanese font is installed, so there is no PDF"


@dataclass(frozen=True, slots=True)
class Font:
    """A family, the folder of its files, and the characters that it has."""

    family: str
    folder: Path
    characters: frozenset[int]


@lru_cache(maxsize=1)
def font() -> Font | None:
    """The first of our families that is installed; None where there is none."""
    for family, beginning in FAMILIES:
        for folder in FOLDERS:
            files = sorted(Path(folder).expanduser().rglob(f"{beginning}*Regular.*t[tc]*"))
            files += sorted(Path(folder).expanduser().rglob(f"{beginning}.ttf"))
            if files:
                return Font(family, files[0].parent, characters(files[0]))
    return None


def pdf(said: Mapping[str, Any], at: datetime) -> bytes:
    """The letter as PDF, tagged for readers; ConfigError where no Japanese font is installed."""
    return _compiled(letter.SOURCE, "letter", said, at)


def policy(document: Document, language: Language, at: datetime) -> bytes:
    """The policy as sheets of A4 in one language; `at` is the moment that the file names as its own."""
    return _compiled(sheet.SOURCE, "data", sheet.data(document, language), at)


def _compiled(source: str, name: str, said: Mapping[str, Any], at: datetime) -> bytes:
    found = font()
    if found is None:
        raise ConfigError(NO_FONT, "on Debian: `apt-get install fonts-noto-cjk`")
    try:
        import typst
    except ImportError:
        raise ConfigError("letters need typst", "install `chikai[server]`") from None
    text, _ = letter.checked(said, found.characters)
    make: Any = typst.Compiler  # its stub asks for a type parameter that no argument gives
    compiler = make(
        source.encode(),
        font_paths=[str(found.folder)],
        ignore_system_fonts=True,
        sys_inputs={name: text, "font": found.family},
    )
    second = at.replace(microsecond=0)
    return cast("bytes", compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=second))


def characters(file: Path) -> frozenset[int]:
    """The characters that a font file has: its first face, tables `cmap` of the forms 4 and 12."""
    with file.open("rb") as handle:
        head = handle.read(16)
        start = struct.unpack(">I", head[12:16])[0] if head[:4] == b"ttcf" else 0
        handle.seek(start + 4)
        count = struct.unpack(">H", handle.read(2))[0]
        handle.seek(start + 12)
        for tag, _sum, offset, length in struct.iter_unpack(">4sIII", handle.read(16 * count)):
            if tag == b"cmap":
                handle.seek(offset)
                return _mapped(handle.read(length))
    return frozenset()


def _mapped(cmap: bytes) -> frozenset[int]:
    found: set[int] = set()
    (count,) = struct.unpack_from(">H", cmap, 2)
    for number in range(count):
        (offset,) = struct.unpack_from(">I", cmap, 8 + 8 * number)
        (form,) = struct.unpack_from(">H", cmap, offset)
        if form == 12:
            (groups,) = struct.unpack_from(">I", cmap, offset + 12)
            for first, last, _glyph in struct.iter_unpack(
                ">III", cmap[offset + 16 : offset + 16 + 12 * groups]
            ):
                found.update(range(first, last + 1))
        elif form == 4:
            found |= _of_form_4(cmap, offset)
    return frozenset(found)


def _of_form_4(cmap: bytes, offset: int) -> set[int]:
    (double,) = struct.unpack_from(">H", cmap, offset + 6)
    half = double // 2
    ends = struct.unpack_from(f">{half}H", cmap, offset + 14)
    starts = struct.unpack_from(f">{half}H", cmap, offset + 16 + double)
    return {c for a, b in zip(starts, ends, strict=True) for c in range(a, b + 1) if c != 0xFFFF}
