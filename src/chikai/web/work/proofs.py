"""The ledger's receipts that go into packages: taken for all requests of a round at once.

A ledger that cannot be signed at this moment does not keep a person's copy back: the package is then without a receipt,
and its manifest says so.

Clauses: 1.1, 6.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from chikai.errors import LedgerError, WrongState
from chikai.web.actions import receipts

if TYPE_CHECKING:
    from uuid import UUID

    from chikai.web.work.gathering import Group

_log: Final = logging.getLogger("chikai.work")


def receipts_of(group: Group) -> dict[UUID, str]:
    """By request what proves its entries so far; a request is missing where nothing could be proved."""
    requests = {step.request_id: group.request(step) for step in group.steps}
    if not requests:
        return {}
    try:
        return receipts.of_requests(list(requests.values()))
    except (LedgerError, WrongState) as fault:
        _log.error("packages are made without a receipt: %s", fault.what)
        return {}
