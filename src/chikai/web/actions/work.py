"""Asking for work: a row that a worker takes. Pages never open a source; they ask, and show how far it is.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from chikai import canon, clock
from chikai.errors import WrongState
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action
from chikai.web.models import Job

if TYPE_CHECKING:
    from collections.abc import Mapping

_WAITING = ("todo", "running")


def ask_scan(by: Actor, source: str) -> UUID:
    """Ask that a source be scanned and its map proposed; the id of the job, or of the one that waits already."""
    return _ask_about(by, "scan", source)


def ask_drift(by: Actor, source: str) -> UUID:
    """Ask that a source be compared with its map in force; the id of the job."""
    return _ask_about(by, "drift", source)


def ask_sync(by: Actor, source: str = "") -> UUID:
    """Ask that the identity tables of a source, or of all, be read anew; the id of the job."""
    return _ask_about(by, "sync", source)


def ask_replay(by: Actor, source: str) -> UUID:
    """Ask that what a restored source has lost be carried out again; the id of the job."""
    return _ask_about(by, "replay", source)


def ask_lift(by: Actor, source: str) -> UUID:
    """Ask that a restored source be looked at and opened again if everything stands; the id of the job."""
    return _ask_about(by, "lift", source)


def ask_restored(by: Actor, source: str) -> UUID:
    """Say that an old backup was put back in a source: a worker closes it and carries out again what was lost."""
    return _ask_about(by, "restored", source)


def ask_again(by: Actor, job: Job) -> UUID:
    """Ask for the same work again after it failed; the failed row stays as it was."""
    if job.state != "failed":
        raise WrongState("this work did not fail", "wait for its end")
    return _ask_about(by, job.verb, str(job.about.get("source", "")))


def _ask_about(by: Actor, verb: str, source: str) -> UUID:
    if source:
        settings.HOME.source(source)
    waiting = Job.objects.filter(verb=verb, about={"source": source}, state__in=_WAITING).first()
    if waiting is not None:
        return waiting.pk
    event = ask(by, verb=verb, about={"source": source})
    return UUID(str(event.facts["job"]))


@action("engineer", "officer")
def ask(by: Actor, *, verb: str, about: Mapping[str, str]) -> Event:
    """Put a piece of work into the queue. `about` holds names of sources and ids, never values."""
    now = clock.now()
    job = Job.objects.create(
        id=canon.new_id(now), verb=verb, about=dict(about), asked_by=by.name, asked_at=now
    )
    return Event("work.asked", {"job": str(job.pk), "verb": verb, **about})
