"""What the rules ask of a policy in English, by what they look at; importing this fills the table of what they ask."""

from chikai.policy.rules.english import changes, data, operator, others, persons
from chikai.policy.rules.english.reading import ASKED, English, is_english, seen

__all__ = [
    "ASKED",
    "English",
    "changes",
    "data",
    "is_english",
    "operator",
    "others",
    "persons",
    "seen",
]
