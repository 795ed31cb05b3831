"""One article while its lines are read: which lines are its parts, its lists, and its prose.

A list goes on where a marker says the next number of a list that is open; the entries of one list are alike; a table
and a bare list go on where their next line stands.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import enumerations, headings, kinds, markers, sentences, words
from chikai.policy.importing.growing import Growing, opened
from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.importing.markers import Marker

DEEPEST: Final = 12
_LEAD: Final = 400  # no sentence that announces a list says more
_ENTRY: Final = re.compile(
    r"(?:ため|ための|為|こと|目的|情報|場合|とき|等|など|履歴|番号|アドレス|データ|者|業務)(?:\([^)]*\))?[。、;]?$"
)

_SECOND: Final = 2
_GROUP: Final = re.compile(r"\([^()。、]{2,16}\)")
_POINT: Final = re.compile(r"\([^()。、]{4,40}(?:項目|範囲|目的|責任を有する者|名称|方法|手段)\)")
_FEWEST: Final = 3  # so many entries tell a list that goes on from the paragraphs of an article
_LISTS: Final = re.compile(
    r"(?:目的|用途|(?:取得|収集|提供|利用|登録|入力)[^。]{0,12}(?:情報|項目|データ)|項目)(?:について)?$"
)
# The lines of a signature below a list.
_SIGNED: Final = re.compile(
    r"^(?:株式会社|合同会社|有限会社|一般社団法人|(?:代表|電話|住所|所在地|TEL|FAX|E-?mail|メール)[:\s])|株式会社$|〒|@",
    re.IGNORECASE,
)
_SAYS_WHY: Final = re.compile(
    r"(?:ため|ための|為|(?<!に関する)こと|目的|場合|とき)(?:\([^)]*\))?[。、;]?$"
)
# `ただし、法令で認められる場合を除きます。` between a lead and its cases.
_PROVISO: Final = re.compile(r"(?:ただし|但し|なお)、")
_TOPIC: Final = re.compile(
    "^(?:この|その(?!他|ほか)|これ|なお|また|ただし|但し|ここ|個人情報|法令)|[はが]、|は[^。]{8,}"
)
_CASE: Final = re.compile(r"(?:場合|とき|こと|ため)(?:\([^)]*\))?$")


class Section:
    """One article while its lines are read: `stack` holds the clauses that are open, outermost first."""

    def __init__(self, article: Growing) -> None:
        self.stack = [article]
        # The lines of an address are no list, though a sentence announces them.
        self.listed = kinds.by_title(shadow(article.title)) not in {"desk", "controller"}

    def fill(self, lines: Sequence[Line]) -> None:
        """Read the lines below an article's first."""
        until = 0
        for at, line in enumerate(lines):
            below = lines[at + 1] if at + 1 < len(lines) else None
            marked = markers.candidates(line)
            if marked and not line.level and self._listed(line, marked):
                continue
            if line.level or self._heads(line, marked, below):
                self._head(line, marked)
            elif at < until or (until := at + self._entries(lines, at)) > at:
                self._put_line(self.stack[-1], line)
            else:
                self._prose(line)
        for clause in self.stack[0].children:
            _settle(clause)

    def _listed(self, line: Line, marked: tuple[Marker, ...]) -> bool:
        """Put a line with a marker into the list that it continues or begins."""
        for marker in marked:
            if (depth := self._continues(line, marker)) is not None:
                self._put(depth, line, marker)
                return True
        first = next((m for m in marked if not m.ordered or m.value == 1), None)
        if first is not None:
            self._put(self._parent(line, first), line, first)
            return True
        marker = marked[0]
        if self._second_paragraph(marker):
            self._put(0, line, marker)
            return True
        if marker.value > 1 and marker.key in self.stack[-1].keys:
            return False
        if marker.style in {"paren", "circled", "dotted", "letter"} and marker.value <= 40:
            self._put(self._parent(line, marker), line, marker, sure=0.6)
            return True
        return False

    def _second_paragraph(self, marker: Marker) -> bool:
        """Whether a number 2 is that of an article's second paragraph, whose first one bears none."""
        return marker.value == _SECOND and self._is_paragraph(marker)

    def _is_paragraph(self, marker: Marker) -> bool:
        article = self.stack[0]
        of_statute = article.marker is not None and article.marker.style == "article"
        ones = any(
            c.marker and (c.marker.key, c.marker.value) == (marker.key, 1) for c in article.children
        )
        return (
            of_statute
            and marker.style == "number"
            and bool(article.words)
            and not ones
            and marker.value > 1
        )

    def _continues(self, line: Line, marker: Marker) -> int | None:
        """The depth of the list that a marker goes on with."""
        same = [
            depth
            for depth in range(len(self.stack) - 1, -1, -1)
            for last in self.stack[depth].children[-1:]
            if last.marker and last.marker.key == marker.key
        ]
        if not marker.ordered:
            even = [d for d in same if self.stack[d].children[-1].indent == line.indent]
            deeper = same and line.indent > self.stack[same[0]].children[-1].indent + 1
            return None if deeper else next(iter(even or same), None)
        for step in (1, 2, 3):
            for depth in same:
                last = self.stack[depth].children[-1].marker
                if last and marker.value == last.value + step:
                    return depth
        return self._turns(line, marker)

    def _turns(self, line: Line, marker: Marker) -> int | None:
        """The depth of the list whose count a marker of a style that is new here goes on with: ④ ⑤ 6."""
        said = line.after(marker.length).shadow
        for depth in range(len(self.stack) - 1, -1, -1):
            here = self.stack[depth]
            last = here.children[-1] if here.children else None
            if (
                last is not None
                and last.marker is not None
                and _FEWEST < marker.value == last.marker.value + 1
                and len(here.keys) == 1
                and marker.key not in here.keys
                and line.indent == last.indent
                and not sentences.closes(said)
                and not any(marker.key in one.keys for one in self.stack[:depth])
            ):
                return depth
        return None

    def _parent(self, line: Line, marker: Marker) -> int:
        """The depth below which a new list stands."""
        for depth in range(len(self.stack) - 1, 0, -1):
            clause = self.stack[depth]
            if clause.marker and marker.key == f"{clause.marker.said}.n":
                return depth  # `1.1.1` stands below `1.1`
            if clause.marker is None or clause.level or sentences.announces(clause.said):
                return depth
            if clause.marker.key == marker.key and line.indent <= clause.indent:
                continue
            if _rank(marker) > _rank(clause.marker) or line.indent > clause.indent:
                return depth
            signs = [markers.is_heading_sign(one.key) for one in (clause.marker, marker)]
            if signs == [True, False] and sentences.title_like(clause.said):
                return depth  # `- 氏名` below `■ 個人情報の項目`
        return 0

    def _put(self, depth: int, line: Line, marker: Marker, sure: float = 1.0) -> None:
        depth = min(depth, DEEPEST)
        parent = self.stack[depth]
        clause = opened(line, marker, sure)
        clause.lead = _lead(parent)
        if not depth and self._is_paragraph(marker):
            clause.lead = shadow(parent.number)  # it stands beside what the first one announces
        if parent.children and (
            line.blank or line.page or line.indent != parent.children[-1].indent
        ):
            last = parent.children[-1]
            same = last.marker is not None and last.marker.key == marker.key
            if same and marker.style == "bullet" and line.indent != last.indent and line.blank:
                clause.gaps.append(("list", last.last.lines[-1].end, line.start))
        parent.children.append(clause)
        parent.keys.add(marker.key)
        self.stack[depth + 1 :] = [clause]

    def _heads(self, line: Line, marked: tuple[Marker, ...], below: Line | None) -> bool:
        """Whether a line without a number is a heading within the article."""
        if marked or below is None or words.cells(line.shadow):
            return False
        if bracket := markers.bracketed(line.shadow):
            return sentences.title_like(bracket) and "@" not in bracket
        if self._holds_data(line, below):
            return True
        if _POINT.fullmatch(line.shadow) and not _POINT.fullmatch(below.shadow):
            return True  # `（共同して利用する者の範囲）` over who they are
        if _GROUP.fullmatch(line.shadow) and any(m.value < 2 for m in markers.candidates(below)):
            return True  # `（信用事業）` over its own list
        if len(line.shadow) > 30 or not sentences.title_like(line.shadow) or not line.blank:
            return False
        return bool(
            kinds.SUBJECT.search(line.shadow)
            and (
                not _ENTRY.search(line.shadow)
                or headings.names_purposes(line.shadow)
                or (line.shadow.endswith("等") and below.shadow.endswith("。"))
            )
            and line.shadow[-1] not in "、。:;)"
            and ("。" in below.shadow or markers.candidates(below))
            and not re.search(r":|〒|@|\d{2,}-\d{2,}", line.shadow)
        )

    @staticmethod
    def _holds_data(line: Line, below: Line) -> bool:
        """Whether a line stands above the one that counts its data: `ご提供いただく情報`, and below it `氏名、住所`."""
        return bool(
            line.blank
            and not below.blank
            and len(line.shadow) <= 30
            and re.search(r"(?:情報|データ|項目)$", line.shadow)
            and "、" not in line.shadow
            and not words.is_group(line.shadow)
            and re.search("、|及び|および|・", below.shadow)
            and not sentences.closes(below.shadow)
            and bool(enumerations.of_data(below.text))
        )

    def _head(self, line: Line, marked: tuple[Marker, ...]) -> None:
        level = line.level or 8
        depth = 0
        while (
            depth + 1 < len(self.stack)
            and self.stack[depth + 1].level
            and self.stack[depth + 1].level < level
        ):
            depth += 1
        clause = opened(line, marked[0] if marked else None, 0.9)
        clause.level = level
        parent = self.stack[min(depth, DEEPEST)]
        parent.children.append(clause)
        parent.keys |= {marker.key for marker in marked[:1]}
        self.stack[min(depth, DEEPEST) + 1 :] = [clause]

    def _prose(self, line: Line) -> None:
        """Words without a marker: they go on with the item before, or close the list that it stands in."""
        here = self.stack[-1]
        while len(self.stack) > 1 and here.marker is not None and not self._belongs(here, line):
            self.stack.pop()
            here = self.stack[-1]
        if (self.listed and self._entry(here, line)) or words.cells(line.shadow):
            self._put_line(here, line)
            return
        here.lines.append(line)
        here.words.append(line.text)

    def _entries(self, lines: Sequence[Line], at: int) -> int:
        """How many lines below a title that promises a list are its entries, though nothing announces them."""
        here = self.stack[-1]
        title = shadow(here.title)
        promised = _LISTS.search(title) or kinds.by_title(title) in {"items", "purposes"}
        if here.children or not promised:
            return 0
        below = itertools.takewhile(
            lambda one: not one.level and not markers.candidates(one),
            (lines[place] for place in range(at, len(lines))),
        )
        if here.words:
            return _apart_run(list(below))
        found = _first_run(list(below))
        told = any(sentences.closes(s) or sentences.announces(s) or len(s) > 120 for s in found)
        return len(found) if len(found) > 1 and not told else 0

    @staticmethod
    def _put_line(here: Growing, line: Line) -> None:
        clause = Growing([line], style="line", words=[line.text], sure=0.7, indent=line.indent)
        clause.lead = _lead(here)
        here.children.append(clause)

    def _belongs(self, here: Growing, line: Line) -> bool:
        """Whether words without marker belong to the item above them."""
        if line.indent > here.indent and line.indent >= 2:
            return True
        if here.children:
            rows = (line.shadow, here.children[-1].said)
            # A table or a bare list goes on.
            return all(map(words.cells, rows)) or (
                here.children[-1].style == "line" and self._entry(here, line)
            )
        if here.level:
            return True
        if sentences.announces(line.shadow):
            if sentences.adds(line.shadow):
                return False  # `また、次の情報を記録します。` goes on after the list
            if not line.blank and any(one.children for one in self._beside(here)):
                return True
        if here.marker and here.marker.style == "bullet":
            headed = markers.is_heading_sign(here.marker.key) and len(here.words) == 1
            if headed and not line.blank and sentences.title_like(here.said):
                return not _ENTRY.search(here.said) or here.said.endswith("情報")
            return (
                not line.blank
                and not sentences.stops(here.said)
                and not line.shadow.endswith("。")
                and not sentences.opens(line.shadow)
                and not sentences.announces(line.shadow)
            )
        if here.marker and here.marker.style == "dotted" and sentences.title_like(here.said):
            return True  # `1.2 …` heads a part of its article
        told = here.said.endswith(("情報", "データ")) and not line.blank
        if told and not sentences.opens(line.shadow):
            return True
        beside = self._beside(here)
        alone = bool(beside) and not any(
            one.title or one.children or len(one.words) > 1 for one in beside
        )
        titled = bool(here.title) or (
            sentences.title_like(here.said)
            and not _ENTRY.search(here.said)
            # The entries of a list are alike: where those before have no words below them, this one has none.
            and not (alone and line.shadow.endswith("。"))
        )
        return titled or sentences.announces(here.said) or words.is_group(here.said)

    def _beside(self, here: Growing) -> list[Growing]:
        """The items shortly before this one in its list."""
        above = next(one for one in self.stack if one.children and one.children[-1] is here)
        return above.children[-8:-1]

    @staticmethod
    def _entry(here: Growing, line: Line) -> bool:
        """Whether a line without marker is an entry of a list that was announced."""
        listed = bool(here.children) and here.children[-1].style == "line"
        announced = bool(here.words and not here.children) and (
            sentences.announces(here.said)
            or (bool(_CASE.search(line.shadow)) and _before_proviso(here.said))
        )
        if not listed and not announced:
            return False
        if (
            line.shadow == "記"
            or _SIGNED.search(line.shadow)
            or (listed and _over(here.children, line))
        ):
            return False
        if line.shadow.endswith("。") and not _ENTRY.search(line.shadow):
            return False
        if sentences.opens(line.shadow) and sentences.announces(line.shadow):
            return False
        return bool(_ENTRY.search(line.shadow)) or (
            len(line.shadow) <= 60 and not _is_prose(line.shadow)
        )


