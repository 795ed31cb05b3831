"""Which bare lines amid the entries of a list are the rest of the entry above them, told by the other entries.

An entry may have words of its own below it, as a heading has. Where most entries of a list have such words, nothing is
joined; where the others stand in one line each, one that takes two was cut.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import headings, kinds, markers, sentences, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.importing.markers import Marker

# How the entries of one list end alike.
_END: Final = re.compile(
    r"(ため|為|こと|場合|とき|者|もの|情報|等|など)(?:の(?=$))?(?:\([^()]*\))?[。、]?$"
)
# Hiragana that words of their own begin with; any other at the beginning of a line is the rest of a word or of a phrase.
_BEGINS: Final = re.compile(
    r"お(?![よりいけ])|ご(?!と)|こ(?:の|れ|こ|ち|う(?:し|い)|ども)|そ(?:の|れ|こ|ち|う(?:し|い))|あ(?:の|れ|らか|なた|わせ|んし|りが)|ど(?:の|れ|こ|ち)|"
    r"な(?:お|に|ぜ|かで)|ま(?:た|ず|だ|ちづ|とめ|いな)|た(?:だ(?![くきけい])|とえ|ばこ)|も(?:し|ちろん|っとも)|い(?:ただ|ずれ|かな|つ|わゆ|ま|ろ|ち)|み(?:な|ず|らい|まも|んな)|"
    r"す(?:べて|でに|み|ぐ)|ほ(?:か|ん)|ふ(?:り|る|だん)|さ(?:ら|ま|い)|わ(?:た|れ|か|るい)|か(?:かり|つ|ならず|んたん|ねて|らだ)|よ(?:く|うこ|り(?:よ|多|良))|や(?:む|り|さ)|"
    r"つ(?:ぎ|き|なが|ど)|は(?:じ|がき|い)|ひ(?:と|ら)|け(?:が|ん)|く(?:す|ら|るま|わし)|し(?:お|か|た)|き(?:っ|め|ちん)|う(?:ち|え|けつ)|え|と(?:も|き|り|く)|め(?:が|いわく)|"
    r"ゆ|ら(?:く|ん)|り(?:ん|れ)|れ(?:ん)|ろ|せ(?:い|っ)|ち(?:ら|ょ|ゅ)|に(?:ゅ|ほ|もつ)|ね|ぬ|の(?:り|ち)|ば|び|ぶ|ぷ|ぽ|ぱ|ざ|ぜ(?:ひ|ん)|じ(?:ぶ|し|ど)|ぎ|ぐ|げ|ぞ|ぼ"
)
_HIRAGANA: Final = re.compile(r"[ぁ-ん]")
# What no noun ends in, as 取扱い, 問合せ and 申込み do.
_NO_NOUN: Final = re.compile(r"[ぁ-ん](?<![いきけしせちみめりれえ])")
# Not even words below a heading begin so.
_NEVER: Final = re.compile(
    r"[をがんる]|の(?![りしぼれ])|れ(?!ん)|とし[、て]|な(?:い|く|け|ら|り|る|範)"
)
# Two ends of one word in another script than hiragana, which no blank parts.
_ONE_WORD: Final = re.compile(r"[ァ-ヶー]\n[ァ-ヶー]|[A-Za-z]\n[a-z]")
_NOTE: Final = re.compile(r"[※*(]|注[)意:]|[^。、]{1,16}:")
_FEW: Final = 4  # of so many entries one may have been cut
_SEVERAL: Final = 2
_TITLE: Final = 12
_MOST: Final = 3  # no entry is cut into more lines


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a list: where its line stands, the words behind its marker, and how many bare lines follow."""

    at: int
    said: str
    bare: int
    last: bool


def rests(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]]) -> set[int]:
    """The places of the bare lines that are the rest of the entry above them."""
    return {at for chain in _lists(lines, marked) for at in _of_list(lines, chain)}


