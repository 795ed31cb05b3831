"""Verbs of persons' requests: opening, identifying, planning, deciding, answering, and closing.

The person acts by `PERSON`, staff by their roles, the worker by `WORK`. Each verb holds the request's row, so that of two
presses at once the second is told what the first one did.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36, APPI Art. 37(1), APPI Art. 37(2).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Subquery

from chikai import canon, clock
from chikai.errors import BadInput, WrongState
from chikai.ledger import sealing
from chikai.ledger.events import Event
from chikai.policy.document import Right
from chikai.rights import (
    approval,
    asking,
    carrying,
    correction,
    deadline,
    handing,
    identity,
    reasons,
)
from chikai.rights import request as rules
from chikai.web import wake
from chikai.web.actions import Actor, acting, action, askers, choices, feed, subject_keys, whose
from chikai.web.actions.grown import refuse_outgrown, refuse_unsure
from chikai.web.actions.sets import update_each
from chikai.web.models import (
    Approval,
    Asked,
    Candidate,
    Edition,
    Outbox,
    Person,
    Proposal,
    ProposedRefusal,
    Request,
    Review,
    Step,
)
from chikai.web.models.installation import works_alone
from chikai.web.models.people import Merge, doubts_about, own_id
from chikai.web.models.rights import BY_HAND
from chikai.web.models.staff import Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from chikai.policy.document import Document
    from chikai.rights.reasons import Reason
    from chikai.rights.request import Verb

PERSON: Final = Actor("person", frozenset({"person"}))
LONGEST_NOTE: Final = 4000
CHANGED: Final = ("erase", *correction.KINDS)  # kinds that change places after the decision
EVERYTHING: Final = "everything"  # the unit of the settings that stops every use
BEHIND: Final = 1000  # the steps of a decision come behind all places


_COUNT: Final = """
INSERT INTO request_count (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = request_count.last + 1 RETURNING last, ({})
"""


def next_number(now: datetime) -> str:
    """Take the next number of this year, for ever. The caller's transaction holds the counter until it ends."""
    return _counted(now, "NULL")[0]


def _next_of(person: Person, kind: str, now: datetime) -> str:
    """The same for a person whom the caller holds; WrongState when they have an open request of this kind."""
    open_ = Request.objects.open().of_person(person).filter(kind=kind).order_by()
    number, there = _counted(now, *open_.values("number")[:1].query.sql_with_params())
    if there is not None:
        raise WrongState(f"there is an open request already: {there}", "look at that one")
    return number


def _counted(now: datetime, sql: str, params: Sequence[Any] = ()) -> tuple[str, str | None]:
    year = clock.day_in_japan(now).year
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(sql), [year, *params])
        last, there = cursor.fetchone()
    return rules.number(year, last), there


def right_of(kind: str, policy: str = "") -> tuple[Document, Right]:
    """The policy in force and what it says of a right; WrongState before a policy is published.

    `policy` is its digest, where the caller has just read it.
    """
    document = Edition.objects.document(policy)
    if document is None:
        raise WrongState("no policy is published", "run `chikai policy publish` first")
    found = next((right for right in document.rights if right.kind == kind), None)
    if found is None:
        raise BadInput("the policy in force does not know this right", "name one of its rights")
    return document, found


