"""Lines that a column or a page cut amid a sentence become one line again."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import contents, halves, listed, markers, sentences, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line

_ENTRY: Final = re.compile(
    r"(?:ため|為|こと|目的|情報|場合|とき|等|など|もの|者|履歴|番号|アドレス|氏名|住所|データ|について|に関して|対応|[)])$"
)
_LABEL: Final = re.compile(
    r"^[^。、]{1,16}:(?!//)|^〒|^(?:TEL|FAX|E-?mail|電話|メール|住所|所在地)", re.IGNORECASE
)
# `ご自分の情報を見たいときは`: a heading that ends in a particle.
_ASKS: Final = re.compile(r"^[^、。]{4,24}(?:とき|場合|たら|には|について)は?$")
# `（管理）`: the caption of an article stands alone.
_CAPTION: Final = re.compile(r"\([^()]{1,24}\)")
_DATED: Final = re.compile(
    r"年[^。]{1,16}日\)?\s?(?:付け?|に)?(?:一部)?(?:制定|施行|改[定訂正]|発効|適用)\)?$"
)
_KANA: Final = re.compile(r"[ァ-ヶー]$")
_OF_KANA: Final = re.compile(r"[ァ-ヶー]")
_NUMBER: Final = re.compile(r"[0-9]{1,2}")
_FAR: Final = 4
_FEWEST: Final = 3  # so many numbers that stand alone count the clauses
_SCRAP: Final = 2  # no heading and no entry is so short
_NARROWEST: Final = 18
_OVER: Final = 1.4
_RUNS: Final = (
    re.compile(
        r"(?:^|(?<=[。:;])|(?<=。\s)|(?<=:\s))\(([0-9]{1,2})\)(?!\s*(?:[にのはをでとがもへや及又若並、。]|から|より))"
    ),
    re.compile(
        r"(?:^|(?<=[。:;])|(?<=。\s)|(?<=:\s)|(?<=[^。、\s]\s))([①-⑳])(?![にのはをでとがもへや及又若並、。])"
    ),
)

# `商品の発送のため お問い合わせへの対応のため`: entries that only blanks part, as a browser shows them.
_USES_RUN: Final = re.compile(r"(?<=[^\s、。]{3}ため) +(?=[^\s(])")
_USE: Final = re.compile(r"ため(?:\([^()]*\))?。?$")


def repaired(lines: Sequence[Line]) -> list[Line]:
    """The lines with what was cut amid a sentence joined, and what was run together parted."""
    lines = _with_numbers([part for line in lines for part in _unfolded(line)])
    width = _width(lines)
    found: list[Line] = []
    last = 0  # the length of the last physical line, which says whether the column was full
    marked = [() if line.level else markers.candidates(line) for line in lines]
    rests, told = listed.rests(lines, marked), listed.told(marked)
    for at, (line, after) in enumerate(itertools.zip_longest(lines, lines[1:])):
        if found and _only_marker(found[-1]) and found[-1].file == line.file and not line.level:
            found[-1] = found[-1].joined(line, "line", gap=" ")
        elif found and line.level and _NUMBER.fullmatch(found[-1].shadow) and not found[-1].level:
            # `1` in a box of its own beside the heading
            found[-1] = replace(found[-1].joined(line, "line", gap=" "), level=line.level)
        elif found and halves.of_one(found[-1], line):
            found[-1] = found[-1].joined(line, "line", gap="")
        elif found and at in rests:
            found[-1] = found[-1].joined(line, "line")
        elif found and (
            why := _cut(found[-1], line, last, width, told=at in told)
            or _cut_entry(found[-1], line, after)
        ):
            found[-1] = found[-1].joined(line, why)
        else:
            found.append(line)
        last = _wide(line)
    return found


def _with_numbers(lines: Sequence[Line]) -> list[Line]:
    """The lines with the numbers that stand alone above their headings joined to them: `01`, and below it `利用目的`."""
    alone = [
        (at, int(line.shadow))
        for at, line in enumerate(lines[:-1])
        if _NUMBER.fullmatch(line.shadow) and not line.level and not lines[at + 1].blank
    ]
    counted = [number for _, number in alone]
    if len(counted) < _FEWEST or counted != list(range(1, len(counted) + 1)):
        return list(lines)
    numbers = {at for at, _ in alone}
    return [
        lines[at - 1].joined(line, "line", gap=" ") if at - 1 in numbers else line
        for at, line in enumerate(lines)
        if at not in numbers
    ]


def _wide(line: Line) -> int:
    """How many wide signs of a column a line takes, with the blanks before it."""
    return len(line.shadow) + line.indent // 2


def _unfolded(line: Line) -> Iterator[Line]:
    """The entries of a list that stands in one line: `(1)…。(2)…。`, or `・… ・…`."""
    starts = [0, *_inner(line.shadow)] if not line.level else [0]
    for at, end in zip(starts, [*starts[1:], len(line.shadow)], strict=True):
        lead = len(line.shadow[at:end]) - len(line.shadow[at:end].lstrip())
        said = line.shadow[at:end].strip()
        first = line.start + at + lead
        yield (
            line
            if len(starts) == 1
            else replace(
                line,
                start=first,
                end=first + len(said),
                text=line.text[at:end].strip(),
                shadow=said,
                blank=0 if at else line.blank,
                page=line.page and not at,
            )
        )


def _inner(shadow: str) -> list[int]:
    """The places within a line where the second and later entries of a list begin, and the first after a sentence."""
    uses = [match.end() for match in _USES_RUN.finditer(shadow)]
    if uses and "。" not in shadow[:-1] and _USE.search(shadow):
        return uses
    if shadow.startswith(("・", "•", "●", "■")):
        return [match.start() + 1 for match in re.finditer(rf"\s(?={shadow[0]}\S)", shadow)]
    for pattern in _RUNS:
        found = list(pattern.finditer(shadow))
        at = [match.start() for match in found]
        counted = [markers.number_of(m[1]) or ord(m[1]) - ord("①") + 1 for m in found]
        first = min(counted, default=0)
        opens = not at or not shadow[: at[0]].strip() or shadow[: at[0]].rstrip()[-1] in "。:;"
        if opens and len(at) > 1 and first == 1 and counted == list(range(1, len(at) + 1)):
            return [place for place in at if place]
    return []


def _only_marker(line: Line) -> bool:
    """Whether a line is a marker and nothing else, such as a number in a column of its own."""
    found = markers.candidates(line)
    return bool(found) and found[0].length >= len(line.shadow)


def _width(lines: Sequence[Line]) -> int:
    """The signs of a full line where a column cut the text; 0 where none did."""
    cut = [
        (line.shadow, after.shadow, _wide(line))
        for line, after in itertools.pairwise(lines)
        if not after.blank
        and not line.hard
        and not sentences.stops(line.shadow)
        and not markers.candidates(after)
        and not words.cells(line.shadow)
    ]
    # Lines of an address or a table are short; where words are seen to be cut, they say nothing.
    long = [one for one in cut if one[2] >= _NARROWEST]
    seen = [wide for line, after, wide in long if _amid_sentence(line, after)]
    of_prose = _common([wide for _, _, wide in long]) if len(seen) > 1 else 0
    if not (of_prose and sum(length >= of_prose for length in seen) > 1):
        of_prose = _common([wide for _, _, wide in cut])
    return of_prose if _holds_all(lines, of_prose) else 0


def _holds_all(lines: Sequence[Line], width: int) -> bool:
    """Whether a column of this width holds the text: where lines are often longer, none was cut at it."""
    wide = [
        _wide(line) for line in lines if not (line.shadow.isascii() or words.cells(line.shadow))
    ]
    full = sum(one >= width for one in wide)
    return sum(one > width * _OVER for one in wide) * 4 <= full


def _amid_sentence(line: str, after: str) -> bool:
    """Whether a sentence is seen to go on from one line to the next."""
    said = "、" in line and re.search(r"[はがを]", line) and not _ENTRY.search(line)
    return (
        sentences.unfinished(line) or sentences.amid(after) or bool(said and after.endswith("。"))
    )


def _common(lengths: Sequence[int]) -> int:
    """The least length of a full line, where most lines are about as long as the longest; else 0."""
    if len(lengths) < 3:
        return 0
    longest = sorted(lengths)[int(len(lengths) * 0.9)]
    full = sum(longest * 0.88 <= length <= longest * 1.12 for length in lengths)
    return int(longest * 0.88) if longest >= _NARROWEST and full * 2 >= len(lengths) else 0


def _cut(before: Line, line: Line, last: int, width: int, *, told: bool) -> str:
    """Why a line belongs to the one before it, or an empty string."""
    if before.hard or before.level or line.level or before.file != line.file:
        return ""
    # No sentence is so long, and no row of a table goes on.
    if len(before.shadow) > words.LONGEST or any(map(words.cells, (before.shadow, line.shadow))):
        return ""
    if _begins_entry(
        before, line, told=told, full=bool(width) and last >= width
    ) or markers.bracketed(line.shadow):
        return ""
    if halves.of_one_word(before, line):
        return "line"
    # `電話番号を取得します。` is a sentence's end and no label of a number.
    ends = before.shadow.endswith("、") or line.shadow.endswith("ます。")
    if _LABEL.match(line.shadow) and not ends:
        return ""
    if _CAPTION.fullmatch(line.shadow):
        return ""
    if sentences.never_begins(line.shadow) and not line.blank:
        return "line"
    if sentences.stops(before.shadow) or markers.bracketed(before.shadow):
        return ""
    if _DATED.search(before.shadow):
        return ""  # who signs stands below the days
    return (
        ("page" if line.page or line.blank else "line")
        if _goes_on(before, line, last, width)
        else ""
    )


def _cut_entry(before: Line, line: Line, after: Line | None) -> str:
    """Why a bare line between two entries of a list is the rest of the first: a page ended there, or it is a scrap."""
    if line.level or before.level or before.file != line.file or after is None:
        return ""
    mine, theirs = markers.candidates(before), markers.candidates(after)
    if not mine or not theirs or markers.candidates(line) or sentences.stops(before.shadow):
        return ""
    if words.cells(line.shadow) or _LABEL.match(line.shadow) or markers.bracketed(line.shadow):
        return ""
    next_ones = {(one.key, one.value) for one in theirs}
    goes_on = any((one.key, one.value + one.ordered) in next_ones for one in mine)
    scrap = len(line.shadow) <= _SCRAP and line.shadow != "記"
    return (
        "page" if line.page and (goes_on or scrap) else "line" if scrap and not line.blank else ""
    )


def _begins_entry(before: Line, line: Line, *, told: bool, full: bool) -> bool:
    """Whether a line begins with a marker; `ス、` behind a full line that ends in `サービ` is none."""
    found = markers.candidates(line)
    if not found:
        return False
    if not line.blank and halves.closes(before.shadow, line.shadow, found[0].length):
        return False
    if not told and found[0].style == "iroha" and _amid_kana(before.shadow, line.shadow):
        return False
    ended = sentences.stops(before.shadow) or _ENTRY.search(before.shadow)
    if told or ended or line.blank or sentences.opens(line.after(found[0].length).shadow):
        return True
    # What no other line counts on with: `開示` and `・訂正`, `FA` and `X、メール`.
    return not (full or (found[0].key == "・" and _is_sentence(before.shadow)))


def _amid_kana(before: str, line: str) -> bool:
    """Whether a line of several words ends and a sentence's next line begins amid a foreign word: `アドレ` and `ス、`."""
    return bool("、" in before and _KANA.search(before) and _OF_KANA.match(line))


