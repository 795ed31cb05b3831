"""Several documents in one text: a declaration, the public notice beside it, the way to make requests.

A second document begins at a line that names a policy where the numbers of the first begin again after it, or at a
heading of that kind that stands above all headings of the first. The policy of another company begins where another name
is called 当社, whatever numbers or headings stand there.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import companies, headed, headings, ladder, markers, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chikai.policy.importing.lines import Line


_NO_LEVEL: Final = 9
# The name of a document stands among so many lines.
_FIRST: Final = 6
_TITLE: Final = 40
_LONG_LINE: Final = 25
_NAMES: Final = re.compile(
    r"手続|公表|ご?案内|お知らせ|取り?扱い?|方針|ポリシー|規[程約則]|について|個人情報"
)


def documents(lines: Sequence[Line]) -> list[list[Line]]:
    """The documents of a text in order; one where nothing says that there are more."""
    cut = [*companies.begins(lines), len(lines)]
    return [one for a, b in itertools.pairwise(cut) for one in _of_one(lines[a:b])]


def joined(documents: Iterable[list[Line]]) -> list[list[Line]]:
    """The documents, with those that go on in another file in one: the next file counts on from the articles before."""
    made: list[list[Line]] = []
    for one in documents:
        if (
            made
            and made[-1][-1:]
            and one
            and made[-1][-1].file != one[0].file
            and _on(made[-1], one)
        ):
            made[-1] = made[-1] + one
        else:
            made.append(one)
    return made


def _on(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Whether the first number of the articles' kind goes on with theirs."""
    heads = ladder.heads(before)
    lasts = [head.marker for head in heads[-1:]]
    # A file that holds one article alone has no chain of them yet.
    counted = [m for line in before for m in markers.candidates(line) if m.ordered]
    more = {m.key for m in counted if m.value > 1}
    lasts += [m for m in counted[:1] if m.value == 1 and m.key not in more]
    return any(last and _next(after, last.key) == last.value + 1 for last in lasts)


def _next(lines: Sequence[Line], key: str) -> int:
    """The first number of a kind; 0 where there is none."""
    found = (m.value for line in lines for m in markers.candidates(line) if m.key == key)
    return next(found, 0)


def _of_one(lines: Sequence[Line]) -> list[list[Line]]:
    """The documents of one operator."""
    if len(roman := _roman(lines)) > 1:
        cut = [0, *roman[1:], len(lines)]
        return [list(lines[a:b]) for a, b in itertools.pairwise(cut)]
    starts = [0]
    counted: set[str] = set()
    level = _NO_LEVEL
    for at, line in enumerate(lines):
        named = _named(line, level, counted) and (
            _above(line, level, lines[starts[-1] : starts[-1] + _FIRST])
            or _again(lines, at, counted)
        )
        if at > starts[-1] + 3 and (named or (counted and _below_rule(lines, at))):
            starts.append(at)
            counted = set()
        if at > starts[-1] + 1:
            level = min(level, line.level or _NO_LEVEL)
        counted |= {m.key for m in markers.candidates(line) if m.value > 1 and not line.indent}
    return [list(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _below_rule(lines: Sequence[Line], at: int) -> bool:
    """Whether a line below a rule is the title of a document whose articles begin at one: `開示等の手続`."""
    line = lines[at]
    titled = (
        line.ruled
        and len(line.shadow) <= _TITLE
        and not markers.candidates(line)
        and bool(_NAMES.search(line.shadow))
        and sentences.title_like(line.shadow)
    )
    for place in range(at + 1, min(at + _FIRST, len(lines) - 1)) if titled else ():
        ones = [m for m in markers.candidates(lines[place]) if m.ordered]
        if ones:
            rest = lines[place].after(ones[0].length).shadow
            below = lines[place + 1]
            told = len(below.shadow) > _LONG_LINE or not headings.is_entry(rest)
            head = sentences.title_like(rest) and told and not markers.candidates(below)
            return ones[0].value == 1 and head
    return False


def _roman(lines: Sequence[Line]) -> list[int]:
    """Where documents begin that a text counts as Ⅰ, Ⅱ, Ⅲ, each with articles from one; empty where some hold none."""
    found: list[int] = []
    for at, line in enumerate(lines):
        mark = next((m for m in markers.candidates(line) if m.key == "Ⅰ"), None)
        if mark is None or line.indent:
            continue
        rest = line.after(mark.length).shadow
        named = len(rest) <= _TITLE and _NAMES.search(rest) and sentences.title_like(rest)
        if mark.value != len(found) + 1 or not named or not _articles_below(lines, at):
            return []
        found.append(at)
    return found


def _articles_below(lines: Sequence[Line], at: int) -> bool:
    """Whether articles begin at one below a line: sentences, or headings with words of their own."""
    for place in range(at + 1, min(at + _FIRST, len(lines) - 1)):
        ones = [m for m in markers.candidates(lines[place]) if m.ordered]
        if ones:
            rest, below = lines[place].after(ones[0].length).shadow, lines[place + 1]
            headed = sentences.title_like(rest) and not markers.candidates(below)
            is_article = sentences.closes(rest) or (headed and len(below.shadow) > _LONG_LINE)
            return ones[0].value == 1 and ones[0].style == "number" and is_article
    return False


def _named(line: Line, above: int, counted: set[str]) -> bool:
    """Whether a line is the name of a document; a heading like others is one only beside articles of statutes."""
    if line.level and (line.level > above or (line.level == above and "第条" not in counted)):
        return False
    said = markers.bracketed(line.shadow) or line.shadow
    found = headed.TITLE.search(said)
    return bool(
        found and len(said) <= 40 and not markers.candidates(line) and sentences.title_like(said)
    )


def _above(line: Line, level: int, first: Sequence[Line]) -> bool:
    """Whether a heading stands above all that came since a document began that bears such a name too."""
    named = any(headed.TITLE.search(one.shadow) for one in first)
    return named and bool(line.level) and line.level < level < _NO_LEVEL


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