@action("person", "desk", "officer")
def open_request(
    by: Actor,
    *,
    person: Person | None,
    kind: str,
    evidence: str = "",
    channel: str = "portal",
    note: str = "",
    reply_to: str = "",
    language: str = "ja",
    asked: Mapping[str, str] | None = None,
    agency: str = "",
    agent: str = "",
    made_in: str = "",
    acts: Person | None = None,
    acts_through: Sequence[int] | None = None,
    through: Sequence[int] | None = None,
    perhaps: str = "",
) -> tuple[Event, ...]:
    """Open a request, by None for somebody whom nobody surely knows (`perhaps` by what they said); the first event's `number` names it. With evidence that is enough the person is identified at once.

    WrongState when they have an open request of this kind. `acts` asks for another. It stands with who held the links it is asked `through`.
    """
    if kind not in rules.KINDS or channel not in rules.CHANNELS or len(note) > LONGEST_NOTE:
        raise BadInput("this is no request that we know", "choose one of the policy's rights")
    _check_evidence(by, evidence)
    given = asking.checked(kind, dict(asked or {}))
    reason, now = reasons.check(kind, given.pop("reason", "")), clock.now()
    who = person or askers.at_desk("" if agency else reply_to, now, perhaps=perhaps)
    held, version = _locked_person(who)
    document, right = right_of(kind, held.policy or "")
    sure = identity.is_sure(identity.Asker(evidence, agency=agency))
    own = (own_id(held, through or ()) if held.others else None) or held.pk
    request = Request(
        id=canon.new_id(now),
        number=_next_of(held, kind, now),
        kind=kind,
        person_id=own,
        through=list(through) if through else None,
        channel=channel,
        made_in=made_in,
        language="en" if language == "en" else "ja",
        entered_by=by.name,
        arrived_at=now,
        due_on=(due := deadline.due_on(now, right.target_days)),
        hurry_on=deadline.hurry_on(now, due),
        edition=document.digest,
        whole=kind == "erase" and not given.get("services"),
        evidence=evidence if sure else "",
    )
    keys = subject_keys.begin(own, request.pk, version)[own].data
    request.note = _sealed(keys, request, "note", note)
    request.reply_to = _sealed(keys, request, "reply_to", reply_to)
    if sure:
        _move(request, "identify")
    request.save(force_insert=True)
    _keep_asked(request, keys, given, reason, (agency, agent, acts, acts_through), right)
    tell(request, "received", now)
    opened = event_of("rights.opened", request, **_facts(request))
    return (opened, event_of("rights.identified", request, evidence=evidence))[: 1 + sure]


def _facts(request: Request) -> dict[str, str]:
    due = request.due_on.isoformat()
    return {"kind": request.kind, "channel": request.channel, "due_on": due}


def _locked_person(person: Person) -> tuple[Any, int]:
    """Who the person is today, held until the transaction ends, and which master key wraps new keys.

    `others` of them is whether anybody was found to be them, `policy` the digest of the edition in force.
    """
    rows: Any = Person.objects.select_for_update(of=("self",)).annotate(
        wraps=subject_keys.WRAPS,
        others=Exists(Merge.objects.filter(kept=OuterRef("pk"), undone_at=None)),
        policy=Subquery(Edition.objects.order_by("-number").values("digest")[:1]),
    )
    row = rows.get(pk=person.pk)
    if row.merged_into_id is not None:
        row = rows.get(pk=Person.resolve(row.pk).pk)
    return row, row.wraps


def _keep_asked(
    request: Request,
    keys: bytes,
    given: dict[str, str],
    reason: Reason | None,
    by_whom: tuple[str, str, Person | None, Sequence[int] | None],
    right: Right,
) -> None:
    agency, agent, acts, came = by_whom
    fee = asking.fee_of(request.kind, right.fee_yen)
    form = given.pop("form", "file")
    # Most ask for everything, as a file, and by themselves: of these there is nothing to keep.
    if form != "file" or given or reason or agency or agent.strip() or fee:
        Asked.objects.create(
            request=request,
            form=form,
            sealed=_sealed(keys, request, "asked", json.dumps(given, ensure_ascii=False)),
            reason=reason.id if reason else "",
            agency=identity.check_agency(agency),
            agent=_sealed(keys, request, "agent", agent.strip()),
            by=acts,
            by_through=list(came) if came else None,
            fee_yen=fee,
        )
    _print_for_others(request)


def _check_evidence(by: Actor, evidence: str) -> None:
    if not evidence:
        return
    by_person = by.name == PERSON.name
    allowed = ("mail_link", "sign_in") if by_person else ("officer",)
    if evidence not in allowed:
        raise BadInput("this evidence is not yours to give", f"name {' or '.join(allowed)}")


@action("desk", "officer")
def identify_request(
    by: Actor, request: Request, *, evidence: str = "officer"
) -> tuple[Event, ...]:
    """Record on which evidence the person was identified; gathering then begins, and they hear of who acts for them."""
    _check_evidence(by, evidence)
    asked = Asked.objects.filter(request=request).first()
    if asked and asked.agency and asked.paper_seen_at is None:
        what = "an agent asks, and nobody has looked at their document"
        raise WrongState(what, "look at it first")
    request = _locked(request)
    refuse_unsure(request)
    _move(request, "identify")
    request.evidence = evidence
    request.save(update_fields=["state", "evidence"])
    if evidence == "officer" and request.channel == "portal":
        if not acting.is_by_agent(request):  # whose rows carry it an agent's mailbox does not say
            whose.believe_mailbox(request.person_id, read_note(request, "reply_to"))
        _print_for_others(request)
    identified = event_of("rights.identified", request, evidence=evidence)
    return (identified, *acting.tell_person(request))


