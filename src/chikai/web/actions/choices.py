"""Verbs of a person's choices: stopping a use, letting it go on, and answering a question.

A unit is text: `everything`, `purpose:guidance`, `item:email`, `cell:guidance/email`, or `consent:manabi/guidance`, which
can be taken back by a press and given only by an answer. Stop and resume cost the same, and neither asks why.

A stop does not wait for the ledger: its number in the feed is taken in the same transaction, and the event names it.

Clauses: 5, 8.
Law: APPI Art. 35(1), APPI Art. 35(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from chikai import clock
from chikai.choices import consent, standing, suspension
from chikai.choices.reading import bits_in
from chikai.choices.registry import Registry
from chikai.errors import BadInput, WrongState
from chikai.gate.compile import compile_table
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action, chosen, feed
from chikai.web.models.choices import (
    Choice,
    ServiceKey,
    ToggleSet,
    feed_number,
    in_force,
    with_policy,
)
from chikai.web.models.people import Person
from chikai.web.models.switches import unit_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from chikai.choices.consent import Answer
    from chikai.choices.registry import Toggle, Unrelated
    from chikai.choices.standing import Turn
    from chikai.policy.document import Document
    from chikai.web.models.policy import Edition


@action("person", "desk")
def stop(by: Actor, person: UUID, unit: str) -> Event:
    """Stop a unit now. The event's facts are `unit` and `v`, the number of the feed that says it to the services.

    RequestRefused where a law asks for the use. A second press changes nothing: its event says `again` and the newest number.
    """
    return turn(person, unit, is_stop=True)


@action("person", "desk")
def resume(by: Actor, person: UUID, unit: str) -> Event:
    """Let a unit go on, as easily as it was stopped."""
    return turn(person, unit, is_stop=False)


@action("person", "desk")
def answer_consent(by: Actor, answer: Answer) -> Event:
    """Keep how a person answered a question whose words were shown: `choices.consented` or `choices.withdrawn`."""
    feed.hold()
    registry, _ = _in_force()
    turn = consent.effect(registry, answer)
    person = _person(answer.person)
    chosen.turned(registry, person.id, answer.person, turn)
    v, changed = _apply(person.id, turn, "choices.consented", clock.now())
    asked = answer.question
    return Event(
        "choices.consented" if answer.agrees else "choices.withdrawn",
        {
            "unit": unit_of(registry.toggles[asked.bit]),
            "v": v,
            "edition": asked.edition,
            "text": asked.text,
            "language": asked.language,
            "means": answer.means,
            "by": answer.by,
            "again": not changed,
        },
        subject=answer.person,
    )


def turn(person: UUID, unit: str, *, is_stop: bool, **facts: str) -> Event:
    """Turn a unit within the caller's transaction; the event, with these facts beside.

    The event stands with the id that it was asked by: who presses as themselves keeps it if they turn out not to be the other.
    """
    feed.hold()
    subject = _person(person)
    registry, document = _in_force()
    word, _, rest = unit.partition(":")
    if word == "consent":
        kind, turn = "choices.withdrawn", _withdrawal(registry, rest, is_stop=is_stop)
    else:
        purpose, category = _named(word, rest)
        turning = suspension.stop if is_stop else suspension.resume
        turn = turning(document, registry, purpose=purpose, category=category)
        kind = "choices.stopped" if is_stop else "choices.resumed"
    chosen.turned(registry, subject.id, person, turn)
    v, changed = _apply(subject.id, turn, kind, clock.now())
    again: dict[str, str | int | bool | None] = {} if changed else {"again": True}
    return Event(kind, {"unit": unit, "v": v, **again, **facts}, subject=person)


def stop_everything(numbers: Mapping[UUID, str]) -> dict[UUID, Event]:
    """Stop everything of many persons under one number of the feed, within the caller's transaction.

    `numbers` holds the request of each. What an officer approved stops here even where the person could not by a press.
    """
    feed.hold()
    named = feed.names_of_each([*numbers])
    subjects = {id_: _person(id_).id if id_ in named.merged else id_ for id_ in numbers}
    now, (bit,) = clock.now(), suspension.EVERYTHING.sets
    changed = _set({*subjects.values()}, bit, now)
    several = {s for id_, s in subjects.items() if s != id_ or id_ in named.kept}
    chosen.stopped(several, bit, {*numbers})
    names = set().union(*(named.keys.get(p, ()) for p in changed))
    names |= feed.names_of(rest) if (rest := changed - named.keys.keys()) else set()
    kind = "choices.stopped"
    v = feed.refresh(names).publish(kind, now) if changed else feed.hold()
    return {
        id_: Event(kind, {"unit": "everything", "v": v, "number": numbers[id_]}, subject=id_)
        for id_ in subjects
    }


_SET: Final = """
INSERT INTO choices_choice (person_id, bit, since) VALUES {}
ON CONFLICT (person_id, bit) DO NOTHING RETURNING id, person_id
"""


def _set(persons: Collection[UUID], bit: int, now: datetime) -> set[UUID]:
    """Set a toggle for these persons; of whom it was not set before."""
    fields: list[Any] = [Choice._meta.get_field(n) for n in ("person", "bit", "since")]  # noqa: SLF001  Django documents it
    found: set[UUID] = set()
    for start in range(0, len(listed := sorted(persons)), 500):
        some = listed[start : start + 500]
        given = [
            field.get_db_prep_save(value, connection)
            for person in some
            for field, value in zip(fields, (person, bit, now), strict=True)
        ]
        rows = Choice.objects.raw(_SET.format(", ".join(["(%s, %s, %s)"] * len(some))), given)
        found |= {row.person_id for row in rows}
    return found


def who_stopped_everything(persons: Iterable[UUID]) -> dict[UUID, int]:
    """Those of these persons of whom every use is stopped, each with the newest number of the feed."""
    asked, (bit,) = {*persons}, suspension.EVERYTHING.sets
    found = Choice.objects.who_set(asked, bit)
    # A merged person's choices stand with who they are today.
    late = {p for p in asked - found.keys() if stands_stopped(p, "everything")}
    return found | dict.fromkeys(late, feed_number() if late else 0)


def stands_stopped(person: UUID, unit: str) -> bool:
    """Whether a unit of a person is stopped: its switch is set, or its agreement is not given."""
    registry, _ = _in_force()
    bits = Choice.objects.bits([Person.resolve(person).id]).get(Person.resolve(person).id, 0)
    named = [t for t in registry.toggles if unit_of(t) == unit]
    if unit.startswith("consent:"):
        return not any(bits >> t.bit & 1 for t in named)
    return any(bits >> t.bit & 1 for t in named if not t.retired)


def _named(word: str, rest: str) -> tuple[str, str]:
    """The purpose and the data item that a unit names."""
    first, _, second = rest.partition("/")
    if word == "everything" and not rest:
        return "", ""
    if word == "purpose" and first and not second:
        return first, ""
    if word == "item" and first and not second:
        return "", first
    if word == "cell" and first and second:
        return first, second
    raise BadInput(
        "this names nothing that can be stopped",
        "write `everything`, `purpose:NAME`, `item:NAME` or `cell:PURPOSE/ITEM`",
    )


def _withdrawal(registry: Registry, rest: str, *, is_stop: bool) -> Turn:
    if not is_stop:
        raise WrongState(
            "an agreement is given by answering a question", "show the question and its words"
        )
    refs = tuple(rest.split("/"))
    bits = tuple(t.bit for t in registry.toggles if t.unit == "consent" and t.refs == refs)
    if not bits:
        raise BadInput("no such agreement was ever asked for", "see the person's switches")
    return standing.Turn(clears=bits)


def _apply(person: UUID, turn: Turn, kind: str, now: datetime) -> tuple[int, bool]:
    """Write a turn of a person; the number that says it, and whether anything changed. The counter is held already."""
    before = Choice.objects.bits([person]).get(person, 0)
    after = turn.on(before)
    if after == before:
        return feed.hold(), False
    write(person, before, after, now)
    changes = feed.refresh(feed.names_of([person]))
    return changes.publish(kind, now, always=True), True


def write(person: UUID, before: int, after: int, now: datetime) -> None:
    """Bring a person's rows from one set of toggles to another."""
    Choice.objects.filter(person=person, bit__in=bits_in(before & ~after)).delete()
    Choice.objects.bulk_create(
        Choice(person_id=person, bit=bit, since=now) for bit in bits_in(after & ~before)
    )


