"""Preparing an edition for publication, setting it aside, and publishing it by a second pair of eyes.

What is prepared is the document's bytes with the officer's decisions: whoever publishes looks at exactly these, whatever
the files say by then.

Clauses: 1.2, 8.
Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 21(3), APPI Art. 24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import canon, clock
from chikai.choices.registry import Unrelated
from chikai.errors import BadInput, PolicyError, WrongState
from chikai.ledger.events import Event
from chikai.policy import change, lint, publication, stored
from chikai.policy.document import Text
from chikai.policy.load import Accepted, Draft
from chikai.web import going_on, registers
from chikai.web.actions import Actor, action
from chikai.web.actions import policy as policy_actions
from chikai.web.models.installation import works_alone
from chikai.web.models.policy import Edition, Preparation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chikai.policy.change import Change, Decision
    from chikai.policy.document import Document


@action("officer")
def prepare_edition(
    by: Actor, draft: Draft, decisions: Sequence[Decision] = (), *, same: Collection[str] = ()
) -> Event:
    """Put a draft forward for publication, with a decision and its reason for each change that needs one.

    PolicyError when a finding blocks it; WrongState when a decision is open, another edition waits already, or an id
    would mean something else than in the edition in force, whether anybody has chosen on it yet or not: somebody may
    before it is published. `same` are ids whose thing is the same under other words.
    """
    document = draft.document
    if blocking := lint.blocking(registers.findings(draft)):
        raise PolicyError(
            f"{len(blocking)} findings block this edition", "mend or accept each of them first"
        )
    if Preparation.objects.waiting() is not None:
        raise WrongState("an edition waits for its publication already", "set it aside first")
    current = Edition.objects.current()
    if current is not None and current.digest == document.digest:
        raise WrongState("this document is the current edition already", "change it, then prepare")
    if broken := going_on.doubts(document, same=same):
        raise WrongState(policy_actions.said(broken), "carry the ids over first")
    changes = _decided(current, document, decisions)
    if waiting := change.open_decisions(changes):
        raise WrongState(f"nobody has decided on `{waiting[0].key}` yet", "decide, with a reason")
    known = {c.key for c in changes}
    made = _row(by, draft, current, [d for d in decisions if d.about in known])
    made.save()
    return Event(
        "policy.prepared",
        {
            "preparation": made.pk,
            "digest": document.digest,
            "changes": len(changes),
            "consent": sum(c.needs == "consent" for c in changes),
            "decisions": canon.digest(made.decisions),
        },
    )


def _row(
    by: Actor, draft: Draft, current: Edition | None, decisions: Sequence[Decision]
) -> Preparation:
    """What is kept of a draft that was put forward, unsaved."""
    return Preparation(
        digest=draft.document.digest,
        follows=current.digest if current else "",
        canonical=draft.document.bytes,
        accepted=[
            {"rule": a.rule, "clause": a.clause, "ja": a.reason.ja, "en": a.reason.en}
            for a in draft.accepted
        ],
        decisions=[
            {"about": d.about, "answer": d.answer, "reason": d.reason.strip()} for d in decisions
        ],
        prepared_by=by.name,
        prepared_at=clock.now(),
    )


def _decided(
    current: Edition | None, document: Document, decisions: Sequence[Decision]
) -> tuple[Change, ...]:
    if current is None:
        return ()
    old = stored.document(bytes(current.canonical))
    return change.by_decisions(change.between(old, document), decisions)


@action("officer")
def publish_decided(
    by: Actor,
    draft: Draft,
    decisions: Sequence[Decision] = (),
    *,
    note: str = "",
    same: Collection[str] = (),
) -> Event:
    """Publish a draft at once, with a decision and its reason for each change that needs one: the way of a shell.

    BadInput where a decision is open, or one is about nothing that changed. What was decided is kept with the edition.
    """
    if broken := [one for one in going_on.doubts(draft.document, same=same) if one.persons]:
        raise WrongState(
            policy_actions.said(broken), "run `chikai policy carry`, or name the id with `--same`"
        )
    current, document = Edition.objects.current(), draft.document
    changes = _decided(current, document, decisions)
    if waiting := change.open_decisions(changes):
        raise BadInput(_asked(waiting), "name each with `--decide CHANGE=ANSWER --reason TEXT`")
    asked = {c.key for c in change.open_decisions(_decided(current, document, ()))}
    again = current is not None and current.digest == document.digest  # `published` says so
    if not again and (unasked := [d.about for d in decisions if d.about not in asked]):
        raise BadInput(f"nothing is to be decided about `{unasked[0]}`", "see `chikai policy diff`")
    uses = change.uses_for_consent(document, changes)
    edition, event = policy_actions.published(
        draft, note=note, unrelated=[Unrelated(*use) for use in uses]
    )
    if decisions:
        row = _row(by, draft, current, decisions)
        row.edition = edition
        row.save()
    return event


def _asked(waiting: Sequence[Change]) -> str:
    """Which changes need a decision, and what may be answered about each."""
    lines = [
        f"\n  {about}: {change.WORDS[one.kind].en}: {one.name.ja or one.name.en}"
        f" ({'|'.join(change.answers_to(waiting, about))})"
        for about, one in {one.key: one for one in reversed(waiting)}.items()
    ]
    return f"{len(lines)} changes need an officer's decision:{''.join(reversed(lines))}"


@action("officer")
def set_aside(by: Actor, preparation: Preparation) -> Event:
    """Take a prepared edition out of the way; the files stay as they are."""
    row = _locked(preparation)
    row.set_aside_at, row.set_aside_by = clock.now(), by.name
    row.save(update_fields=["set_aside_at", "set_aside_by"])
    return Event("policy.set_aside", {"preparation": row.pk, "digest": row.digest})


@action("officer")
def publish_prepared(by: Actor, preparation: Preparation) -> Event:
    """Publish what was prepared: by another officer, or by a single one after 24 hours.

    WrongState when this officer may not, or another edition came into force meanwhile.
    """
    row, now = _locked(preparation), clock.now()
    alone = works_alone()
    second = publication.judge(
        by.name, prepared_by=row.prepared_by, prepared_at=row.prepared_at, now=now, single=alone
    )
    current = Edition.objects.current()
    if (current.digest if current else "") != row.follows:
        raise WrongState(
            "another edition came into force after this one was prepared",
            "set it aside and prepare it again",
        )
    draft = draft_of(row)
    changes = _decided(current, draft.document, row.made_decisions())
    if waiting := change.open_decisions(changes):
        raise WrongState(
            f"nobody has decided on `{waiting[0].key}` yet", "set it aside and prepare it again"
        )
    uses = change.uses_for_consent(draft.document, changes)
    edition, event = policy_actions.published(
        draft, unrelated=[Unrelated(*use) for use in uses], second=second
    )
    row.edition = edition
    row.save(update_fields=["edition"])
    return event


def draft_of(row: Preparation) -> Draft:
    """What was prepared, as the lint and a publication take it."""
    accepted = tuple(Accepted(a["rule"], a["clause"], Text(a["ja"], a["en"])) for a in row.accepted)
    return Draft(stored.document(bytes(row.canonical)), {}, accepted)


def _locked(preparation: Preparation) -> Preparation:
    row = Preparation.objects.select_for_update().get(pk=preparation.pk)
    if not row.is_waiting:
        raise WrongState("this edition does not wait any more", "look at the page of the policy")
    return row