def _print_for_others(request: Request) -> None:
    """Where others read the mailbox no page of ours knows who sits there: it is handed over to whom the desk found."""
    found = request.evidence == "officer" and request.kind in carrying.PACKAGED
    if found and whose.is_of_others(read_note(request, "reply_to"), request):
        Asked.objects.update_or_create(request=request, defaults={"form": "paper"})


@action("officer")
def approve_request(by: Actor, request: Request) -> tuple[Event, ...]:
    """Approve: by as many officers as the policy asks, none of whom entered it; alone, after 24 hours."""
    if by.name == "work":
        raise WrongState("a worker approves nothing", "an officer does")
    if request.whole:
        feed.hold()  # before the request's row, as everybody does
    request, now = _locked(request), clock.now()
    rules.move("approve", request.state)
    refuse_unsure(request)
    if request.approve_after is not None:
        raise WrongState("it was approved, and waits 24 hours", "it goes on by itself")
    if not can_be_carried(request):
        what = "nothing of it can be stopped by a switch"
        if request.kind in correction.KINDS:
            what = "nobody has written what is to stand there"
        raise WrongState(what, "write it, or refuse it with its ground")
    if not request.is_reviewed and is_looked_through(request, request.steps.all()):
        raise WrongState(
            "nobody has looked through what was gathered", "look through it, then approve it"
        )
    refuse_outgrown(request, key_of(request))
    _, right = right_of(request.kind)
    given = set(Approval.objects.filter(request=request).values_list("by", flat=True))
    verdict = approval.judge(
        *(by.name,),
        entered_by=by.name if by.name in _writers(request) else request.entered_by,
        given=given,
        needed=right.approvals,
        single=works_alone(),
    )
    ProposedRefusal.objects.filter(request=request).delete()  # this officer sees it otherwise
    Approval.objects.create(request=request, by=by.name, at=now)
    if verdict == "wait":
        Request.objects.filter(pk=request.pk).update(approve_after=now + approval.WAIT)
        until = (now + approval.WAIT).isoformat(timespec="seconds")
        return (event_of("rights.approval_delayed", request, until=until),)
    _, stops = decide([request], by, now) if verdict == "enough" else ([], [])
    nth, of = len(given) + 1, max(1, right.approvals)
    approved = event_of("rights.approved", request, nth=nth, of=of, **_reviewed(request))
    return (approved, *stops)


def is_looked_through(request: Request, steps: Iterable[Step]) -> bool:
    """Whether an officer has to read what was gathered: where somebody wrote free text, or more may be the person's.

    What an older release gathered does not say whether it holds any, so it is read.
    """
    if request.kind != "disclose":
        return False
    written = any(
        s.action == "manual" or (s.action == "read" and s.found.get("free", 1)) for s in steps
    )
    return written or bool(doubts_about(Person.resolve(request.person_id)))


def _reviewed(request: Request) -> dict[str, int]:
    """How much is blacked out and left out; WrongState when something is left out without a ground."""
    row = Review.objects.filter(request=request).first() if request.is_reviewed else None
    if row is None:
        return {}
    if row.left and not (request.ground and request.text):
        raise WrongState("something is left out without a ground", "say the ground and the reason")
    return {"redacted": row.redacted, "left_out": len(row.left)}


def decide(
    requests: Sequence[Request],
    by: Actor,
    now: datetime,
    steps: Mapping[UUID, Sequence[Step]] | None = None,
) -> tuple[list[Step], list[Event]]:
    """Approve requests that their caller has locked; what is to be done next for each. `steps` are those of each so far.

    An erasure of everything stops every use at once, before anything else is done: its caller holds the feed's counter.
    What another law keeps of an erased person serves nothing else. What a worker decides it begins at once.
    """
    for request in requests:
        _move(request, "approve")
        request.decision_no += 1
        request.decided_at, request.decided_by, request.approve_after = now, by.name, None
    fields = ("state", "decision_no", "decided_at", "decided_by", "approve_after", "reply_to")
    update_each(Request, fields, ((r.pk, [getattr(r, f) for f in fields]) for r in requests))
    there = Step.objects.of_each([r.pk for r in requests]) if steps is None else steps
    made = _changes([s for r in requests if r.kind in CHANGED for s in there[r.pk]], now)
    printed = Asked.objects.on_paper(requests)
    made += [
        Step(
            request=r,
            ord=len(there[r.pk]) + n,
            source=on,
            action=does,
            state="manual" if does == handing.ACTION else "todo",
            not_before=now,
        )
        for r in requests
        for n, (does, on) in enumerate(_to_do(r, on_paper=r.pk in printed))
    ]
    if erasing := [r.person_id for r in requests if r.kind == "erase"]:
        Candidate.objects.that_ends_with_its_address(erasing).update(held=True)
    whole = {r.person_id: r.number for r in requests if r.whole}
    stops = choices.stop_everything(whole) if whole else {}
    by_hand = {step.request_id for step in made if step.state == "manual"}
    for step in made:
        if by.name == "work" and step.state == "todo" and step.request_id not in by_hand:
            step.state, step.attempts = "doing", 1
        if step.action == "stop" and step.request.whole:
            step.state, step.found = "verify", {"v": stops[step.request.person_id].facts["v"]}
    Step.objects.bulk_create(made)
    wake.after_commit()
    return made, [*stops.values()]


