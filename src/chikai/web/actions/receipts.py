"""Receipts of entries: what proves to a person, without us, that an entry stands in the ledger.

Clauses: 6.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from chikai import clock
from chikai.errors import WrongState
from chikai.ledger import entry as lines
from chikai.ledger import receipt, tiles
from chikai.web.actions import checkpoint, integrate, keys, ledger, subject_keys
from chikai.web.models.ledger import Checkpoint, Entry, Payload, Pending, SubjectKey

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from chikai.ledger.disclosure import Opened
    from chikai.ledger.receipt import Receipt
    from chikai.web.models import Request

# What a package proves: that its request arrived, and was answered by the way that we promise.
OF_A_REQUEST: Final = (
    *("rights.opened", "rights.identified", "rights.gathered"),
    *("rights.submitted", "rights.reviewed", "rights.approved"),
)


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


def of_requests(requests: Collection[Request]) -> dict[UUID, list[Receipt]]:
    """The receipts of what was done for requests so far, oldest first; read and signed for all at once."""
    integrate.settle()
    rows = _entries(requests)
    if not rows:
        return {}
    proving = _Proving()
    if not all(row.closed for row in rows):
        proving.know(*checkpoint.cover(clock.now()))
    of = {(r.person_id, r.number): r.pk for r in requests}
    masters, opening = subject_keys.Masters(), dict[Any, bytes]()
    found: dict[UUID, list[Receipt]] = {}
    for row in rows:
        if row.key_id not in opening:
            key = SubjectKey(row.key_id, row.tag_key, row.data_key, row.version)
            opening[row.key_id] = subject_keys.unwrap(key, masters).data
        committed = lines.Entry.decode(bytes(row.line)).commitment
        opened = ledger.open_sealed(row, opening[row.key_id], committed, f"entry {row.index}")
        number = json.loads(opened.payload)["facts"].get("number")
        if (id_ := of.get((row.key_id, number))) is not None:
            found.setdefault(id_, []).append(proving.receipt(row, opened))
    return found


@dataclass(slots=True)
class _Row:
    """An entry, whether its log is closed, and its payload with the wrapped keys that open it."""

    log_id: int
    index: int
    line: Any
    closed: Any
    event: UUID
    key_id: UUID
    sealed: Any
    tag_key: Any
    data_key: Any
    version: int


# An entry knows its payload by the event alone, which no relation of models says.
_ENTRIES: Final = """
SELECT entry.log_id, entry."index", entry.line, log.closed_at, payload.event, payload.key_id, payload.sealed,
key.tag_key, key.data_key, key.version
FROM event_payload payload JOIN ledger_entry entry ON entry.event = payload.event
JOIN ledger_head log ON log.number = entry.log_id JOIN subject_key key ON key.subject = payload.key_id
WHERE payload.key_id IN ({people}) AND entry.kind IN ({kinds}) AND entry.at >= %s
ORDER BY entry.log_id, entry."index"
"""


def _entries(requests: Collection[Request]) -> list[_Row]:
    """The entries about the persons of these requests since the first arrived, of the kinds that a package proves."""
    since = min(r.arrived_at for r in requests).replace(microsecond=0)
    id_, at = Payload._meta.get_field("event"), Entry._meta.get_field("at")  # noqa: SLF001  Django documents it
    people = [id_.get_db_prep_save(p, connection) for p in {r.person_id for r in requests}]
    named = {"people": people, "kinds": OF_A_REQUEST}
    statement = _ENTRIES.format(**{n: ", ".join(["%s"] * len(v)) for n, v in named.items()})
    given = [*people, *OF_A_REQUEST, at.get_db_prep_save(since, connection)]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = [_Row(*row) for row in cursor.fetchall()]
    for row in rows:  # SQLite gives ids as text
        row.event, row.key_id = id_.to_python(row.event), id_.to_python(row.key_id)
    return rows


class _Proving:
    """Receipts below one checkpoint of each log: tiles and the roots between them are read and hashed once for all."""

    def __init__(self) -> None:
        self._logs: dict[int, tuple[tiles.Tree, Checkpoint, str]] = {}

    def know(self, covering: Checkpoint, stored: integrate.Stored) -> None:
        log = stored.log
        key = str(checkpoint.signer(log.origin).key)
        self._logs[log.pk] = _Tree(covering.size, stored), covering, key

    def receipt(self, row: _Row, opened: Opened) -> Receipt:
        if row.log_id not in self._logs:
            covering = _covering(row.log_id, row.index)
            self.know(covering, integrate.Stored(covering.log))
        tree, covering, key = self._logs[row.log_id]
        path = tuple(tree.inclusion(row.index))
        note = covering.note.encode()
        return receipt.Receipt(row.index, bytes(row.line), opened, path, note, key)


@dataclass(frozen=True)
class _Tree(tiles.Tree):
    """A tree that keeps the roots it hashed: the proofs of entries that lie together share most of them."""

    roots: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def _root(self, low: int, high: int) -> bytes:
        if (low, high) not in self.roots:
            self.roots[low, high] = super()._root(low, high)
        return self.roots[low, high]


def _receipt(row: Entry) -> Receipt:
    covering = _covering(row.log_id, row.index)
    return receipt.Receipt(
        row.index,
        bytes(row.line),
        ledger.open_payload(row),
        tuple(integrate.tree_of(row.log, covering.size).inclusion(row.index)),
        covering.note.encode(),
        str(checkpoint.signer(row.log.origin).key),
    )


def _covering(log: int, index: int) -> Checkpoint:
    rows = Checkpoint.objects.select_related("log").filter(log=log, size__gt=index)
    found = rows.order_by("-size").first()
    if found is None:
        raise WrongState(
            f"no checkpoint covers entry {index}", "its log was closed before it was signed"
        )
    return found
