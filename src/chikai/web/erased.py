"""What an erasure comes to, as pages show it: rows by place and table, and what other laws keep until which day.

Before the decision it is what was counted, afterwards what was done.

Clauses: 5, 6.
Law: APPI Art. 22, APPI Art. 35(2), APPI Art. 35(6), APPI Art. 35(7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from chikai.policy.document import Text
from chikai.rights import holds
from chikai.sources.protocol import Kept

if TYPE_CHECKING:
    from chikai.web.models import Request, Step


@dataclass(frozen=True, slots=True)
class Erased:
    """Rows by table of each place, whether they are gone, and a sentence for each law that keeps some."""

    places: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    kept: tuple[Text, ...]
    is_done: bool


def of_request(request: Request) -> Erased | None:
    """What an erasure takes, or has taken; None for every other request, and before the count."""
    if request.kind != "erase":
        return None
    steps = list(request.steps.all())
    done = [s for s in steps if s.action == "erase"]
    shown = done or [s for s in steps if s.action == "count" and s.state == "done"]
    if not shown:
        return None
    places = tuple((step.source, tuple(_rows(step).items())) for step in shown)
    is_done = bool(done) and all(step.state == "done" for step in done)
    return Erased(places, tuple(map(_said, _by_law(shown))), is_done)


def _rows(step: Step) -> dict[str, int]:
    found: dict[str, int] = step.found.get("erased") or step.found.get("rows", {})
    return found


def _by_law(steps: list[Step]) -> list[Kept]:
    found: dict[str, Kept] = {}
    for step in steps:
        for _table, rows, law, until in step.found.get("kept", ()):
            last, before = date.fromisoformat(until), found.get(law, Kept("", 0, law, date.min))
            found[law] = Kept("", before.rows + rows, law, max(before.until, last))
    return list(found.values())


def _said(kept: Kept) -> Text:
    return Text(holds.in_words(kept, "ja"), holds.in_words(kept, "en"))