def told(marked: Sequence[tuple[Marker, ...]]) -> set[int]:
    """The places of the lines whose marker another line goes on with; one that counts alone may be none."""
    listed = [(at, found) for at, found in enumerate(marked) if found]
    counted = {(one.style, one.value) for _, found in listed for one in found}
    alike = {
        at
        for (here, mine), (there, theirs) in itertools.pairwise(listed)
        if {one.key for one in mine if not one.ordered} & {one.key for one in theirs}
        for at in (here, there)
    }
    alike |= {
        there
        for (_, mine), (there, theirs) in itertools.pairwise(listed)
        if {one.value + 1 for one in mine if one.ordered} & {one.value for one in theirs}
    }
    return alike | {
        at
        for at, found in listed
        for one in found
        if one.ordered and {(one.style, one.value - 1), (one.style, one.value + 1)} & counted
    }


def _lists(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]]) -> Iterator[list[_Entry]]:
    """The entries of each list whose markers follow each other."""
    places = [at for at, line in enumerate(lines) if marked[at] or line.level]
    chain: list[_Entry] = []
    for at, after in itertools.pairwise([*places, len(lines)]):
        follows = after < len(lines) and _follows(lines, marked, at, after)
        if marked[at]:
            said = lines[at].after(marked[at][0].length).shadow
            chain.append(_Entry(at, said, after - at - 1, last=not follows))
        if not follows:
            if chain:
                yield chain
            chain = []


def _follows(
    lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int, after: int
) -> bool:
    next_ones = {(one.key, one.value) for one in marked[after]}
    return lines[at].file == lines[after].file and any(
        (one.key, one.value + one.ordered) in next_ones for one in marked[at]
    )


def _of_list(lines: Sequence[Line], chain: list[_Entry]) -> Iterator[int]:
    bodied = sum(bool(one.bare) for one in chain if not one.last)
    within = len(chain) - 1
    headed = bodied * 2 > within > 1 or not within
    for one in chain:
        alone = [other for other in chain if other is not one and not other.bare]
        said = one.said
        for at in range(one.at + 1, one.at + 1 + min(one.bare, _MOST)):
            line = lines[at]
            if not _may_go_on(said, line):
                break
            if headed:
                if not _NEVER.match(line.shadow):
                    break
                yield at
                said += line.shadow
                continue
            few = not one.last and one.bare == 1 and bodied <= max(1, within // _FEW)
            if not (
                _amid_word(said, line.shadow)
                or _ends_alike(said, line.shadow, alone)
                or (few and _only_one(said, line.shadow, alone))
            ):
                break
            yield at
            said += line.shadow


def _may_go_on(said: str, line: Line) -> bool:
    return not (
        line.blank
        or line.page
        or line.level
        or sentences.stops(said)
        or words.cells(line.shadow)
        or markers.bracketed(line.shadow)
        or sentences.opens(line.shadow)
        or _NOTE.match(line.shadow)
        or headings.LABEL.search(line.shadow)
        or (len(said) <= _TITLE and kinds.by_title(said) and not _NEVER.match(line.shadow))
    )


def amid_word(said: str, line: str) -> bool:
    """Whether one line ends and the next begins in hiragana amid a word: `郵送してく` and `ださい`."""
    return bool(
        _HIRAGANA.match(line)
        and not _BEGINS.match(line)
        and _NO_NOUN.match(said[-1:])
        and not sentences.closes(said)
        and not sentences.finished(said)
    )


def _amid_word(said: str, line: str) -> bool:
    """Whether an entry ends and a line begins amid a word or a phrase."""
    if sentences.unfinished(said):
        return True
    if _HIRAGANA.match(line):
        return not _BEGINS.match(line) and not sentences.closes(said)
    return bool(_ONE_WORD.fullmatch(f"{said[-1:]}\n{line[:1]}"))


def _ends_alike(said: str, line: str, others: Sequence[_Entry]) -> bool:
    """Whether the other entries end in one word, which this one ends in only with the line below it."""
    ends = {_end(other.said) for other in others}
    return bool(ends) and ends == {_end(line)} - {""} and _end(said) not in ends


def _only_one(said: str, line: str, others: Sequence[_Entry]) -> bool:
    """Whether the other entries stand in one line each, and end as this one does with the line below it."""
    told = sum(other.said.endswith("。") for other in others) * 2 > len(others)
    return len(others) >= _SEVERAL and told == line.endswith("。") and not _end(said)


def _end(said: str) -> str:
    match = _END.search(said)
    return match[1] if match else ""