def _apart_run(lines: Sequence[Line]) -> int:
    """How many lines stand together below a blank line that count something and say nothing; 0 where it is one."""
    if not lines or not lines[0].blank:
        return 0
    together = itertools.takewhile(lambda one: one is lines[0] or not one.blank, lines)
    counts = (
        not (sentences.closes(s) or sentences.announces(s) or "。" in s or len(s) > 120)
        for s in (line.shadow for line in together)
    )
    found = sum(1 for _ in itertools.takewhile(bool, counts))
    return found if found > 1 else 0


def _first_run(lines: Sequence[Line]) -> list[str]:
    """The lines down to the paragraph of prose that stands apart below two or more of them."""
    found: list[str] = []
    for line in lines:
        if len(found) > 1 and line.blank and sentences.closes(line.shadow):
            break
        found.append(line.shadow)
    return found


def _is_prose(shadow: str) -> bool:
    """Whether a line begins as prose does and is no noun: `本サービスの提供` is an entry."""
    noun = not (_TOPIC.search(shadow) or sentences.closes(shadow) or sentences.stops(shadow))
    return sentences.opens(shadow) and not (noun and sentences.title_like(shadow))


def _before_proviso(said: str) -> bool:
    """Whether a sentence announces a list, and only a proviso stands between the two."""
    last = [shadow(one).strip() for one in words.sentences(said[-_LEAD:])][-2:]
    return len(last) > 1 and bool(_PROVISO.match(last[1])) and sentences.announces(last[0])


