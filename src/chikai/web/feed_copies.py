"""What the feed answers, read from our own rows: a service's snapshot, and its news after a number.

The number is read before the rows, so an answer never claims to know more than it does. A service is told of the toggles
that its own uses need, and of nothing else. Called by one thread of the feed.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyroaring import BitMap

from chikai import clock
from chikai.choices import standing
from chikai.choices.reading import bits_in
from chikai.choices.standing import Standing
from chikai.errors import Forked, NotAllowed, WrongState
from chikai.sdk.cache import pack
from chikai.sdk.feed_client import News
from chikai.web.models.choices import Delta, FeedEntry, ServiceKey, feed_number, in_force_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.gate.compile import Table

MOST_NEWS: Final = 20_000


@dataclass
class _Held:
    """One service as the feed holds it: its table, the mask of its toggles, everybody, and the packed bytes of both."""

    table: Table
    mask: int
    standing: Standing
    packed: bytes = b""


class Copies:
    """Every service's table and everybody's choices, patched by the same deltas that the copies get."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], tuple[Table, int]] = {}
        self._held: dict[str, _Held] = {}

    def table(self, service: str) -> tuple[Table, int]:
        """A service's table and the mask of its toggles; NotAllowed when the policy has no such service."""
        found = in_force_at(service)
        if found is None:
            raise WrongState("no edition of the policy is in force", "publish one first")
        whole = found[1]
        if service not in whole.index:
            raise NotAllowed("the policy grants this service no use", "see `chikai gate why`")
        name = (service, whole.digest)
        if name not in self._tables:
            self._tables = {n: t for n, t in self._tables.items() if n[0] != service}
            table = whole.of(service)
            self._tables[name] = (table, sum(1 << bit for bit in table.reasons))
        return self._tables[name]

    def snapshot(self, service: str) -> bytes:
        """The table with everybody's choices, true at this moment."""
        now, head = clock.now(), feed_number()
        table, mask = self.table(service)
        held = self._held.get(service)
        if (
            held is None
            or held.table.digest != table.digest
            or not _is_patched(held.standing, service, mask, head)
        ):
            held = _Held(table, mask, _everybody(service, mask, head))
            self._held[service] = held
        elif held.standing.v != head:
            held.packed = b""
        held.standing.v = head
        held.packed = held.packed or pack(table, held.standing, now)
        return held.packed

    def news(self, service: str, after: int) -> News:
        """What happened to a service's people after a number; a hole where the copy must take a snapshot."""
        head = feed_number()
        table, mask = self.table(service)
        if after > head:
            raise Forked(
                f"the copy stands at {after}, and the feed at {head}",
                "our database went back in time: start the service anew once it is right",
            )
        deltas = None if after == head else _deltas(service, mask, after, head)
        if deltas is None and after != head:
            return News(head, head, table.digest)
        return News(after, head, table.digest, deltas or ())


def _deltas(service: str, mask: int, after: int, head: int) -> tuple[standing.Delta, ...] | None:
    """The deltas after one number up to another; None where they cannot be told one by one."""
    numbers = FeedEntry.objects.filter(v__gt=after, v__lte=head)
    if numbers.filter(whole=True).exists() or numbers.count() != head - after:
        return None
    rows = Delta.objects.filter(service=service, v__gt=after, v__lte=head).order_by("v", "id")
    listed = list(rows[: MOST_NEWS + 1])
    return None if len(listed) > MOST_NEWS else tuple(_masked(listed, mask))


def _masked(rows: list[Delta], mask: int) -> Iterator[standing.Delta]:
    for row in rows:
        sets = tuple(bit for bit in row.sets if mask >> bit & 1)
        clears = tuple(bit for bit in row.clears if mask >> bit & 1)
        if sets or clears or row.forget:
            yield standing.Delta(row.v, standing.normal(row.key), sets, clears, row.forget)


def _is_patched(people: Standing, service: str, mask: int, head: int) -> bool:
    """Bring what is held up to a number; False where it must be read anew."""
    if people.v == head:
        return True
    deltas = _deltas(service, mask, people.v, head) if people.v < head else None
    for delta in deltas or ():
        people.apply(delta)
    return deltas is not None


def _everybody(service: str, mask: int, v: int) -> Standing:
    people = Standing(v)
    plain = []
    rows = ServiceKey.objects.known(service).values_list("key", "bits")
    for text, told in rows.iterator(chunk_size=10_000):
        key, bits = standing.normal(text), int(told, 16) & mask
        if bits == 0 and isinstance(key, int):
            plain.append(key)
            continue
        clears = () if bits & 1 else (0,)
        people.apply(standing.Delta(v, key, bits_in(bits), clears))
    people.everyone |= BitMap(plain)
    return people
