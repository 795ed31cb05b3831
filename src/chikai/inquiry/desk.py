"""The desk: kinds of inquiries, their numbers, and the day on which a first answer is due.

Clauses: 7.
Law: APPI Art. 40(1), APPI Art. 40(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, get_args

from chikai.errors import BadInput
from chikai.policy.document import Text

Kind = Literal["request", "question", "complaint"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
NAMES: Final[dict[Kind, Text]] = {
    "request": Text("手続き", "A procedure"),
    "question": Text("質問", "A question"),
    "complaint": Text("苦情", "A complaint"),
}
LONGEST: Final = 4_000
LONGEST_MAIL: Final = 254
# A promise of ours; the Act says "properly and promptly". Saturdays and Sundays do not count, holidays do.
FIRST_ANSWER_DAYS: Final[dict[Kind, int]] = {"request": 3, "question": 3, "complaint": 2}
_WEEKEND: Final = 5


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote to the desk. It is sealed as soon as it is kept."""

    kind: Kind
    text: str
    mail: str


def read(kind: str, text: str, mail: str) -> Message:
    """A message as it may be kept; BadInput says what is missing, and repeats nothing of it."""
    text = text.strip()
    mail = mail.strip()
    if kind not in KINDS:
        raise BadInput("the kind of the inquiry is missing", f"one of {', '.join(KINDS)}")
    if not text or len(text) > LONGEST:
        raise BadInput(
            f"the text is empty or longer than {LONGEST} signs", "shorten it, or write by mail"
        )
    left, at, right = mail.rpartition("@")
    broken = any(sign.isspace() or ord(sign) < 32 for sign in mail)
    if not (left and at and "." in right) or broken or len(mail) > LONGEST_MAIL:
        raise BadInput("this is no mail address", "write it as name@company.example")
    return Message(kind, text, mail)


def number(year: int, count: int) -> str:
    """The number that people read, such as `Q-2026-0001`."""
    return f"Q-{year}-{count:04}"


def due(opened_on: date, kind: Kind) -> date:
    """The day by which the first answer is promised."""
    day, left = opened_on, FIRST_ANSWER_DAYS[kind]
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _WEEKEND
    return day


def days_left(due_on: date, today: date) -> int:
    """Days until the first answer is due; negative once it is late."""
    return (due_on - today).days
