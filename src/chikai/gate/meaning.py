"""What the policy grants: which categories may a service use for a purpose, and which clause says so.

This is the definition; every faster form is tested against it. A person's own choices join it with the room
`choices`. What the policy does not grant is refused before any person is looked at.

Clauses: 1.1, 2.1.
Law: APPI Art. 18(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chikai.policy.document import Clause, DataCategory, Document, Purpose, Service


@dataclass(frozen=True, slots=True)
class Grant:
    """A service may use these categories for this purpose, because this clause says so."""

    service: Service
    purpose: Purpose
    categories: tuple[DataCategory, ...]
    clause: Clause | None


@dataclass(frozen=True, slots=True)
class NotGranted:
    """The policy gives no such use; `unknown` is `service`, `purpose` or empty when both are known but not joined."""

    service: str
    purpose: str
    unknown: str = ""


def granted(policy: Document, service: str, purpose: str) -> Grant | NotGranted:
    """What the policy lets a service use for a purpose."""
    known_service = policy.service(service)
    if known_service is None:
        return NotGranted(service, purpose, unknown="service")
    known_purpose = policy.purpose(purpose)
    if known_purpose is None:
        return NotGranted(service, purpose, unknown="purpose")
    categories = known_purpose.categories_at(service)
    if not categories:
        return NotGranted(service, purpose)
    found = tuple(c for c in policy.categories if c.id in categories)
    return Grant(known_service, known_purpose, found, policy.clause(known_purpose.clause))
