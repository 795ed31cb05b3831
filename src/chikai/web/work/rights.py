"""Carrying out a request step by step: each place is read into a sealed part, and read again before it counts as done.

`doing` is in the database before a source is opened. `verify` is a step of its own on a fresh connection. A worker that
ended anywhere is followed by another one that finds what was written, and does the rest once. Each later write asks
whether this taking of the work is still the newest, and whether the request still wants it.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import errno
import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction

from chikai import canon, clock
from chikai.errors import ChikaiError, ConfigError, MapError, WrongState
from chikai.rights import fulfil
from chikai.rights.request import CLOSED
from chikai.web import packages
from chikai.web.actions import WORK, rights, rights_asked, steps
from chikai.web.models import Edition, Job, Outbox, Request, Step
from chikai.web.models.people import keys_of
from chikai.web.models.rights import LONGEST_WAIT
from chikai.web.work import gathering
from chikai.web.work.engine import Overtaken, Work, held, point
from chikai.web.work.sources import map_in_force

if TYPE_CHECKING:
    from datetime import datetime

    from chikai.home import Home

VERB: Final = "carry"
NOTICE: Final = "notice"
MOST_ATTEMPTS: Final = 6  # then somebody looks at the step
FIRST_WAIT: Final = timedelta(seconds=5)
QUIET: Final = timedelta(minutes=1)  # after work that ended badly, before it is asked for again
_GOING: Final = ("gathering", "acting")
_log: Final = logging.getLogger("chikai.work")


class Ended(Exception):
    """The request was withdrawn, refused or planned anew meanwhile: nothing more is written for it."""


@dataclass(frozen=True)
class Carried:
    """One taking of one request."""

    work: Work
    home: Home
    request: UUID

    def hold(self) -> None:
        """Inside a transaction: Overtaken when another worker has the work, Ended when the request moved on."""
        mine = held(self.work.id, self.work.fence).select_for_update().values_list("pk").first()
        if mine is None:
            raise Overtaken
        wanted = Request.objects.select_for_update().filter(pk=self.request)
        if wanted.filter(state__in=_GOING).values_list("pk").first() is None:
            raise Ended

    def note(self, step: Step, **values: object) -> None:
        """Write how far a step is: the engine's own bookkeeping."""
        with transaction.atomic():
            self.hold()
            Step.objects.filter(pk=step.pk).update(**values)
        for name, value in values.items():
            setattr(step, name, value)


def carry(work: Work) -> dict[str, object]:
    """The verb `carry` of the worker: plan, gather, make and answer, as far as it goes now."""
    carried = Carried(work, settings.HOME, UUID(work.about["request"]))
    try:
        while _onward(carried):
            continue
    except Ended:
        _sweep_files([carried.request])
    status = Request.objects.get(pk=carried.request).status()
    return {"done": status.done, "of": status.of, "next": status.next}


def _onward(carried: Carried) -> bool:
    """One thing that can be done for a request now; whether there was one."""
    request, now = Request.objects.get(pk=carried.request), clock.now()
    if request.state == "identified":
        _plan(request, carried.home, now)
        point("request.planned")
        return True
    if request.state in _GOING and (step := _next(request, now)) is not None:
        _take_step(carried, request, step)
        return True
    return _conclude(request, now)


def _next(request: Request, now: datetime) -> Step | None:
    # A moment further away than the longest wait was written by a clock that had jumped.
    for step in request.steps.filter(state__in=("todo", "doing", "verify")).order_by("ord"):
        if not now < step.not_before <= now + LONGEST_WAIT:
            return step
        if request.state == "acting":
            return None  # what is made needs what was made before it
    return None


def _conclude(request: Request, now: datetime) -> bool:
    """Take a request on when all its steps are done."""
    if request.state == "review" and request.approve_after and request.approve_after <= now:
        rights.finish_waiting(WORK, request)
        point("request.approved")
        return True
    if request.state not in _GOING or request.steps.exclude(state="done").exists():
        return False
    if request.state == "gathering":
        point("request.gathered")
        rights.submit_for_review(WORK, request)
        point("request.submitted")
        return True
    asked = request.steps.filter(action__in=("read", "manual")).count()
    point("request.made")
    rights.answer_request(WORK, request, sources=asked)
    point("request.answered")
    packages.drop(request, keep=packages.PACKAGE)
    return True


def _plan(request: Request, home: Home, now: datetime) -> None:
    """Plan over every source as it stands now: what is read, what is searched by hand, what cannot be asked."""
    edition = Edition.objects.current()
    if edition is None:
        raise WrongState("no policy is published", "run `chikai policy publish` first")
    found = cast("dict[str, Any]", keys_of(request.person))
    services = {name: config.service for name, config in home.sources.items()}
    maps = {n: m for n in home.sources if (m := map_in_force(n)) is not None}
    manual = frozenset(n for n, config in home.sources.items() if config.kind == "manual")
    planned = fulfil.plan(request.person_id, services, found, maps, manual).steps
    if request.kind != "disclose":
        planned = (fulfil.Step("desk", "", "manual"),)
    actions = {"asked": "read", "manual": "manual", "nothing": "nothing", "no_map": "read"}
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
    said = [[s.source, s.service, s.action, s.plan_digest] for s in rows]
    digest = canon.digest({"edition": edition.digest, "steps": said})
    plan = json.dumps({step.source: step.keys for step in planned}).encode()
    packages.drop(request)
    rights.start_gathering(
        WORK, request, steps=rows, plan=plan, digest=digest, edition=edition.digest
    )


