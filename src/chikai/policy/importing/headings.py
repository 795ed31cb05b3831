"""Lines that are headings though nothing marks them: short, apart from what stands before, with words of their own below.

One that names a subject of policies is a heading wherever it stands; one that names none is a heading only beside
others that stand as it does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import kinds, sentences, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.importing.markers import Marker

# `利用目的`, `ご利用の目的`: the purposes by name, where `…の目的` alone is one of them.
_PURPOSES: Final = re.compile(r"(?:利用|使用|取得|収集)(?:の|する)?目的$|使う目的$")
_ENTRY: Final = re.compile(r"(?:ため|為|こと|場合|とき|目的)$")
LABEL: Final = re.compile(
    r":|〒|[@＠]|\d{2,}-\d{2,}|代表(?:取締役|社員|理事)|^以\s*上$|年.*月.*日|^(?:株式|有限|合同)会社|^(?:NPO|医療|学校|社会福祉|特定非営利活動|(?:一般|公益)(?:社団|財団))法人|株式会社$"
)
_ASKS: Final = re.compile(r"(?:ます|です|せん|の)か\??$|[a-z]\?$")
# What announces the whole policy and no list.
_OF_ALL: Final = re.compile(r"(?:取り?扱|定め|策定|宣言|保護)[^。、]{0,8}ます。$")
# Bare lists are no longer.
_FAR: Final = 20
_LONGEST: Final = 34
_LONGEST_LATIN: Final = 70
# A line that ends in `とき` is a heading in plain speech where no list of cases goes before it.
_WHEN: Final = re.compile(r"(?:とき|場合)$")


def is_entry(shadow: str) -> bool:
    """Whether a line ends as an entry of a list of purposes or cases does."""
    return bool(_ENTRY.search(shadow)) and not names_purposes(shadow)


def names_purposes(shadow: str) -> bool:
    """Whether a line names the purposes of use as such."""
    return bool(_PURPOSES.search(shadow))


def plain(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int) -> bool:
    """Whether a line without marker is a heading: short, about a subject of policies, with prose below it."""
    line = lines[at]
    if not is_short(line, marked[at]) or at + 1 >= len(lines):
        return False
    if _stands_alone(lines, marked, at):
        return True
    if is_entry(line.shadow):
        return False
    if not kinds.SUBJECT.search(line.shadow) and not _ASKS.search(line.shadow):
        return False
    if not kinds.by_title(line.shadow) and _amid_entries(lines, marked, at):
        return False
    before = lines[at - 1].shadow if at else ""
    apart = line.blank or line.page or not at or sentences.stops(before)
    return bool(
        apart
        and _holds(lines, marked, at)
        and not (before and sentences.announces(before) and not line.blank)
    )


def stands(
    lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int, *, opening: bool
) -> bool:
    """Whether a line stands as a heading does, whatever it says: alone below a blank line, above what it heads.

    Before the first heading (`opening`) a sentence that announces something announces the whole policy.
    """
    line = lines[at]
    if not is_short(line, marked[at]) or at + 1 >= len(lines):
        return False
    if not at:
        # The first line of all: nothing but what stands close below it says that it heads something.
        return not lines[1].blank and lines[1].shadow.endswith("。")
    before = lines[at - 1]
    if not line.blank:
        return False
    if _ends_a_list(lines, marked, at):
        return True
    if is_entry(line.shadow) and not _WHEN.search(line.shadow):
        return False
    if sentences.announces(before.shadow) and not opening:
        return False
    said = before.shadow.endswith("。") or sentences.closes(before.shadow)
    told = bool(marked[at - 1]) or said or LABEL.search(before.shadow)
    ended = told or bool(words.cells(before.shadow))
    return bool(ended and _holds(lines, marked, at))


def _stands_alone(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int) -> bool:
    """Whether a line on a subject of policies stands alone between blank lines, above lines that stand together.

    What stands above has ended: it is a sentence, or lines that stand together too.
    """
    if at + 2 >= len(lines) or not (lines[at].blank or not at):
        return False
    ended = at < 2 or lines[at - 1].shadow.endswith("。") or not lines[at - 1].blank
    below, kind = lines[at + 1 : at + 3], kinds.by_title(lines[at].shadow)
    # Close above a bare list, only what names data or purposes is a heading, and no entry.
    close = kind in {"items", "purposes"} and not is_entry(lines[at].shadow)
    above = lines[at - 1].shadow if at else ""
    close = close and not (sentences.announces(above) and not _OF_ALL.search(above))
    bare = not any("。" in line.shadow for line in below)
    return bool(
        ended
        and kind
        and (below[0].blank or (close and bare))
        and not below[1].blank
        and not any(marked[at + 1 : at + 3])
        and not any(line.level or LABEL.search(line.shadow) for line in below)
    )


def _ends_a_list(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int) -> bool:
    """Whether a line on a subject of policies ends otherwise than the bare entries above it, and holds a sentence."""
    above = [_ENTRY.search(line.shadow) for line in lines[max(0, at - 2) : at]]
    ends = {match[0] for match in above if match}
    own = _ENTRY.search(lines[at].shadow)
    alike = len(above) == 2 and all(above) and len(ends) == 1
    return bool(
        alike
        and not any(marked[at - 2 : at])
        and (own is None or own[0] not in ends)
        and kinds.by_title(lines[at].shadow)
        and lines[at + 1].shadow.endswith("。")
        and not marked[at + 1]
    )


def _amid_entries(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int) -> bool:
    """Whether a line goes on with the bare entries that a sentence above announced."""
    for above in range(at - 1, max(-1, at - _FAR), -1):
        if not is_short(lines[above], marked[above]):
            return above < at - 1 and sentences.announces(lines[above].shadow)
    return False


def is_short(line: Line, marked: tuple[Marker, ...]) -> bool:
    """Whether a line may be a heading by its form."""
    return bool(
        not marked
        and not line.level
        and not words.cells(line.shadow)
        and "\t" not in line.text.strip()
        and len(line.shadow) <= (_LONGEST_LATIN if line.shadow.isascii() else _LONGEST)
        and sentences.title_like(line.shadow)
        and not LABEL.search(line.shadow)
        and line.shadow[-1] not in "、。:;)."
    )


def _holds(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int) -> bool:
    """Whether words stand below a line that a heading has below it: prose, a list, or the lines of an address."""
    below = lines[at + 1]
    if "。" in below.shadow or len(below.shadow) > 40 or marked[at + 1]:
        return True
    if len(below.shadow) > 8 and below.shadow.endswith(("ます", "ません")):
        return True  # a sentence without its stop
    if "、" in below.shadow and sentences.opens(below.shadow):
        return True  # a sentence that goes on over the lines of a list
    if below.shadow.isascii() and " " in below.shadow and below.shadow.endswith((".", ":")):
        return True
    # A line that ends in 者 names the person of a signature.
    if kinds.by_title(lines[at].shadow) != "desk" or lines[at].shadow.endswith("者"):
        return False
    address = lines[at + 1 : at + 4]
    return any(LABEL.search(line.shadow) for line in address)
