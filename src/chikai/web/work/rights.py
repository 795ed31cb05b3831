"""Carrying out requests step by step, all that are due at once: each step is done, and verified before it counts as done.

`doing` is in the database before a source is opened. `verify` is a step of its own on a fresh connection. A worker that
ended anywhere is followed by another one that finds what was written, and does the rest once. Each write asks which
requests are still this taking's, and still want it; the others leave the batch.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from chikai import canon, clock
from chikai.errors import ChikaiError, Restored, WrongState
from chikai.ledger import sealing
from chikai.rights import carrying, correction, fulfil
from chikai.rights.request import CLOSED
from chikai.web import packages
from chikai.web.actions import (
    WORK,
    by_hand,
    forgetting,
    grown,
    planning,
    rights,
    rights_asked,
    steps,
)
from chikai.web.maps import map_named
from chikai.web.models import Request, Step
from chikai.web.models.rights import LEASE, LONGEST_WAIT
from chikai.web.work import addresses, claims, first_writes, gathering, restored, verbs
from chikai.web.work.by_hand import StillThere
from chikai.web.work.claims import Batch, Overtaken
from chikai.web.work.engine import point
from chikai.web.work.first_writes import Waits
from chikai.web.work.gathering import Group
from chikai.web.work.sources import in_quarantine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from chikai.sources.map import Map

MOST_FORGOTTEN: Final = 100  # persons in one sweep
MOST_ATTEMPTS: Final = 6  # then somebody looks at the step
FIRST_WAIT: Final = timedelta(seconds=5)
REST: Final = 3 * LEASE  # after a batch that ended by a fault of ours
OURS: Final = ("records", "stop", *carrying.MADE)  # steps that open no source
_GOING: Final = ("gathering", "acting")
_READY: Final = ("todo", "doing", "verify")
# Kinds that ask the places, and kinds that need no more than our own records; all others go to the desk.
_OF_PLACES: Final[dict[str, str]] = {
    **carrying.ASKED,
    **dict.fromkeys(correction.KINDS, "look"),
}
_CHANGES: Final = ("count", "look")  # what no program can read is done by hand after the decision
_OF_OURS: Final[dict[str, tuple[fulfil.Step, ...]]] = {
    "disclose_records": (fulfil.Step("records", "", "asked"),),
    **dict.fromkeys(carrying.SWITCHED, ()),
}
_log: Final = logging.getLogger("chikai.work")


def turn(now: datetime) -> int:
    """Take the requests that are due and carry each as far as it goes; how many there were."""
    batch = claims.take(now)
    if batch is None:
        return 0
    count, rest = len(batch.requests), None
    with batch.claim.renewed():
        try:
            batch.load()
            while not batch.claim.lost.is_set() and _onward(batch):
                continue
        except Overtaken:
            return count
        except DatabaseError:
            raise
        except Exception as fault:
            what = fault.what if isinstance(fault, ChikaiError) else type(fault).__name__
            _log.error("requests wait for another try: %s", what)
            rest = clock.now() + REST
    batch.release(rest=rest)
    for request in batch.requests.values():
        if request.state == "answered":  # the package stays, and what it was made of goes
            packages.drop(request, keep=request.package_file if request.package_digest else "")
    closed = [r.pk for r in batch.requests.values() if r.state in ("refused", "withdrawn")]
    _sweep_files([*batch.gone, *closed])
    return count


def _onward(batch: Batch) -> bool:
    """One thing that can be done now, for all requests that wait for it; whether there was one."""
    now = clock.now()
    if any(r.state == "identified" for r in batch.requests.values()):
        return _plan(batch, now)
    if group := _next(batch, now):
        _take_steps(batch, group)
        return True
    return _advance(batch, now)


def _next(batch: Batch, now: datetime) -> list[Step]:
    """The steps that can be done now; of a request that is acting only those that wait for nothing before them."""
    found: list[Step] = []
    for id_, all_ in batch.steps.items():
        request = batch.requests.get(id_)
        if request is None or request.state not in _GOING:
            continue
        for step in all_:
            if step.state == "done":
                continue
            # A moment further away than the longest wait was written by a clock that had jumped.
            if step.state in _READY and not now < step.not_before <= now + LONGEST_WAIT:
                found.append(step)
            elif request.state == "acting" and step.state != "manual":
                break  # what is made needs what was made before it; people take their time beside
    return found


def _advance(batch: Batch, now: datetime) -> bool:
    """Take requests on that wait for nothing any more: a place was searched by hand, an approval has waited."""
    waited = [
        r.pk
        for r in batch.requests.values()
        if r.state == "review" and r.approve_after and r.approve_after <= now
    ]
    idle = [
        r.pk
        for r in batch.requests.values()
        if r.state in _GOING and all(s.state == "done" for s in batch.steps.get(r.pk, ()))
    ]
    if not waited and not idle:
        return False
    before, seen = _states(batch, [*waited, *idle]), steps.Seen()
    steps.advance_requests(WORK, hold=batch.hold, seen=seen)
    point("request.advanced")
    return _refresh(batch, before, seen)


def _states(batch: Batch, ids: Iterable[UUID]) -> dict[UUID, str]:
    return {id_: batch.requests[id_].state for id_ in ids if id_ in batch.requests}


def _refresh(batch: Batch, before: dict[UUID, str], seen: steps.Seen) -> bool:
    """Take over the new steps of requests that a verb has taken on; whether it took any on."""
    now = _states(batch, before)
    moved = [id_ for id_ in now if now[id_] != before[id_]]
    new = {id_: seen[id_] for id_ in moved if now[id_] == "acting"}
    batch.steps |= new
    batch.begun |= {s.pk for all_ in new.values() for s in all_ if s.state == "doing"}
    return bool(moved)


def _plan(batch: Batch, now: datetime) -> bool:
    """Plan over every source as it stands now: what is read, what is searched by hand, what cannot be asked."""
    document = batch.policy()
    if document is None:
        raise WrongState("no policy is published", "run `chikai policy publish` first")
    home = settings.HOME
    services = {name: config.service for name, config in home.sources.items()}
    manual = frozenset(n for n, config in home.sources.items() if config.kind == "manual")
    maps = {name: map_named(name, digest) for name in services if (digest := batch.at(name).map)}
    wanted = [r for r in batch.requests.values() if r.state == "identified"]
    keys = batch.local_keys({r.person_id for r in wanted})
    only = rights_asked.services_asked(wanted, batch.people)
    plans: dict[UUID, steps.Planned] = {}
    for request in wanted:
        found = cast("dict[str, Any]", grown.narrowed(request, keys[request.person_id]))
        planned = fulfil.plan(request.person_id, services, found, maps, manual).steps
        if request.links is not None:
            planned = tuple(step for step in planned if step.keys)
        if service := only.get(request.pk):
            planned = tuple(step for step in planned if step.service == service)
        if request.kind not in _OF_PLACES:
            planned = _OF_OURS.get(request.kind, (fulfil.Step("desk", "", "manual"),))
        if request.plan_digest:
            packages.drop(request)
        plans[request.pk] = _planned(batch, request, planned, maps, document.digest, now)
    steps.start_gathering(WORK, plans, hold=batch.hold)
    batch.begun |= {s.pk for plan in plans.values() for s in plan.steps if s.state == "doing"}
    point("request.planned")
    batch.steps |= {
        id_: list(plan.steps)
        for id_, plan in plans.items()
        if id_ in batch.requests and batch.requests[id_].state == "gathering"
    }
    return True


def _planned(
    batch: Batch,
    request: Request,
    planned: tuple[fulfil.Step, ...],
    maps: dict[str, Map],
    edition: str,
    now: datetime,
) -> steps.Planned:
    asks = _OF_PLACES.get(request.kind, "records")
    actions = {"asked": asks, "manual": "manual", "nothing": "nothing", "no_map": asks}
    if asks in _CHANGES:
        actions["manual"] = "hand"
    rows = [
        Step(
            ord=number,
            source=step.source,
            service=step.service,
            action=actions[step.standing],
            plan_digest=maps[step.source].digest if step.source in maps else "",
            state={"manual": "manual", "nothing": "done"}.get(step.standing, "todo"),
            not_before=now,
            done_at=now if step.standing == "nothing" else None,
        )
        for number, step in enumerate(planned)
    ]
    for row in rows:
        if row.action == "hand":
            row.state, row.done_at = "done", now
        elif row.state == "todo" and not _closed(batch, [row]):
            row.state, row.attempts = "doing", 1  # it follows at once
    said = [[s.source, s.service, s.action, s.plan_digest] for s in rows]
    digest = canon.digest({"edition": edition, "steps": said})
    plan = json.dumps({step.source: step.keys for step in planned}).encode()
    sealed = sealing.seal(batch.keys[request.pk], plan, f"request|{request.pk}|plan")
    return steps.Planned(rows, sealed, digest, edition)


def _take_steps(batch: Batch, chosen: list[Step]) -> None:
    """Do steps and verify them; put off, or stop, those that cannot be done."""
    home, faults = settings.HOME, _worn_out(chosen) | _closed(batch, chosen)
    faults |= first_writes.waiting(chosen, batch.at)
    todo = [s for s in chosen if s.state != "verify" and s.pk not in faults]
    if todo:
        todo = _note_doing(batch, todo)
        group = Group(batch, home, todo, faults=faults)
        for action in _actions(todo, "doing"):
            verbs.DOES[action](group.of(action))
            point(f"{action}.made")
        _note_made(group)
    written = [s for s in chosen if s.state == "verify" and s.request_id in batch.requests]
    written = [s for s in written if s.pk not in faults]
    checked = Group(batch, home, written, faults=faults)
    for action in _actions(written, "verify"):
        verbs.VERIFIES[action](checked.of(action))
        point(f"{action}.verified")
    done = [s for s in written if s.pk not in faults and s.request_id in batch.requests]
    done = _still_whole(batch, done)
    if done:
        before, seen = _states(batch, {step.request_id for step in done}), steps.Seen()
        mails = checked.reply_to | addresses.of_steps(home, done, batch)
        more: dict[str, Any] = {"reply_to": mails, "drafts": checked.orders}
        steps.finish_steps(WORK, done, hold=batch.hold, seen=seen, **more)
        for step in done:
            step.state = "done"
        _actions(done, "done")
        _refresh(batch, before, seen)
    _put_off(batch, faults, chosen)
    batch.end_round()


def _still_whole(batch: Batch, done: list[Step]) -> list[Step]:
    """The steps of requests that have not grown: an erasure is not answered while more is known as the person's."""
    going = {s.request_id: batch.requests[s.request_id] for s in done}
    acting = [r for r in going.values() if r.state == "acting" and r.kind == "erase"]
    more = grown.outgrown(acting, batch.keys, batch.local_keys) if acting else {}
    if more:
        planning.look_at_grown(WORK, more, hold=batch.hold)
        batch.load_steps([id_ for id_ in more if id_ in batch.requests])
    return [s for s in done if s.request_id not in more]


