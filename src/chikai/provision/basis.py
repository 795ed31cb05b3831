"""On which basis data may go to a recipient, and every reason why it may not.

The basis is what the policy says of the recipient; what it needs beside that (a contract, a route abroad) is looked at
here. Whether the person agreed, or stopped the purpose, is the gate's to answer.

Clauses: 4.1, 4.1.1, 4.1.2, 4.2.
Law: APPI Art. 27(1), APPI Art. 27(5), APPI Art. 28(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from chikai.gate import meaning
from chikai.provision import contract as contracts

if TYPE_CHECKING:
    from datetime import date

    from chikai.policy.document import Document, Recipient, RecipientKind
    from chikai.provision.contract import Contract

Why = Literal[
    "unknown_recipient",
    "not_granted",
    "no_contract",
    "contract_over",
    "no_secrecy",
    "no_route",
    "by_hand",
]
# What each basis needs of ours; joint use, succession and law are decided by people, and recorded.
NEEDS_CONTRACT: Final[frozenset[RecipientKind]] = frozenset({"entrusted", "cloud"})
BY_RULE: Final[frozenset[RecipientKind]] = frozenset({"entrusted", "consent"})
SAYS: Final[dict[Why, str]] = {
    "unknown_recipient": "the policy names no such recipient",
    "not_granted": "the policy does not give this service's data to this recipient for this purpose",
    "no_contract": "no contract with this recipient is registered",
    "contract_over": "no contract with this recipient is in force today",
    "no_secrecy": "the contract does not bind the recipient to secrecy",
    "no_route": "the recipient is abroad, and no way that the law allows is registered",
    "by_hand": "provision on this basis is decided by an officer each time, not by rule",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What lets a flow go on: the recipient as the policy names it, its kind, and the contract where one is needed."""

    recipient: Recipient
    kind: RecipientKind
    contract: Contract | None


def find(
    policy: Document,
    service: str,
    purpose: str,
    recipient: str,
    held: tuple[Contract, ...],
    on: date,
) -> Basis | Why:
    """The basis of a flow on a day, or the first reason against it."""
    known = next((r for r in policy.recipients if r.id == recipient), None)
    if known is None:
        return "unknown_recipient"
    grant = meaning.granted(policy, service, purpose)
    if (
        isinstance(grant, meaning.NotGranted)
        or meaning.granted_to(policy, grant, recipient) is None
    ):
        return "not_granted"
    if known.kind not in BY_RULE:
        return "by_hand"
    mine = tuple(c for c in held if c.recipient == recipient)
    # Of several in force the one that was registered last counts: it replaced the others.
    valid = next((c for c in reversed(mine) if c.in_force(on)), None)
    if known.kind in NEEDS_CONTRACT:
        # Art. 25: an entrusted party is bound by a contract, and supervised under it.
        if not mine:
            return "no_contract"
        if valid is None:
            return "contract_over"
        if not valid.secrecy:
            return "no_secrecy"
    # Art. 28(1): abroad, entrustment and consent to provision are not enough by themselves.
    if known.country != "JP" and (valid is None or valid.route not in contracts.ROUTES):
        return "no_route"
    return Basis(known, known.kind, valid)
