"""Verbs beside the course of a request: messages, documents of agents, putting off the promised day.

What is written is sealed with the person's key. A document has a key of its own, and is erased when the request is
decided: the worker's sweep asks for it within seconds, and the entry says how many.

Clauses: 6.
Law: APPI Art. 36, APPI Art. 37(3), APPI Art. 37(4).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

from chikai import canon, clock
from chikai.errors import BadInput, WrongState
from chikai.ledger import sealing
from chikai.ledger.events import Event
from chikai.rights import asking, deadline, extension, identity, paper
from chikai.rights import request as rules
from chikai.web import wake
from chikai.web.actions import Actor, acting, action, subject_keys
from chikai.web.actions.rights import open_for_person, open_with, seal_for_person
from chikai.web.models import Asked, Job, Link, Message, Outbox, Paper, Person, Request
from chikai.web.models.people import ids_of
from chikai.web.models.rights_asked import ASKERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from chikai.web.models.ledger import SubjectKey

LONGEST: Final = 4000
MOST_MESSAGES: Final = 200
BY_PERSON, BY_AGENT = ASKERS


def services_asked(
    requests: Iterable[Request], people: Mapping[UUID, SubjectKey]
) -> dict[UUID, str]:
    """The one service that an erasure was asked of, by request; those that ask for all of them are not in it.

    `people` are the rows of the persons' keys, which what was asked is sealed with.
    """
    masters = subject_keys.Masters()
    some = [row for row in requests if not row.whole]
    of = {row.pk: row for row in some if "services" in asking.asking(row.kind).fields}
    rows = Asked.objects.filter(request__in=of, sealed__isnull=False) if of else ()
    found = {}
    for row in rows:
        request, sealed = of[row.request_id], cast("bytes", row.sealed)
        key = subject_keys.unwrap(people[request.person_id], masters).data
        said = json.loads(open_with(key, request, "asked", bytes(sealed)))
        found[row.request_id] = said.get("services", "")
    return found


@action("person", "desk", "officer")
def write_message(
    by: Actor,
    request: Request,
    text: str,
    *,
    person: Person | None = None,
    through: Sequence[int] | None = None,
) -> tuple[Event, ...]:
    """Add a message to a request's thread. A person writes on their own only; each is told of what the other writes.

    A request that waited for the person's answer goes on by it. `through` are the links that the person came through.
    """
    request, now = _locked(request, by, person), clock.now()
    last = request.messages.order_by("pk").last()
    acts = by.name == BY_PERSON and person is not None and acting.acts_in(request, person)
    came = None if acts else through
    written = _write(BY_AGENT if acts else by.name, request, text, now, came)
    if by.name == BY_PERSON and (last is None or last.is_ours):
        _tell_staff("wrote", [request], now)  # what follows before anybody answers is read with it
    if by.name != BY_PERSON:
        _tell(request, "message", request.messages.count(), now)
    return (written, *(_resumed(request) if by.name == BY_PERSON else ()))


def _resumed(request: Request) -> tuple[Event, ...]:
    """Let a request go on that waited for what has just come."""
    if request.state != "waiting_for_person":
        return ()
    request.state, request.back = request.back or "received", ""
    request.save(update_fields=["state", "back"])
    wake.after_commit()
    return (_event("rights.resumed", request, state=request.state),)


@action("desk", "officer")
def ask_back(by: Actor, request: Request, question: str) -> tuple[Event, ...]:
    """Ask the person something, and let the request wait for the answer; the deadline goes on."""
    return _ask_back(by, _locked(request, by, None), question)


def _ask_back(by: Actor, request: Request, question: str) -> tuple[Event, ...]:
    now = clock.now()
    request.back, request.state = request.state, rules.move("ask_back", request.state)
    request.save(update_fields=["state", "back"])
    written = _write(by.name, request, question, now)
    _tell(request, "asked_back", request.messages.count(), now)
    return written, _event("rights.asked_back", request)


@action("desk", "officer")
def ask_whom(by: Actor, request: Request) -> Event:
    """Ask a worker to read whom a request is about; of two presses the second finds the first."""
    request = _locked(request, by, None)
    if request.state not in rules.OPEN:
        raise WrongState("this request is closed", "nobody is looked for any more")
    about = {"request": str(request.pk)}
    job = Job.objects.filter(verb="whom", about=about, state__in=("todo", "running")).first()
    if job is None:
        now = clock.now()
        job = Job.objects.create(
            id=canon.new_id(now), verb="whom", about=about, asked_by=by.name, asked_at=now
        )
        wake.after_commit()
    return _event("work.asked", request, job=str(job.pk), verb="whom")


@action("desk", "officer")
def record_whom(by: Actor, request: Request, *, rows: int) -> Event:
    """Record that staff saw whom a request is about."""
    return _event("rights.whom_shown", request, rows=rows)


def _write(
    by: str, request: Request, text: str, now: datetime, through: Sequence[int] | None = None
) -> Event:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise BadInput("a message has between 1 and 4000 signs", "write it, or say it more briefly")
    if request.messages.count() >= MOST_MESSAGES:
        raise WrongState("this thread is full", "turn to the desk by phone or mail")
    count = request.messages.count() + 1
    sealed = seal_for_person(request, f"message {count}", text)
    came = list(through) if through else None
    Message.objects.create(request=request, by=by, through=came, at=now, sealed=sealed)
    return _event("rights.message_written", request, nth=count, length=len(text))


@action("person", "desk", "officer")
def hand_in_paper(
    by: Actor,
    request: Request,
    data: bytes,
    *,
    person: Person | None = None,
    through: Sequence[int] | None = None,
) -> tuple[Event, ...]:
    """Keep a document, sealed under a key of its own, until the request is decided; one that was asked for lets it go on.

    `through` are the links that the person came through.
    """
    acts = person is not None and acting.acts_in(request, person)
    request = _locked(request, by, person)
    media = paper.type_of(data)
    if request.state not in rules.OPEN:
        raise WrongState("the request is decided", "nothing more is needed")
    if request.papers.kept().count() >= paper.MOST:
        raise WrongState(f"{paper.MOST} documents are there already", "ask the desk")
    now = clock.now()
    row = Paper(id=canon.new_id(now), request=request, media=media, size=len(data), at=now)
    masters = subject_keys.Masters()
    key = subject_keys.unwrap(subject_keys.ensure([row.pk], masters)[row.pk], masters).data
    row.sealed = sealing.seal(key, data, _paper(row))
    row.through = list(through) if through and not acts else None
    row.save(force_insert=True)
    received = _event("rights.paper_received", request, media=media, size=len(data))
    return (received, *(_resumed(request) if by.name == BY_PERSON else ()))


@action("desk", "officer")
def judge_paper(
    by: Actor, request: Request, *, right: bool, receives: bool = False, why: str = ""
) -> tuple[Event, ...]:
    """Note that staff looked at what an agent handed in, and found it right; or that another one is needed, and why.

    `receives` says that a mandate covers the answer as well; without it the answer is for the person alone. Who acts for
    the person reads the reason in the thread, and the request waits for them.
    """
    request = _locked(request, by, None)
    asked = Asked.objects.filter(request=request).first()
    if asked is None or not asked.agency:
        raise WrongState("nobody acts for the person of this request", "check the identity itself")
    if right:
        asked.paper_seen_at, asked.paper_seen_by = clock.now(), by.name
        asked.receives = receives or asked.agency == "statutory"
        asked.save(update_fields=["paper_seen_at", "paper_seen_by", "receives"])
    seen = _event("rights.paper_seen", request, agency=asked.agency, right=right)
    if right:
        return (seen, *_resumed(request))
    if rules.may("ask_back", request.state):
        return (seen, *_ask_back(by, request, why))
    now = clock.now()
    written = _write(by.name, request, why, now)
    _tell(request, "message", request.messages.count(), now)
    return (seen, written)


@action("desk", "officer")
def name_agent(by: Actor, request: Request) -> tuple[Event, ...]:
    """Tell the person that somebody asks in their name, once it is known who they are."""
    return acting.tell_person(_locked(request, by, None))


@action("work")
def erase_papers(by: Actor, request: Request) -> Event:
    """Erase the documents of a request that was decided: the rows' content goes, and their keys are destroyed."""
    rows = list(request.papers.kept().select_for_update())
    if not rows or not _is_decided(request):
        raise WrongState("there is no document to erase", "nothing is to be done")
    ids = [row.pk for row in rows]
    Paper.objects.filter(pk__in=ids).update(sealed=None, erased_at=clock.now())
    subject_keys.destroy(ids)
    return _event("rights.paper_erased", request, papers=len(ids))


