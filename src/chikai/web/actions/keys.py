"""Verbs of the keys: destroying one person's, and giving all of them a new master key.

Clauses: 1.2.
Law: APPI Art. 22, APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.errors import WrongState
from chikai.ledger import disclosure
from chikai.ledger import entry as lines
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action, integrate, subject_keys
from chikai.web.models.ledger import OPERATOR, Entry, Log, Payload, SubjectKey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_AT_ONCE = 500


def entries_of(row: SubjectKey) -> Iterator[Entry]:
    """The entries of a subject whose tag key is there, oldest first."""
    key = subject_keys.unwrap(row, subject_keys.Masters()).tag
    for start in range(0, row.entries, _AT_ONCE):
        tags = [lines.tag(key, n) for n in range(start, min(start + _AT_ONCE, row.entries))]
        yield from Entry.objects.filter(tag__in=tags).select_related("log").order_by("log", "index")


@action("officer")
def destroy_keys(by: Actor, subject: UUID) -> Event:
    """Destroy a person's keys and delete the payloads that they open: the entries stay, and tie to nobody.

    The event names the entries, so that an auditor can tell erased ones from lost ones; it does not name the person.
    What is out of reach (backups of the table of keys) ends with the last backup, which is a fact of its own.
    """
    if subject == OPERATOR:
        raise WrongState("the operator's own key is not a person's", "name a person")
    return destroyed(subject)


def destroyed(subject: UUID, **more: str) -> Event:
    """Destroy a person's keys within the caller's transaction; the event, with these facts beside."""
    integrate.integrate()
    row = SubjectKey.objects.select_for_update().filter(subject=subject).first()
    if row is None or row.state != "active":
        raise WrongState("this person has no keys", "nothing is left to destroy")
    found: dict[str, list[int]] = {}
    for entry in entries_of(row):
        found.setdefault(entry.log.origin, []).append(entry.index)
    current = Log.objects.current()
    here = found.pop(current.origin, []) if current else []
    earlier = ";".join(f"{origin} {disclosure.as_ranges(i)}" for origin, i in found.items())
    Payload.objects.filter(key=row).delete()
    subject_keys.destroy([subject])
    facts: dict[str, str | int | bool | None] = {
        "count": row.entries,
        "entries": disclosure.as_ranges(here),
    }
    return Event(disclosure.ERASURE, facts | ({"earlier": earlier} if earlier else {}) | more)


@action("officer", "engineer")
def rotate_master(by: Actor) -> Event:
    """Wrap every subject's keys under a new master key; payloads stay as they are.

    The old key's file may go once `chikai keys show` says that nothing is wrapped by it any more.
    """
    version = subject_keys.current_version() + 1
    subject_keys.ensure({OPERATOR}, subject_keys.Masters())
    subjects = subject_keys.rewrap(version)
    return Event("keys.rotated", {"subjects": subjects, "version": version})
