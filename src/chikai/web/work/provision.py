"""Providing the least items of some persons to a recipient: clear the flow, read what may flow, hand it to the action.

Clauses: 4.1.1, 4.1.2, 4.2.
Law: APPI Art. 25, APPI Art. 27(1).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from chikai import canon
from chikai.errors import BadInput
from chikai.web.actions import WORK
from chikai.web.actions import provision as actions
from chikai.web.actions.provision import Flow
from chikai.web.models import Link
from chikai.web.models.people import own_ids
from chikai.web.work import allowed, narrow
from chikai.web.work.sources import connect

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chikai.home import Home
    from chikai.ledger.events import Event
    from chikai.sources.map import Map
    from chikai.web.actions import Actor
    from chikai.web.actions.provision import Cleared
    from chikai.web.work.engine import Work


def run(
    by: Actor, home: Home, source: str, flow: Flow, persons: Collection[UUID] = ()
) -> tuple[Event, ...]:
    """Provide for these persons, or for everybody whom the service knows; the events of it.

    ProvisionRefused, before anything is read, when the flow has no basis, no contract, or asks for more than the least.
    """
    cleared = actions.clear(by, flow)
    map_ = narrow.the_map(source)
    identity = narrow.identity_of(map_)
    known = narrow.linked(source, identity.name)
    keys = {key: person for key, person in known.items() if not persons or person in persons}
    if not keys:
        raise BadInput("none of these persons is known to the service", "name others")
    ask = allowed.asker(
        flow.service, flow.purpose, categories=cleared.items, recipient=flow.recipient
    )
    answers = {key: ask(key) for key in keys}
    keys = _registered(source, identity.name, keys)
    left_out = {
        keys[key]: allowed.why_not(answer) for key, answer in answers.items() if not answer.allowed
    }
    going = {key: keys[key] for key, answer in answers.items() if answer.allowed}
    rows = read(home, source, map_, cleared, going) if going else {}
    given: defaultdict[UUID, set[str]] = defaultdict(set)
    for key, tables in rows.items():
        given[going[key]] |= held_in(map_, tables)
    return actions.provide(by, flow, given, as_lines(rows), left_out=left_out)


def _registered(source: str, table: str, keys: Mapping[str, UUID]) -> dict[str, UUID]:
    """Under which id each key was registered: a record stands with it, should two who are one be found to be two."""
    rows = Link.objects.present().filter(source=source, table=table)
    links = {link: key for link, key in rows.values_list("pk", "key") if key in keys}
    own = own_ids({link: keys[key] for link, key in links.items()})
    return {**keys, **{links[link]: person for link, person in own.items()}}


def held_in(map_: Map, tables: Mapping[str, list[dict[str, Any]]]) -> set[str]:
    """The data items of which these rows hold a value: a record names what went, and not what might have."""
    return {
        column.category
        for name, rows in tables.items()
        for column in map_.by_name[name].columns
        if any(row.get(column.name) is not None for row in rows)
    }


def read(
    home: Home, name: str, map_: Map, cleared: Cleared, keys: Mapping[str, UUID]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """By key what flows: by table the values of the columns that hold one of the least items."""
    columns = narrow.columns_of(map_, cleared.items)
    wanted = {table: [c.name for c in found] for table, found in columns.items()}
    slim = narrow.narrowed(map_, wanted)
    source = connect(home, name)
    found: defaultdict[str, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    try:
        for table, key, row in narrow.rows_of(source, slim, keys, wanted):
            values = {column: row.get(column) for column in wanted[table]}
            found[key].setdefault(table, []).append(values)
    finally:
        source.close()
    return dict(found)


def as_lines(rows: Mapping[str, Mapping[str, Any]]) -> bytes:
    """One JSON a line, in no order that says who; the person's key in our services is not an item, so it stays here."""
    lines = sorted(canon.encode(_plain(row)) for row in rows.values())
    return b"".join(line + b"\n" for line in lines)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def provide(work: Work) -> dict[str, object]:
    """The verb `provide` of the worker."""
    about = work.about
    flow = Flow(about["service"], about["purpose"], about["recipient"])
    work.progress(0, 1)
    persons = [UUID(text) for text in about.get("persons", "").split()]
    events = run(WORK, settings.HOME, about["source"], flow, persons)
    work.progress(1, 1)
    made = sum(event.kind == "provision.made" for event in events)
    return {"made": made, "left_out": len(events) - made}
