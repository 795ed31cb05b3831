"""Receipts of entries: what proves to a person, without us, that an entry stands in the ledger.

Clauses: 6.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import clock
from chikai.errors import WrongState
from chikai.ledger import entry as lines
from chikai.ledger import receipt
from chikai.web.actions import checkpoint, integrate, keys, ledger, subject_keys
from chikai.web.models.ledger import Checkpoint, Entry, Pending, SubjectKey

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from chikai.ledger.receipt import Receipt


def entries_about(subjects: Collection[UUID]) -> list[Entry]:
    """The entries of these subjects, oldest first; those that wait for their place get it now."""
    integrate.integrate()
    found: list[Entry] = []
    for key in SubjectKey.objects.filter(subject__in=subjects, state="active"):
        found += keys.entries_of(key)
    return sorted(found, key=lambda row: (row.log_id, row.index))


def of(entries: Sequence[Entry]) -> list[Receipt]:
    """The receipts of entries, below a checkpoint that is signed now."""
    if any(row.log.closed_at is None for row in entries):
        checkpoint.sign(clock.now())
    return [_receipt(row) for row in entries]


def last_number(subject: UUID) -> int | None:
    """The index of a subject's newest entry; None while an event of theirs waits for its place."""
    if Pending.objects.filter(subject=subject).exists():
        return None
    row = SubjectKey.objects.filter(subject=subject, state="active").first()
    if row is None or not row.entries:
        return None
    tag = lines.tag(subject_keys.unwrap(row, subject_keys.Masters()).tag, row.entries - 1)
    return Entry.objects.filter(tag=tag).values_list("index", flat=True).first()


def _receipt(row: Entry) -> Receipt:
    covering = Checkpoint.objects.filter(log=row.log, size__gt=row.index).order_by("-size").first()
    if covering is None:
        raise WrongState(
            f"no checkpoint covers entry {row.index}", "its log was closed before it was signed"
        )
    return receipt.Receipt(
        row.index,
        bytes(row.line),
        ledger.open_payload(row),
        tuple(integrate.tree_of(row.log, covering.size).inclusion(row.index)),
        covering.note.encode(),
        str(checkpoint.signer(row.log.origin).key),
    )
