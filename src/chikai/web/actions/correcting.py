"""Verbs of corrections: what is to stand where, written at the desk and approved by somebody else.

What stands there was looked up by the worker, and lies sealed in a file of the request; these verbs open it, and no
source. Changing what was written takes back the approvals that it had.

Clauses: 6.
Law: APPI Art. 34(1), APPI Art. 34(2), APPI Art. 34(3).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from chikai import canon, clock
from chikai.errors import BadInput, WrongState
from chikai.ledger import sealing
from chikai.ledger.events import Event
from chikai.rights import correction
from chikai.rights import request as rules
from chikai.web import packages, wake
from chikai.web.actions import Actor, action, rights
from chikai.web.models import Approval, Proposal, Request, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chikai.rights.correction import Cell, Corrected

MOST: Final = 500  # fields of one place
CHANGES: Final = ("correct", "erase")  # steps that change what a place holds


def read_cells(step: Step) -> tuple[Cell, ...]:
    """What the worker found in a place: the fields that the request may be about, with what stands there."""
    request = step.request
    with packages.reading(request, step.file, rights.key_of(request)) as file:
        return correction.load_cells(json.dumps(json.loads(file.read())["cells"]))


def read_proposal(proposal: Proposal, key: bytes) -> tuple[Corrected, ...]:
    """The changes that were written for a place; `key` is the request's own."""
    context = _context(proposal.step)
    return correction.load(sealing.unseal(key, bytes(proposal.sealed), context).decode())


def read_told(request: Request) -> list[dict[str, Any]]:
    """What was corrected, place by place, as the person reads it; empty while it is not done."""
    changed = request.steps.filter(action__in=("correct", "manual"), state="done")
    done = changed.values_list("ord", flat=True)
    found = []
    for row in Proposal.objects.filter(step__request=request).select_related("step"):
        if row.step.ord + rights.BEHIND in done:
            text = rights.open_for_person(request, f"told {row.step.ord}", bytes(row.told))
            found.append(
                {"service": row.step.service or row.step.source, "items": json.loads(text)}
            )
    return found


@action("desk", "officer")
def propose_changes(by: Actor, step: Step, given: Mapping[int, str | None]) -> Event:
    """Write what is to stand in the fields of a place, named by their position; no field takes it all back."""
    request = Request.objects.select_for_update().get(pk=step.request_id)
    if request.state != "review" or step.action != "look" or request.approve_after:
        raise WrongState("this request takes no changes now", "look at its state")
    cells, now = read_cells(step), clock.now()
    if len(given) > MOST or any(not 0 <= n < len(cells) for n in given):
        raise BadInput("this is no field of the place", "choose one that is shown")
    new = [correction.corrected(request.kind, cells[n], text) for n, text in given.items()]
    Approval.objects.filter(request=request).delete()
    Proposal.objects.filter(step=step).delete()
    digest = canon.digest(correction.dump(new))
    if new:
        told = [[one.cell.item, one.text] for one in new]
        text = json.dumps(told, ensure_ascii=False)
        sealed = correction.dump(new).encode()
        Proposal.objects.create(
            step=step,
            sealed=sealing.seal(rights.key_of(request), sealed, _context(step)),
            told=rights.seal_for_person(request, f"told {step.ord}", text) or b"",
            number=len(new),
            digest=digest,
            by=by.name,
            at=now,
        )
    facts: dict[str, str | int] = {"place": step.source, "fields": len(new)}
    return rights.event_of("rights.proposed", request, **facts, digest=digest if new else None)


@action("desk", "officer")
def look_again(by: Actor, request: Request) -> Event:
    """Look up or count anew where a change stopped: a value or a number of rows had changed since; what is done stays.

    What is then found is approved anew.
    """
    row = Request.objects.select_for_update().get(pk=request.pk)
    to = rules.move("look_again", row.state)
    stopped = row.steps.filter(action__in=CHANGES, state="failed")
    ords = [ord_ - rights.BEHIND for ord_ in stopped.values_list("ord", flat=True)]
    if not ords:
        raise WrongState("no change of this request has stopped", "wait for its end")
    looks = row.steps.filter(action__in=("look", "count"), ord__in=ords)
    Proposal.objects.filter(step__in=looks).delete()
    looks.update(state="todo", attempts=0, not_before=clock.now(), found={}, fault="", do="")
    # What people are to do by hand is asked of them again after the next approval; nobody waits for it now.
    after = row.steps.filter(action__in=(*CHANGES, "manual"), ord__gte=rights.BEHIND)
    after.exclude(state="done").delete()
    Approval.objects.filter(request=row).delete()
    Request.objects.filter(pk=row.pk).update(state=to)
    wake.after_commit()
    return rights.event_of("rights.resumed", row, state=to)


def _context(step: Step) -> str:
    return f"request|{step.request_id}|changes {step.ord}"
