"""Verbs of a request's steps: a place was gathered, a step stopped, the desk did one by hand.

A worker passes `hold`, which ends the verb when another worker has taken the work over.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.ledger.events import Event
from chikai.web import wake
from chikai.web.actions import Actor, action
from chikai.web.actions.rights import seal_for_person
from chikai.web.models import Outbox, Request, Step

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_ROWS: Final = 10_000_000


@action("work")
def finish_step(by: Actor, step: Step, *, hold: Callable[[], None], reply_to: str = "") -> Event:
    """Close a step that was verified: the only way to `done`, and only from `verify`."""
    hold()
    now = clock.now()
    done = Step.objects.filter(pk=step.pk, state="verify").update(
        state="done", done_at=now, done_by=by.name, fault="", do=""
    )
    if not done:
        raise WrongState("this step was not verified", "let the worker verify it")
    step.refresh_from_db()
    request = Request.objects.get(pk=step.request_id)
    if reply_to and request.reply_to is None:
        sealed = seal_for_person(request, "reply_to", reply_to)
        Request.objects.filter(pk=request.pk).update(reply_to=sealed)
    return _event("rights.gathered", step, request, rows=step.rows, digest=step.digest or None)


@action("work")
def stall_step(
    by: Actor, step: Step, *, hold: Callable[[], None], code: str, what: str, do: str
) -> Event:
    """Stop a step that cannot be done by itself: somebody looks at it, and it is never silent."""
    hold()
    Step.objects.filter(pk=step.pk).update(state="failed", fault=what, do=do)
    request = Request.objects.get(pk=step.request_id)
    return _event("rights.stalled", step, request, code=code, attempts=step.attempts)


@action("desk", "officer")
def complete_manual(by: Actor, step: Step, *, note: str, rows: int = 0) -> Event:
    """Note that a place was searched by hand, how many records it held, and how; the note is sealed."""
    if not note.strip() or len(note) > 4000:
        raise BadInput("a place that is searched by hand needs a note", "write what was done")
    if not 0 <= rows <= MOST_ROWS:
        raise BadInput("this is no number of records", "write how many there were, or 0")
    request = Request.objects.select_for_update().get(pk=step.request_id)
    if request.state != "gathering":
        raise WrongState(f"the request is `{request.state}`", "look at it again")
    sealed = seal_for_person(request, f"step {step.ord}", note.strip())
    done = Step.objects.filter(pk=step.pk, state="manual", action="manual").update(
        state="done", rows=rows, note=sealed, done_at=clock.now(), done_by=by.name
    )
    if not done:
        raise WrongState("this step is not done by hand, or was done", "look at it again")
    wake.after_commit()
    return _event("rights.gathered", step, request, rows=rows, digest=None)


@action("desk", "officer")
def retry_step(by: Actor, step: Step) -> Event:
    """Let the worker try a stopped step again."""
    request = Request.objects.select_for_update().get(pk=step.request_id)
    tried = Step.objects.filter(pk=step.pk, state="failed").update(
        state="todo", attempts=0, not_before=clock.now(), fault="", do=""
    )
    if not tried:
        raise WrongState("this step has not stopped", "wait for it")
    wake.after_commit()
    return _event("rights.resumed", step, request, state="todo")


@action("work")
def note_sent(by: Actor, notice: Outbox, *, state: str) -> Event:
    """Note what became of a notice's mail: sent, no_address or failed."""
    sent = clock.now() if state == "sent" else None
    changed = Outbox.objects.filter(pk=notice.pk, state="todo").update(state=state, sent_at=sent)
    if not changed:
        raise WrongState("this notice was noted already", "nothing is left to do")
    facts = {"number": notice.request.number, "notice": notice.kind, "state": state}
    facts |= {"perhaps_twice": "yes"} if notice.perhaps_twice else {}
    return Event("rights.notified", facts, subject=notice.request.person_id)


def _event(kind: str, step: Step, request: Request, /, **facts: str | int | bool | None) -> Event:
    about = {"number": request.number, "place": step.source, "does": step.action}
    return Event(kind, {**about, **facts}, subject=request.person_id)
