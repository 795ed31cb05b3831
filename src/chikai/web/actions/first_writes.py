"""Verbs about how far we may go in a source: its mode, and that an officer saw what its first change would run.

No source is opened here. What a change would run was worked out by a worker, and stands in the steps of the request:
statements and counts, no value of anybody.

Clauses: 5, 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from chikai import canon, clock
from chikai.errors import NotAllowed, WrongState
from chikai.ledger.events import Event
from chikai.rights import approval
from chikai.web import wake
from chikai.web.actions import COMMAND, Actor, action, feed
from chikai.web.models import Request, SourceEpoch, Step
from chikai.web.models.installation import works_alone

if TYPE_CHECKING:
    from chikai.sources.config import Mode, SourceConfig

Statements = list[tuple[str, str, int]]  # a table, the statement, how many rows it would touch


@action("engineer", "officer")
def set_mode(by: Actor, config: SourceConfig, mode: Mode) -> Event:
    """Record that a source gets another mode; the caller writes `chikai.toml` only after this returned.

    Less is anybody's press, at once. More is said by the command of whoever holds the server; on the pages two people
    begin to write.
    """
    if mode == "enforce" and by.name != COMMAND.name:
        raise WrongState(
            "two people begin to write into a source", "ask for it, then another begins"
        )
    SourceEpoch.objects.filter(source=config.name).update(wanted_at=None, wanted_by="")
    return _moved(config, mode)


@action("engineer", "officer")
def want_writes(by: Actor, config: SourceConfig) -> Event:
    """Ask that a source be written to; another officer begins it."""
    if config.mode == "enforce":
        raise WrongState(f"`{config.name}` is in `enforce` mode already", "nothing is left to do")
    _check_opened(config)
    SourceEpoch.objects.get_or_create(
        source=config.name, defaults={"service": feed.service_of(config.name)}
    )
    SourceEpoch.objects.filter(pk=config.name).update(wanted_at=clock.now(), wanted_by=by.name)
    return Event("source.mode_wanted", {"source": config.name, "mode": "enforce"})


@action("officer")
def begin_writes(by: Actor, config: SourceConfig) -> Event:
    """Begin to write into a source that another asked for; one officer alone begins a day later."""
    row = SourceEpoch.objects.select_for_update().filter(source=config.name).first()
    if row is None or row.wanted_at is None:
        raise WrongState("nobody has asked for it", "ask first; another officer begins it")
    if row.wanted_by == by.name:
        alone = works_alone() and clock.now() - row.wanted_at >= approval.WAIT
        if not alone:
            raise NotAllowed("who asked for it does not begin it", "another officer does")
    SourceEpoch.objects.filter(pk=row.pk).update(wanted_at=None, wanted_by="")
    return _moved(config, "enforce", asked_by=row.wanted_by)


def _moved(config: SourceConfig, mode: Mode, **more: str) -> Event:
    _check_opened(config)
    wake.after_commit()
    facts = {"source": config.name, "before": config.mode, "mode": mode, **more}
    return Event("source.mode_set", facts)


def _check_opened(config: SourceConfig) -> None:
    if not config.opened:
        raise WrongState(f"`{config.name}` is worked by hand", "it has no mode", config.name)


def unseen(request: Request) -> dict[str, Statements]:
    """What the first change of each place of a request would run, where no officer has looked at it yet.

    Where people do it by hand nothing of it runs, and nobody is asked to look at it.
    """
    found: dict[str, Statements] = {}
    for step in Step.objects.filter(request=request).order_by("ord"):
        config = settings.HOME.sources.get(step.source)
        observed = config is not None and config.mode == "observe"
        if not observed and (said := step.found.get("sql")):
            found[step.source] = [(table, sql, rows) for table, sql, rows in said]
    new = SourceEpoch.objects.unseen(found) if found else set()
    return {source: said for source, said in found.items() if source in new}


@action("officer")
def see_first_writes(by: Actor, request: Request) -> tuple[Event, ...]:
    """Record that an officer looked at what the first change of each place would run; it is asked once a place."""
    if by.name == "work":
        raise WrongState("a worker looks at nothing", "an officer does")
    shown, now = unseen(request), clock.now()
    if not shown:
        raise WrongState(
            "there is nothing to look at", "it was looked at, or nothing is counted yet"
        )
    events = []
    for source, said in sorted(shown.items()):
        SourceEpoch.objects.get_or_create(
            source=source, defaults={"service": feed.service_of(source)}
        )
        row = SourceEpoch.objects.select_for_update().get(source=source)
        if row.seen_at is None:
            SourceEpoch.objects.filter(pk=source).update(seen_at=now, seen_by=by.name)
            facts: dict[str, str | int | bool | None] = {
                "source": source,
                "statements": len(said),
                "rows": sum(n for *_, n in said),
                "digest": canon.digest([[table, sql, rows] for table, sql, rows in said]),
            }
            events.append(Event("source.first_write_seen", facts))
    wake.after_commit()
    return tuple(events)
