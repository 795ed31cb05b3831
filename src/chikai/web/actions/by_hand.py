"""Verbs of places that people look through: searched with a note and a proof, seen by another person, or sent back.

A place that a program of ours can read is not closed by a note: what was changed there by hand is verified by the worker.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from chikai import canon, clock
from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.ledger.events import Event
from chikai.rights import paper
from chikai.web import wake
from chikai.web.actions import Actor, action
from chikai.web.actions import rights as requests
from chikai.web.models import ByHand, Job, Request, Step
from chikai.web.models.installation import works_alone

if TYPE_CHECKING:
    from datetime import date, datetime

    from chikai.sources.config import SourceConfig
    from chikai.web.actions.steps import Hold

MOST_ROWS: Final = 10_000_000
LONGEST_NOTE: Final = 4000
STATES: Final = ("gathering", "acting")
# One officer alone looks again on another day.
ALONE: Final = timedelta(hours=24)


def place_of(step: Step) -> SourceConfig | None:
    """What `chikai.toml` says of the place of a step; None for one that the desk itself does."""
    found = settings.HOME.sources.get(step.source)
    return found if found is not None and found.kind == "manual" else None


def due_of(step: Step) -> date:
    """The day by which it is to be done: so many days after it was planned, and never later than the request itself."""
    place, due = place_of(step), step.request.due_on
    if place is None:
        return due
    return min(due, clock.day_in_japan(step.not_before) + timedelta(days=place.days))


@action("work")
def ask_owners(by: Actor, now: datetime) -> tuple[Event, ...]:
    """Let a worker write once to whoever looks after the places that wait for people."""
    waiting = Step.objects.by_hand().filter(asked_at=None).select_related("request")
    rows = list(waiting.select_for_update(of=("self",)))
    if not rows:
        return ()
    Step.objects.filter(pk__in=[row.pk for row in rows]).update(asked_at=now)
    numbers = " ".join(sorted({row.request.number for row in rows}))
    Job.objects.create(
        id=canon.new_id(now),
        verb="by_hand",
        about={"numbers": numbers},
        asked_by=by.name,
        asked_at=now,
    )
    wake.after_commit()
    return tuple(_event("rights.asked_by_hand", row, row.request) for row in rows)


@action("desk", "officer")
def complete_manual(
    by: Actor, step: Step, *, note: str, rows: int = 0, proof: bytes = b""
) -> Event:
    """Note what a place that people work by hand held, and how it was searched; done, or waiting for a second look."""
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise BadInput("a place that is searched by hand needs a note", "write what was done")
    if not 0 <= rows <= MOST_ROWS:
        raise BadInput("this is no number of records", "write how many there were, or 0")
    media = paper.type_of(proof) if proof else ""
    request = _waiting(step)
    place, now = place_of(step), clock.now()
    if ByHand.objects.filter(step=step).exists():
        raise WrongState("this place was searched already", "look at what was found")
    found = ByHand(step=step, rows=rows, media=media, searched_at=now, searched_by=by.name)
    found.note = requests.seal_for_person(request, f"step {step.ord}", note.strip())
    if proof:
        found.proof = requests.seal_bytes_for_person(request, f"proof {step.ord}", proof)
        found.digest = canon.digest_bytes(proof)
    found.save()
    if place is not None and place.second_look:
        return _event("rights.searched", step, request, rows=rows, digest=found.digest or None)
    return _close(by, step, request, found)


@action("desk", "officer")
def confirm_manual(by: Actor, step: Step) -> Event:
    """A second person has looked: the place is done. One officer alone looks again a day later."""
    request = _waiting(step)
    found = _found(step)
    if found.searched_by == by.name:
        alone = works_alone() and clock.now() - found.searched_at >= ALONE
        if not alone:
            raise NotAllowed("who searched does not look again", "ask another person")
    found.seen_at, found.seen_by = clock.now(), by.name
    found.save(update_fields=["seen_at", "seen_by"])
    return _close(by, step, request, found)


@action("desk", "officer")
def send_manual_back(by: Actor, step: Step) -> Event:
    """The second look found something amiss: what was noted is dropped and the place is searched anew."""
    request = _waiting(step)
    found = _found(step)
    rows = found.rows
    found.delete()
    return _event("rights.searched_anew", step, request, rows=rows)


def read_proof(step: Step) -> tuple[str, bytes]:
    """The media type and the bytes of a proof; WrongState where there is none."""
    found = ByHand.objects.filter(step=step).exclude(proof=None).first()
    if found is None:
        raise WrongState("no proof was handed in", "look at the note")
    request = Request.objects.get(pk=step.request_id)
    return found.media, requests.open_bytes_for_person(
        request, f"proof {step.ord}", bytes(found.proof or b"")
    )


def read_note(step: Step, found: ByHand) -> str:
    """What was noted of a place that somebody searched, opened."""
    request = Request.objects.get(pk=step.request_id)
    sealed = bytes(found.note or b"")
    return requests.open_for_person(request, f"step {step.ord}", sealed) if sealed else ""


def _waiting(step: Step) -> Request:
    request = Request.objects.select_for_update().get(pk=step.request_id)
    if request.state not in STATES:
        raise WrongState(f"the request is `{request.state}`", "look at it again")
    if not Step.objects.filter(pk=step.pk, state="manual", action="manual").exists():
        raise WrongState("this step is not done by hand, or was done", "look at it again")
    return request


def _found(step: Step) -> ByHand:
    found = ByHand.objects.filter(step=step, seen_at=None).first()
    if found is None:
        raise WrongState("nobody has searched this place yet", "search it first")
    return found


@action("work")
def send_back(by: Actor, step: Step, *, hold: Hold, what: str, do: str) -> tuple[Event, ...]:
    """What was to be changed by hand still stands: what was noted is dropped, and the place is changed anew."""
    request = hold(*STATES).get(step.request_id)
    if request is None:
        return ()
    ByHand.objects.filter(step=step).delete()
    Step.objects.filter(pk=step.pk).update(
        state="manual", fault=what, do=do, note=None, asked_at=None
    )
    return (_event("rights.searched_anew", step, request, rows=step.rows),)


def _close(by: Actor, step: Step, request: Request, found: ByHand) -> Event:
    now, asked = clock.now(), bool(step.file)  # with sealed keys the place itself can be asked
    Step.objects.filter(pk=step.pk).update(
        state="verify" if asked else "done",
        rows=found.rows,
        note=found.note,
        not_before=now,
        done_at=None if asked else now,
        done_by="" if asked else by.name,
        fault="",
        do="",
    )
    wake.after_commit()
    # While a request is gathered a place is searched; once it is approved the same place is changed.
    kind = "rights.gathered" if request.state == "gathering" else "rights.done_by_hand"
    return _event(kind, step, request, rows=found.rows, digest=found.digest or None)


def _event(kind: str, step: Step, request: Request, /, **facts: str | int | None) -> Event:
    about = {"number": request.number, "place": step.source, "does": step.action}
    return Event(kind, {**about, **facts}, subject=request.person_id)
