"""The reasons for which a person may ask that a use stops, that data is erased, or that its provision stops.

A stop by a setting needs none of them: the policy promises more than the Act. They matter where the machine cannot stop
a use by itself, or where erasure is asked for. That an incident concerned the data is offered only to those it did concern.

Clauses: 5.
Law: APPI Art. 35(1), APPI Art. 35(3), APPI Art. 35(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chikai.errors import BadInput
from chikai.policy.document import Text

_USE: Final = ("suspend", "erase")
_ANY: Final = ("suspend", "erase", "stop_provision")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its name, its article, its wording, and the kinds of request that it serves."""

    id: str
    cite: str
    says: Text
    kinds: tuple[str, ...]
    after_incident: bool = False


REASONS: Final = (
    # Art. 35(1): handled against Art. 18 or 19, or acquired against Art. 20
    Reason(
        "beyond_purpose",
        "APPI Art. 35(1)",
        Text(
            "知らされた目的のほかに使われている、または不正に取得された",
            "It is used for more than the stated purposes, or was acquired improperly",
        ),
        _USE,
    ),
    # Art. 35(3): provided against Art. 27(1) or 28
    Reason(
        "wrongly_provided",
        "APPI Art. 35(3)",
        Text("同意なくほかの会社に渡されている", "It is provided to others without consent"),
        ("stop_provision",),
    ),
    # Art. 35(5), first case: no purpose is left for which it is needed
    Reason(
        "not_needed",
        "APPI Art. 35(5)",
        Text("もう必要がなくなった", "It is no longer needed"),
        _ANY,
    ),
    # Art. 35(5), second case: an incident of Art. 26(1)
    Reason(
        "incident",
        "APPI Art. 35(5)",
        Text("漏えい等が起きた", "A leak or a similar incident concerned it"),
        _ANY,
        after_incident=True,
    ),
    # Art. 35(5), third case: rights or legitimate interests may be harmed
    Reason(
        "harm",
        "APPI Art. 35(5)",
        Text(
            "わたしの権利や正当な利益が害されるおそれがある",
            "My rights or legitimate interests may be harmed",
        ),
        _ANY,
    ),
)
BY_ID: Final = {reason.id: reason for reason in REASONS}


def reasons_of(kind: str, *, after_incident: bool = False) -> tuple[Reason, ...]:
    """What a person may name for a kind of request."""
    return tuple(r for r in REASONS if kind in r.kinds and (after_incident or not r.after_incident))


def check(kind: str, reason: str, *, after_incident: bool = False) -> Reason | None:
    """The reason by its name, or None where none was named: the desk then asks, and nobody is turned away for that."""
    if not reason:
        return None
    found = BY_ID.get(reason)
    if found is None or found not in reasons_of(kind, after_incident=after_incident):
        raise BadInput("this reason does not fit the request", "choose one of the list")
    return found