def _changes(all_: Sequence[Step], now: datetime) -> list[Step]:
    """What an approved erasure or correction does: each place that was counted, or for which changes were written."""
    made: list[Step] = []
    looked = [step.pk for step in all_ if step.action == "look"]
    proposals = Proposal.objects.filter(step__in=looked) if looked else Proposal.objects.none()
    written = set(proposals.values_list("step", flat=True))
    there = {(step.request_id, step.ord) for step in all_}  # a place that is done is not done again
    for step in all_:
        if (step.request_id, step.ord + BEHIND) in there:
            continue
        if step.action == "hand":
            made.append(_after(step, "manual", "manual", now))
        elif step.action == "count":
            counted = any(step.found.get(held) for held in ("rows", "kept"))
            # By hand nothing is to do where nothing was counted; whether that is still so is verified.
            state = "todo" if is_written(step) else "manual" if counted else "verify"
            made.append(_after(step, "erase" if is_written(step) else "manual", state, now))
        elif step.pk in written:
            does = ("correct", "todo") if is_written(step) else ("manual", "manual")
            made.append(_after(step, *does, now))
    return made


def is_written(step: Step) -> bool:
    """Whether a program of ours changes a place: where it is only observed, or tried, people do what was approved."""
    config = settings.HOME.sources.get(step.source)
    return config is not None and config.mode == "enforce" and BY_HAND not in step.found


def _after(step: Step, action: str, state: str, now: datetime) -> Step:
    return Step(
        request_id=step.request_id,
        ord=step.ord + BEHIND,
        source=step.source,
        service=step.service,
        action=action,
        plan_digest=step.plan_digest,
        state=state,
        file=step.file,
        digest=step.digest,
        found=step.found,
        not_before=now,
    )


def _to_do(request: Request, *, on_paper: bool) -> list[tuple[str, str]]:
    """What is done for an approved request, and on what: its files, or the units of its stop."""
    units = (EVERYTHING,) if request.whole else stops_of(request)
    stops = [("stop", unit) for unit in units]
    files = [(made, made) for made in carrying.made_for(request.kind)]
    return [*stops, *files, *([(handing.ACTION, handing.ACTION)] if on_paper else [])]


def stops_of(request: Request) -> tuple[str, ...]:
    """The units of the settings that a request stops, by the policy in force."""
    if request.kind not in carrying.SWITCHED:
        return ()
    return carrying.stops_of(request.kind, right_of(request.kind)[0], read_asked(request))


def can_be_carried(request: Request) -> bool:
    """Whether an approval would do something: a switch is there, or changes are written, or a place is changed by hand."""
    if request.kind in correction.KINDS:
        return bool(_writers(request)) or request.steps.filter(action="hand").exists()
    return request.kind not in carrying.SWITCHED or bool(stops_of(request))


def _writers(request: Request) -> set[str]:
    """Who wrote what is to be corrected."""
    return set(Proposal.objects.filter(step__request=request).values_list("by", flat=True))


@action("desk", "officer", "person")
def resume_request(by: Actor, request: Request) -> Event:
    """Go on where a request stood before it waited for the person."""
    request = _locked(request)
    _move(request, "resume")
    request.state, request.back = request.back or "received", ""
    request.save(update_fields=["state", "back"])
    wake.after_commit()
    return event_of("rights.resumed", request, state=request.state)


