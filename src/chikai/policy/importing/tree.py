"""The lines of a document become its tree of clauses.

The ladder says which lines begin articles. Within an article a list goes on where a marker says the next number of a
list that is open, whatever blank lines, pages or indents lie between; a first number opens a list below the line
before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import kinds, ladder, sentences
from chikai.policy.importing.growing import Growing, opened
from chikai.policy.importing.headed import Head
from chikai.policy.importing.sections import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.importing.lines import Line

_COLON: Final = re.compile(r"^([^。、:]{2,40}):\s*(\S.*)$", re.DOTALL)
_SPACED: Final = re.compile(r"^([^。、\s]{4,40})\s(\S.{20,})$", re.DOTALL)


def grown(lines: Sequence[Line]) -> list[Growing]:
    """The articles of a document with what stands in them; the first has no marker and holds what stands before."""
    heads = ladder.heads(lines)
    captions = {head.at: _caption(lines, head) for head in heads}
    starts = [*(head.at - bool(captions[head.at]) for head in heads), len(lines)]
    before = Growing([], style="prose")
    Section(before).fill(lines[: starts[0]])
    found = [before]
    for head, end in zip(heads, starts[1:], strict=True):
        marker = head.marker
        article = opened(lines[head.at], marker, head.sure)
        if caption := captions[head.at]:
            article.lines.insert(0, caption)
            article.title = caption.text[1:-1].strip()
        if marker and not article.title and sentences.title_like(article.said):
            article.title, article.words = article.words.pop(), []
        elif marker and not article.title:
            _title_before_colon(article)
        Section(article).fill(lines[head.at + 1 : end])
        found.append(article)
    return found


def _caption(lines: Sequence[Line], head: Head) -> Line | None:
    """The caption in brackets that statutes print on the line above an article."""
    above = lines[head.at - 1] if head.at else None
    if above is None or head.marker is None or head.marker.style != "article":
        return None
    return above if re.fullmatch(r"\([^()]{2,40}\)", above.shadow) else None


def _title_before_colon(article: Growing) -> None:
    match = (_COLON.match(article.said) or _SPACED.match(article.said)) if article.words else None
    if match and kinds.SUBJECT.search(match[1]):
        article.title, article.words[-1] = match[1].strip(), match[2]