def _person(id_: UUID) -> Person:
    try:
        return Person.resolve(id_)
    except Person.DoesNotExist:
        raise BadInput(f"there is no person `{id_}`", "see `chikai people find`") from None


def _in_force() -> tuple[Registry, Document]:
    found = with_policy()
    if found is None:
        raise WrongState("no edition of the policy is in force", "publish one first")
    return found


def allocate(edition: Edition, document: Document, unrelated: Iterable[Unrelated]) -> int:
    """Give every toggle of an edition its bit, compile the table, and let the copies take it; the number that says so.

    Called by the verb that publishes, in its transaction.
    """
    now = clock.now()
    feed.hold()
    last = ToggleSet.objects.current()
    registry = Registry() if last is None else Registry.from_json(last.registry)
    registry = registry.allocate(document, unrelated)
    table = compile_table(document, registry)
    ToggleSet.objects.create(
        number=1 if last is None else last.number + 1,
        edition=edition,
        registry=registry.as_json(),
        table=table.as_json(),
        digest=table.digest,
        at=now,
    )
    return feed.number("policy.published", now)


def join(kept: UUID, gone: UUID, now: datetime) -> None:
    """Of two who are one person from now on: a stop of either stands, an agreement needs both.

    Called before their links move. A use that came unexpectedly binds each by their own registration, so only services
    where both are known count.
    """
    feed.hold()
    each, found = Choice.objects.bits([kept, gone]), in_force()
    chosen.begin(each, (kept, gone))
    if not each or found is None:
        return
    registry = found[0]
    one, other = each.get(kept, 0), each.get(gone, 0)
    joined = standing.merge(registry, one, other)
    for toggle in registry.toggles:
        if toggle.unit == "may" and (one ^ other) >> toggle.bit & 1:
            # Who agreed; the other one must have agreed too, or have come after the use, or not be there at all.
            silent = gone if one >> toggle.bit & 1 else kept
            if _is_bound_by(silent, toggle):
                joined |= 1 << toggle.bit
    write(kept, one, joined, now)


