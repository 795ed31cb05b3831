"""A policy in English as some of the rules read it, sentence by sentence, and what each of these rules says of it.

A company in Japan publishes its policy in English, too, or only so. The rules were made for Japanese; those whose
question is one of presence ask it here in English words. A rule that has no English reading is not run on such a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen

if TYPE_CHECKING:
    from chikai.policy.outline import Kind
    from chikai.policy.rules.reading import Reading

_LONGEST: Final = 1200  # signs of one sentence that are read
_END: Final = re.compile(r"(?<=[a-z0-9)\"”][.!?;])\s+|\n")
_COMMON: Final = re.compile(
    r"\b(?:the|and|of|to|you|your|we|our|in|for|or|is|are|with|this)\b", re.IGNORECASE
)
_WORD: Final = re.compile(r"[A-Za-z]{1,30}")
_RIGHTS: Final[frozenset[Kind]] = frozenset(
    ("rights", "rights.purpose", "rights.disclose", "rights.correct", "rights.suspend", "procedure")
)
_ASKS: Final = re.compile(
    r"\b(?:request|ask|require|demand|apply|exercise|right to|entitled|rights?)\b"
)
_RIGHT: Final = re.compile(
    r"\b(?:disclos|access|correct|delet|eras|suspen|ceas|stop|amend|rectif|remov)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: its clause, its words in lower case with single blanks, its own words, and the kinds it is under."""

    at: str
    text: str
    raw: str
    under: frozenset[Kind]


@dataclass(frozen=True)
class English:
    """The sentences of an English policy."""

    read: Reading

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """Every sentence in the order of the text; a title counts as one."""
        return tuple(
            Said(node.id, plain(raw), raw, self.read.under[node.id])
            for node in self.read.outline.walk()
            for raw in _END.split(f"{node.title}\n{node.text}")
            if raw.strip()
        )

    @cached_property
    def text(self) -> str:
        """The whole text, one line a sentence."""
        return "\n".join(s.text for s in self.said)

    @cached_property
    def rights(self) -> tuple[Said, ...]:
        """What is said about requests of persons."""
        tops = {s.at.partition(".")[0] for s in self.said if _of_rights(s)}
        return tuple(s for s in self.said if s.at.partition(".")[0] in tops or s.under & _RIGHTS)

    @cached_property
    def rights_text(self) -> str:
        """The same, one line a sentence."""
        return "\n".join(s.text for s in self.rights)

    def first(self, *kinds: Kind) -> str:
        """The id of the first clause of these kinds, or an empty string."""
        return self.read.first(*kinds)

    def saying(self, pattern: re.Pattern[str], *kinds: Kind) -> Iterator[Said]:
        """The sentences that a pattern finds, of all clauses or of those under these kinds."""
        for s in self.said:
            if (not kinds or s.under & set(kinds)) and pattern.search(s.text):
                yield s


def plain(text: str) -> str:
    """Words in one width and in lower case, with single blanks."""
    narrow = unicodedata.normalize("NFKC", text[:_LONGEST]).replace("’", "'")
    return " ".join(narrow.lower().replace("*", "").split())


def _of_rights(said: Said) -> bool:
    if said.under & {"third_party", "minors", "change", "purposes", "items", "cookie", "foreign"}:
        return False
    named = {m[0] for m in _RIGHT.finditer(said.text)}
    return bool(named and _ASKS.search(said.text) and len(said.text) > 20 and len(named) >= 2)


def is_english(read: Reading) -> bool:
    """Whether a text is English, as its smallest words say."""
    text = "\n".join(f"{n.title}\n{n.text}" for n in read.outline.walk())[:20000]
    words = len(_WORD.findall(text))
    return words > 0 and len(_COMMON.findall(text)) * 10 >= words


Hit = tuple[str, str]
Check = Callable[[English], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks of an English text, and what it says of what it finds."""

    check: Check
    message: Text
    fix: Text


ASKED: Final[dict[str, Asked]] = {}


def asks(id_: str, message: tuple[str, str], fix: tuple[str, str]) -> Callable[[Check], Check]:
    """Register what a rule asks of an English text."""

    def register(check: Check) -> Check:
        ASKED[id_] = Asked(check, Text(*message), Text(*fix))
        return check

    return register


def seen(id_: str, text: English) -> Iterator[Seen]:
    """What a rule sees in an English text, once."""
    one = ASKED[id_]
    for at, quote in one.check(text):
        yield Seen(at, one.message, one.fix, quote)
        return
