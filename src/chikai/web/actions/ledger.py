"""Appending events: pending row and sealed payload, in the caller's transaction; and opening a payload again.

Clauses: 1.1, 6.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.db import connection, transaction

from chikai import canon
from chikai.errors import LedgerError, Tampered, WrongState
from chikai.ledger import sealing
from chikai.ledger.disclosure import Opened
from chikai.ledger.entry import Entry as Line
from chikai.ledger.events import Event
from chikai.web.actions import integrate, subject_keys
from chikai.web.models.ledger import OPERATOR, Entry, Payload, Pending

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

# Both tables in one statement, and as many parameters for a thousand events as for one.
_INSERT: Final = """
WITH payload AS (
    INSERT INTO event_payload (event, key_id, sealed)
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[])
)
INSERT INTO ledger_pending (id, kind, at, act, actor, subject, commitment)
SELECT * FROM unnest(
    %s::uuid[], %s::varchar[], %s::timestamptz[], %s::uuid[], %s::varchar[], %s::uuid[], %s::bytea[]
)
"""
_log: Final = logging.getLogger("chikai.ledger")


def append(actor: str, evidence: Event | tuple[Event, ...], now: datetime) -> None:
    """Append events in the transaction that is open. Each is sealed with its subject's key, or with the operator's."""
    events = (evidence,) if isinstance(evidence, Event) else evidence
    if not events:
        return
    rows, payloads = [], []
    masters = subject_keys.Masters()
    keys = subject_keys.ensure((event.subject or OPERATOR for event in events), masters)
    opened = {subject: subject_keys.unwrap(row, masters).data for subject, row in keys.items()}
    for event in events:
        id_, subject = canon.new_id(now), event.subject or OPERATOR
        payload = canon.encode(
            {"by": actor, "facts": event.facts, "kind": event.kind, "subject": _text(event.subject)}
        )
        blinding = sealing.blind()
        rows.append(
            Pending(
                id=id_,
                kind=event.kind,
                at=now.replace(microsecond=0),
                act=event.act,
                actor=actor,
                subject=event.subject,
                commitment=sealing.commit(blinding, payload),
            )
        )
        sealed = sealing.seal(opened[subject], blinding + payload, _context(id_, subject))
        payloads.append(Payload(event=id_, key_id=subject, sealed=sealed))
    _insert(rows, payloads)
    # On PostgreSQL the worker does it within a second; several writers would only wait for each other.
    if connection.vendor == "sqlite":
        transaction.on_commit(_integrate, robust=True)


def _insert(rows: list[Pending], payloads: list[Payload]) -> None:
    if connection.vendor != "postgresql":
        Pending.objects.bulk_create(rows)
        Payload.objects.bulk_create(payloads)
        return
    columns = [[getattr(p, name) for p in payloads] for name in ("event", "key_id", "sealed")]
    names = ("id", "kind", "at", "act", "actor", "subject", "commitment")
    columns += [[getattr(row, name) for row in rows] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)


def _integrate() -> None:
    """Give the events of this process their entries at once, so that the next page can show them."""
    try:
        integrate.integrate()
    except LedgerError as fault:  # the events wait; `chikai doctor` and the worker say why
        _log.error("events wait for their entries: %s", fault.what)


def _context(event: UUID, subject: UUID) -> str:
    return f"event_payload|{event}|{subject}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def facts_of(event: Pending | Entry) -> dict[str, object]:
    """The facts of an event, unsealed and compared with its commitment; Tampered when they do not match."""
    facts: dict[str, object] = json.loads(open_payload(event).payload)["facts"]
    return facts


def open_payload(event: Pending | Entry) -> Opened:
    """The payload of an event with its blinding; WrongState when it was erased, Tampered when it does not match."""
    if isinstance(event, Pending):
        id_, commitment, name = event.id, bytes(event.commitment), f"event {event.id}"
    else:
        id_, name = event.event, f"entry {event.index}"
        commitment = Line.decode(bytes(event.line)).commitment
    row = Payload.objects.select_related("key").filter(event=id_).first()
    if row is None:
        raise WrongState(f"the payload of {name} was erased", "its entry stays, and opens no more")
    keys = subject_keys.unwrap(row.key, subject_keys.Masters())
    return open_sealed(row, keys.data, commitment, name)


class Sealed(Protocol):
    """A payload's row, as far as it is opened."""

    event: Any
    key_id: Any
    sealed: Any


def open_sealed(row: Sealed, key: bytes, commitment: bytes, name: str) -> Opened:
    """A sealed payload opened with its subject's key; Tampered when it is not what the entry commits to."""
    opened = sealing.unseal(key, bytes(row.sealed), _context(row.event, row.key_id))
    blinding, payload = opened[: sealing.BLIND], opened[sealing.BLIND :]
    if sealing.commit(blinding, payload) != commitment:
        raise Tampered(f"the payload of {name} does not match its commitment", "restore it")
    return Opened(payload, blinding)
