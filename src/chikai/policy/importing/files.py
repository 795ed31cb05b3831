"""The files of a company become a reading: bytes, encoding, and whether it is a policy at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput
from chikai.policy.importing import notes
from chikai.policy.importing.decoding import as_written
from chikai.policy.importing.reading import outline_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from chikai.policy.outline import Outline

LIMIT: Final = 500_000
LINES: Final = 100_000


def read(paths: Sequence[Path]) -> Outline:
    """The reading of one policy that stands in these files; BadInput where it cannot be read or is none."""
    found = outline(paths)
    accept(found, paths)
    return found


def outline(paths: Sequence[Path]) -> Outline:
    """The reading of whatever text stands in these files; BadInput where it cannot be read."""
    _once(paths)
    read = [as_written(_bytes(path), str(path)) for path in paths]
    texts = list(zip(named(paths), read, strict=True))
    if sum(len(text) for _, text in texts) > LIMIT:
        what = f"the text has more than {LIMIT:,} characters, and no policy is so long"
        raise BadInput(what, "hand in the policy alone", _named(paths))
    if sum(max(text.count("\n"), text.count("\r")) for _, text in texts) > LINES:
        what = f"the text has more than {LINES:,} lines, and no policy has so many"
        raise BadInput(what, "hand in the policy alone", _named(paths))
    return outline_of(texts)


def _once(paths: Sequence[Path]) -> None:
    """BadInput where one file is named twice."""
    known = set()
    for path in paths:
        if (real := path.resolve()) in known:
            raise BadInput("the same file was named twice", "name each file once", str(path))
        known.add(real)


def accept(found: Outline, paths: Sequence[Path]) -> None:
    """BadInput where a reading is that of no privacy policy, or that of two."""
    notes.accept(found, _named(paths))


def named(paths: Sequence[Path]) -> list[str]:
    """The name of each file, with as much of its path before it as tells it from the others."""
    parts = [path.absolute().parts for path in paths]
    every = set(parts)
    return [
        next(filter(None, (_tail(one, depth, every) for depth in range(1, len(one)))))
        for one in parts
    ]


def _tail(one: tuple[str, ...], depth: int, every: Collection[tuple[str, ...]]) -> str:
    """The last parts of a path; empty where another path ends so too."""
    tail = one[-depth:]
    whole = depth == len(one) - 1
    alone = all(other == one or other[-depth:] != tail for other in every)
    return "/".join(tail) if alone or whole else ""


def _named(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput("there is no such file", "check its name", str(path)) from None
    except IsADirectoryError:
        raise BadInput("this is a folder", "name the files in it", str(path)) from None
    except OSError as fault:
        said = (fault.strerror or "no reason given").lower()
        raise BadInput(f"the file cannot be read ({said})", "check its rights", str(path)) from None
