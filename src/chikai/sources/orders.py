"""What is carried out again in a source that was restored from an old backup: which orders, for whom, and whether it took.

An order holds no key of a person: only a mark, `HMAC(secret of the source, register and key)`, by which the person is
known again while the backup that brought the row back still exists. Every change writes our epoch into the source; one
that stands behind ours was restored. Such a source is in quarantine until every newer order was carried out again and
seen on another connection; then it is lifted.

Clauses: 5.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from chikai.errors import Disagrees
from chikai.sources.protocol import Applying, Change, Changeable, Holds, Keys, Outcome

if TYPE_CHECKING:
    from chikai.sources.map import Map
    from chikai.sources.protocol import Value


@dataclass(frozen=True, slots=True)
class Order:
    """One change of one person that must stand: made at an epoch, known until the last backup before it is gone."""

    id: str
    marks: tuple[str, ...]
    epoch: int
    verb: Literal["erase", "write"]
    until: date
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did by order; `unsettled` are the orders that do not stand yet, so that the source stays closed."""

    done: dict[str, Outcome] = field(default_factory=dict)
    unsettled: tuple[str, ...] = ()

    @property
    def may_lift(self) -> bool:
        """Whether every order stands again."""
        return not self.unsettled


def secret_of(key: bytes, source: str) -> bytes:
    """What the marks of a source are made from."""
    return hmac.digest(key, source.encode(), "sha256")


def mark(secret: bytes, register: str, key: Value) -> str:
    """How a person is known again in a source, without naming them."""
    said = f"order\x00{register}\x00{key}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()


def marks(secret: bytes, keys: Keys) -> tuple[str, ...]:
    """The marks of a person, one for each key."""
    held = ((n, k) for n, values in sorted(keys.items()) if n[0] != "@" for k in values)
    return tuple(mark(secret, name, key) for name, key in held)


def opener(secret: bytes, register: str, key: Value) -> bytes:
    """What the new values of an order are sealed with: only who has the person's key in the source opens them."""
    return hmac.digest(secret, f"opens\x00{register}\x00{key}".encode(), "sha256")


def was_restored(standing: int | None, ours: int) -> bool:
    """Whether a source stands behind what we wrote there; one that has no place for an epoch cannot tell."""
    return standing is not None and standing < ours


def newer(orders: Iterable[Order], standing: int, today: date) -> tuple[Order, ...]:
    """The orders that a restored source may have lost, oldest first; those of the epoch that stands are there."""
    lost = (o for o in orders if o.epoch > standing and o.until >= today)
    return tuple(sorted(lost, key=lambda o: (o.epoch, o.id)))


def known_again(
    source: Changeable, map_: Map, orders: Sequence[Order], secret: bytes
) -> dict[str, Keys]:
    """The keys that the persons of these orders have in the source now; who did not come back is left out."""
    wanted = {m: order.id for order in orders for m in order.marks}
    whose: dict[str, list[str]] = defaultdict(list)
    for order in orders:
        for m in order.marks:
            whose[m].append(order.id)
    found: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    with source.reading() as reading:
        for table in map_.identities:
            for chunk in reading.identities(map_, table.name):
                for row in chunk:
                    m = mark(secret, table.name, row["key"])
                    for order_id in whose[m] if m in wanted else ():
                        found[order_id][table.name].append(row["key"])
    return {o: {name: tuple(keys) for name, keys in held.items()} for o, held in found.items()}


def replay(
    source: Changeable,
    map_: Map,
    orders: Sequence[Order],
    *,
    secret: bytes,
    step: str,
    epoch: int,
    holds: Holds | None = None,
) -> Replayed:
    """Carry out again, in their order, what a restored source has lost, and look whether it stands.

    Args:
        source: the restored one, in quarantine.
        map_: its map in force.
        orders: those that `newer` gives.
        secret: what the marks were made from.
        step: the name of this replay in the source's markers.
        epoch: ours, written with the last change.
        holds: as for an erasure.
    """
    keys = known_again(source, map_, orders, secret)
    done: dict[str, Outcome] = {}
    for n, group in enumerate(_together([o for o in orders if o.id in keys])):
        people = {order.id: keys[order.id] for order in group}
        applying = Applying(f"{step}.{n}", epoch=0)
        if group[0].verb == "erase":
            done |= _erased(source, map_, people, applying, holds)
        else:
            for order in group:
                done |= _written(source, map_, order, keys[order.id], applying)
    unsettled = _unsettled(source, map_, [o for o in orders if o.id in keys], keys, holds)
    if not unsettled:
        with source.changing(Applying(f"{step}.end", epoch=epoch)) as change:
            change.erase(map_, {}, planned={})
    return Replayed(done, unsettled)


def standing(
    source: Changeable,
    map_: Map,
    orders: Sequence[Order],
    *,
    secret: bytes,
    holds: Holds | None = None,
) -> tuple[str, ...]:
    """The orders that do not stand now; nothing is changed."""
    keys = known_again(source, map_, orders, secret)
    return _unsettled(source, map_, [o for o in orders if o.id in keys], keys, holds)


def _together(orders: Sequence[Order]) -> Iterator[list[Order]]:
    """Orders of one kind that follow each other, as one batch; the order of what was decided stays."""
    batch: list[Order] = []
    for order in orders:
        if batch and batch[-1].verb != order.verb:
            yield batch
            batch = []
        batch.append(order)
    if batch:
        yield batch


def _erased(
    source: Changeable, map_: Map, people: dict[str, Keys], applying: Applying, holds: Holds | None
) -> dict[str, Outcome]:
    with source.reading() as reading:
        resolved = reading.resolve(map_, people)
        planned = {s: o.rows for s, o in reading.would_erase(map_, resolved, holds=holds).items()}
    with source.changing(applying) as change:
        return change.erase(map_, resolved, planned=planned, holds=holds)


def _written(
    source: Changeable, map_: Map, order: Order, keys: Keys, applying: Applying
) -> dict[str, Outcome]:
    # What stood there when it was decided may be older still in a backup, so that the guard is left out.
    changes = [replace(change, old="") for change in order.changes]
    try:
        with source.changing(applying) as change:
            return change.write(map_, {order.id: keys}, {order.id: changes})
    except Disagrees:  # its row did not come back: a person looks, since the order stays unsettled
        return {}


def _unsettled(
    source: Changeable,
    map_: Map,
    orders: Sequence[Order],
    keys: dict[str, Keys],
    holds: Holds | None,
) -> tuple[str, ...]:
    erased = {o.id: keys[o.id] for o in orders if o.verb == "erase"}
    left = source.left(map_, erased, holds=holds) if erased else {}
    gone = {m for o in orders if o.verb == "erase" for m in o.marks}
    # Of two corrections of one field the later counts, and none of somebody who was erased.
    latest: dict[tuple[object, ...], tuple[str, Change]] = {}
    for order in orders:
        if order.verb == "write" and not gone & set(order.marks):
            for change in order.changes:
                latest[change.table, change.key, change.column] = (order.id, change)
    wanted: dict[str, list[Change]] = defaultdict(list)
    for order_id, change in latest.values():
        wanted[order_id].append(change)
    people = {order_id: keys[order_id] for order_id in wanted}
    unlike = source.unlike(map_, people, wanted) if wanted else {}
    return tuple(sorted({*left, *unlike}))
