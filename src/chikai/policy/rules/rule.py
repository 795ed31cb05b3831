"""What a rule of the lint is, and the table of all of them.

A rule is one function. Its docstring is its sentence, its articles must be known, and it says what it needs: text
(`T`), structure (`S`) or a register of the operator (`R`). `often` is the share of published policies in which it was
seen to find something: what nearly every policy lacks is told apart from what is this one's own. A rule reads Japanese;
one of `any_language` looks at numbers, references and blanks only, and most have an English reading (see `english`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from chikai import law
from chikai.policy.document import Text
from chikai.policy.findings import Severity
from chikai.policy.rules.reading import Reading

Needs = Literal["T", "S", "R"]
# The consolidated numbers and the matters to make available that these rules ask for; a rule that rests on a later
# provision says so itself.
SINCE: Final = date(2022, 4, 1)
USUAL: Final = 0.6


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule saw: `at` is a clause id or another key of `Draft.places`.

    `severity` replaces the rule's, and `articles` those of the rule that are about this one thing.
    """

    at: str
    message: Text
    fix: Text
    quote: str = ""
    severity: Severity | None = None
    articles: tuple[str, ...] = ()


def are_checked(articles: tuple[str, ...]) -> bool:
    """Whether every one of these citations was compared with the official text; false of none."""
    return bool(articles) and all(law.is_checked(a) for a in articles)


Check = Callable[[Reading], Iterable[Seen]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, how much it weighs, what it needs, the articles it rests on and what it looks for."""

    id: str
    severity: Severity
    needs: Needs
    articles: tuple[str, ...]
    says: str
    check: Check
    often: float = 0.1
    since: date = SINCE
    until: date | None = None
    any_language: bool = False

    @property
    def article(self) -> str:
        """The citations, as one string."""
        return "; ".join(self.articles)

    @property
    def checked(self) -> bool:
        """Whether every citation was compared with the official text; false where there is none."""
        return are_checked(self.articles)

    @property
    def usual(self) -> bool:
        """Whether most published policies have this gap."""
        return self.often >= USUAL

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.since <= day and (self.until is None or day < self.until)


RULES: Final[dict[str, Rule]] = {}


def rule(
    id_: str,
    severity: Severity,
    needs: Needs,
    *articles: str,
    often: float = 0.1,
    since: date = SINCE,
    any_language: bool = False,
) -> Callable[[Check], Check]:
    """Register a function as a rule; its sentence is the docstring, and every article must be known."""
    for article in articles:
        law.is_checked(article)

    def register(check: Check) -> Check:
        says = (check.__doc__ or "").partition("\n")[0]
        known = Rule(id_, severity, needs, articles, says, check, often, since)
        RULES[id_] = replace(known, any_language=any_language)
        return check

    return register
