"""A policy in English as some of the rules read it, sentence by sentence, and what each of these rules says of it.

A company in Japan publishes its policy in English, too, or only so. The rules were made for Japanese; those whose
question is one of presence ask it here in English words. A rule that has no English reading is not run on such a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen

if TYPE_CHECKING:
    from chikai.policy.outline import Kind, Node
    from chikai.policy.rules.reading import Reading

Hit = tuple[str, str]  # the clause and its words

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
            said
            for node in self.read.outline.walk()
            for said in _told(node, self.read.under[node.id] | _kind_of(node.title))
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

    def hits(
        self,
        pattern: re.Pattern[str],
        *kinds: Kind,
        unless: str = "",
        outside: Iterable[Kind] = (),
    ) -> Iterator[Hit]:
        """Clause and words of the same, but of none that `unless` finds or that stands under a kind of `outside`."""
        for s in self.saying(pattern, *kinds):
            excused = unless and re.search(unless, s.text)
            if not excused and s.under.isdisjoint(outside):
                yield s.at, s.raw


# What headings of a few plain words say that stands below them.
_HEADINGS: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (re.compile(r"^what (?:we|the \w+) (?:hold|keep|have|know|need|ask|record|collect|receive)|^(?:the )?(?:information|data) (?:we|that we)"), "items"),
    (re.compile(r"^(?:why\b|what (?:we do with|it is|your data is) |purposes?\b|how we use)"), "purposes"),
    (re.compile(r"^who (?:sees|else|can|gets|receives|has)|^(?:giving|passing|sharing|showing)\b|^third part"), "third_party"),
    (re.compile(r"^keep\w* .{0,24}safe|^safety|^security|^how we (?:protect|look after|secure)|^protecting"), "security"),
    (re.compile(r"^your (?:requests?|rights|choices)|^(?:disclosure|access)$|^(?:seeing|asking|correcting|changing) .{0,24}(?:data|information|us)"), "rights"),
    (re.compile(r"^how long|^keeping it$|^retention"), "retention"),
    (re.compile(r"^(?:updates?|changes?|revisions?)\b"), "change"),
    (re.compile(r"^(?:contact|questions|how to reach)"), "desk"),
)  # fmt: skip
_A_HEADING: Final = 40  # signs of a line that may be one


def _kind_of(title: str) -> frozenset[Kind]:
    words = plain(title)
    if not words or len(words) > _A_HEADING or words.endswith((".", ";", ",")):
        return frozenset()
    return frozenset(kind for pattern, kind in _HEADINGS if pattern.search(words))


def _told(node: Node, kinds: frozenset[Kind]) -> Iterator[Said]:
    """The sentences of a clause; a line that looks like a heading says what those behind it are about."""
    under = kinds
    for line in (node.title, *node.text.split("\n")):
        if headed := _kind_of(line) if line is not node.title else frozenset():
            under = (kinds - {"scope"}) | headed
        for raw in _END.split(line):
            if raw.strip():
                yield Said(node.id, plain(raw), raw, under)


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
