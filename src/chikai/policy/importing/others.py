"""The lines of a policy that speak of another body: an accredited organisation, or a company beside the operator.

What reaches that body reaches nobody at the operator. Such lines begin at a line that names it and nothing else, and end
where a clause begins that is not within the one in which they began, or where a line names the operator again.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import markers, operators

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.outline import Node

# Whoever belongs to such a body names it, with where it hears complaints.
_ACCREDITED: Final = re.compile(
    r"認定(?:個人情報保護)?団体(?:$|[:\s]|の(?:名称|連絡先|窓口)|について|事務局)|苦情の?解決の?(?:申し?出先|連絡先)|"
    r"日本情報経済社会推進協会|日本データ通信協会|^(?:個人情報保護|消費生活)(?:委員会|センター)"
)
_SHORT: Final = 60


def without(lines: Sequence[Line], nodes: Sequence[Node], name: str) -> list[Line]:
    """The lines without those that speak of another body."""
    starts = _starts(nodes)
    return list(_without(lines, starts, operators.words(name)))


def _starts(nodes: Sequence[Node]) -> list[tuple[str, int, int]]:
    """Where each clause begins, with how deep it lies."""
    found = [
        (one.span.file, one.span.start, one.id.count(".")) for top in nodes for one in top.walk()
    ]
    return sorted(found)


def _without(
    lines: Sequence[Line], starts: Sequence[tuple[str, int, int]], own: Sequence[str]
) -> Iterator[Line]:
    places = [start for _, start, _ in starts]
    within: int | None = None
    for line in lines:
        at = bisect.bisect_left(places, line.start)
        begins = at < len(places) and places[at] < line.end
        depth = starts[at][2] if begins else (starts[at - 1][2] if at else 0)
        if within is not None and ((begins and depth <= within) or _names(line, own)):
            within = None
        if _is_others(line, own):
            within = depth if within is None else within
        if within is None:
            yield line


def _names(line: Line, own: Sequence[str]) -> bool:
    seen = re.sub(r"\s", "", line.shadow)
    return len(seen) <= _SHORT and any(word in seen for word in own)


def _is_others(line: Line, own: Sequence[str]) -> bool:
    """Whether a line names another body and nothing else."""
    if len(line.shadow) > _SHORT or "。" in line.shadow:
        return False
    if _ACCREDITED.search(line.shadow):
        return True
    said = markers.bracketed(line.shadow) or line.shadow
    return bool(own) and operators.is_company(said) and not _names(line, own)
