"""The ledger's files from the database: the export, what an auditor is shown, and receipts.

Clauses: 6.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.ledger import disclosure, export, note, tiles
from chikai.web.actions import checkpoint, integrate, keys, ledger
from chikai.web.actions.receipts import of as receipts_of
from chikai.web.models import Person
from chikai.web.models.ledger import Entry, Log, Payload, SubjectKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from chikai.ledger.disclosure import Disclosure, Shown
    from chikai.ledger.receipt import Receipt
    from chikai.ledger.tiles import Place

_AT_ONCE: Final = 1000


def sign_now() -> str:
    """Give every event that waits its entry, and sign: the checkpoint."""
    integrate.integrate()
    return checkpoint.sign(clock.now())


def verifier_key() -> str:
    """The key that verifies the current log, as it is printed and handed out."""
    return str(checkpoint.signer(_current().origin).key)


def write_export(folder: Path) -> note.Checkpoint:
    """Write the current log into a folder: its files and nothing personal."""
    signed = sign_now()
    log = _current()

    def entries(place: Place) -> Sequence[bytes]:
        start = place.n * tiles.WIDTH
        rows = Entry.objects.filter(log=log, index__gte=start, index__lt=start + place.width)
        return [bytes(line) for line in rows.order_by("index").values_list("line", flat=True)]

    return export.write(folder, signed.encode(), checkpoint.signer(log.origin).key, entries)


def shown(chosen: Collection[int] | None = None) -> Disclosure:
    """Every entry of the current log: opened, sealed or erased.

    `chosen` are opened; without them every entry about nobody is. Erasures are always opened, since they say what became
    of others. An entry whose payload is gone without an erasure is left out: whoever verifies is alarmed.
    """
    integrate.integrate()
    log = _current()
    rows = Entry.objects.filter(log=log, index__lt=log.size).order_by("index")
    erased = dict(_erasures(rows.filter(kind=disclosure.ERASURE)))
    entries: dict[int, Shown] = {}
    for start in range(0, log.size, _AT_ONCE):
        some = list(rows.filter(index__gte=start, index__lt=start + _AT_ONCE))
        events = [row.event for row in some]
        there = set(Payload.objects.filter(event__in=events).values_list("event", flat=True))
        for row in some:
            wanted = row.tag is None if chosen is None else row.index in chosen
            if row.event in there and (wanted or row.kind == disclosure.ERASURE):
                entries[row.index] = ledger.open_payload(row)
            elif row.event in there:
                entries[row.index] = disclosure.Sealed()
            elif row.index in erased:
                entries[row.index] = disclosure.Erased(erased[row.index])
    return disclosure.Disclosure(log.origin, log.size, complete=True, entries=entries)


def _erasures(rows: Iterable[Entry]) -> Iterator[tuple[int, int]]:
    """Each erased entry and the entry of its erasure."""
    for row in rows:
        named = str(ledger.facts_of(row).get("entries", ""))
        for index in disclosure.out_of_ranges(named):
            yield index, row.index


def receipts(about: str) -> list[Receipt]:
    """The receipts of a person's entries, of an event, or of the entry at an index, oldest first."""
    integrate.integrate()
    rows = _rows(about)
    if not rows:
        raise WrongState("there is no entry about this", "name a person, an event or an entry")
    return receipts_of(rows)


def _rows(about: str) -> list[Entry]:
    if about.isdecimal():
        return list(Entry.objects.select_related("log").filter(log=_current(), index=int(about)))
    try:
        subjects = {UUID(about)}
    except ValueError:
        subjects = {person.pk for person in Person.objects.find_person(about, surely=True)}
        if len(subjects) > 1:
            raise BadInput(
                f"{len(subjects)} persons have this", "name one by the id that `people find` prints"
            ) from None
    found = list(Entry.objects.select_related("log").filter(event__in=subjects))
    while (
        more := set(Person.objects.filter(merged_into__in=subjects).values_list("pk", flat=True))
        - subjects
    ):
        subjects |= more
    for key in SubjectKey.objects.filter(subject__in=subjects):
        found += keys.entries_of(key)
    return sorted(found, key=lambda row: (row.log_id, row.index))


def _current() -> Log:
    log = Log.objects.current()
    if log is None:
        raise WrongState("the ledger has no entry yet", "wait for the first event")
    return log
