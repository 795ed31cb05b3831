"""What a printed page repeats is no text of the policy: its number, and the line that runs above or below every page.

A number counts as that of a page where its form says so and such lines count up from one. A running line is one that
comes again, whatever numbers it holds, each time beside the end of a page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import headed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line

_NUMBERS: Final = (
    re.compile(r"[-~]\s*([0-9]{1,3})\s*[-~]"),
    re.compile(r"([0-9]{1,3})\s*[-~]"),
    re.compile(r"[-~]\s*([0-9]{1,3})\s*/\s*[0-9]{1,3}\s*[-~]"),
    re.compile(r"([0-9]{1,3})\s*/\s*[0-9]{1,3}(?:\s*(?:ページ|頁))?"),
    re.compile(r"(?:第\s*)?([0-9]{1,3})\s*(?:ページ|頁)"),
    re.compile(r"p(?:age)?\.?\s*([0-9]{1,3})(?:\s*(?:of|/)\s*[0-9]{1,3})?", re.IGNORECASE),
)
# A number that says itself that it is a page's needs no other beside it.
_SAID: Final = re.compile(
    r"/\s*[0-9]{1,3}\s*(?:ページ|頁)|page.*of|^[-~]\s*[0-9]{1,3}\s*(?:/\s*[0-9]{1,3}\s*)?[-~]$",
    re.IGNORECASE,
)
_LONGEST: Final = 80
_NEAR: Final = 2
_FIRST: Final = 6


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The lines of a text without the numbers and the running lines of its pages."""
    numbers = _numbers(lines)
    ends = numbers | {at for at, line in enumerate(lines) if line.page}
    if not ends:
        return list(lines)
    dropped = numbers | _running(lines, ends, numbers)
    return list(_kept(lines, dropped))


def _numbers(lines: Sequence[Line]) -> set[int]:
    """The lines that are numbers of pages."""
    found = [
        (at, int(match[1]))
        for at, line in enumerate(lines)
        if len(line.shadow) < _LONGEST and (match := _number(line.shadow.strip()))
    ]
    if _counts_up(found):
        return {at for at, _ in found}  # though their forms differ: `1 -`, `- 2 -`
    for form in _NUMBERS:
        alike = [(at, n) for at, n in found if form.fullmatch(lines[at].shadow.strip())]
        said = all(_SAID.search(lines[at].shadow.strip()) for at, _ in alike)
        if (alike and said) or _counts_up(alike):
            return {at for at, _ in alike}
    return set()


def _number(said: str) -> re.Match[str] | None:
    return next((match for form in _NUMBERS if (match := form.fullmatch(said))), None)


def _counts_up(found: Sequence[tuple[int, int]]) -> bool:
    """Whether the numbers of some lines follow each other."""
    counted = [number for _, number in found]
    return len(counted) > 1 and counted == list(range(counted[0], counted[0] + len(counted)))


def _running(lines: Sequence[Line], ends: set[int], numbers: set[int]) -> set[int]:
    """The lines that come again beside the ends of pages."""
    beside = {at + step for at in ends for step in range(-_NEAR, _NEAR + 1)} - numbers
    near = [at for at in sorted(beside) if 0 <= at < len(lines) and _is_short(lines[at])]
    times = Counter(_form(lines[at]) for at in near)
    running = {form for form, count in times.items() if count > 1}
    # The title of the document may run above the second page alone.
    titles = (line for line in lines[:_FIRST] if headed.TITLE.search(line.shadow))
    running |= {form for line in titles if times[form := _form(line)] and _is_short(line)}
    found = {at for at in near if _form(lines[at]) in running}
    first = next((at for at in range(min(_FIRST, len(lines))) if _form(lines[at]) in running), None)
    if first is not None and any(
        headed.TITLE.search(line.shadow) for line in lines[first + 1 : _FIRST]
    ):
        found.add(first)
    elif first is not None:
        found.discard(first)  # the title of the document, which its pages repeat
    return found


def _is_short(line: Line) -> bool:
    return len(line.shadow) < _LONGEST and not line.shadow.endswith("。") and not line.level


def _form(line: Line) -> str:
    """What a running line has in common on all pages."""
    return re.sub(r"[0-9]+", "0", re.sub(r"\s+", " ", line.shadow))


def _kept(lines: Sequence[Line], dropped: set[int]) -> Iterator[Line]:
    turned = False
    for at, line in enumerate(lines):
        if at in dropped:
            turned = True
            continue
        yield replace(line, page=True) if turned else line
        turned = False
