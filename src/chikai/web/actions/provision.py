"""Verbs of provision: registering a contract, and providing the least items of some persons to a recipient.

A provision stands on a basis, flows only as far as contract and policy allow, leaves out whom the gate leaves out, and
makes one record a person. The file is written before the records are committed: a crash leaves a file without records,
which nobody is told of and the next try replaces, and never a record without its file.

Clauses: 4.1, 4.1.1, 4.1.2, 4.2.
Law: APPI Art. 25, APPI Art. 27(1), APPI Art. 28(1), APPI Art. 29(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.db.models import Max

from chikai import canon, clock, keyfile
from chikai.errors import BadInput, ProvisionRefused, WrongState
from chikai.ledger.events import Event
from chikai.provision import basis, minimum, record
from chikai.web.actions import Actor, action
from chikai.web.actions.anonymise import policy_in_force
from chikai.web.models.provision import ProvisionRecord, RegisteredContract

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from chikai.policy.document import Document
    from chikai.provision.basis import Basis
    from chikai.provision.contract import Contract


@dataclass(frozen=True, slots=True)
class Flow:
    """What is to be provided: a service's data, for a purpose, to a recipient; `asked` narrows the items further."""

    service: str
    purpose: str
    recipient: str
    asked: tuple[str, ...] | None = None

    def facts(self) -> dict[str, str | int | bool | None]:
        """What the ledger says of it."""
        return {"service": self.service, "purpose": self.purpose, "recipient": self.recipient}


@dataclass(frozen=True, slots=True)
class Cleared:
    """A flow that may go on: its basis, and the least items."""

    flow: Flow
    basis: Basis
    items: tuple[str, ...]


@action("officer")
def register_contract(by: Actor, contract: Contract, *, paper: str = "") -> Event:
    """Register a contract with a recipient of the policy; BadInput when it cannot bind or names nobody."""
    contract.check()
    policy = policy_in_force()
    known = next((r for r in policy.recipients if r.id == contract.recipient), None)
    if known is None:
        raise BadInput(
            f"the policy names no recipient `{contract.recipient}`", "name one of the policy"
        )
    if known.country != contract.country:
        raise BadInput(
            f"the policy says that `{known.id}` is in {known.country}", "mend one of the two"
        )
    terms = {
        "recipient": contract.recipient,
        "since": contract.since,
        "until": contract.until,
        "secrecy": contract.secrecy,
        "country": contract.country,
        "route": contract.route,
        "checked_on": contract.checked_on,
    }
    if there := RegisteredContract.objects.filter(**terms).first():
        raise WrongState(f"contract {there.number} says this very thing", "nothing is to be done")
    number = (RegisteredContract.objects.aggregate(n=Max("number"))["n"] or 0) + 1
    RegisteredContract.objects.create(
        number=number,
        **terms,
        paper=" ".join(paper.split())[:200],
        registered_at=clock.now(),
    )
    return Event(
        "provision.contract_registered",
        {
            "contract": number,
            "recipient": contract.recipient,
            "since": contract.since.isoformat(),
            "until": contract.until.isoformat() if contract.until else None,
            "secrecy": contract.secrecy,
            "route": contract.route,
        },
    )


def clear(by: Actor, flow: Flow) -> Cleared:
    """The basis and the least items of a flow; ProvisionRefused, and an event of it, when it may not go on.

    A worker asks this before it opens a source, so that nothing is read for a flow that is refused.
    """
    try:
        return _cleared(policy_in_force(), flow, clock.now())
    except ProvisionRefused as refusal:
        _refuse(by, flow, refusal)
        raise


def _cleared(policy: Document, flow: Flow, now: datetime) -> Cleared:
    held, today = RegisteredContract.objects.held(), clock.day_in_japan(now)
    found = basis.find(policy, flow.service, flow.purpose, flow.recipient, held, today)
    if isinstance(found, str):
        raise ProvisionRefused(
            basis.SAYS[found],
            "nothing was provided; see the page of partners",
            evidence=found,
        )
    purpose = policy.purpose(flow.purpose)
    if purpose is None:
        raise ProvisionRefused(basis.SAYS["not_granted"], "name a purpose of the policy")
    return Cleared(
        flow, found, minimum.least(policy, flow.service, purpose, found.recipient, flow.asked)
    )


