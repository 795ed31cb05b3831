"""Whose request it is, as far as anybody knows: the pairs that wait for a finding, and what its mailbox proves.

An officer sees both before the identity is confirmed and before anything is approved: a registration that may be the
person's is never answered as none.

Clauses: 5, 6.
Law: APPI Art. 33(3), APPI Art. 37(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy

from chikai.rights import request as rules
from chikai.web import request_words as words
from chikai.web.actions import acting, portal, rights
from chikai.web.actions.askers import is_unknown
from chikai.web.models import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from chikai.web.models import Link, Request, Step

MOST: Final = 50
NONE: Final = gettext_lazy("no account there")
MAYBE: Final = gettext_lazy("perhaps an account; it waits for a finding")
REASONS: Final[dict[str, _StrPromise]] = {
    "shared_mailbox": gettext_lazy("one mailbox, several persons"),
    "names_differ": gettext_lazy("same address, names differ"),
    "unverified": gettext_lazy("same address, not verified"),
    "parted": gettext_lazy("parted before"),
    "said": gettext_lazy("said at the desk, not verified by a service"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair that waits: the person's own link, the other one, and why nobody joined them."""

    number: int
    own: Link
    other: Link
    reason: _StrPromise


def shown(row: Request) -> dict[str, Any]:
    """What the pages of a request show of its person."""
    person = Person.resolve(row.person_id)
    pairs = [_pair(one, person) for one in Candidate.objects.about(person)[:MOST]]
    return {
        "pairs": pairs,
        "unjoined": row.state in rules.UNDECIDED and is_unjoined(row, person),
        "mailbox": ""
        if row.state != "received" or acting.is_by_agent(row)
        else _mailbox(row, person),
    }


def is_unjoined(row: Request, person: Person) -> bool:
    """Whether somebody acts for a person of whom nobody has said which registration is theirs: the answer would be none."""
    return acting.is_by_agent(row) and is_unknown(person)


def state(step: Step, doubts: Mapping[str, int]) -> _StrPromise:
    """How a place stands in words; where a registration waits for a finding nobody says that there is none."""
    if step.action == "nothing":
        return MAYBE if doubts.get(step.source) else NONE
    return words.STEPS["hand" if step.action == "hand" else step.state]


def _pair(row: Candidate, person: Person) -> Pair:
    mine = row.a.person_id == person.pk
    own, other = (row.a, row.b) if mine else (row.b, row.a)
    return Pair(row.pk, own, other, REASONS[row.reason])


def _mailbox(row: Request, person: Person) -> str:
    """What keeps the mailbox that it was asked from from saying who asks: `several`, `unproved`, or nothing."""
    address = rights.read_note(row, "reply_to") if row.channel == "portal" else ""
    digest = portal.mailbox_of(address) if address else None
    if digest is None or not portal.is_closed(digest, person):
        return ""
    return "unproved" if portal.persons_of(digest) == [person] else "several"
