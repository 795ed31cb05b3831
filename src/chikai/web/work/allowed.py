"""Whom a use of our own worker may touch: the gate's rule on the choices as they stand in our own database.

A key of a service that nobody registered is held, as everywhere.

Clauses: 1.1, 4.1, 5.
Law: APPI Art. 18(1), APPI Art. 35(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.errors import WrongState
from chikai.gate import decide
from chikai.web.models.choices import ServiceKey, in_force_at

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from chikai.gate.meaning import Decision

_HELD = 1


def asker(
    service: str,
    purpose: str,
    *,
    categories: Collection[str] | None = None,
    recipient: str | None = None,
) -> Callable[[str], Decision]:
    """A question to the gate about one key after another; WrongState before the first edition.

    The choices are read once, now: whoever goes on after minutes asks anew.
    """
    found = in_force_at(service)
    if found is None:
        raise WrongState("no choices are in force", "publish a policy first")
    table = found[1]
    rows = ServiceKey.objects.filter(service=service).exclude(bits="")
    bits = {key: int(text, 16) for key, text in rows.values_list("key", "bits")}

    def ask(key: str) -> Decision:
        return decide.decide(table, bits.get(key, _HELD), service, purpose, categories, recipient)

    return ask


def why_not(decision: Decision) -> str:
    """The first reason against a use, for the ledger: `purpose 5` is a stop under clause 5."""
    reason = decision.reasons[0]
    return f"{reason.unit} {reason.clause}".strip()