def _is_sentence(shadow: str) -> bool:
    return "、" in shadow and bool(re.search(r"[はがを]", shadow))


def _goes_on(before: Line, line: Line, last: int, width: int) -> bool:
    if line.number == before.number and line.page and not line.hard:
        return True  # the page ended amid the line
    if line.blank <= line.page and contents.cut(before.shadow, line.shadow):
        return True
    prose = len(before.shadow) >= 12 or "、" in before.shadow
    asks = bool(before.blank) and not (width and last >= width) and _ASKS.match(before.shadow)
    hangs = sentences.hangs(before.shadow)
    broken = not asks and (hangs or (prose and sentences.unfinished(before.shadow)))
    opens = sentences.opens(line.shadow)
    amid = prose and (
        sentences.amid(line.shadow)
        or (not line.blank and listed.amid_word(before.shadow, line.shadow))
    )
    sentence = _is_sentence(before.shadow)
    ends = sentence and line.shadow.endswith("。") and not _ENTRY.search(before.shadow)
    full = bool(width) and last >= width and _wide(before) >= width
    full = full and not (opens and _ENTRY.search(before.shadow) and markers.candidates(before))
    if line.blank or line.page:
        near = line.page or line.blank <= _FAR
        return near and (amid or (not opens and (broken or (line.page and (full or ends)))))
    kana = line.shadow.endswith("。") and _amid_kana(before.shadow, line.shadow)
    return broken or amid or kana or full or (ends and not opens) or sentences.begun(before.shadow)