def _take_step(carried: Carried, request: Request, step: Step) -> None:
    """Do a step and verify it; put it off, or stop it, when it cannot be done."""
    done, of = request.steps.filter(state="done").count(), request.steps.count()
    carried.work.progress(done, of)
    try:
        if step.state != "verify":
            carried.note(step, state="doing", attempts=step.attempts + 1)
            point(f"{step.action}.doing")
            made = gathering.DOES[step.action](carried.home, request, step)
            point(f"{step.action}.written")
            carried.note(step, state="verify", rows=made.rows, digest=made.digest, fault=made.fault)
        point(f"{step.action}.verify")
        reply_to = gathering.VERIFIES[step.action](carried.home, request, step)
        point(f"{step.action}.verified")
        steps.finish_step(WORK, step, hold=carried.hold, reply_to=reply_to)
        point(f"{step.action}.done")
    except (Overtaken, Ended, DatabaseError):
        raise
    except Exception as fault:
        with transaction.atomic():
            carried.hold()  # a withdrawn request's key is gone: that is no fault of the step
        _put_off(carried, step, fault)


def _put_off(carried: Carried, step: Step, fault: Exception) -> None:
    code, what, do = _said(fault)
    final = isinstance(fault, gathering.Changed | MapError | ConfigError)
    if final or step.attempts >= MOST_ATTEMPTS:
        steps.stall_step(WORK, step, hold=carried.hold, code=code, what=what, do=do)
        return
    wait = min(FIRST_WAIT * 2 ** max(0, step.attempts - 1), LONGEST_WAIT)
    # What was verified and found otherwise is made anew; what could not be asked is verified again.
    state = "verify" if step.state == "verify" else "todo"
    carried.note(step, state=state, not_before=clock.now() + wait, fault=what, do=do)


def _said(fault: Exception) -> tuple[str, str, str]:
    if isinstance(fault, ChikaiError):
        return fault.code, fault.what, fault.do
    if not isinstance(fault, OSError):
        # The text of an unknown fault may quote a value of somebody's database: only its kind is kept.
        _log.error("a step of a request ended by %s", type(fault).__name__)
        what = f"an unexpected fault of the kind `{type(fault).__name__}`"
        return "error", what, "run `chikai doctor`"
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "config", "the disk of the installation is full", "make room; it is tried again"
    name = errno.errorcode.get(fault.errno or 0, type(fault).__name__)
    return "config", f"the disk of the installation answered `{name}`", "run `chikai doctor`"


def sweep(now: datetime) -> None:
    """Ask for the work of every request that can go on, and for every mail that has not gone; end what has ended."""
    for request in Request.objects.due(now):
        _ask(VERB, {"request": str(request.pk)}, now)
    for notice in Outbox.objects.unsent(now):
        _ask(NOTICE, {"notice": str(notice.pk)}, now)
    decided = Request.objects.filter(state__in=(*CLOSED, "acting"))
    for request in decided.filter(papers__erased_at=None, papers__isnull=False).distinct():
        rights_asked.erase_papers(WORK, request)
    for request in Request.objects.expired(now):
        rights.expire_package(WORK, request)
        packages.drop(request)
    _sweep_files(packages.all_ids())


def _ask(verb: str, about: dict[str, str], now: datetime) -> None:
    """Put the work into the queue unless it is there. Two that ask at once meet at the request's row."""
    with transaction.atomic():
        rows: Any = Request.objects if verb == VERB else Outbox.objects
        key = next(iter(about.values()))
        rows.select_for_update().filter(pk=key).values_list("pk").first()
        last = Job.objects.filter(verb=verb, about=about).order_by("-asked_at").first()
        if last is not None and last.state in ("todo", "running"):
            return
        failed_at = last.ended_at if last is not None and last.state == "failed" else None
        if failed_at is not None and now - QUIET < failed_at <= now:
            return
        Job.objects.create(
            id=canon.new_id(now), verb=verb, about=about, asked_by=WORK.name, asked_at=now
        )


def _sweep_files(ids: list[UUID]) -> None:
    """Remove the files of requests that were closed: their keys are gone, so nothing opens them."""
    if not ids:
        return
    open_ = set(Request.objects.open().filter(pk__in=ids).values_list("pk", flat=True))
    released = Request.objects.filter(pk__in=ids, state="answered", expired_at=None)
    fetched = set(released.exclude(package_digest="").values_list("pk", flat=True))
    for id_ in ids:
        if (
            id_ not in open_
        ):  # of a released request the package stays, and what it was made of goes
            packages.drop(id_, keep=packages.PACKAGE if id_ in fetched else "")