def _actions(some: Iterable[Step], at: str) -> list[str]:
    """The kinds of steps of a round in the order of their doing; each is a place where a worker may end."""
    there = {step.action for step in some}
    found = [action for action in verbs.VERIFIES if action in there]
    for action in found:
        point(f"{action}.{at}")
    return found


def _closed(batch: Batch, chosen: Iterable[Step]) -> dict[int, Exception]:
    """Steps in places that are in quarantine: they wait, and say why."""
    at = [s for s in chosen if s.action not in OURS]
    return {s.pk: in_quarantine(s.source) for s in at if batch.at(s.source).closed}


def _worn_out(chosen: list[Step]) -> dict[int, Exception]:
    """Steps that were begun too often: whatever ends their workers, somebody looks at it."""
    what = f"its worker ended {MOST_ATTEMPTS} times before it was done"
    fault = WrongState(what, "run `chikai doctor`")
    worn = [s for s in chosen if s.state != "verify" and s.attempts >= MOST_ATTEMPTS]
    return {step.pk: fault for step in worn}


def _note_doing(batch: Batch, todo: Sequence[Step]) -> list[Step]:
    """Write that steps are being done, before a source is opened; those that are still ours."""
    planned = [step for step in todo if step.pk in batch.begun]
    new = [step for step in todo if step.pk not in batch.begun]
    batch.begun -= {step.pk for step in planned}
    for step in new:
        step.state, step.attempts = "doing", step.attempts + 1
    return [*planned, *batch.write(new, "state", "attempts")] if new else planned


