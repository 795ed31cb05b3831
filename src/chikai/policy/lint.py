"""What the rules find in a policy: in a folder before it is published, or in the text of any company.

The rules read the company's own Japanese text as the importer does, and the structure where there is one. A rule says
what it saw and what to do; that no rule found anything does not say that a company complies with the law. A policy
may be published with a finding that its `[[accepted]]` table names, and the finding stays listed with that reason.

Clauses: 1.1, 8.
Law: APPI Art. 17(1), APPI Art. 32(1).
"""

from __future__ import annotations

import array
import bisect
import functools
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from chikai import law
from chikai.errors import BadInput
from chikai.policy import prose
from chikai.policy.document import Text
from chikai.policy.findings import (
    Asleep,
    Finding,
    as_github,
    as_json,
    as_sarif,
    as_text,
    blocking,
    ranked,
)
from chikai.policy.importing.reading import outline_of
from chikai.policy.outline import Span
from chikai.policy.rules import RULES, Rule, english
from chikai.policy.rules.reading import NOBODY_ASKED, Reading, Registers
from chikai.policy.rules.rule import SINCE, are_checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.load import Draft
    from chikai.policy.outline import Outline
    from chikai.policy.rules.rule import Seen

__all__ = [
    "RULES",
    "Asleep",
    "Finding",
    "Registers",
    "Rule",
    "as_github",
    "as_json",
    "as_sarif",
    "as_text",
    "asleep",
    "blocking",
    "findings",
    "of_text",
    "unjudged",
]

# The law of these rules begins with the consolidation of 2022 and was last compared on the day of the newest profile.
NAME, _, _NEWEST = law.PROFILE.partition("@")
LAST: Final = date.fromisoformat(_NEWEST)
STRUCTURE: Final = "policy.toml:1"
# What stands between two signs of one word where a page, a column or a cell of a table cuts it.
_CUT: Final = re.compile(r"[\s|]")


def day_of(profile: str) -> date:
    """The day of a profile such as `appi@2024-04-01`; BadInput where these rules do not know the law of that day."""
    name, at, written = profile.partition("@")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = date.min
    if name != NAME or not at or not SINCE <= day <= LAST:
        raise BadInput(
            f"there is no profile `{profile}`",
            f"use `{law.PROFILE}`, or `{NAME}@` with a day from {SINCE} to {LAST}",
        )
    return day


def asleep(profile: str = law.PROFILE) -> tuple[Asleep, ...]:
    """The rules that are not in force at the date of a profile; none of them is run."""
    day = day_of(profile)
    return tuple(Asleep(r.id, r.since) for r in RULES.values() if not r.holds_on(day))


def findings(
    draft: Draft, *, registers: Registers = NOBODY_ASKED, profile: str = law.PROFILE
) -> tuple[Finding, ...]:
    """Everything that the rules see in a draft, what to act on first."""
    text = _own_text(draft)
    lines = tuple(_lines(text))
    outline = outline_of([("ja.md", prose.without_ids(text))])
    reading = Reading(outline, draft.document, registers, day_of(profile), draft.halves)
    places = _Folder(draft, reading, lines, text == draft.ja)
    return ranked(_found(rule, seen, places) for rule, seen in _seen(reading))


def of_text(outline: Outline, *, profile: str = law.PROFILE) -> tuple[Finding, ...]:
    """Everything that the rules see in a company's own text, what to act on first."""
    reading = Reading(outline, on=day_of(profile))
    places = _File(reading)
    return ranked(_found(rule, seen, places) for rule, seen in _seen(reading))


def unjudged(outline: Outline) -> tuple[str, ...]:
    """The rules that are not run on a text, because they read Japanese and it is in another language."""
    if Reading(outline).is_japanese:
        return ()
    read = english.ASKED if english.is_english(Reading(outline)) else {}
    return tuple(r.id for r in RULES.values() if not r.any_language and r.id not in read)


def _own_text(draft: Draft) -> str:
    """The text of `ja.md`, page breaks and all; what the document says where it was changed since."""
    told = {part.id: (part.heading, part.body) for part in prose.parse(draft.ja, "ja.md").parts}
    says = {c.id: (c.heading.ja, c.body.ja) for c in draft.document.clauses}
    return draft.ja if told == says else prose.written(draft.document, "ja", draft.ja)


def _seen(reading: Reading) -> Iterator[tuple[Rule, Seen]]:
    in_english = not reading.is_japanese and english.is_english(reading)
    text = english.English(reading)
    for rule in RULES.values():
        if not rule.holds_on(reading.on):
            continue
        if in_english and rule.id in english.ASKED:
            for seen in english.seen(rule.id, text):
                yield rule, seen
        elif reading.is_japanese or rule.any_language:
            for seen in rule.check(reading):
                yield rule, seen


def _found(rule: Rule, seen: Seen, places: _Folder | _File) -> Finding:
    clause, place = places.of(seen)
    return Finding(
        rule=rule.id,
        severity=seen.severity or rule.severity,
        clause=clause,
        place=place,
        quote=seen.quote.strip(),
        message=seen.message,
        fix=seen.fix,
        article="; ".join(seen.articles) or rule.article,
        checked=are_checked(seen.articles or rule.articles),
        accepted=places.why(rule.id, clause),
        often=rule.often,
    )


