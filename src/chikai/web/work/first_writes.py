"""Before a source is changed for the first time: what would be run is kept in the step, and an officer looks at it.

A source in shadow mode is planned and counted like one that is enforced, and nothing is written there.

Clauses: 5, 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from chikai.errors import WrongState
from chikai.web.models import SourceEpoch, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chikai.sources.protocol import Statement

CHANGES: Final = ("erase", "correct")  # steps that write into a place


class Waits(WrongState):
    """What a step waits for without being tried: it goes on by itself."""


def show(name: str, steps: Sequence[Step], preview: Callable[[], Sequence[Statement]]) -> bool:
    """Keep what a change would run in its steps, while no officer has seen the first one; whether that is so."""
    config = settings.HOME.source(name)
    new = bool(SourceEpoch.objects.unseen([name]))
    if not new and config.mode != "shadow":
        return False
    said = [[s.table, s.sql, s.rows] for s in preview()]
    for step in steps:
        step.found = {**step.found, "sql": said}
    return new


def stop_first(
    name: str, steps: Sequence[Step], preview: Callable[[], Sequence[Statement]]
) -> None:
    """Stop a change that would be the first one of a source, while no officer has seen it."""
    if SourceEpoch.objects.unseen([name]):
        show(name, steps, preview)
        for step in steps:
            Step.objects.filter(pk=step.pk).update(found=step.found)
        raise not_seen(name)


def not_seen(name: str) -> Waits:
    """Why the first change of a source waits."""
    return Waits(
        f"nobody has looked at what the first change of `{name}` runs",
        "an officer looks at it on the request's page, or with `chikai source preview`",
        name,
    )


def waiting(steps: Iterable[Step]) -> dict[int, Exception]:
    """Of these steps those that would write and may not now, each with why."""
    found: dict[int, Exception] = {}
    writes = [s for s in steps if s.action in CHANGES and s.state != "verify"]
    shown = {s.source for s in writes if s.found.get("sql")}
    new = SourceEpoch.objects.unseen(shown) if shown else set()
    for step in writes:
        config = settings.HOME.sources.get(step.source)
        if config is not None and config.mode != "enforce":
            found[step.pk] = Waits(
                f"`{step.source}` is in `{config.mode}` mode, so that nothing is written",
                f"run `chikai source mode {step.source} enforce`",
                step.source,
            )
        elif step.source in new:
            found[step.pk] = not_seen(step.source)
    return found