def _note_made(group: Group) -> None:
    """Take over what was made. What changed a place is written at once; what was only read is written when it is verified."""
    made = [s for s in group.steps if s.pk in group.made and s.pk not in group.faults]
    for step in made:
        found = group.made[step.pk]
        step.state, step.rows, step.digest = "verify", found.rows, found.digest
        step.file, step.fault = found.file, found.fault
    if changed := [step for step in made if step.action in steps.CARRIES]:
        group.batch.write(changed, "state", *steps.MADE)


def _put_off(batch: Batch, faults: dict[int, Exception], chosen: list[Step]) -> None:
    """Let steps that could not be done wait, or stop them for good."""
    failed = [s for s in chosen if s.pk in faults and s.request_id in batch.requests]
    if not failed:
        return
    for step in (s for s in failed if isinstance(faults[s.pk], StillThere)):
        _, what, do = gathering.said(faults[step.pk])
        by_hand.send_back(WORK, step, hold=batch.hold, what=what, do=do)
        step.state = "manual"
    failed = [s for s in failed if s.state != "manual"]
    for source in sorted({s.source for s in failed if isinstance(faults[s.pk], Restored)}):
        with suppress(ChikaiError):  # looked at again by the sweep
            restored.look(source)
    final = [s for s in failed if _is_final(s, faults[s.pk])]
    for step in final:
        code, what, do = gathering.said(faults[step.pk])
        steps.stall_step(WORK, step, hold=batch.hold, code=code, what=what, do=do)
        step.state = "failed"
    waiting = [s for s in failed if s not in final]
    for step in waiting:
        _, step.fault, step.do = gathering.said(faults[step.pk])
        wait = min(FIRST_WAIT * 2 ** max(0, step.attempts - 1), LONGEST_WAIT)
        step.not_before = clock.now() + wait
        # What was verified and found otherwise is made anew; what could not be asked is verified again.
        step.state = "verify" if step.state == "verify" else "todo"
    batch.write(waiting, "state", *steps.MADE, "not_before", "do")


