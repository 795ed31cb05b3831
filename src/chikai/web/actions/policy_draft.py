"""Verbs on the draft in the folder of the installation: accepting a finding, wording a clause, changing the structure, beginning from a text.

The draft is files that people edit as well; the page says what it read, and a file that changed meanwhile is not
overwritten.

Clauses: 1.1, 8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from chikai import canon
from chikai.errors import WrongState
from chikai.ledger.events import Event
from chikai.policy import load, mend
from chikai.policy.document import Text
from chikai.policy.load import Accepted
from chikai.web import going_on, registers
from chikai.web.actions import Actor, action

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from chikai.policy.document import Document
    from chikai.policy.load import Draft


@action("officer")
def accept_finding(by: Actor, *, rule: str, clause: str, reason: Text) -> Event:
    """Accept a finding of the draft with a reason; WrongState when the draft has no such open finding."""
    draft = load.read(settings.HOME.policy)
    if not any(
        (f.rule, f.clause) == (rule, clause) and not f.is_accepted
        for f in registers.findings(draft)
    ):
        raise WrongState("the draft has no such finding any more", "look at the page again")
    made = mend.accept(settings.HOME.policy, Accepted(rule, clause, reason))
    return _drafted(made, rule=rule, clause=clause)


@action("officer")
def reword_clause(by: Actor, *, clause: str, seen: str, words: dict[str, str]) -> Event:
    """Word a clause of the draft anew; `seen` is the digest of the words that the officer had before them."""
    before = mend.words_of(settings.HOME.policy, clause)
    if canon.digest(before) != seen:
        raise WrongState("the clause has changed since the page was shown", "look at it again")
    made = mend.reword(settings.HOME.policy, clause, words)
    return _drafted(made, rule=None, clause=clause)


@action("officer")
def begin_draft(by: Actor, *, files: dict[str, str]) -> Event:
    """Put a draft that was read from a text in place of the old one, which is kept beside the folder."""
    made, _kept = mend.begin(settings.HOME.policy, files)
    return _drafted(made, rule=None, clause="")


@action("officer")
def restructure(by: Actor, *, seen: str, change: Callable[[Document], Document]) -> Event:
    """Write the structure of the draft after a change; `seen` is the digest of the draft that the officer had before them."""
    made, _kept = mend.restructure(settings.HOME.policy, seen, change)
    return _drafted(made, rule=None, clause="")


@action("officer")
def carry_ids(by: Actor, *, seen: str, same: Collection[str] = ()) -> Event:
    """Write the draft under the ids of the edition in force, so that choices go on for what they were made about.

    WrongState where something about which a person chose is only worded alike, and is not among `same`.
    """

    def carried(document: Document) -> Document:
        made, pairs = going_on.under_known_ids(document)
        if waiting := going_on.undecided(pairs, same):
            names = ", ".join(f"`{one.old.ja}`" for one in waiting if one.old)
            raise WrongState(
                f"nobody has said whether {names} goes on", "say it, then carry the ids"
            )
        return made

    made, _kept = mend.restructure(settings.HOME.policy, seen, carried)
    return _drafted(made, rule=None, clause="")


def _drafted(draft: Draft, *, rule: str | None, clause: str) -> Event:
    facts = {"digest": draft.document.digest, "rule": rule, "clause": clause}
    return Event("policy.drafted", facts)
