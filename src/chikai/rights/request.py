"""What a person may ask, the states of a request, and which verb moves it where.

The way is received, identified, gathering, review, acting, answered. Aside stand waiting_for_person, refused and
withdrawn. A verb that a state does not list is refused with what to do instead.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 37(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from chikai.errors import WrongState
from chikai.policy.document import RightKind

State = Literal[
    "received",
    "identified",
    "gathering",
    "review",
    "acting",
    "answered",
    "waiting_for_person",
    "refused",
    "withdrawn",
]
Verb = Literal[
    "identify",
    "gather",
    "submit",
    "approve",
    "answer",
    "ask_back",
    "resume",
    "refuse",
    "withdraw",
    "look_again",
]
Evidence = Literal["mail_link", "sign_in", "officer"]
Channel = Literal["portal", "service", "phone", "post", "counter"]

KINDS: Final[tuple[str, ...]] = get_args(RightKind)
STATES: Final[tuple[str, ...]] = get_args(State)
EVIDENCES: Final[tuple[str, ...]] = get_args(Evidence)
CHANNELS: Final[tuple[str, ...]] = get_args(Channel)
OPEN: Final[tuple[str, ...]] = (
    *("received", "identified", "gathering", "review", "acting", "waiting_for_person"),
)
CLOSED: Final[tuple[str, ...]] = ("answered", "refused", "withdrawn")
# From acting on nothing is refused or withdrawn: what was approved is carried out.
UNDECIDED: Final = ("received", "identified", "gathering", "review", "waiting_for_person")
MOVES: Final[dict[Verb, dict[str, State]]] = {
    "identify": {"received": "identified"},
    "gather": {"identified": "gathering", "gathering": "gathering"},
    "submit": {"gathering": "review"},
    "approve": {"review": "acting"},
    # Something changed before it was carried out, or what is known as the person's.
    "look_again": {"acting": "gathering", "review": "gathering"},
    "answer": {"acting": "answered"},
    "ask_back": dict.fromkeys(("received", "identified", "review"), "waiting_for_person"),
    "resume": {"waiting_for_person": "received"},  # the state that it left is kept beside it
    "refuse": dict.fromkeys(UNDECIDED, "refused"),
    "withdraw": dict.fromkeys(UNDECIDED, "withdrawn"),
}
NUMBER_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Status:
    """How far a request is: `done` of `of` places, their names still open, and what comes next."""

    state: str
    done: int
    of: int
    waiting: tuple[str, ...]
    next: str


def move(verb: Verb, state: str) -> State:
    """The state that a verb leads to; WrongState when it is not possible in this one."""
    found = MOVES[verb].get(state)
    if found is None:
        raise WrongState(f"a request that is `{state}` cannot take `{verb}`", _instead(state))
    return found


def may(verb: Verb, state: str) -> bool:
    """Whether a verb is possible in a state."""
    return state in MOVES[verb]


def number(year: int, count: int) -> str:
    """The number that people read, such as `2026-0187`: the year in Japan, and the count of that year."""
    return f"{year}-{count:0{NUMBER_DIGITS}}"


def next_of(
    state: str, *, manual: bool = False, stalled: bool = False, handing: bool = False
) -> str:
    """The word for what is next: one of the keys that pages know the sentences of."""
    if state == "acting" and handing:
        return "handing"
    if state == "gathering":
        return "manual" if manual else "stalled" if stalled else "gathering"
    return state


def _instead(state: str) -> str:
    if state in CLOSED:
        return "it is closed; open a new request"
    if state == "acting":
        return "it was approved and is being carried out"
    return "look at the request again: somebody may have been faster"