@action("officer")
def extend_request(by: Actor, request: Request, *, until: date, reason: str) -> Event:
    """Put off the promised day, with a reason that the person reads; the notice is part of the verb."""
    request, now = _locked(request, by, None), clock.now()
    if request.state not in rules.OPEN:
        raise WrongState("the request is decided", "nothing is left to put off")
    asked, _ = Asked.objects.get_or_create(request=request)
    text = extension.check(request.due_on, until, reason, times=asked.put_off, now=now)
    before, request.due_on = request.due_on, until
    asked.put_off += 1
    asked.why = seal_for_person(request, f"extension {asked.put_off}", text)
    asked.save(update_fields=["put_off", "why"])
    request.hurry_on = deadline.hurry_on(request.arrived_at, until, put_off=True)
    request.save(update_fields=["due_on", "hurry_on"])
    _tell(request, "extended", asked.put_off, now)
    return _event(
        *("rights.extended", request),
        before=before.isoformat(),
        until=until.isoformat(),
        text=canon.digest_bytes(bytes(asked.why or b"")),
    )


@action("work")
def hurry_requests(by: Actor, now: datetime) -> tuple[Event, ...]:
    """Tell officers once that requests are near their end: a mark at the desk, one mail to each officer, an event each."""
    near = Request.objects.near(clock.day_in_japan(now)).select_for_update()
    rows = list(near)
    if not rows:
        return ()
    Request.objects.filter(pk__in=[row.pk for row in rows]).update(hurry_on=None)
    _tell_staff("hurry", rows, now)
    return tuple(_event("rights.hurried", r, due_on=r.due_on.isoformat()) for r in rows)


