"""What a new edition changes, and what each change needs: notice, the person's consent, or an officer's decision first.

A use that an older person could not expect needs consent; whether it could be expected is a question of fact, which an
officer answers before publication. Use of a service after the notice is never taken for consent.

Clauses: 8.
Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 21(3), APPI Art. 27(1), APPI Art. 28(1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from chikai.policy.document import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from chikai.policy.document import Document, Recipient

Kind = Literal[
    "purpose_added",
    "purpose_ended",
    "use_added",
    "recipient_added",
    "recipient_widened",
    "recipient_ended",
    "category_added",
    "service_added",
    "wording",
]
Needs = Literal["notice", "decision", "consent"]
WORDS: Final[dict[Kind, Text]] = {
    "purpose_added": Text("利用目的を加えました", "A purpose was added"),
    "purpose_ended": Text("利用目的をなくしました", "A purpose has ended"),
    "use_added": Text("利用目的で使う情報を加えました", "A purpose uses more data items"),
    "recipient_added": Text("提供先を加えました", "A recipient was added"),
    "recipient_widened": Text("提供先に渡す情報を加えました", "A recipient receives more"),
    "recipient_ended": Text("提供先をなくしました", "A recipient has ended"),
    "category_added": Text("情報の項目を加えました", "A data item was added"),
    "service_added": Text("サービスを加えました", "A service was added"),
    "wording": Text("文章を改めました", "The wording was revised"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `refs` are ids, such as (purpose, service, category); `name` is what it is about, in words."""

    kind: Kind
    refs: tuple[str, ...]
    name: Text
    needs: Needs


def between(old: Document, new: Document) -> tuple[Change, ...]:
    """Every change from one edition to the next, before anybody decided; none when nothing but modules changed."""
    return (
        *_purposes(old, new),
        *_recipients(old, new),
        *(
            Change(
                "category_added",
                (c.id,),
                c.name,
                # Art. 20(2): special-care information is acquired by consent.
                "consent" if c.special_care == "yes" else "notice",
            )
            for c in new.categories
            if old.category(c.id) is None
        ),
        *(
            Change("service_added", (s.id,), s.name, "notice")
            for s in new.services
            if old.service(s.id) is None
        ),
        *_wording(old, new),
    )


def decided(
    changes: tuple[Change, ...], *, related: Collection[str] = (), unrelated: Collection[str] = ()
) -> tuple[Change, ...]:
    """The changes after an officer's decision: what is named `related` needs notice, what is `unrelated` needs consent.

    Names are ids of purposes or recipients. What is not named still needs the decision.
    """

    def after(change: Change) -> Change:
        if change.needs != "decision":
            return change
        if change.refs[0] in unrelated:
            return replace(change, needs="consent")
        return replace(change, needs="notice") if change.refs[0] in related else change

    return tuple(after(change) for change in changes)


def open_decisions(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes that an officer must decide first."""
    return tuple(change for change in changes if change.needs == "decision")


def uses_for_consent(
    new: Document, changes: tuple[Change, ...]
) -> tuple[tuple[str, str, str], ...]:
    """Each (service, purpose, category) that older persons must agree to; an empty category is the whole purpose."""
    found: list[tuple[str, str, str]] = []
    for change in changes:
        if change.needs != "consent":
            continue
        if change.kind == "purpose_added":
            purpose = new.purpose(change.refs[0])
            found += [
                (use.service, change.refs[0], "") for use in (purpose.uses if purpose else ())
            ]
        elif change.kind == "use_added":
            purpose_id, service, category = change.refs
            found.append((service, purpose_id, category))
    return tuple(found)


def _purposes(old: Document, new: Document) -> Iterator[Change]:
    for purpose in new.purposes:
        before = old.purpose(purpose.id)
        if before is None:
            yield Change("purpose_added", (purpose.id,), purpose.name, "decision")
            continue
        for use in purpose.uses:
            had = before.categories_at(use.service)
            if old.service(use.service) is None:
                continue  # a new service: nobody was there before it
            yield from (
                Change("use_added", (purpose.id, use.service, category), purpose.name, "decision")
                for category in use.categories
                if category not in had
            )
    for purpose in old.purposes:
        if new.purpose(purpose.id) is None:
            yield Change("purpose_ended", (purpose.id,), purpose.name, "notice")


def _recipients(old: Document, new: Document) -> Iterator[Change]:
    before = {r.id: r for r in old.recipients}
    for recipient in new.recipients:
        was = before.pop(recipient.id, None)
        if was is None:
            yield Change("recipient_added", (recipient.id,), recipient.name, _needed(recipient))
        elif not (
            set(recipient.categories) <= set(was.categories)
            and set(recipient.purposes) <= set(was.purposes)
            and (recipient.kind, recipient.country) == (was.kind, was.country)
        ):
            yield Change("recipient_widened", (recipient.id,), recipient.name, _needed(recipient))
    for gone in before.values():
        yield Change("recipient_ended", (gone.id,), gone.name, "notice")


def _needed(recipient: Recipient) -> Needs:
    if recipient.kind == "consent":  # Art. 27(1)
        return "consent"
    # Art. 28(1): abroad, entrustment asks for consent unless a way that the law allows is there.
    return "notice" if recipient.country == "JP" else "decision"


def _wording(old: Document, new: Document) -> Iterator[Change]:
    before = {clause.id: clause for clause in old.clauses}
    for clause in new.clauses:
        was = before.pop(clause.id, None)
        if was is None or (was.heading, was.body) != (clause.heading, clause.body):
            yield Change("wording", (clause.id,), Text(clause.number, clause.number), "notice")
    for clause in before.values():
        yield Change("wording", (clause.id,), Text(clause.number, clause.number), "notice")
    if old.controller != new.controller:
        yield Change("wording", ("controller",), new.controller.name, "notice")
