"""Verifying what people changed by hand in a place that we may read: it is asked on a fresh connection, like our own work.

Nobody's word closes an erasure or a correction while the place itself can be asked. Only a place that no program opens
(paper, a service without an interface) is closed by a note, with its proof and a second look where they are wanted.

Clauses: 5, 6.
Law: APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from chikai.errors import Disagrees
from chikai.web.work import correcting, erasing
from chikai.web.work.gathering import together

if TYPE_CHECKING:
    from chikai.web.models import Step
    from chikai.web.work.gathering import Group


class StillThere(Disagrees):
    """What somebody said to have changed stands as before: the place goes back to them."""


def verify_places(group: Group) -> None:
    """Ask every place whether what was approved took hold."""
    for _source, steps in group.by_source():

        def alike(step: Step) -> tuple[bool, str, str]:
            erases = group.request(step).kind == "erase"
            return erases, step.plan_digest, erasing.counted_on(step).isoformat() if erases else ""

        for _, some in groupby(sorted(steps, key=alike), alike):
            together(group, list(some), _verify)


def _verify(group: Group, name: str, steps: list[Step]) -> None:
    erases = group.request(steps[0]).kind == "erase"
    left = (erasing.left_of if erases else correcting.unlike_of)(group, name, steps)
    for step in steps:
        if tables := left.get(step.pk):
            where = ", ".join(f"`{table}`" for table in tables)
            what = "rows still hold the person" if erases else "new values do not stand"
            group.faults[step.pk] = StillThere(
                f"{sum(tables.values())} {what} in {where}", "change them, and say so again", name
            )
