"""The least items of a flow: what the recipient needs, the purpose uses and the sender asks for, all three.

Clauses: 4.2.
Law: APPI Art. 25, APPI Art. 27(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.errors import ProvisionRefused

if TYPE_CHECKING:
    from collections.abc import Collection

    from chikai.policy.document import Document, Purpose, Recipient


def allowed(
    policy: Document, service: str, purpose: Purpose, recipient: Recipient
) -> tuple[str, ...]:
    """The items that may flow at most, in the policy's order."""
    used = purpose.categories_at(service)
    return tuple(c.id for c in policy.categories if c.id in used and c.id in recipient.categories)


def least(
    policy: Document,
    service: str,
    purpose: Purpose,
    recipient: Recipient,
    asked: Collection[str] | None = None,
) -> tuple[str, ...]:
    """The items that flow; ProvisionRefused when more is asked for than may flow, or nothing would.

    What is beyond the list is not dropped in silence: whoever asked for it planned something that the policy does not
    name.
    """
    most = allowed(policy, service, purpose, recipient)
    beyond = sorted(set(asked or ()) - set(most))
    if beyond:
        raise ProvisionRefused(
            f"`{recipient.id}` may not receive {', '.join(f'`{c}`' for c in beyond)} "
            f"for `{purpose.id}`",
            f"ask for {', '.join(f'`{c}`' for c in most) or 'nothing'} at most",
            f"clause {recipient.clause}",
        )
    found = tuple(c for c in most if asked is None or c in asked)
    if not found:
        raise ProvisionRefused(
            f"nothing may go to `{recipient.id}` for `{purpose.id}`", "leave the flow out"
        )
    return found
