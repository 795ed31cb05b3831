"""A page may keep its clauses in panels that open when somebody presses a heading: their heads are headings, their hidden text counts.

Most buttons of a page are none of this, and most of what it hides is a menu or a dialogue. A button heads a clause where
it stands in a heading, begins with the number of a clause, or names what a clause is about and opens something; a hidden
part is read where it comes right behind such a head, or where one names it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import kinds
from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_AHEAD: Final = 600  # signs within which the words of a button end
_TAG: Final = re.compile(r"<[^<>]*>")
_HEADING: Final = re.compile(r"h[1-6]")
_NUMBERED: Final = re.compile(
    r"(?:第\s*[0-9一二三四五六七八九十]+\s*条|[0-9]{1,2}\s*[.、)]|\([0-9]{1,2}\)|[■◆●【])"
)
_CLAUSE: Final = re.compile(r"第\s*[0-9一二三四五六七八九十]+\s*条|個人情報[^。]*。")
_HIDDEN_NEXT: Final = re.compile(
    r"</button\s*>\s*(?:</[a-z0-9]+\s*>\s*)*<[^<>]*\shidden[\s=>]", re.IGNORECASE
)
_DEEPEST: Final = 6


class Panels:
    """What the reading of a page knows of its panels as it goes on."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.level = 1  # of the last heading
        self.headed = False  # nothing has been said since a head ended
        self.named: set[str] = set()
        self.unread: list[str] = []  # what is hidden and was left out

    def heads(
        self, tag: str, given: Mapping[str, str | None], at: int, inside: Collection[str]
    ) -> bool:
        """Whether a button or a summary, whose words begin here, is the head of a clause."""
        if tag != "button":
            return tag == "summary"
        ahead = self.page[at : at + _AHEAD]
        end = ahead.lower().find("</button")
        said = shadow(_TAG.sub("", ahead[:end])).strip() if end >= 0 else ""
        opens = (
            given.get("aria-controls") or "aria-expanded" in given or _HIDDEN_NEXT.match(ahead, end)
        )
        is_head = bool(said) and (
            any(map(_HEADING.fullmatch, inside))
            or bool(_NUMBERED.match(said))
            or bool(opens and kinds.by_title(said))
        )
        if is_head:
            self.named |= {*(given.get("aria-controls") or "").split()}
        return is_head

    def lead(self) -> str:
        """The mark of Markdown for such a head, which stands below the heading above it."""
        return "#" * min(self.level + 1, _DEEPEST) + " "

    def opened(self, given: Mapping[str, str | None]) -> bool:
        """Whether a hidden part belongs to a head."""
        known = self.headed or given.get("id") in self.named
        return known or given.get("hidden") == "until-found"

    def ended(self, tag: str) -> None:
        """An element ended that was read."""
        if tag in {"button", "summary"} or (_HEADING.fullmatch(tag) and tag != "h1"):
            self.headed = True

    def said(self, words: str) -> None:
        """Words were read, which are no head's."""
        self.headed = self.headed and not words.strip()

    @property
    def lost(self) -> str:
        """The beginning of what is hidden, belongs to no head and yet reads as a clause; empty where nothing does."""
        said = " ".join("".join(self.unread).split())
        return f"{said[:23]}…" if _CLAUSE.search(shadow(said)) else ""
