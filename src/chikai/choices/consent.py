"""What was asked of a person, in which words, and how the person answered.

A consent is an express act on words that were shown: silence, mere use of a service and a box that was ticked beforehand are
none. No answer leaves the bit clear. Taking a consent back is the same act with the other answer.

Clauses: 4.1.2, 8.
Law: APPI Art. 18(1), APPI Art. 27(1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, get_args
from uuid import UUID

from chikai.choices.standing import Turn
from chikai.errors import BadInput, WrongState

if TYPE_CHECKING:
    from chikai.choices.registry import Registry
    from chikai.policy.document import Language

# How a person may say it; the guidelines name these forms and no silent one.
Means = Literal["button", "box", "mail", "paper", "spoken"]
MEANS: Final[tuple[Means, ...]] = get_args(Means)
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a consent or `may` toggle, in this edition, in these words (`text` is their digest)."""

    bit: int
    edition: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's answer to a question. `by` is who answered: a parent or agent answers for one who cannot."""

    question: Question
    person: UUID
    agrees: bool
    means: Means
    at: datetime
    by: Literal["person", "parent", "agent"] = "person"


def effect(registry: Registry, answer: Answer) -> Turn:
    """What an answer does to the person's bits, once it is sound.

    Raises:
        BadInput: when the words that were shown, the edition, the means or the moment is missing.
        WrongState: when the toggle is no consent or is not asked any more.
    """
    asked = answer.question
    # 1. The question is one that may be asked now.
    toggle = registry.toggles[asked.bit] if 0 <= asked.bit < len(registry.toggles) else None
    if toggle is None or not toggle.is_wanted:
        raise WrongState(f"toggle {asked.bit} is no consent", "ask about a consent or a new use")
    if toggle.retired and answer.agrees:  # taking back is never too late
        raise WrongState(
            "this consent is not asked any more", "ask anew under the edition in force"
        )
    if asked.edition not in registry.editions:
        raise BadInput(
            "the question names an edition that was not in force", "name the edition shown"
        )
    # 2. The person could judge: the words that were shown are known to the letter.
    if not _DIGEST.fullmatch(asked.text):
        raise BadInput("the question lacks the digest of the words shown", "keep what was shown")
    # 3. The answer is an act, at a known moment.
    if answer.means not in MEANS:
        raise BadInput("an answer must be an act of the person", f"one of {', '.join(MEANS)}")
    if answer.at.tzinfo is None:
        raise BadInput("the moment of the answer has no time zone", "pass an aware moment")
    return Turn(sets=(asked.bit,)) if answer.agrees else Turn(clears=(asked.bit,))
