"""What the registers of this installation say to the lint: maps, contracts in force, anonymised tables on the register.

The rules of the policy stay pure; here their plain values are gathered. How often a purpose was used is not asked: the
ledger keeps sums sealed, and a page that opens them for a count would open more than it needs.

Clauses: 1.1, 2.2.
Law: APPI Art. 17(1), APPI Art. 27(1), APPI Art. 43(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import clock
from chikai.policy import lint
from chikai.policy.rules.reading import Flow, Registers
from chikai.sources import mapfile
from chikai.sources.map import NOT_PERSONAL, UNDECIDED
from chikai.web.models import AnonymisedTable, MapEdition, RegisteredContract

if TYPE_CHECKING:
    from chikai.policy.document import Document
    from chikai.policy.findings import Finding
    from chikai.policy.load import Draft


def findings(draft: Draft) -> tuple[Finding, ...]:
    """What the lint finds in a draft, the registers included."""
    return lint.findings(draft, registers=asked(draft.document))


def asked(document: Document) -> Registers:
    """The registers as they stand now, for a policy that is to be published."""
    return Registers(columns=tuple(_uncovered(document)), flows=_flows(), anonymised=_anonymised())


def _uncovered(document: Document) -> list[str]:
    """Columns of maps in force whose data item this policy does not have."""
    # What nobody has decided yet is the map's own fault, which keeps it from being used.
    known = {str(c.id) for c in document.categories} | {NOT_PERSONAL, UNDECIDED}
    newest = MapEdition.objects.in_force()
    rows = MapEdition.objects.filter(digest__in=newest.values())
    found = set()
    for row in rows:
        if newest.get(row.source) != row.digest:
            continue
        map_ = mapfile.parse(row.text, where=f"map of `{row.source}`")
        found |= {
            f"{row.source}: {table.name}.{column.name}"
            for table in map_.tables
            if table.personal
            for column in table.columns
            if column.category not in known
        }
    return sorted(found)


def _flows() -> tuple[Flow, ...] | None:
    """Whom a contract in force lets receive data; None while no contract was registered."""
    today = clock.day_in_japan(clock.now())
    held = [c for c in RegisteredContract.objects.held() if c.in_force(today)]
    return tuple(Flow(c.recipient, ()) for c in held) if held else None


def _anonymised() -> tuple[str, ...] | None:
    items = [i for table in AnonymisedTable.objects.published() for i in table.items]
    return tuple(sorted(set(items))) or None
