"""The record of a provision: whether the law asks for it, and how long it is kept.

An entrusted party is no third party (Art. 27(5)(i)), so Art. 29 asks for no record of entrustment. We keep one all the
same: the policy promises that partners get only what is needed, and only a record can show it. `is_owed` says which is
which, so that a person's right under Art. 33(5) is not stretched in silence.

Clauses: 4.1, 4.2.
Law: APPI Art. 27(5), APPI Art. 29(1), APPI Art. 29(2), APPI Art. 33(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from chikai.policy.document import RecipientKind

YEARS: Final = 3
NO_THIRD_PARTY: Final[frozenset[RecipientKind]] = frozenset(
    {"entrusted", "succession", "joint", "cloud"}
)


def is_owed(kind: RecipientKind) -> bool:
    """Whether the law asks for the record, beside the policy."""
    return kind not in NO_THIRD_PARTY


def kept_until(made_on: date) -> date:
    """The last day on which the record is kept: three years after the provision."""
    try:
        return made_on.replace(year=made_on.year + YEARS)
    except ValueError:  # 29 February
        return made_on.replace(year=made_on.year + YEARS, day=28)
