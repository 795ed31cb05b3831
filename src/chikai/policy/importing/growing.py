"""A clause while its lines are read, and the finished clause that it becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import kinds, markers, words
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import Node, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.importing.markers import Marker
    from chikai.policy.outline import Kind, Style

_TITLED: Final = re.compile(
    r"^\s*(?:\(([^()]{1,60}(?:\([^()]*\)[^()]*)?)\)|【([^【】]{1,60})】|\[([^\[\]]{1,60})\])[ :]*(.*)$",
    re.DOTALL,
)
_BOLD: Final = re.compile(
    r"^(?:\*\*|__)([^*_]{1,60}?)[::]?(?:\*\*|__)(?![をはがにのでともへ])[:\s]*(.*)$", re.DOTALL
)


@dataclass(slots=True)
class Growing:
    """A clause while its lines are read.

    `keys` are the kinds of markers that its children bear, `led` is how many words were told and what of them leads.
    """

    lines: list[Line]
    marker: Marker | None = None
    style: Style = "prose"
    number: str = ""
    title: str = ""
    words: list[str] = field(default_factory=list)
    children: list[Growing] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    sure: float = 1.0
    gaps: list[tuple[str, int, int]] = field(default_factory=list)
    level: int = 0
    indent: int = 0
    lead: str = ""
    led: tuple[int, str] | None = None

    @property
    def last(self) -> Growing:
        """The innermost clause at its end."""
        return self.children[-1].last if self.children else self

    @property
    def said(self) -> str:
        """Its last words for matching."""
        return (self.words[-1] if self.words else self.title).strip()


def opened(line: Line, marker: Marker | None, sure: float = 1.0) -> Growing:
    """The clause that a line begins."""
    length = marker.length if marker else 0
    rest = line.after(length)
    made = Growing([line], marker, level=line.level, indent=line.indent, sure=sure)
    made.number = line.text[:length].strip()
    made.style = marker.style if marker else "heading"
    if marker is None and len(cells := words.cells(rest.text)) == 2:
        made.title, made.words = cells[0], words.inside_cell(cells[1])
        return made
    if marker is None and markers.is_heading_sign(rest.shadow[:1]) and len(rest.shadow) > 1:
        made.number, rest = rest.text[:1], rest.after(1)
    title, said = _apart(rest, headed=marker is None or bool(line.level))
    made.title = title
    if said:
        made.words.append(said)
    return made


def _apart(rest: Line, *, headed: bool) -> tuple[str, str]:
    """The heading of a line and the words behind it."""
    if headed and markers.run_in(rest.shadow) and (match := _TITLED.match(rest.shadow)):
        at = next(i for i in range(1, 4) if match[i] is not None)
        return rest.text[match.start(at) : match.end(at)].strip(), rest.text[match.start(4) :]
    if headed:
        bare = markers.bracketed(rest.shadow) or re.fullmatch(r"\([^()]{1,60}\)", rest.shadow)
        return (rest.text[1:-1].strip() if bare else rest.text), ""
    if match := _TITLED.match(rest.shadow):
        at = next(i for i in range(1, 4) if match[i] is not None)
        return rest.text[match.start(at) : match.end(at)].strip(), rest.text[
            match.start(4) :
        ].strip()
    if match := _BOLD.match(rest.shadow):
        said = rest.text[match.start(2) :].strip()
        return "", f"{match[1].strip()}：{said}" if said else match[1].strip()
    return "", rest.text


def numbered(clauses: Sequence[Growing]) -> list[int]:
    """The last part of each id: the printed number, or the next free one where that is taken or missing."""
    made: list[int] = []
    taken: set[int] = set()
    highest = 0
    for clause in clauses:
        value = clause.marker.value if clause.marker else 0
        if not value or value in taken:
            value = highest + 1
        taken.add(value)
        highest = max(highest, value)
        made.append(value)
    return made


def node(clause: Growing, id_: str, files: Sequence[str]) -> Node:
    """The finished clause with the ids of everything below it."""
    children = [
        node(child, f"{id_}.{value}", files)
        for child, value in zip(clause.children, numbered(clause.children), strict=True)
    ]
    about = kind(clause)
    if about in {"items", "purposes"}:
        # `連絡先` among data is no desk, and `改善のため` among purposes no change of the policy.
        children = [_without_kinds(one, about) for one in children]
    return Node(
        id=id_,
        number=clause.number if clause.style != "bullet" or clause.number else "",
        style=clause.style,
        kind=about,
        title=clause.title,
        text="\n".join(clause.words),
        span=span(clause, files),
        confidence=round(clause.sure, 2),
        children=tuple(children),
        breaks=breaks(clause, files),
        lead=clause.lead,
    )


def _without_kinds(one: Node, about: Kind) -> Node:
    """A part of a list without the kinds of its entries, down to where a clause of another kind begins."""
    is_entry = not one.title and "。" not in one.text
    if not is_entry and one.kind not in {"", about}:
        return one
    below = tuple(_without_kinds(child, about) for child in one.children)
    return replace(one, kind="" if is_entry else one.kind, children=below)


def kind(clause: Growing) -> Kind:
    """What a clause is about, by its title or its words."""
    if clause.title and (said := kinds.by_title(shadow(clause.title))):
        return said
    if clause.style in {"bullet", "line"} or (clause.marker and not clause.words):
        return ""
    return kinds.by_words(shadow(" ".join(clause.words)))


def span(clause: Growing, files: Sequence[str]) -> Span:
    """The place of a clause with all below it."""
    first, last = clause.lines[0], _end(clause)
    return Span(
        first.start,
        last.end if last.file == first.file else first.end,
        first.number,
        files[first.file],
    )


def _end(clause: Growing) -> Line:
    ends = [*clause.lines[-1:], *(_end(child) for child in clause.children[-1:])]
    return max(ends, key=lambda line: (line.file, line.end))


def breaks(clause: Growing, files: Sequence[str]) -> tuple[tuple[str, Span], ...]:
    """The places where lines or lists were cut."""
    found = []
    for line in clause.lines:
        name = files[line.file]
        found += [(why, Span(a, b, line.number, name)) for why, a, b in line.breaks]
    found += [
        (w, Span(a, b, clause.lines[0].number, files[clause.lines[0].file]))
        for w, a, b in clause.gaps
    ]
    return tuple(found)
