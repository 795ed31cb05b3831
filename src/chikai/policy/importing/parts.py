"""Several documents in one text: a declaration, the public notice beside it, the way to make requests.

A second document begins at a line that names a policy where the numbers of the first begin again after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.policy.importing import ladder, markers, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line


def documents(lines: Sequence[Line]) -> list[list[Line]]:
    """The documents of a text in order; one where nothing says that there are more."""
    starts = [0]
    counted: set[str] = set()
    level = 9
    for at, line in enumerate(lines):
        if at > starts[-1] + 3 and _named(line, level, counted) and _again(lines, at, counted):
            starts.append(at)
            counted = set()
        if at > starts[-1] + 1:
            level = min(level, line.level or 9)
        counted |= {m.key for m in markers.candidates(line) if m.value > 1 and not line.indent}
    return [list(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _named(line: Line, above: int, counted: set[str]) -> bool:
    """Whether a line is the name of a document; a heading like others is one only beside articles of statutes."""
    if line.level and (line.level > above or (line.level == above and "第条" not in counted)):
        return False
    said = markers.bracketed(line.shadow) or line.shadow
    found = ladder.TITLE.search(said)
    return bool(
        found and len(said) <= 40 and not markers.candidates(line) and sentences.title_like(said)
    )


def _again(lines: Sequence[Line], at: int, counted: set[str]) -> bool:
    """Whether the numbers begin again after a line, before any other number."""
    for line in lines[at + 1 : at + 40]:
        ordered = [m for m in markers.candidates(line) if m.ordered]
        if ordered:
            return any(
                m.value == 1 and (m.key in counted or {m.style, "第条"} <= {"number", *counted})
                for m in ordered
            )
    return False
