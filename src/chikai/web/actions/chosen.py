"""What each of those who are one person chose by themselves, kept for the day on which they are parted.

While they are one, what anybody of them presses counts for all. A stop whose presser nobody knows counts as each one's own;
an undoing or an agreement counts for who gave it alone.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from chikai.choices import standing
from chikai.web.models.choices import OwnChoices
from chikai.web.models.people import ids_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from chikai.choices.registry import Registry
    from chikai.choices.standing import Turn


def begin(chosen: Mapping[UUID, int], people: Collection[UUID]) -> None:
    """Keep what these persons chose, who are one from now on; of who is several already each one's is kept."""
    known = {*OwnChoices.objects.filter(person__in=people).values_list("person", flat=True)}
    OwnChoices.objects.bulk_create(
        OwnChoices(person_id=person, bits=(own := f"{chosen.get(person, 0):x}"), mine=own)
        for person in people
        if person not in known
    )


def turned(registry: Registry, person: UUID, under: UUID, turn: Turn) -> None:
    """Note a turn with who made it, by the id that they came `under`; that of all of them says nothing of which it was."""
    if not OwnChoices.objects.filter(person=person).exists():
        return
    anybody = under == person
    rows = OwnChoices.objects.filter(person__in=ids_of(person) if anybody else [under])
    for row in rows.select_for_update():
        before = int(row.bits, 16)
        after = turn.on(before)
        if anybody:
            after = standing.merge(registry, before, after)
        row.bits = f"{after:x}"
        if row.mine and row.person_id == under:
            row.mine = f"{turn.on(int(row.mine, 16)):x}"
        row.save(update_fields=["bits", "mine"])


def stopped(people: Collection[UUID], bit: int, by: Collection[UUID]) -> None:
    """Note a stop for each of those who are these persons, and `by` whom."""
    for person in OwnChoices.objects.filter(person__in=people).values_list("person", flat=True):
        for row in OwnChoices.objects.filter(person__in=ids_of(person)).select_for_update():
            row.bits = f"{int(row.bits, 16) | 1 << bit:x}"
            if row.mine and row.person_id in by:
                row.mine = f"{int(row.mine, 16) | 1 << bit:x}"
            row.save(update_fields=["bits", "mine"])


def mine(person: UUID) -> int | None:
    """What a person and those who are them surely pressed themselves; None where it was not kept."""
    rows = OwnChoices.objects.filter(person__in=ids_of(person)).values_list("person", "mine")
    found = dict(rows)
    if person not in found or not all(found.values()):
        return None
    return reduce(lambda one, other: one | int(other, 16), found.values(), 0)


def end(registry: Registry, person: UUID, now: int) -> int | None:
    """What a person has chosen who is parted from another: their own, and the stops that stood for both (`now`).

    None where it was not kept when they were found to be one.
    """
    ids = ids_of(person)
    rows = OwnChoices.objects.filter(person__in=ids)
    own = {row.person_id: int(row.bits, 16) for row in rows}
    if person not in own:
        return None
    if len(ids) == 1:
        rows.delete()
    return reduce(lambda one, other: standing.merge(registry, one, other), [now, *own.values()])
