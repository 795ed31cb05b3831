"""Before a source is changed for the first time: what would be run is kept in the step, and an officer looks at it.

A source in shadow mode is planned and counted like one that is enforced, and nothing is written there.

Clauses: 5, 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from chikai.errors import WrongState
from chikai.web.models import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chikai.sources.protocol import Statement
    from chikai.web.work.sources import Standing

CHANGES: Final = ("erase", "correct")  # steps that write into a place


class Waits(WrongState):
    """What a step waits for without being tried: it goes on by itself."""


def show(
    name: str, steps: Sequence[Step], preview: Callable[[], Sequence[Statement]], *, seen: bool
) -> None:
    """Keep what a change would run in its steps, while no officer has `seen` the first one."""
    if seen and settings.HOME.source(name).mode != "shadow":
        return
    said = [[s.table, s.sql, s.rows] for s in preview()]
    for step in steps:
        step.found = {**step.found, "sql": said}


def stop_first(
    name: str, steps: Sequence[Step], preview: Callable[[], Sequence[Statement]], *, seen: bool
) -> None:
    """Stop a change that would be the first one of a source, while no officer has `seen` it."""
    if not seen:
        show(name, steps, preview, seen=seen)
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


def waiting(steps: Iterable[Step], at: Callable[[str], Standing]) -> dict[int, Exception]:
    """Of these steps those that would write and may not now, each with why; `at` says what is known of a source."""
    found: dict[int, Exception] = {}
    for step in steps:
        if step.action not in CHANGES or step.state == "verify":
            continue
        config = settings.HOME.sources.get(step.source)
        if config is not None and config.mode != "enforce":
            found[step.pk] = Waits(
                f"`{step.source}` is in `{config.mode}` mode, so that nothing is written",
                f"run `chikai source mode {step.source} enforce`",
                step.source,
            )
        elif step.found.get("sql") and not at(step.source).seen:
            found[step.pk] = not_seen(step.source)
    return found
