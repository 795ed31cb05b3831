"""Appending events: pending row and sealed payload, in the caller's transaction.

Clauses: 1.1, 6.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings

from chikai import canon
from chikai.errors import Tampered
from chikai.ledger import sealing
from chikai.ledger.events import Event
from chikai.web.models.ledger import Payload, Pending

if TYPE_CHECKING:
    from datetime import datetime


def append(actor: str, evidence: Event | tuple[Event, ...], now: datetime) -> None:
    """Append events in the transaction that is open. An event about nobody is sealed with the operator's key."""
    events = (evidence,) if isinstance(evidence, Event) else evidence
    rows, payloads = [], []
    key = settings.HOME.key("master")
    for event in events:
        id_ = canon.new_id(now)
        payload = canon.encode(
            {"by": actor, "facts": event.facts, "kind": event.kind, "subject": _text(event.subject)}
        )
        blinding = sealing.blind()
        row = Pending(
            id=id_,
            kind=event.kind,
            at=now.replace(microsecond=0),
            act=event.act,
            actor=actor,
            subject=event.subject,
            commitment=sealing.commit(blinding, payload),
        )
        rows.append(row)
        payloads.append(
            Payload(event=row, sealed=sealing.seal(key, blinding + payload, f"event_payload|{id_}"))
        )
    Pending.objects.bulk_create(rows)
    Payload.objects.bulk_create(payloads)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def facts_of(event: Pending) -> dict[str, object]:
    """The facts of an event, unsealed and compared with its commitment; Tampered when they do not match."""
    opened = sealing.unseal(
        settings.HOME.key("master"), bytes(event.payload.sealed), f"event_payload|{event.id}"
    )
    blinding, payload = opened[: sealing.BLIND], opened[sealing.BLIND :]
    if sealing.commit(blinding, payload) != bytes(event.commitment):
        raise Tampered(f"the payload of entry {event.number} does not match its commitment")
    facts: dict[str, object] = json.loads(payload)["facts"]
    return facts
