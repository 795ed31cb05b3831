"""Verbs of requests' steps, many requests at once: planned, gathered, submitted, answered; stopped, or tried again.

A worker passes `hold`, which locks the requests that are still its own; the verb leaves all others alone. The events of
one act on several people carry one act id.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.db.models import Count

from chikai import canon, clock
from chikai.errors import WrongState
from chikai.ledger.events import Event
from chikai.rights import correction, deadline, handing
from chikai.rights import request as rules
from chikai.web import wake
from chikai.web.actions import Actor, acting, action, feed, orders, subject_keys, telling
from chikai.web.actions.handing import make_task
from chikai.web.actions.rights import (
    can_be_carried,
    decide,
    event_of,
    is_looked_through,
    is_written,
    right_of,
    seal_for_person,
    tell,
)
from chikai.web.actions.sets import update_each
from chikai.web.models import Approval, Asked, Job, Outbox, Request, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

GATHERS: Final = ("read", "count", "look", "tally", "records", "manual")
CARRIES: Final = (
    "erase",
    "correct",
    "stop",
)  # what changes something, beside what gathers or makes


MADE: Final = ("rows", "digest", "file", "fault", "found")  # what a step says of what it made
Seen = dict["UUID", list[Step]]  # the steps of requests in their order


class Hold(Protocol):
    """What a worker hands in: inside the transaction it locks the requests that are still its own and stand so."""

    def __call__(self, *states: str) -> dict[UUID, Request]:
        """The requests by id."""
        ...


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of one request: its steps, what was resolved (sealed with the request's key), and the edition."""

    steps: Sequence[Step]
    plan: bytes
    digest: str
    edition: str


@action("work")
def start_gathering(by: Actor, plans: Mapping[UUID, Planned], *, hold: Hold) -> tuple[Event, ...]:
    """Store the plans of requests and their steps. Planned anew, everything gathered before is dropped."""
    rows = {id_: row for id_, row in hold("identified").items() if id_ in plans}
    steps = []
    for id_, request in rows.items():
        request.state = rules.move("gather", request.state)
        for step in plans[id_].steps:
            step.pk, step.request = None, request
            steps.append(step)
    if again := [id_ for id_, request in rows.items() if request.plan_digest]:
        Step.objects.filter(request__in=again).delete()
    Step.objects.bulk_create(steps)
    fields = ("state", "plan", "plan_digest", "edition")
    for id_, request in rows.items():
        said = plans[id_]
        request.plan, request.plan_digest, request.edition = said.plan, said.digest, said.edition
    update_each(Request, fields, _values(rows.values(), fields))
    _look_whom([r for r in rows.values() if _asks_people(plans[r.pk].steps)], now=clock.now())
    return _together(
        event_of("rights.planned", r, plan=plans[r.pk].digest, places=len(plans[r.pk].steps))
        for r in rows.values()
    )


def _asks_people(steps: Sequence[Step]) -> bool:
    """Whether people look through a place, or change it after the decision."""
    return any(s.action in ("manual", "hand") for s in steps) or any(
        s.action in ("count", "look") and not is_written(s) for s in steps
    )


def _look_whom(requests: Sequence[Request], now: datetime) -> None:
    """Let a worker read whom they are about, before anything is changed: people have to know whose rows they look for."""
    Job.objects.bulk_create(
        Job(
            id=canon.new_id(now),
            verb="whom",
            about={"request": str(r.pk)},
            asked_by="work",
            asked_at=now,
        )
        for r in requests
    )


@action("work")
def finish_steps(
    by: Actor,
    done: Sequence[Step],
    *,
    hold: Hold,
    reply_to: Mapping[UUID, str] | None = None,
    drafts: Mapping[int, orders.Draft] | None = None,
    seen: Seen | None = None,
) -> tuple[Event, ...]:
    """Close steps that were verified, the only way to `done`, with what they made; then take their requests on.

    `reply_to` holds the addresses for answers that the services verified, by request; `drafts` what is kept of changes in
    case an old backup is put back, by step. `seen` is filled with the steps of the requests as they are afterwards.
    """
    if any(step.action == "count" for step in done):
        feed.hold()  # a decision may follow that stops every use; nobody holds it behind a request
    rows, now = hold("gathering", "acting"), clock.now()
    mine = [step for step in done if step.request_id in rows]
    _close_steps(mine, by, now)
    if drafts:
        orders.note(mine, drafts, now)
    found = {id_: text for id_, text in (reply_to or {}).items() if text and id_ in rows}
    new: list[Any] = [rows[id_] for id_ in found if rows[id_].reply_to is None]
    for row in new:
        row.reply_to = seal_for_person(row, "reply_to", found[row.pk])
    if told := [row for row in new if row.awaits]:  # what waited for an address waits no longer
        Outbox.objects.filter(request__in=told, state="todo").update(not_before=now)
    before = {row.pk: row.state for row in new}
    gathered = [
        _event(
            _told_as(s, rows[s.request_id]),
            *(s, rows[s.request_id]),
            rows=s.rows,
            digest=s.digest or None,
            **_kept(s),
        )
        for s in mine
    ]
    onward = _onward([rows[s.request_id] for s in mine], by, now, seen)
    still = [row for row in new if row.state == before[row.pk]]  # the others are written by now
    update_each(Request, ("reply_to",), _values(still, ("reply_to",)))
    return _together([*gathered, *onward])


