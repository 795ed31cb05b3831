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
    from collections.abc import Iterable
    from uuid import UUID

    from chikai.ledger.receipt import Receipt
    from chikai.web.models import Request

Proved = dict["UUID", list["Receipt"]]  # by request
_log: Final = logging.getLogger("chikai.work")


def receipts_of(requests: Iterable[Request]) -> Proved:
    """By request what proves its entries so far; a request is missing where nothing could be proved."""
    some = list(requests)
    if not some:
        return {}
    try:
        return receipts.of_requests(some)
    except (LedgerError, WrongState) as fault:
        _log.error("packages are made without a receipt: %s", fault.what)
        return {}