def _is_bound_by(person: UUID, toggle: Toggle) -> bool:
    """Whether no key of a person at the toggle's service came before its use."""
    service = toggle.refs[0]
    keys = [key for name, key in feed.names_of([person]) if name == service]
    rows = ServiceKey.objects.known(service).filter(key__in=keys)
    return all(int(given, 16) >> toggle.bit & 1 for given in rows.values_list("given", flat=True))


def divide(kept: UUID, other: UUID, now: datetime) -> dict[UUID, list[str]]:
    """Of one who turns out to be two: what was stopped for both stays stopped for each; no agreement is handed on.

    What each had stopped by themselves stands again, whoever of the two let it go on since. Called after the links moved.
    The units that still stand for each, and that it is not known that they stopped themselves.
    """
    feed.hold()
    each, found = Choice.objects.bits([kept, other]), in_force()
    if found is None:
        return {}
    both, before = each.get(kept, 0), each.get(other, 0)
    pressed = {person: chosen.mine(person) for person in (kept, other)}
    hers, theirs = (chosen.end(found[0], person, both) for person in (kept, other))
    if theirs is None:  # they were found to be one before this was kept
        theirs = standing.merge(found[0], before, both)
        pressed[other] = before
    write(other, before, theirs, now)
    hers = both if hers is None else hers
    write(kept, both, hers, now)
    after = {kept: hers, other: theirs}
    return {
        person: [
            unit_of(toggle)
            for toggle in found[0].toggles
            if not (toggle.retired or toggle.is_wanted) and (bits & ~own) >> toggle.bit & 1
        ]
        for person, bits in after.items()
        if (own := pressed[person]) is not None
    }


def tell(persons: Iterable[UUID], kind: str, now: datetime) -> int:
    """Tell the services what follows from links that moved."""
    return feed.refresh(feed.names_of({*persons})).publish(kind, now)