def _over(entries: Sequence[Growing], line: Line) -> bool:
    """Whether a blank line ends a bare list that had none."""
    return bool(line.blank and len(entries) > 1 and not entries[-1].lines[0].blank)


def _rank(marker: Marker) -> int:
    order = ("article", "number", "dotted", "paren", "circled", "iroha", "letter", "bullet")
    return order.index(marker.style)


def _lead(parent: Growing) -> str:
    """The sentence that announces a list: the last one, or one shortly before that says so."""
    # Every entry of a list asks, and nothing was said since the first did.
    if parent.led is None or parent.led[0] != len(parent.words):
        ends = [said[-words.LONGEST :] for said in parent.words[-3:]]
        said = [shadow(s).strip() for s in words.sentences("\n".join(ends))][-3:]
        announcing = [sentence for sentence in said if sentences.announces(sentence)]
        parent.led = len(parent.words), (announcing or said or [""])[-1][-_LEAD:]
    return parent.led[1]


def _settle(clause: Growing) -> None:
    """Say which first lines are headings, now that it is known what stands below them."""
    first = shadow(clause.words[0]) if clause.words else ""
    more = len(clause.words) > 1 or bool(clause.children)
    if (
        not clause.title
        and more
        and sentences.title_like(first)
        and (not _SAYS_WHY.search(first) or headings.names_purposes(first))
        and not sentences.announces(first)
    ):
        clause.title = clause.words.pop(0)
    for child in clause.children:
        _settle(child)
