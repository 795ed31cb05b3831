"""The keys of subjects: made before their first use, wrapped by the master key, unwrapped where a payload is sealed.

The master key number 1 is the file `keys/master`, the next ones are `keys/master-2` and so on. Callers hold a
transaction.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Subquery
from django.db.models.functions import Coalesce

from chikai.errors import WrongState
from chikai.ledger import sealing
from chikai.web.actions.sets import update_each
from chikai.web.models.ledger import OPERATOR, SubjectKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Keys:
    """A subject's keys in the clear. They are held no longer than a call."""

    tag: bytes
    data: bytes


class Masters(dict[int, bytes]):
    """The master keys by number, each read when it is first asked for. It is held no longer than a verb."""

    def __missing__(self, version: int) -> bytes:
        name = "master" if version == 1 else f"master-{version}"
        key: bytes = settings.HOME.key(name)
        self[version] = key
        return key


_OPERATORS: Final = SubjectKey.objects.filter(subject=OPERATOR).values_list("version", flat=True)
# The same inside another statement.
WRAPS: Final = Coalesce(Subquery(_OPERATORS), 1)
_fields: Any = SubjectKey._meta.concrete_fields  # noqa: SLF001  Django documents it
# Makes what is not there, and holds what is.
_MAKE: Final = """
INSERT INTO subject_key ({}) VALUES {}
ON CONFLICT (subject) DO UPDATE SET entries = subject_key.entries RETURNING *
"""
_locked: ContextVar[dict[UUID, SubjectKey] | None] = ContextVar("locked subject keys", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """While a verb's transaction is open, rows that it has locked are not read again: nobody else can change them."""
    token = _locked.set(dict(_locked.get() or {}))
    try:
        yield
    finally:
        _locked.reset(token)


def keep(rows: Iterable[SubjectKey]) -> None:
    """Note rows that the open verb has locked, or has made."""
    if (known := _locked.get()) is not None:
        known |= {row.subject: row for row in rows}


def locked(subject: UUID) -> SubjectKey | None:
    """The row of a subject, if the open verb holds it."""
    return (_locked.get() or {}).get(subject)


def destroy(subjects: Iterable[UUID]) -> None:
    """Destroy the keys of subjects: what they sealed opens no more, in whatever copy it stands."""
    if not (ids := list(subjects)):
        return
    if (known := _locked.get()) is not None:
        for id_ in ids:
            known.pop(id_, None)
    if len(ids) > 1:
        hold(ids)
    SubjectKey.objects.filter(subject__in=ids).update(
        tag_key=None, data_key=None, state="destroyed"
    )


def current_version() -> int:
    """The master key that wraps new keys: the one that wraps the operator's."""
    found = _OPERATORS.first()
    return found or 1


def wrap(key: bytes, subject: UUID, field: str, version: int, masters: Masters) -> bytes:
    """A subject's key under a master key; `field` says which of the two it is."""
    return sealing.seal(masters[version], key, _context(subject, field, version))


def unwrap(row: SubjectKey, masters: Masters) -> Keys:
    """The keys of a row; WrongState when they were destroyed."""
    if row.tag_key is None or row.data_key is None:
        raise WrongState("the keys of this person were destroyed", "nothing more can be opened")
    wrapping = masters[row.version]
    return Keys(
        sealing.unseal(wrapping, bytes(row.tag_key), _context(row.subject, "tag", row.version)),
        sealing.unseal(wrapping, bytes(row.data_key), _context(row.subject, "data", row.version)),
    )


def _context(subject: UUID, field: str, version: int) -> str:
    return f"subject_key|{subject}|{field}|{version}"


def read(subjects: Iterable[UUID]) -> dict[UUID, SubjectKey]:
    """The rows of subjects that have keys, or had."""
    return SubjectKey.objects.in_bulk(list(subjects))


def hold(subjects: Iterable[UUID]) -> dict[UUID, SubjectKey]:
    """The rows of subjects that have keys, or had, held until the transaction ends.

    Who holds several takes them in this one order, or two would wait for each other: an UPDATE of many rows has no
    order of its own.
    """
    rows = SubjectKey.objects.filter(subject__in=list(subjects)).order_by("subject")
    return {row.subject: row for row in rows.select_for_update(no_key=True)}


def ensure(subjects: Iterable[UUID], masters: Masters) -> Mapping[UUID, SubjectKey]:
    """The rows of subjects; those that have none get new keys. Two writers that meet agree on one row.

    A person's row is held until the transaction ends, so that no key is destroyed under an event. The operator's is
    not, since every writer needs it.
    """
    wanted = set(subjects)
    known = _locked.get() or {}
    found = {subject: known[subject] for subject in wanted & known.keys()}
    if asked := wanted - found.keys() - {OPERATOR}:
        rows = hold(asked)
        keep(rows.values())
        found |= rows
    found |= read(wanted & {OPERATOR})
    if lacking := wanted - found.keys():
        version = current_version()
        SubjectKey.objects.bulk_create(
            [_new(subject, version, masters) for subject in sorted(lacking)],
            ignore_conflicts=True,
        )
        found |= read(lacking)
    return found


def begin(person: UUID, own: UUID, version: int | None = None) -> dict[UUID, Keys]:
    """The keys of a person, held until the transaction ends, and new ones for a thing of theirs that nobody knows yet.

    `version` is the master key that wraps new keys, where the caller has read it.
    """
    masters, version = Masters(), current_version() if version is None else version
    new = [_new(subject, version, masters) for subject in (person, own)]
    names = [f.name for f in _fields]
    rows = ", ".join(f"({', '.join('%s' for _ in names)})" for _ in new)
    values = [f.get_db_prep_save(getattr(row, f.name), connection) for row in new for f in _fields]
    found = list(SubjectKey.objects.raw(_MAKE.format(", ".join(names), rows), values))
    keep(found)
    return {row.subject: unwrap(row, masters) for row in found}


def _new(subject: UUID, version: int, masters: Masters) -> SubjectKey:
    return SubjectKey(
        subject=subject,
        tag_key=wrap(secrets.token_bytes(32), subject, "tag", version, masters),
        data_key=wrap(secrets.token_bytes(32), subject, "data", version, masters),
        version=version,
    )


def count_entries(counts: Mapping[UUID, int]) -> None:
    """Write how many entries subjects have now; the caller holds their rows."""
    update_each(SubjectKey, ("entries",), ((s, (n,)) for s, n in sorted(counts.items())))


def rewrap(version: int) -> int:
    """Wrap every key anew under the master key with this number; how many subjects have keys. Payloads stay as they are."""
    rows = SubjectKey.objects.filter(state="active").exclude(version=version)
    masters = Masters()
    changed: list[tuple[bytes, bytes, int, UUID | str]] = []
    for row in rows.iterator(2000):
        keys = unwrap(row, masters)
        tag = wrap(keys.tag, row.subject, "tag", version, masters)
        data = wrap(keys.data, row.subject, "data", version, masters)
        changed.append((tag, data, version, _as_stored(row.subject)))
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE subject_key SET tag_key = %s, data_key = %s, version = %s WHERE subject = %s",
            changed,
        )
    return len(changed)


def _as_stored(id_: UUID) -> UUID | str:
    return id_ if connection.features.has_native_uuid_field else id_.hex