def _told_as(step: Step, request: Request) -> str:
    by_hand = step.action == "manual" and request.state == "acting"
    return "rights.carried_out" if by_hand or step.action in CARRIES else "rights.gathered"


def _close_steps(verified: Sequence[Step], by: Actor, now: datetime) -> None:
    """Write what steps made and that they are done; WrongState when one was not verified, or somebody changed it meanwhile."""
    fields = ("state", *MADE, "do", "done_at", "done_by")
    closed = {"state": "done", "fault": "", "do": "", "done_at": now, "done_by": by.name}
    values = [(s.pk, [closed.get(f, getattr(s, f)) for f in fields]) for s in verified]
    written = update_each(Step, fields, values, only="request_step.state IN ('doing', 'verify')")
    if len(written) != len(verified) or any(step.state != "verify" for step in verified):
        raise WrongState("a step was not verified", "let the worker verify it")


def _kept(step: Step) -> dict[str, str | int]:
    """What a law keeps of a place: how many rows by each, and the last day of all."""
    by_law: dict[str, int] = {}
    for _table, rows, law, _until in step.found.get("kept", ()):
        by_law[f"kept_{law}"] = by_law.get(f"kept_{law}", 0) + rows
    last = max((until for *_, until in step.found.get("kept", ())), default="")
    return {**by_law, "kept_until": last} if by_law else {}


@action("work")
def advance_requests(by: Actor, *, hold: Hold, seen: Seen | None = None) -> tuple[Event, ...]:
    """Take requests on whose steps are all done, and those whose approval has waited long enough."""
    feed.hold()
    rows, now = hold("gathering", "acting", "review"), clock.now()
    waited = [r for r in rows.values() if r.approve_after and r.approve_after <= now]
    events = _waited([r for r in waited if r.state == "review"], by, now, seen)
    going = [r for r in rows.values() if r.state != "review" and r not in waited]
    return _together([*events, *_onward(going, by, now, seen)])


def _onward(
    rows: Iterable[Request], by: Actor, now: datetime, seen: Seen | None = None
) -> list[Event]:
    """Of these requests, those with no step left: to the officer, or to the answer."""
    going = {row.pk: row for row in rows}
    all_ = Step.objects.of_each(going)
    if seen is not None:
        seen.update(all_)
    whole = [r for id_, r in going.items() if all(s.state == "done" for s in all_[id_])]
    # Sorted before anything moves: what is approved at once has new steps, and is not answered.
    gathered = [row for row in whole if row.state == "gathering"]
    acted = [row for row in whole if row.state == "acting"]
    return _submitted(gathered, all_, by, now) + _answered(acted, all_, now)


def _submitted(rows: list[Request], all_: Seen, by: Actor, now: datetime) -> list[Event]:
    """Put requests before the officer; where the policy asks for nobody's approval they go on at once."""
    events = []
    asked = {row.kind: row.in_force for row in rows}
    needed = {kind: right_of(kind, policy)[1].approvals for kind, policy in asked.items()}
    for row in rows:
        row.state = rules.move("submit", row.state)
        found = sum(s.rows for s in all_[row.pk] if s.action in GATHERS)
        events.append(event_of("rights.submitted", row, rows=found))
    # Where nothing can be stopped by a switch an officer says so, with a ground.
    # What is to stand somewhere is written, and looked at, after the gathering; free text is read by an officer.
    passed = [row for row in rows if not needed[row.kind] and row.kind not in correction.KINDS]
    free = [
        row for row in passed if can_be_carried(row) and not is_looked_through(row, all_[row.pk])
    ]
    going = {row.pk for row in free}
    waiting = [row for row in rows if row.pk not in going]
    for row in waiting:
        _give_back(row)
    fields = ("state", "reply_to", "claim", "lease_until", "takings")
    update_each(Request, fields, _values(waiting, fields))
    if free:
        made, stops = decide(free, by, now, all_)
        for step in made:
            all_[step.request_id].append(step)
        events += [event_of("rights.approved", r, nth=0, of=0, waited=False) for r in free]
        events += stops
    return events


def _give_back(row: Request) -> None:
    """Nothing is left for the worker that has it."""
    row.claim = row.lease_until = None
    row.takings = 0


