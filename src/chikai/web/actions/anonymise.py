"""Verbs of anonymised information: fixing the standard, keeping a made table, publishing its items, releasing it.

The order is the law's: the standard before the data is read, the items on the public register before the table is used
or given to anybody. The method is sealed under a key of its own; an officer opens it, and each opening is an event.

Clauses: 3.1, 3.2, 3.3, 3.4.
Law: APPI Art. 43(1), APPI Art. 43(2), APPI Art. 43(3), APPI Art. 43(4).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Max

from chikai import canon, clock, keyfile
from chikai.anonymise import register, transform
from chikai.anonymise.standard import Standard
from chikai.errors import BadInput, StandardNotMet, WrongState
from chikai.ledger import sealing
from chikai.ledger.events import Event
from chikai.policy import stored
from chikai.policy.document import Text
from chikai.web.actions import Actor, action
from chikai.web.models import Edition
from chikai.web.models.anonymise import AnonymisedTable, ProcessingStandard, SealedMethod

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chikai.anonymise.transform import Made
    from chikai.policy.document import Document

KEY: Final = "method"  # keys/method: apart from the key of everything else


def folder() -> Path:
    """Where the tables stand, readable by the installation's owner only."""
    path: Path = settings.HOME.path / "anonymised"
    return path


def policy_in_force() -> Document:
    """The policy in force; WrongState before the first."""
    edition = Edition.objects.current()
    if edition is None:
        raise WrongState("no policy is published", "run `chikai policy publish` first")
    return stored.document(bytes(edition.canonical))


@action("officer")
def propose_standard(by: Actor, standard: Standard) -> Event:
    """Fix a standard before any data is read; BadInput when it is unsound or asks for what the policy does not grant."""
    policy = policy_in_force()
    purpose = policy.purpose(standard.purpose)
    standard.check(purpose.categories_at(standard.service) if purpose else ())
    settings.HOME.source(standard.source)
    if ProcessingStandard.objects.filter(digest=standard.digest).exists():
        raise WrongState("this very standard is fixed already", "make a table by it")
    ProcessingStandard.objects.create(
        digest=standard.digest,
        name=standard.name,
        service=standard.service,
        source=standard.source,
        lead_days=standard.lead_days,
        sealed=_sealed(standard.as_json(), f"standard|{standard.digest}"),
        fixed_by=by.name,
        fixed_at=clock.now(),
    )
    facts: dict[str, str | int | bool | None] = {
        "standard": standard.digest,
        "service": standard.service,
        "items": " ".join(standard.items),
    }
    return Event("anonymise.standard_fixed", facts)


def standard_of(row: ProcessingStandard) -> Standard:
    """A standard unsealed, for the worker that makes a table by it."""
    return Standard.from_json(_unsealed(bytes(row.sealed), f"standard|{row.digest}"))


@action("officer")
def make_table(by: Actor, row: ProcessingStandard, made: Made, *, stopped: int) -> Event:
    """Keep a table that a worker made: the file, the row and the sealed method. StandardNotMet when it is not what it says.

    `stopped` counts the persons who were left out because they stopped the purpose, or are held.
    """
    standard = standard_of(row)
    # Looked at once more, apart from the code that made it, before anything is kept.
    if below := transform.groups_below(made.rows, standard.k):
        raise StandardNotMet(
            f"{below} groups stand for fewer than {standard.k} persons", "nothing was kept"
        )
    policy, now = policy_in_force(), clock.now()
    data = transform.as_csv(made)
    digest = canon.digest_bytes(data)
    if there := AnonymisedTable.objects.filter(standard=row, digest=digest).first():
        raise WrongState(f"table {there.number} holds these very rows", "nothing is to be done")
    number = (AnonymisedTable.objects.aggregate(n=Max("number"))["n"] or 0) + 1
    table = AnonymisedTable.objects.create(
        number=number,
        standard=row,
        items=list(standard.items),
        rows=len(made.rows),
        digest=digest,
        edition=policy.digest,
        made_at=now,
    )
    SealedMethod.objects.create(
        table=table, sealed=_sealed(made.method(), f"method|{number}|{row.digest}")
    )
    # The files come last: when a write fails, the rows are rolled back, and the next try writes over them.
    place = folder() / str(number)
    keyfile.replace(place / register.filename(standard.service, number), data)
    note = register.header(policy, standard.service, standard.items, number)
    keyfile.replace(place / f"{register.MARK}_{number}_README.txt", note.encode())
    facts: dict[str, str | int | bool | None] = {
        "table": number,
        "standard": row.digest,
        "file": table.digest,
        "rows": table.rows,
        "stopped": stopped,
    }
    return Event("anonymise.made", facts)


@action("officer")
def publish(by: Actor, number: int, *, manner: Text = Text()) -> Event:  # noqa: B008 - frozen
    """Put the items of a table on the public register. With `manner`, it says how third parties receive it."""
    table = _table(number)
    if table.published_at is not None and (table.manner_ja or not manner.ja):
        raise WrongState("the items of this table are published", "nothing is to be done")
    if bool(manner.ja) != bool(manner.en):
        raise BadInput("the manner of provision is missing in one language", "write it in both")
    # Art. 43(4): the manner is known as long before as the items; a new manner starts the time anew.
    table.published_at = clock.now()
    table.manner_ja, table.manner_en = manner.ja, manner.en
    table.save(update_fields=["published_at", "manner_ja", "manner_en"])
    said: dict[str, str | int | bool | None] = {
        "table": number,
        "items": " ".join(table.items),
        "provided": bool(manner.ja),
    }
    return Event("anonymise.published", said)


@action("officer")
def release(by: Actor, number: int) -> Event:
    """Let a table be used and, where a manner is published, given to third parties; WrongState before its day."""
    table = _table(number)
    if table.released_at is not None:
        raise WrongState("this table was released already", "it lies in `anonymised/`")
    on = clock.day_in_japan(table.published_at) if table.published_at else None
    register.check_release(on, table.standard.lead_days, clock.day_in_japan(clock.now()))
    table.released_at = clock.now()
    table.save(update_fields=["released_at"])
    return Event(
        "anonymise.released",
        {"table": number, "file": table.digest, "provided": bool(table.manner_ja)},
    )


def open_method(by: Actor, number: int) -> Mapping[str, object]:
    """The method of a table, for an officer; the opening is an event before anything is shown."""
    _record_opening(by, number)
    table = _table(number)
    row = SealedMethod.objects.get(table=table)
    return _unsealed(bytes(row.sealed), f"method|{number}|{table.standard.digest}")


@action("officer")
def _record_opening(by: Actor, number: int) -> Event:
    return Event("anonymise.method_opened", {"table": _table(number).number})


def file_of(table: AnonymisedTable) -> Path:
    """The file of a table."""
    name = register.filename(table.standard.service, table.number)
    return folder() / str(table.number) / name


def _table(number: int) -> AnonymisedTable:
    found = AnonymisedTable.objects.select_related("standard").filter(number=number).first()
    if found is None:
        raise BadInput(f"there is no anonymised table {number}", "look at the list of them")
    return found


def _sealed(value: Mapping[str, object], context: str) -> bytes:
    return sealing.seal(settings.HOME.key(KEY), canon.encode(value), context)


def _unsealed(data: bytes, context: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sealing.unseal(settings.HOME.key(KEY), data, context))
    return found