@action()
def _refuse(by: Actor, flow: Flow, refusal: ProvisionRefused) -> Event:
    why = refusal.evidence if isinstance(refusal.evidence, str) else "beyond_the_least"
    return Event("provision.refused", {**flow.facts(), "why": why})


@action("officer", "engineer")
def provide(
    by: Actor,
    flow: Flow,
    given: Mapping[UUID, Collection[str]],
    data: bytes,
    *,
    left_out: Mapping[UUID, str],
) -> tuple[Event, ...]:
    """Write the file of the least items for the recipient, and a record of each person. Everything is looked at once more.

    `given` says which items the file holds of whom; `left_out` names whom the gate refused, with the clause.
    ProvisionRefused when the file holds more than may flow; WrongState when this very file was provided today. Where
    nobody is left there is no file.
    """
    policy, now = policy_in_force(), clock.now()
    cleared = _cleared(policy, flow, now)  # a contract may have ended since the worker asked
    refused = tuple(
        Event("provision.refused", {**flow.facts(), "why": why}, subject=person)
        for person, why in left_out.items()
    )
    if beyond := {item for items in given.values() for item in items} - set(cleared.items):
        raise ProvisionRefused(
            f"the file holds `{min(beyond)}`, which may not flow",
            "make it anew",
            evidence=Event("provision.refused", {**flow.facts(), "why": "beyond_the_least"}),
        )
    if not given:
        return refused or (Event("provision.refused", {**flow.facts(), "why": "nobody"}),)
    act = _act(flow, given, data, clock.day_in_japan(now))
    if ProvisionRecord.objects.filter(act=act).exists():
        raise WrongState(
            f"this very file was provided to `{flow.recipient}` today", "it lies in `outgoing`"
        )
    persons = {
        person: tuple(c.id for c in policy.categories if c.id in given[person])
        for person in sorted(given)
    }
    _keep(policy, cleared, persons, act, now)
    keyfile.replace(place_of(flow.recipient, act), data)
    contract = cleared.basis.contract
    facts: dict[str, str | int | bool | None] = {
        **flow.facts(),
        "basis": cleared.basis.kind,
        "contract": contract.number if contract else None,
        "file": canon.digest_bytes(data),
        "edition": policy.digest,
    }
    made = tuple(
        Event("provision.made", {**facts, "items": " ".join(items)}, subject=person, act=act)
        for person, items in persons.items()
    )
    return (*made, *refused)


def _act(flow: Flow, persons: Collection[UUID], data: bytes, on: date) -> UUID:
    """The id of a provision: the same bytes about the same persons on one day are one act, however often it is begun."""
    said = {**flow.facts(), "persons": sorted(map(str, persons)), "on": on.isoformat()}
    return uuid5(NAMESPACE_OID, canon.digest_bytes(canon.encode(said) + data))


def place_of(recipient: str, act: UUID) -> Path:
    """The file of one provision: `outgoing/RECIPIENT/ACT.jsonl`, readable by the installation's owner only."""
    path: Path = settings.HOME.path / "outgoing" / recipient / f"{act.hex}.jsonl"
    return path


def _keep(
    policy: Document,
    cleared: Cleared,
    persons: Mapping[UUID, tuple[str, ...]],
    act: UUID,
    now: datetime,
) -> None:
    flow, recipient, contract = cleared.flow, cleared.basis.recipient, cleared.basis.contract
    purpose = policy.purpose(flow.purpose)
    name = purpose.name if purpose else recipient.task
    row = None
    if contract is not None:
        row = RegisteredContract.objects.get(number=contract.number)
    ProvisionRecord.objects.bulk_create(
        ProvisionRecord(
            person_id=person,
            service=flow.service,
            recipient=recipient.id,
            name={"ja": recipient.name.ja, "en": recipient.name.en},
            purpose=flow.purpose,
            why={"ja": name.ja, "en": name.en},
            items=list(items),
            basis=cleared.basis.kind,
            is_owed=record.is_owed(cleared.basis.kind),
            contract=row,
            edition=policy.digest,
            act=act,
            at=now,
            kept_until=record.kept_until(clock.day_in_japan(now)),
        )
        for person, items in persons.items()
    )
