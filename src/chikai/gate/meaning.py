"""What the policy grants, and whether one person's choices let a use of their data go on.

This is the definition; every faster form is tested against it. What the policy does not grant is refused before any
person is looked at; somebody who is not registered is refused everything.

Clauses: 1.1, 2.1, 4.1.2, 5.
Law: APPI Art. 18(1), APPI Art. 27(1), APPI Art. 35(2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Set as AbstractSet

    from chikai.choices.registry import Registry, Toggle, Unit
    from chikai.policy.document import (
        Clause,
        ClauseKind,
        DataCategory,
        Document,
        Purpose,
        Recipient,
        Service,
    )


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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a use is refused: a toggle of the person, `not_granted`, or `quarantined`: a database of the service was restored.

    `clause` is the dotted id of the clause.
    """

    unit: Unit | Literal["not_granted", "quarantined"]
    refs: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a use is allowed, every reason against it, and the feed number `v` up to which choices were known."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    v: int = 0


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


def granted_to(policy: Document, grant: Grant, recipient: str) -> Recipient | None:
    """The recipient, if what is granted may be handed to it."""
    known = next((r for r in policy.recipients if r.id == recipient), None)
    return known if known is not None and grant.purpose.id in known.purposes else None


def clause_about(policy: Document, kind: ClauseKind) -> str:
    """The id of the clause that is about something; empty where the policy has none."""
    return next((clause.id for clause in policy.clauses if clause.kind == kind), "")


def decide(
    policy: Document,
    registry: Registry,
    service: str,
    purpose: str,
    categories: Collection[str] | None,
    recipient: str | None,
    choices: AbstractSet[Toggle],
    *,
    registered: bool,
    quarantined: bool = False,
) -> Decision:
    """May this service use these categories of this person for this purpose, and hand them to this recipient?

    Without `categories`, everything that is granted is meant; `choices` are the toggles that the person has set.
    """
    refused = Reason("not_granted", (service, purpose), clause_about(policy, "purposes"))
    # 1. What the policy does not grant is no use at all.
    grant = granted(policy, service, purpose)
    if isinstance(grant, NotGranted):
        return Decision(allowed=False, reasons=(refused,))
    reach = [category.id for category in grant.categories]
    to = None
    if recipient is not None:
        to = granted_to(policy, grant, recipient)
        reach = [category for category in reach if to is not None and category in to.categories]
    used = reach if categories is None else [c for c in reach if c in categories]
    if not used or (categories is not None and not set(categories) <= set(reach)):
        return Decision(allowed=False, reasons=(refused,))

    suspension, change = clause_about(policy, "suspension"), clause_about(policy, "change")
    # Art. 35(2): what was erased, and stands again, is used by nobody.
    reasons = [Reason("quarantined", (), suspension)] if quarantined else []

    def is_set(unit: Unit, *refs: str) -> bool:
        return registry.find(unit, *refs) in choices

    # 2. Nothing of somebody who is held, or whom nobody registered.
    if not registered or is_set("held"):
        reasons.append(Reason("held", (), suspension))
    # 3. What the person stopped, unless a law asks for the use.
    if grant.purpose.stop != "law":
        if is_set("purpose", purpose):
            reasons.append(Reason("purpose", (purpose,), suspension))
        for category in used:
            if is_set("item", category):
                reasons.append(Reason("item", (category,), suspension))
            if is_set("cell", purpose, category):
                reasons.append(Reason("cell", (purpose, category), suspension))
    # 4. Art. 27(1): a third party receives by consent.
    if to is not None and to.kind == "consent" and not is_set("consent", to.id, purpose):
        reasons.append(Reason("consent", (to.id, purpose), to.clause))
    # 5. Art. 18(1): nobody is bound by a use that came unexpectedly after them, until they agree.
    for toggle in registry.in_force():
        stands_before = toggle.covers(service, purpose) or any(
            toggle.covers(service, purpose, category) for category in used
        )
        if stands_before and toggle not in choices:
            reasons.append(Reason("may", toggle.refs, change))
    return Decision(not reasons, tuple(reasons))
