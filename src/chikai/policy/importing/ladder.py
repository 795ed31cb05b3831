"""How one document numbers its clauses, learnt from the document: which lines begin its articles.

Every kind of marker in the text is followed as a chain 1, 2, 3 over the whole text; the chain whose lines look most
like the headings of articles is the top of the ladder. The best chain is found in one pass, since only its last value
matters for how it goes on.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import headed, headings, kinds, markers, sentences, words
from chikai.policy.importing.headed import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.importing.markers import Marker

ARTICLE: Final = "第条"
CHAPTER: Final = "第章"
ANNEX: Final = re.compile(r"別表(?:第?[一二三四1-9])?(?=[\s:(]|$)")
_ANNEX: Final = 40
_GAP: Final = 1.5
_SECOND: Final = 2
# The weight of a line that is surely a heading, though its number stood before.
_DOUBLED: Final = 3.3
# The styles of numbers that articles bear; one may turn into another within a text.
_TOP: Final = frozenset({"article", "number", "letter", "paren"})


def heads(lines: Sequence[Line]) -> tuple[Head, ...]:
    """The lines that begin the articles of a document, in order."""
    found = _Candidates(lines)
    best = found.best() or found.ones() or found.rows()
    if not best:
        return ()
    return tuple(
        sorted(
            {
                head.at: head
                for head in [
                    *found.chapters(best),
                    *found.doubled(best),
                    *best,
                    *found.beside(best),
                    *found.opening(best),
                ]
            }.values(),
            key=lambda h: h.at,
        )
    )


def chain_ends_with_desk(lines: Sequence[Line], best: Sequence[Head]) -> bool:
    """Whether the last numbered article says whom to ask."""
    head = best[-1]
    return head.marker is not None and kinds.by_title(lines[head.at].shadow) in {
        "desk",
        "complaint",
    }


class _Candidates:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.marked = [markers.candidates(line) for line in lines]

    def best(self) -> list[Head]:
        """The chain that looks most like the articles of a document."""
        numbered, grouped = list(self._numbered()), headed.groups(self.lines, self.marked)
        best = max([*numbered, *grouped], key=lambda chain: chain[0], default=(0.0, []))[1]
        if held := self._holder(best, [chain for _, chain in [*numbered, *grouped]]):
            best = held
        best = self._around(best, numbered) or best
        return self._continued(self._first(best) + best)

    def _around(self, inner: list[Head], chains: list[tuple[float, list[Head]]]) -> list[Head]:
        """The chain of headings one of whose sections holds the whole of another chain: Ⅰ, Ⅱ (1) (2) (3), Ⅲ."""
        for _, outer in chains:
            first = outer[0].marker
            if len(outer) < _SECOND or first is None or first.value != 1 or first.style not in _TOP:
                continue
            starts = [head.at for head in outer]
            sections = {bisect.bisect_right(starts, head.at) for head in inner}
            plain = (
                all(
                    self._weight(head) > _DOUBLED
                    and self.lines[head.at].level == self.lines[starts[0]].level
                    for head in outer
                )
                and self._mean(outer) > self._mean(inner) + 1
            )
            if sections <= set(range(1, len(starts) + 1)) and len(sections) == 1 and plain:
                return outer
        return []

    def _mean(self, chain: list[Head]) -> float:
        return sum(map(self._weight, chain)) / len(chain)

    def _continued(self, best: list[Head]) -> list[Head]:
        """The chain with the articles whose numbers another style prints: 五、 6. 7. 八、."""
        found: list[Head] = []
        for head, after in zip(best, [*best[1:], None][: len(best)], strict=True):
            found.append(head)
            while (last := found[-1].marker) and (not after or self._gap(last, after)):
                if (more := self._other(found[-1], after.at if after else len(self.lines))) is None:
                    break
                found.append(more)
        return found

    @staticmethod
    def _gap(last: Marker, after: Head) -> bool:
        return after.marker is not None and after.marker.value > last.value + 1

    def _other(self, head: Head, end: int) -> Head | None:
        """The next article in another style of numbers: a heading that continues no list of its own style."""
        mine, first = head.marker, self.lines[head.at]
        turned = head.sure < 1  # an article of the other style stands before
        counted: set[str] = set()  # the styles in which the number before was just told
        for at in range(head.at + 1, end) if mine else ():
            line = self.lines[at]
            for one in self.marked[at]:
                if mine is None or one.value not in {mine.value, mine.value + 1}:
                    continue
                if one.value == mine.value:
                    counted.add(one.key)
                elif one.key not in counted and line.level == first.level:
                    found = Head(at, one, 0.6)
                    goes_on = turned and one.key == mine.key and bool(line.blank)
                    if one.style in _TOP and (goes_on or self._weight(found) > _DOUBLED):
                        return found
        return None

    def _holder(self, inner: list[Head], chains: list[list[Head]]) -> list[Head]:
        """The chain below each of whose numbers those of another one begin again: Ⅰ 1. 2. Ⅱ 1. 2."""
        marker = inner[0].marker if inner else None
        if marker is None:
            return []
        level = self.lines[inner[0].at].level
        ones = [
            at
            for at, marked in enumerate(self.marked)
            for one in marked
            if (one.key, one.value) == (marker.key, 1)
            and not self.lines[at].indent
            and self.lines[at].level == level
        ]
        for outer in chains if len(ones) > 1 else ():
            first = outer[0].marker
            if len(outer) < len(ones) or (
                first.key == marker.key if first else not self._names(outer)
            ):
                continue
            starts = [head.at for head in outer]
            sections = [bisect.bisect_right(starts, at) for at in ones]
            length = first.length if first else 0
            titled = sentences.title_like(self.lines[starts[0]].after(length).shadow)
            if titled and 0 not in sections and len(set(sections)) == len(sections):
                return outer
        return []

    def _names(self, group: list[Head]) -> bool:
        """Whether the headings of the markup name subjects of policies, so that what is numbered stands below them."""
        seen = [self.lines[head.at] for head in group]
        return (
            all(line.level for line in seen)
            and sum(bool(kinds.SUBJECT.search(line.shadow)) for line in seen) * 4 >= len(seen) * 3
        )

    def _first(self, best: list[Head]) -> list[Head]:
        """The first article where the markup made no heading of it, as it did of the others."""
        marker = best[0].marker if best else None
        if marker is None or marker.value != _SECOND:
            return []
        for at in range(best[0].at - 1, -1, -1):
            for one in self.marked[at]:
                if (one.key, one.value) == (marker.key, 1) and not self.lines[at].indent:
                    return [Head(at, one, 0.7)]
        return []

    def rows(self) -> list[Head]:
        """The rows of a table that is the policy itself: a subject in the first cell, what is said of it in the other."""
        rows = []
        for at, line in enumerate(self.lines):
            cells = words.cells(line.shadow)
            if len(cells) == 2 and 0 < len(cells[0]) <= 30:
                rows.append((Head(at, None, 0.6), bool(kinds.SUBJECT.search(cells[0]))))
        named = sum(subject for _, subject in rows)
        # A table in which most rows name a subject is the policy with every row.
        every = named * 5 >= len(rows) * 4
        return [head for head, subject in rows if subject or every] if named > 2 else []

    def ones(self) -> list[Head]:
        """The articles of a declaration that begins each with 一."""
        found = [
            Head(at, one, 0.7)
            for at, marked in enumerate(self.marked)
            for one in marked
            if one.key.startswith("一") and one.value == 1 and not self.lines[at].indent
        ]
        return found if len(found) > _SECOND else []

    def chapters(self, best: list[Head]) -> list[Head]:
        """The chapters (第1章) that the articles of a rule stand in."""
        if best[0].marker is None or best[0].marker.key != ARTICLE:
            return []
        return [
            Head(at, one, 1.0)
            for at, marked in enumerate(self.marked)
            for one in marked
            if one.key == CHAPTER and not self.lines[at].indent
        ]

    def doubled(self, best: list[Head]) -> list[Head]:
        """The articles that bear the number of the one before them by mistake."""
        found = []
        for head, after in zip(best, [*best[1:], None], strict=True):
            if (mine := head.marker) is None:
                continue
            same = [
                Head(at, one, 0.6)
                for at in range(head.at + 1, after.at if after else len(self.lines))
                for one in self.marked[at]
                if one.key == mine.key and self.lines[at].level == self.lines[head.at].level
            ]
            twice = len(same) == 1 and same[0].marker and same[0].marker.value == mine.value
            if twice and self._weight(same[0]) > _DOUBLED and mine.value > 1:
                found += same
        return found

    def beside(self, best: list[Head]) -> list[Head]:
        """Headings after the chain that stand beside its articles, such as the desk or the supplement."""
        first, last = self.lines[best[0].at], best[-1].at
        deepest = max(self.lines[head.at].indent for head in best)
        found = []
        ended = False
        desk = chain_ends_with_desk(self.lines, best)
        for at in range(best[0].at, len(self.lines)):
            line = self.lines[at]
            if first.level:
                peer = bool(line.level) and line.level <= first.level
            else:
                if line.indent > deepest + 1:
                    continue  # it stands within an article
                alike = (
                    best[0].marker is None
                    and bool(line.blank)
                    and headings.plain(self.lines, self.marked, at)
                )
                peer = (at > last or alike) and self._stands_out(at)
            if at > last and ANNEX.match(line.shadow) and len(line.shadow) <= _ANNEX:
                found.append(Head(at, None, 0.7))
                continue
            ended = ended or (at > last and kinds.by_title(line.shadow) == "dates")
            own = next(iter(self.marked[at]), None)
            chain = best[0].marker
            if at > last and self._goes_on(at, [*best, *found][-1]):
                found.append(Head(at, own, 0.7))
                continue
            if own and own.ordered and chain and own.key != chain.key and at < last:
                continue  # `(1)` below `3.` heads a part, though the markup makes it as large
            sign = own and (own.ordered or markers.is_heading_sign(own.key))
            if sign and chain is None and at < last:
                continue  # `●` or `1.` below a heading without a sign does so too
            own_kind = kinds.by_title(line.shadow)
            if peer and ended and own_kind == "desk":
                continue  # what a page prints below the supplement
            if at > last and not line.level and desk and own_kind in {"desk", "complaint"}:
                continue  # the desk's name below the article on the desk
            if peer and headed.words_of_one(line.shadow):
                found.append(
                    Head(at, next(iter(self.marked[at]), None) if first.level else None, 0.7)
                )
        return found

    def _goes_on(self, at: int, last: Head) -> bool:
        """Whether a line is the next article though the markup makes less of it: `<p>5. 窓口</p>` below `<dt>4. …</dt>`."""
        own, line = next(iter(self.marked[at]), None), self.lines[at]
        if own is None or last.marker is None or not self.lines[last.at].level or line.level:
            return False
        rest = line.after(own.length).shadow
        return (
            (own.key, own.value) == (last.marker.key, last.marker.value + 1)
            and bool(line.blank)
            and sentences.title_like(rest)
            and bool(kinds.by_title(rest))
            and headed.followed(self.lines, self.marked, at)
        )

    def opening(self, best: list[Head]) -> list[Head]:
        """A heading without a number before the first one: a definition or another subject of its own."""
        first = best[0].marker
        if first is None or first.style == "article" or self.lines[best[0].at].level:
            return []
        return [
            Head(at, None, 0.6)
            for at in range(best[0].at - 1)
            if kinds.by_title(self.lines[at].shadow) not in {"", "scope"}
            and headings.plain(self.lines, self.marked, at)
            and not (at == 0 and headed.is_about(self.lines[at]))
            and not headed.TITLE.search(self.lines[at].shadow)
        ]

    def _stands_out(self, at: int) -> bool:
        line = self.lines[at]
        if headings.is_short(line, self.marked[at]) and kinds.by_title(line.shadow) == "dates":
            return True  # the days below a supplement's name stand apart
        signed = any(markers.is_heading_sign(m.key) for m in self.marked[at])
        return bool(
            (
                line.level
                or markers.bracketed(line.shadow)
                or signed
                or headings.plain(self.lines, self.marked, at)
            )
            and kinds.by_title(markers.bracketed(line.shadow) or line.shadow)
            and headed.followed(self.lines, self.marked, at)
        )

    def _numbered(self) -> list[tuple[float, list[Head]]]:
        runs: dict[tuple[str, int], list[Head]] = defaultdict(list)
        for at, marked in enumerate(self.marked):
            for marker in marked:
                if marker.ordered and (marker.style != "iroha" or self._titles(at, marker)):
                    # 第1条 is an article, whether the markup makes a heading of it or the summary of a box.
                    level = 0 if marker.style == "article" else self.lines[at].level
                    runs[marker.key, level].append(Head(at, marker, 1.0))
        return [chain for run in runs.values() if (chain := self._chain(run)) and len(chain[1]) > 1]

    def _titles(self, at: int, marker: Marker) -> bool:
        """Whether ア or イ stands before a title over text of its own: such letters mostly count the entries of a list."""
        rest = self.lines[at].after(marker.length).shadow
        return (
            sentences.title_like(rest)
            and not headings.is_entry(rest)
            and bool(kinds.by_title(rest) or kinds.SUBJECT.search(rest))
            and headed.followed(self.lines, self.marked, at)
        )

    def _chain(self, run: list[Head]) -> tuple[float, list[Head]] | None:
        """The heaviest chain 1, 2, 3 through the lines of one kind of marker; a missing number costs."""
        best: dict[int, tuple[float, int]] = {}
        back: list[tuple[Head, int]] = []
        for head in run:
            marker = head.marker
            if marker is None:
                continue
            value, weight = marker.value, self._weight(head)
            before = [
                (best[v][0] - _GAP * (value - v - 1), best[v][1])
                for v in (value - 1, value - 2)
                if v in best
            ]
            # The articles of an excerpt begin with any number.
            if value == 1 or (head is run[0] and marker.key == ARTICLE):
                before.append((0.0, -1))
            if not before:
                continue
            score, link = max(before)
            back.append((head, link))
            if value not in best or best[value][0] < score + weight:
                best[value] = (score + weight, len(back) - 1)
        if not best:
            return None
        score, at = max(best.values())
        chain = []
        while at >= 0:
            head, at = back[at]
            chain.append(head)
        return score, chain[::-1]

    def _weight(self, head: Head) -> float:
        line, marker = self.lines[head.at], head.marker
        rest = line.after(marker.length if marker else 0).shadow
        weight = 1.0 + 0.4 * bool(line.blank) - 0.4 * min(line.indent, 4)
        if marker and marker.style == "article":
            weight += 5
        if line.level:
            weight += 1.5
        if sentences.title_like(rest) and not headings.is_entry(rest):
            weight += (
                1
                + bool(kinds.SUBJECT.search(rest))
                + headed.followed(self.lines, self.marked, head.at)
            )
        elif len(rest) > 40:
            weight += 0.5
        return weight