def _waited(rows: list[Request], by: Actor, now: datetime, seen: Seen | None) -> list[Event]:
    """Let approvals take effect whose 24 hours are over."""
    if not rows:
        return []
    there = Step.objects.of_each([row.pk for row in rows])
    given = Approval.objects.filter(request__in=rows).order_by()
    counts = dict(given.values_list("request").annotate(Count("pk")))
    made, stops = decide(rows, by, now, there)
    for step in made:
        there[step.request_id].append(step)
    if seen is not None:
        seen.update(there)
    needed = {kind: right_of(kind)[1].approvals for kind in {row.kind for row in rows}}
    approved = [
        event_of("rights.approved", r, nth=counts.get(r.pk, 0), of=needed[r.kind], waited=True)
        for r in rows
    ]
    return [*approved, *stops]


def _answered(rows: list[Request], all_: Seen, now: datetime) -> list[Event]:
    """Answer: every step is done and verified, the package is released for 14 days, the person is told once."""
    events: list[Event] = []
    for row in rows:
        row.state = rules.move("answer", row.state)
        _give_back(row)
        if row.whole:
            row.forget_on = clock.day_in_japan(now) + timedelta(days=deadline.PACKAGE_DAYS)
        made = next((s for s in all_[row.pk] if s.action == "package"), None)
        until = None
        if made is not None:
            row.package_digest, row.package_rows = made.digest, made.rows
            row.package_file = made.file or row.package_file
            row.expires_at = deadline.package_until(now)
            until = row.expires_at.isoformat(timespec="seconds")
            asked = sum(s.action in GATHERS for s in all_[row.pk])
            disclosed = event_of(
                *("rights.disclosed", row),
                sources=asked,
                package=made.digest,
                edition=row.edition,
                rows=made.rows,
            )
            events.append(disclosed)
        events.append(
            event_of("rights.answered", row, package=row.package_digest or None, until=until)
        )
    nothing = [row for row in rows if not row.package_digest]
    for row in nothing:
        row.plan = None
    subject_keys.destroy(row.pk for row in nothing)
    fields = (
        *("state", "plan", "package_digest", "package_rows", "package_file", "expires_at"),
        *("claim", "lease_until", "takings", "forget_on", "reply_to"),
    )
    update_each(Request, fields, _values(rows, fields))
    telling.make(rows)
    told = {"kind": "answered", "made_at": now, "not_before": now}
    Outbox.objects.bulk_create(Outbox(request=r, decision_no=r.decision_no, **told) for r in rows)
    if rows:
        wake.after_commit()
    return events


@action("work")
def stall_step(
    by: Actor, step: Step, *, hold: Hold, code: str, what: str, do: str
) -> tuple[Event, ...]:
    """Stop a step that cannot be done by itself: somebody looks at it, and it is never silent."""
    request = hold("gathering", "acting").get(step.request_id)
    if request is None:
        return ()
    Step.objects.filter(pk=step.pk).update(state="failed", fault=what, do=do)
    return (_event("rights.stalled", step, request, code=code, attempts=step.attempts),)


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
def note_sent(by: Actor, notice: Outbox, *, state: str, found: str = "") -> Event:
    """Note what became of a notice's mail: sent, no_address or failed.

    `found` is where a person was told that somebody acts for them; they hear of the answer there, also after an erasure.
    """
    sent = clock.now() if state == "sent" else None
    changed = Outbox.objects.filter(pk=notice.pk, state="todo").update(state=state, sent_at=sent)
    if not changed:
        raise WrongState("this notice was noted already", "nothing is left to do")
    if state != "sent" and notice.kind == "answered":
        _print_instead(notice.request)
    _tell_person_too(notice, found)
    facts = {"number": notice.request.number, "notice": notice.kind, "state": state}
    facts |= {"perhaps_twice": "yes"} if notice.perhaps_twice else {}
    return Event("rights.notified", facts, subject=notice.request.person_id)


def _tell_person_too(notice: Outbox, found: str) -> None:
    """Who was told that somebody acts for them hears of the answer as well."""
    request = notice.request
    if notice.kind == "named" and found:
        sealed = seal_for_person(request, "person_to", found)
        Asked.objects.filter(request=request).update(person_to=sealed)
    if notice.kind == "answered" and acting.is_by_agent(request):
        tell(request, "named_answered", clock.now())


def _print_instead(request: Request) -> None:
    """A package that the person was never told of is printed and handed over; who comes from a service finds it there."""
    there = request.steps.filter(action=handing.ACTION).exists()
    if request.channel == "service" or not request.package_digest or there:
        return
    make_task(request)


def _event(kind: str, step: Step, request: Request, /, **facts: str | int | bool | None) -> Event:
    about = {"number": request.number, "place": step.source, "does": step.action}
    return Event(kind, {**about, **facts}, subject=request.person_id)


def _values(
    rows: Iterable[Request], fields: Sequence[str]
) -> Iterator[tuple[object, Sequence[object]]]:
    return ((row.pk, [getattr(row, name) for name in fields]) for row in rows)


def _together(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events of one act; where it is about several people they are joined by its id."""
    found = tuple(events)
    if len({event.subject for event in found}) < 2:
        return found
    act: Any = canon.new_id(clock.now())
    return tuple(replace(event, act=act) for event in found)