def _line(reading: Reading, seen: Seen) -> tuple[str, int]:
    """The file and the line in it of what a rule saw: of its quote, or of the clause."""
    outline = reading.outline
    node = outline.by_id.get(seen.at)
    words = list(_quoted(seen.quote))
    if node is None:
        for name, text in outline.sources:
            if (at := _first(text, words, ((0, len(text)),))) is not None:
                return name, _own_line(outline, text, at, name)
        return next((name for name, _ in outline.sources), ""), 1
    text = dict(outline.sources).get(node.span.file, "")
    start, end = node.span.start, node.span.end
    # A day may stand on the line below what it is the day of, and a clause be spoken of before it comes.
    found = _first(text, words, ((start, end), (start, len(text)), (0, start)))
    if found is None:
        return node.span.file, outline.origin(node.span).line
    return node.span.file, _own_line(outline, text, found, node.span.file)


def _own_line(outline: Outline, text: str, at: int, name: str) -> int:
    """The line in the file of a place in the text that was read from it."""
    return outline.origin(Span(at, at + 1, text.count("\n", 0, at) + 1, name)).line


def _quoted(quote: str) -> Iterator[str]:
    """The first signs of a quote, and those before what it leaves out."""
    first = quote.strip().partition("\n")[0]
    for said in dict.fromkeys((first, first.partition("…")[0])):
        if signs := _CUT.sub("", said)[:24]:
            yield signs


def _first(text: str, words: Sequence[str], ranges: Sequence[tuple[int, int]]) -> int | None:
    """Where in the first of these ranges any of these signs begin, wherever a page, a column or a cell cuts them."""
    signs, places = _dense(text)
    for start, end in ranges:
        low, high = bisect.bisect_left(places, start), bisect.bisect_left(places, end)
        for said in words:
            if (at := signs.find(said, low, high)) >= 0:
                return places[at]
    return None


@functools.lru_cache(maxsize=2)
def _dense(text: str) -> tuple[str, Sequence[int]]:
    """The signs of a text without what may cut words, and the place of each."""
    kept = [(sign, at) for at, sign in enumerate(text) if not _CUT.match(sign)]
    return "".join(sign for sign, _ in kept), array.array("l", (at for _, at in kept))


@dataclass(frozen=True, slots=True)
class _File:
    """The places of a text that has no folder."""

    reading: Reading

    def of(self, seen: Seen) -> tuple[str, str]:
        """The clause of what was seen, and its place."""
        known = seen.at if seen.at in self.reading.outline.by_id else ""
        file, line = _line(self.reading, seen)
        return known, f"{file}:{line}"

    def why(self, _rule: str, _clause: str) -> Text:
        """Nobody accepts a finding of a bare text."""
        return Text()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Of each line of the company's own text, its line in `ja.md` and the clause that it stands in."""
    clause = ""
    # A page that ends amid a line begins no new one.
    for number, line in enumerate(text.split("\n"), 1):
        if (id_ := prose.id_of(line)) is not None:
            clause = id_
        else:
            yield number, clause


def _near(text: str, line: int, quote: str) -> int:
    """The line of a quote within the table or the clause that begins at a line; that line where it does not stand there."""
    lines = text.split("\n")[line - 1 :]
    ends = (n for n, one in enumerate(lines) if n and (one.startswith("[[") or prose.id_of(one)))
    within = "\n".join(lines[: next(ends, len(lines))])
    at = _first(within, list(_quoted(quote)), ((0, len(within)),))
    return line if at is None else line + within.count("\n", 0, at)


@dataclass(frozen=True, slots=True)
class _Folder:
    """The places of a policy folder: the clauses are the document's, whatever the text alone would say."""

    draft: Draft
    reading: Reading
    lines: tuple[tuple[int, str], ...]
    unchanged: bool

    def of(self, seen: Seen) -> tuple[str, str]:
        """The clause of what was seen, and its place."""
        if seen.at not in self.reading.outline.by_id:
            at = seen.at.removeprefix("en:").removeprefix("ja:")
            # A place of the structure is no clause; the file's first line stands for what has no place.
            clause = "" if ":" in at or at in {"title", "controller", "desk"} else at
            place = self.draft.places.get(seen.at.removeprefix("ja:"), "")
            if not place and self.unchanged and (line := _line(self.reading, seen)[1]) > 1:
                return self._own(line)
            return clause, self._near(place or STRUCTURE, seen.quote)
        _, line = _line(self.reading, seen)
        clause, place = self._own(line)
        if self.unchanged:
            return clause, place
        return clause, self._near(self.draft.places.get(clause, STRUCTURE), seen.quote)

    def _own(self, line: int) -> tuple[str, str]:
        """The clause and the place of a line of the company's own text."""
        number, clause = self.lines[min(line, len(self.lines)) - 1]
        return clause, f"ja.md:{number}"

    def _near(self, place: str, quote: str) -> str:
        """The place of a quote in what begins at a place."""
        file, _, line = place.rpartition(":")
        texts = {"ja.md": self.draft.ja, "en.md": self.draft.en}
        return f"{file}:{_near(texts.get(file, self.draft.structure), int(line), quote)}"

    def why(self, rule: str, clause: str) -> Text:
        """The reason for which a finding was accepted, or nothing."""
        accepted = self.draft.accepted
        return next((a.reason for a in accepted if (a.rule, a.clause) == (rule, clause)), Text())
