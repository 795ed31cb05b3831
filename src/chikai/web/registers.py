"""What the registers of this installation say to the lint: maps, contracts, anonymised tables, membership, evidence.

The rules of the policy stay pure; here their plain values are gathered. How often a purpose was used is counted beside the
ledger, whose sums stay sealed. Evidence and uses are asked for once the policy has been in force, and a purpose in it, for
as long as the rule looks back: before that, none is no sign.

Clauses: 1.1, 2.2.
Law: APPI Art. 17(1), APPI Art. 27(1), APPI Art. 32(1)(iv), APPI Art. 43(3).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from chikai import clock
from chikai.policy import lint, stored
from chikai.policy.rules.promised import STALE_DAYS
from chikai.policy.rules.reading import Flow, Registers
from chikai.sources import mapfile
from chikai.sources.map import NOT_PERSONAL, UNDECIDED
from chikai.web import traces
from chikai.web.models import AnonymisedTable, Edition, MapEdition, RegisteredContract
from chikai.web.models.ledger import counted
from chikai.web.models.used import Used

if TYPE_CHECKING:
    from chikai.policy.document import Document
    from chikai.policy.findings import Finding
    from chikai.policy.load import Draft


def findings(draft: Draft) -> tuple[Finding, ...]:
    """What the lint finds in a draft, the registers included."""
    return lint.findings(draft, registers=asked(draft.document))


def asked(document: Document) -> Registers:
    """The registers as they stand now, for a policy that is to be published."""
    return Registers(
        columns=tuple(_uncovered(document)),
        flows=_flows(),
        anonymised=_anonymised(),
        accredited=settings.HOME.operator.get("accredited"),
        evidence_days=_evidence(document),
        uses=_uses(document),
        use_days=STALE_DAYS,
    )


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


def _uses(document: Document) -> tuple[tuple[str, int | None], ...] | None:
    """How often each purpose was used lately; None before uses were counted for as long as the rule looks back."""
    since = clock.day_in_japan(clock.now() - timedelta(days=STALE_DAYS))
    first, now = Used.objects.first_day(), clock.now()
    row = Edition.objects.filter(published_at__lte=now - timedelta(days=STALE_DAYS)).first()
    if first is None or first > since or row is None:
        return None
    counted_for = {p.id for p in stored.document(bytes(row.canonical)).purposes}
    found: dict[str, int | None] = {**Used.objects.since(since)}
    for purpose in document.purposes:
        if purpose.id not in counted_for and not found.get(purpose.id):
            found[purpose.id] = None
    return tuple(sorted(found.items()))


def _evidence(document: Document) -> tuple[tuple[str, int | None], ...] | None:
    """How many days ago something last showed that each clause is kept, where its own modules leave events at all."""
    first, now = Edition.objects.order_by("number").first(), clock.now()
    if first is None or (now - first.published_at).days <= STALE_DAYS:
        return None
    entries, found = counted(), []
    for clause in document.clauses:
        if traces.EVENTS.keys() & set(clause.by):
            last = max((e.last for e in traces.left_by(clause.by, entries)), default=None)
            found.append((str(clause.id), (now - last).days if last else None))
    return tuple(found)
