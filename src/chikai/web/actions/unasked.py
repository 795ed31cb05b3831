"""What an old backup may bring back: what was changed of somebody only since another, for whom they were taken, had asked.

The orders of that time hold the marks of both. Once it is known who asked, the other's marks leave, so that a replay does
not carry out a second time what they never wanted.

Clauses: 5.
Law: APPI Art. 35(2), APPI Art. 37(2).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.conf import settings

from chikai.sources.orders import mark, secret_of
from chikai.web.models import Link, Order, Person, Step
from chikai.web.models.people import everybody

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

WRITES: Final = ("erase", "correct")


def take_out(people: Collection[UUID]) -> int:
    """Take the marks of each of these out of the orders that only the others asked for; out of how many orders.

    Called within the transaction of the verb that found who asked. Where that is still unknown, the order stays, and no
    replay carries it out.
    """
    asked = _asked(people)
    if not asked:
        return 0
    sources = {source for source, _ in asked}
    marks = _marks(people, sources)
    count = 0
    orders = Order.objects.filter(source__in=sources, at__in={at for _, at in asked})
    for order in orders.select_for_update().order_by("pk"):
        who = asked.get((order.source, order.at), {None})
        if None in who:
            continue
        out = {m for p in people if p not in who for m in marks[order.source, p]}
        left = [m for m in order.marks if m not in out]
        if len(left) == len(order.marks):
            continue
        if not left:
            order.delete()
        elif order.verb == "erase":
            Order.objects.filter(pk=order.pk).update(marks=left)
        else:  # its values are one sealed whole
            continue
        count += 1
    return count


def _asked(people: Collection[UUID]) -> dict[tuple[str, datetime], set[UUID | None]]:
    """Who asked for what was closed in a source at an instant, which its order has as well; None where it is not known."""
    found: dict[tuple[str, datetime], set[UUID | None]] = defaultdict(set)
    steps = Step.objects.filter(
        request__person__in=everybody(people), action__in=WRITES, state="done"
    )
    for step in steps.select_related("request"):
        if step.done_at is not None:
            unsure = step.request.between_id is not None
            by = None if unsure else Person.resolve(step.request.person_id).pk
            found[step.source, step.done_at].add(by)
    return found


def _marks(people: Collection[UUID], sources: Collection[str]) -> dict[tuple[str, UUID], set[str]]:
    """The marks of each of these persons in each source."""
    found: dict[tuple[str, UUID], set[str]] = defaultdict(set)
    secrets = {source: secret_of(settings.HOME.key("orders"), source) for source in sources}
    for link in Link.objects.filter(person__in=people, source__in=sources):
        found[link.source, link.person_id].add(mark(secrets[link.source], link.table, link.key))
    return found
