"""The lines that look like headings, in the groups whose lines stand alike: a level, a kind of bracket, a sign, none.

A group is worth what its lines are worth: those that name a subject of policies, with words of their own below, count
most.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import headings, kinds, markers, sentences, words
from chikai.policy.importing.lines import BOLD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.importing.markers import Marker

TITLE: Final = re.compile(
    r"(?:プライバシー・?ポリシー|個人情報に関する(?:基本方針|公表事項)|プライバシーステートメント|個人情報(?:の)?(?:保護)?(?:方針|規[約程]|取り?扱い?(?:について|規程|方針|に関して)?|保護(?:について|に関して|ポリシー))|"
    r"情報セキュリティ(?:基本)?方針|privacy ?(?:policy|statement|notice))(?:[」◆■●★☆】〉》>]|\s|\(|$)",
    re.IGNORECASE,
)
ABOUT: Final = re.compile(r"個人情報|個人データ|プライバシー|privacy|personal", re.IGNORECASE)
_REACH: Final = re.compile(r"@|://|[0-9]{2,4}-[0-9]{3,4}")
_SPACED: Final = re.compile(r"\S(?: \S)+")
# `詳細1: …`: a colon behind a number makes no label of a heading.
_COUNTED: Final = re.compile(r"^[^\s:0-9]{1,6}\s?[0-9]{1,2}\s?:\s*(?=\S)")
_ABOUT: Final = re.compile(r"(?:について|に関して)$")
_ROUND: Final = re.compile(r"\([^()]{2,24}\)")
# So many lines that look like headings show how the headings of a document stand.
_ENOUGH: Final = 2
# No heading is longer; nothing longer is searched.
LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Head:
    """A line that begins an article: its place among the lines, and its marker if it has one."""

    at: int
    marker: Marker | None
    sure: float


def groups(
    lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]]
) -> list[tuple[float, list[Head]]]:
    """The groups of headings, each with its weight."""
    return _Groups(lines, marked).scored()


def words_of_one(shadow: str) -> bool:
    """Whether a line may be a heading by its length and its words."""
    return len(shadow) <= LONGEST and not headings.LABEL.search(_COUNTED.sub("", shadow))


def followed(lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]], at: int) -> bool:
    """Whether words of its own stand below a line, and not another line of the same kind."""
    if at + 1 >= len(lines):
        return False
    mine = {m.key for m in marked[at]}
    return not mine or not any(m.key in mine for m in marked[at + 1])


class _Groups:
    def __init__(self, lines: Sequence[Line], marked: Sequence[tuple[Marker, ...]]) -> None:
        self.lines = lines
        self.marked = marked

    def scored(self) -> list[tuple[float, list[Head]]]:
        """The headings of the markup by level, the lines in brackets, those with a sign, and the short lines."""
        groups: dict[str, list[Head]] = defaultdict(list)
        for at, line in enumerate(self.lines):
            first = next(iter(self.marked[at]), None)
            if markers.run_in(line.shadow) and not line.level:
                groups[f"run-in {line.shadow[0]}"].append(Head(at, None, 0.8))
                continue
            if (
                not words_of_one(line.shadow)
                or words.cells(line.shadow)
                or (
                    TITLE.search(line.shadow)
                    and at < (1 if first else 4)
                    and not (first and first.ordered)
                )
            ):
                continue
            if line.level:
                groups[f"level {line.level}"].append(Head(at, first, 1.0))
            elif bracket := markers.bracketed(line.shadow):
                if followed(self.lines, self.marked, at) and sentences.title_like(bracket):
                    groups[f"bracket {line.shadow[0]}"].append(Head(at, None, 0.9))
            elif _ROUND.fullmatch(line.shadow):
                statute = at + 1 < len(self.lines) and any(
                    m.style == "article" for m in self.marked[at + 1]
                )
                if (
                    followed(self.lines, self.marked, at)
                    and not statute
                    and kinds.SUBJECT.search(line.shadow)
                ):
                    groups["bracket ("].append(Head(at, None, 0.7))
            elif first and markers.is_heading_sign(first.key):
                if followed(self.lines, self.marked, at) and sentences.title_like(
                    line.after(first.length).shadow
                ):
                    groups[f"sign {first.key}"].append(Head(at, None, 0.9))
            elif headings.plain(self.lines, self.marked, at):
                groups["plain"].append(Head(at, None, 0.7))
        groups = {n: g for n, g in groups.items() if "run-in" not in n or self._run_in(g)}
        groups = defaultdict(list, {n: self._without_parts(g) for n, g in groups.items()})
        groups["plain"] = self._with_alike(groups["plain"])
        scores = {
            name: sum(map(self._headed_weight, group)) + self._outer(name)
            for name, group in groups.items()
            if len(group) > 1
        }
        if outer := self._outermost(groups):
            # However many stand below it, the headings of a level are parts of those of the level above.
            below = [name for name in scores if name.startswith("level") and name > outer]
            scores[outer] = max(scores[name] for name in (outer, *below))
            scores = {name: score for name, score in scores.items() if name not in below}
        return [(score, groups[name]) for name, score in scores.items()]

    def _run_in(self, group: list[Head]) -> bool:
        """Whether the brackets that begin lines hold subjects of a policy, each another, and no `必須`."""
        said = [markers.run_in(self.lines[head.at].shadow) for head in group]
        named = sum(bool(kinds.by_title(one)) for one in said)
        return len(said) > _ENOUGH and len(set(said)) == len(said) and named * 2 > len(said)

    @staticmethod
    def _without_parts(group: list[Head]) -> list[Head]:
        """Headings of one level without those that number the parts of others: `(1)` below `3.`."""
        signed = [
            head for head in group if head.marker and markers.is_heading_sign(head.marker.key)
        ]
        if signed and group[0].marker is None and len(signed) * 2 < len(group):
            after = next(head for head, below in itertools.pairwise(group) if below is signed[0])
            if signed[0].at == after.at + 1:
                # `取得する情報` right above `● 団体に関する情報`
                group = [head for head in group if head not in signed]
        counted = [head for head in group if head.marker and head.marker.ordered]
        if group[0].marker is None and sum(h.marker.value == 1 for h in counted if h.marker) > 1:
            # `共同利用について` over `1.`, `2.`, and the next heading over `1.`, `2.` again
            return [head for head in group if head not in counted]
        outer = next((head.marker for head in counted), None)
        if outer is None or outer.style not in {"number", "article"}:
            return group
        inner = {"paren", "circled", "dotted", "letter", "iroha"}
        return [head for head in group if not (head.marker and head.marker.style in inner)]

    def _outermost(self, groups: dict[str, list[Head]]) -> str:
        """The outermost level of headings whose titles are subjects of a policy; empty where no level is one."""
        for name in sorted(name for name in groups if name.startswith("level")):
            shadows = [self.lines[head.at].shadow for head in groups[name]]
            named = sum(
                bool(kinds.SUBJECT.search(text)) and not TITLE.search(text) for text in shadows
            )
            if named > 1 and named * 2 >= len(shadows):
                return name
        return ""

    def _with_alike(self, plain: list[Head]) -> list[Head]:
        """Plain headings with the lines that stand as they do, though they name no subject of policies."""
        if len(plain) < _ENOUGH or not all(
            self.lines[head.at].blank or self.lines[head.at].page for head in plain[1:]
        ):
            return plain
        known, first = {head.at for head in plain}, plain[0].at
        if first and self._first_alike(plain):
            plain, first = [Head(0, None, 0.6), *plain], 0
            known.add(0)
        more = [
            Head(at, None, 0.6)
            for at in range(len(self.lines))
            if at not in known and headings.stands(self.lines, self.marked, at, opening=at < first)
        ]
        return sorted([*plain, *more], key=lambda head: head.at)

    def _first_alike(self, plain: list[Head]) -> bool:
        """Whether the first line of all ends as the headings below do (`…について`), and stands as they do."""
        said = self.lines[0].shadow
        ends = [bool(_ABOUT.search(self.lines[head.at].shadow)) for head in plain]
        apart = all(bool(self.lines[head.at + 1].blank) for head in plain)
        return bool(
            _ABOUT.search(said)
            and headings.is_short(self.lines[0], self.marked[0])
            and sum(ends) * 4 >= len(ends) * 3
            and apart
            and self.lines[1].blank
            and self.lines[1].shadow.endswith("。")
        )

    @staticmethod
    def _outer(name: str) -> float:
        """Outer levels before inner ones where both serve."""
        return -0.5 * int(name[-1]) if name.startswith("level") else 0.0

    def _headed_weight(self, head: Head) -> float:
        line = self.lines[head.at]
        weight = (
            1.5
            + 0.4 * bool(line.blank)
            + bool(kinds.SUBJECT.search(line.shadow))
            + followed(self.lines, self.marked, head.at)
        )
        return weight + (1.5 if 0 < line.level < BOLD else 0.3) - 0.4 * min(line.indent, 4)


def is_title(line: Line) -> bool:
    """Whether a line is the name of a policy and nothing else."""
    said = _without_brackets(line)
    return len(said) <= 40 and bool(TITLE.search(said)) and sentences.title_like(said)


def is_about(line: Line) -> bool:
    """Whether a short line speaks of personal information as a title does, and has no number."""
    said = _without_brackets(line)
    titled = len(said) <= 50 and bool(ABOUT.search(said)) and sentences.title_like(said)
    return (
        titled and not _REACH.search(said) and not any(m.ordered for m in markers.candidates(line))
    )


def _without_brackets(line: Line) -> str:
    """The words of a line without brackets around it, and without the spaces that part its signs."""
    said = markers.bracketed(line.shadow) or line.shadow
    return said.replace(" ", "") if _SPACED.fullmatch(said) else said