def _is_final(step: Step, fault: Exception) -> bool:
    """Whether a step stops: what waits for a restored source goes on by itself."""
    if isinstance(fault, Restored | Waits):
        return False
    return step.attempts >= MOST_ATTEMPTS or gathering.is_final(fault)


def sweep(now: datetime) -> None:
    """Tell officers what is near its end, and end what has ended: documents of decided requests, packages whose days are over, files that nobody needs."""
    decided = Request.objects.filter(state__in=(*CLOSED, "acting"))
    for request in decided.filter(papers__erased_at=None, papers__isnull=False).distinct():
        rights_asked.erase_papers(WORK, request)
    if Request.objects.near(clock.day_in_japan(now)).exists():
        rights_asked.hurry_requests(WORK, now)
    if Step.objects.by_hand().filter(asked_at=None).exists():
        by_hand.ask_owners(WORK, now)
    if rows := forgetting.open_packages():
        forgetting.close_packages(WORK, rows)
        for request in rows:
            packages.drop(request)
    for request in Request.objects.forgettable(clock.day_in_japan(now))[:MOST_FORGOTTEN]:
        # Who was erased twice, or more of whom was found later, is forgotten with the first of them.
        if Request.objects.erased().filter(pk=request.pk).exists():
            forgetting.forget_person(WORK, request)
    for request in Request.objects.expired(clock.now()):
        rights.expire_package(WORK, request)
        packages.drop(request)
    _sweep_files(packages.all_ids())


def _sweep_files(ids: list[UUID]) -> None:
    """Remove the files of requests that were closed: their keys are gone, so nothing opens them."""
    if not ids:
        return
    open_ = set(Request.objects.open().filter(pk__in=ids).values_list("pk", flat=True))
    released = Request.objects.filter(pk__in=ids, state="answered", expired_at=None)
    fetched = dict(released.exclude(package_digest="").values_list("pk", "package_file"))
    for id_ in set(ids) - open_:
        # Of a released request the package stays, and what it was made of goes.
        packages.drop(id_, keep=fetched.get(id_, ""))
