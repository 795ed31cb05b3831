"""How many officers a request needs, and whether there are as many: said before it is entered, and while it is open.

Clauses: 6.
Law: APPI Art. 24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chikai.errors import BadInput, WrongState
from chikai.rights import approval
from chikai.rights import request as rules
from chikai.web.actions import rights as actions
from chikai.web.models.installation import works_alone
from chikai.web.models.staff import Staff

if TYPE_CHECKING:
    from collections.abc import Collection

    from chikai.policy.document import Right
    from chikai.web.models import Request


def of_kind(right: Right, *, by: str) -> dict[str, Any]:
    """What a request that this member of staff enters would need."""
    return _shown(right.approvals, entered_by=by, given=())


def of_request(row: Request) -> dict[str, Any]:
    """What an undecided request needs, and how many officers are missing for it."""
    try:
        needed = actions.right_of(row.kind)[1].approvals
    except (BadInput, WrongState):  # the policy in force knows the right no more
        needed = 0
    if row.state not in rules.UNDECIDED or row.approve_after is not None:
        return {}
    given = set(row.approvals.values_list("by", flat=True))
    return _shown(needed, entered_by=row.entered_by, given=given)


def _shown(needed: int, *, entered_by: str, given: Collection[str]) -> dict[str, Any]:
    alone = works_alone()
    missing = approval.lacking(
        Staff.objects.names_of_officers(),
        entered_by=entered_by,
        given=given,
        needed=needed,
        single=alone,
    )
    return {"approvals_needed": needed, "lacking": missing, "alone": alone}