@action("desk", "officer")
def assign_request(by: Actor, request: Request, *, staff: Staff) -> Event:
    """Give a request to a member of staff."""
    request = _locked(request)
    Request.objects.filter(pk=request.pk).update(assigned=staff)
    return event_of("rights.assigned", request, staff=staff.pk)


@action("work")
def expire_package(by: Actor, request: Request) -> Event:
    """End a package whose days are over: its key is destroyed, so that no copy of the file opens any more."""
    request, now = _locked(request), clock.now()
    if request.expired_at or request.expires_at is None or request.expires_at > now:
        raise WrongState("this package has not ended", "wait for its day")
    Request.objects.filter(pk=request.pk).update(expired_at=now)
    close(request)
    return event_of("rights.expired", request)


def read_note(request: Request, field: str = "note") -> str:
    """What the person wrote (`note`), what we answered (`text`), or where answers go (`reply_to`); empty when nothing."""
    sealed = cast("bytes | None", getattr(request, field))
    return open_for_person(request, field, bytes(sealed)) if sealed is not None else ""


def read_step_note(request: Request, step: Step) -> str:
    """What the desk wrote of a place that was searched by hand."""
    note = step.note
    return open_for_person(request, f"step {step.ord}", bytes(note)) if note is not None else ""


def key_of(request: Request) -> bytes:
    """The request's own key, which seals its plan and its files; WrongState after it was destroyed."""
    return _key(request.pk)


def _key(subject: UUID) -> bytes:
    # A verb has made the key before; only a verb, in its transaction, makes one.
    masters = subject_keys.Masters()
    there = subject_keys.locked(subject) or subject_keys.read([subject]).get(subject)
    row = there or subject_keys.ensure([subject], masters)[subject]
    return subject_keys.unwrap(row, masters).data


def seal_for_person(request: Request, field: str, text: str) -> bytes | None:
    """A text sealed with the person's key, bound to the request and the field."""
    return _sealed(_key(request.person_id), request, field, text)


def seal_bytes_for_person(request: Request, field: str, data: bytes) -> bytes:
    """A file sealed with the person's key, bound to the request and the field."""
    return sealing.seal(_key(request.person_id), data, _context(request, field))


def open_bytes_for_person(request: Request, field: str, sealed: bytes) -> bytes:
    """A file that was sealed with the person's key; WrongState after that key was destroyed."""
    return sealing.unseal(_key(request.person_id), sealed, _context(request, field))


def open_for_person(request: Request, field: str, sealed: bytes) -> str:
    """A text that was sealed with the person's key; WrongState after that key was destroyed."""
    return open_with(_key(request.person_id), request, field, sealed)


def open_with(key: bytes, request: Request, field: str, sealed: bytes) -> str:
    """The same with the person's key in hand."""
    return sealing.unseal(key, sealed, _context(request, field)).decode()


def read_asked(request: Request) -> dict[str, str]:
    """What was asked, field by field; empty for a request that asks for everything."""
    row = Asked.objects.filter(request=request).first()
    opened = open_for_person(request, "asked", bytes(row.sealed)) if row and row.sealed else "{}"
    return cast("dict[str, str]", json.loads(opened))


def _sealed(key: bytes, request: Request, field: str, text: str) -> bytes | None:
    return sealing.seal(key, text.encode(), _context(request, field)) if text else None


def _context(request: Request, field: str) -> str:
    return f"request|{request.pk}|{field}"


def _locked(request: Request) -> Request:
    return Request.objects.select_for_update().get(pk=request.pk)


def _move(request: Request, verb: Verb) -> None:
    request.state = rules.move(verb, request.state)
    if verb == "identify":
        wake.after_commit()


def close(request: Request) -> None:
    """Destroy the request's own key: what was gathered opens no more. The worker removes the files."""
    subject_keys.destroy([request.pk])
    Request.objects.filter(pk=request.pk).update(plan=None)
    wake.after_commit()


def tell(request: Request, kind: str, now: datetime, number: int | None = None) -> None:
    """Make the notice of a decision: one row, shown in the portal and sent by mail once."""
    Outbox.objects.create(
        request=request,
        kind=kind,
        decision_no=request.decision_no if number is None else number,
        made_at=now,
        not_before=now,
    )
    wake.after_commit()


def event_of(kind: str, request: Request, /, **facts: str | int | bool | None) -> Event:
    """An event about a request; its subject is the person."""
    return Event(kind, {"number": request.number, **facts}, subject=request.person_id)