def read_messages(request: Request) -> list[tuple[Message, str]]:
    """The thread of a request, opened, oldest first."""
    rows = list(request.messages.all())
    return [
        (row, open_for_person(request, f"message {n}", bytes(row.sealed)))
        for n, row in enumerate(rows, 1)
    ]


def read_own(request: Request) -> list[tuple[Message, str]]:
    """The thread as the person of a request reads it: without what came through a registration that is another's by now."""
    thread = read_messages(request)
    own = _own(request, [row for row, _ in thread])
    return [(row, text) for row, text in thread if row.pk in own]


def own_papers(request: Request) -> list[Paper]:
    """The documents that are of the person of a request: without what came through a registration that is another's by now."""
    rows = list(request.papers.all())
    own = _own(request, rows)
    return [row for row in rows if row.pk in own]


def _own(request: Request, rows: Sequence[Message | Paper]) -> set[object]:
    """Of what was written or handed in, what no registration of another brought."""
    came = {link for row in rows for link in row.through or ()}
    others: set[int] = set()
    if came:
        strange = Link.objects.filter(pk__in=came).exclude(person__in=ids_of(request.person_id))
        others = {*strange.values_list("pk", flat=True)}
    return {
        row.pk
        for row in rows
        if row.through is None or (row.through and not others & {*row.through})
    }


def read_paper(row: Paper) -> bytes:
    """A document as it was handed in; WrongState after it was erased."""
    if row.sealed is None:
        raise WrongState("this document was erased", "nothing of it is left")
    masters = subject_keys.Masters()
    keys = subject_keys.unwrap(subject_keys.read([row.pk])[row.pk], masters)
    return sealing.unseal(keys.data, bytes(row.sealed), _paper(row))


def read_why(request: Request) -> str:
    """Why the promised day was put off, or empty."""
    asked = Asked.objects.filter(request=request).first()
    if asked is None or asked.why is None:
        return ""
    return open_for_person(request, f"extension {asked.put_off}", bytes(asked.why))


def asker_of(request: Request, *, shared: bool = False) -> identity.Asker:
    """Who asks, as the rules of identity know it."""
    asked = Asked.objects.filter(request=request).first()
    agency, seen = (asked.agency, asked.paper_seen_at) if asked else ("", None)
    return identity.Asker(request.evidence, shared, agency, seen is not None)


def _is_decided(request: Request) -> bool:
    return request.state in (*rules.CLOSED, "acting")


def _locked(request: Request, by: Actor, person: Person | None) -> Request:
    row = Request.objects.select_for_update().get(pk=request.pk)
    if by.name == BY_PERSON and (person is None or not acting.is_asker(row, person)):
        raise BadInput("this is not a request of yours", "choose one of your own")
    return row


def _tell(request: Request, kind: str, number: int, now: datetime) -> None:
    Outbox.objects.create(
        request=request, kind=kind, decision_no=number, made_at=now, not_before=now
    )
    wake.after_commit()


def _tell_staff(verb: str, requests: Sequence[Request], now: datetime) -> None:
    """Let a worker write to the staff of these requests: that they are due (`hurry`), or that the person wrote (`wrote`)."""
    Job.objects.create(
        id=canon.new_id(now),
        verb=verb,
        about={"numbers": " ".join(row.number for row in requests)},
        asked_by="work",
        asked_at=now,
    )
    wake.after_commit()


def _paper(row: Paper) -> str:
    return f"request_paper|{row.pk}"


def _event(kind: str, request: Request, /, **facts: str | int | bool | None) -> Event:
    return Event(kind, {"number": request.number, **facts}, subject=request.person_id)
