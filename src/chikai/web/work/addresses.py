"""The address that a service verified, read while it still stands there: an answer to an erasure goes to it afterwards.

Whoever came from a service, or telephoned, gave none. What is found is sealed with the request in the transaction that
closes the step, before anything is changed anywhere. An address that nobody verified is never used.

Clauses: 6.
Law: APPI Art. 34(3), APPI Art. 35(7).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from chikai.errors import ChikaiError
from chikai.people.normalise import is_proof
from chikai.sources import each
from chikai.web.maps import map_named
from chikai.web.models.people import keys_of_each
from chikai.web.work.sources import opened, standings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from uuid import UUID

    from chikai.home import Home
    from chikai.sources.map import Map
    from chikai.sources.protocol import Keys, Row
    from chikai.web.actions.grown import Tables
    from chikai.web.models import Request, Step
    from chikai.web.work.claims import Batch
    from chikai.web.work.sources import Standing

# A disclosure reads the address with everything else.
ASKS: Final = frozenset({"count", "look", "tally", "records", "stop"})


def of_steps(home: Home, steps: Iterable[Step], batch: Batch) -> dict[UUID, str]:
    """An address for each request of these steps that has none; places that do not answer are passed over."""
    ids = {step.request_id for step in steps if step.action in ASKS}
    wanted = [batch.requests[id_] for id_ in sorted(ids) if batch.requests[id_].reply_to is None]
    if not wanted:
        return {}
    keys = batch.local_keys({r.person_id for r in wanted})
    return _verified(home, wanted, keys, _maps(home, batch.at))


def of_person(home: Home, request: Request) -> str:
    """The verified address of the person of a request, from the first place that says one; empty where none does."""
    known = standings(home.sources)
    keys = keys_of_each([request.person_id])
    return _verified(home, [request], keys, _maps(home, known.__getitem__)).get(request.pk, "")


def _maps(home: Home, at: Callable[[str], Standing]) -> dict[str, Map]:
    """The narrowed map of each place that says which addresses are verified."""
    return {
        source: map_
        for source, config in home.sources.items()
        if config.opened
        and (digest := at(source).map)
        and (map_ := _narrowed(map_named(source, digest))) is not None
    }


def _verified(
    home: Home,
    requests: Collection[Request],
    keys: Mapping[UUID, Tables],
    maps: Mapping[str, Map],
) -> dict[UUID, str]:
    """The verified address of each request's person, from the first source that has one."""
    found: dict[UUID, str] = {}
    for source, map_ in maps.items():
        subjects = {
            str(r.pk): cast("Keys", there)
            for r in requests
            if r.pk not in found and (there := keys[r.person_id].get(source))
        }
        if not subjects:
            continue
        with suppress(ChikaiError):
            mails = _read(home, source, map_, subjects)
            found |= {r.pk: mails[str(r.pk)] for r in requests if mails.get(str(r.pk))}
    return found


def _read(home: Home, source: str, map_: Map, subjects: dict[str, Keys]) -> dict[str, str]:
    mails: dict[str, str] = {}
    with each.picture(opened(home, source)) as reading:
        for table, rows in reading.read_each(map_, _within(map_, subjects)):
            identity: Any = map_.by_name[table].identity
            for id_, row in rows:
                if mail := _mail(identity, row):
                    mails.setdefault(id_, mail)
    return mails


def _mail(identity: Any, row: Row) -> str:
    return str(row.get(identity.email) or "") if is_proof(row.get(identity.verified)) else ""


def _within(map_: Map, subjects: dict[str, Keys]) -> dict[str, Keys]:
    """The keys in the tables that are read."""
    return {
        id_: {table: local for table, local in keys.items() if table in map_.by_name}
        for id_, keys in subjects.items()
    }


def _narrowed(map_: Map) -> Map | None:
    """The map with the tables of persons that say which addresses are verified, and just these columns."""
    tables = []
    for table in map_.identities:
        identity = table.identity
        if identity and identity.email and identity.verified:
            needed = {*table.key, identity.key, identity.email, identity.verified}
            columns = tuple(c for c in table.columns if c.name in needed)
            tables.append(replace(table, columns=columns, edges=(), whose="person"))
    return replace(map_, tables=tuple(tables)) if tables else None
