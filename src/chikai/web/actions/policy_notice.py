"""Preparing the announcement of an edition, setting it aside, and letting it go by a second pair of eyes.

Nobody is told before the second press: until then the notice stands in no portal, and no mail is written. The mails are
counted meanwhile by the worker, who alone opens the sources.

Clauses: 1.2, 8.
Law: APPI Art. 18(1), APPI Art. 21(3), APPI Art. 24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import canon, clock
from chikai.errors import WrongState
from chikai.ledger.events import Event
from chikai.policy import change, publication
from chikai.web.actions import Actor, action, policy_announce
from chikai.web.models.installation import works_alone
from chikai.web.models.policy import PreparedNotice
from chikai.web.models.work import Job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from chikai.policy.change import Decision


@action("officer")
def prepare_notice(
    by: Actor, *, digest: str, decisions: Sequence[Decision] = (), mail: bool = True
) -> Event:
    """Put the announcement of the edition in force forward, with a reason for each change that nobody decided about.

    WrongState when a decision is open, another notice waits, or the edition is no longer the one with this digest.
    """
    if PreparedNotice.objects.waiting() is not None:
        raise WrongState("an announcement waits already", "set it aside first")
    _, edition, changes = policy_announce.asked()
    if edition.digest != digest:
        raise WrongState("another edition came into force meanwhile", "look at the page again")
    if waiting := change.open_decisions(change.by_decisions(changes, decisions)):
        raise WrongState(f"nobody has decided on `{waiting[0].key}` yet", "decide, with a reason")
    now = clock.now()
    asked = {c.key for c in change.open_decisions(changes)}
    row = PreparedNotice.objects.create(
        edition=edition,
        decisions=[
            {"about": d.about, "answer": d.answer, "reason": d.reason.strip()}
            for d in decisions
            if d.about in asked
        ],
        mail=mail,
        counting=_count(by, now) if mail else None,
        prepared_by=by.name,
        prepared_at=now,
    )
    return Event(
        "policy.notice_prepared",
        {
            "notice": row.pk,
            "edition": edition.digest,
            "mail": mail,
            "decisions": canon.digest(row.decisions),
        },
    )


def _count(by: Actor, now: datetime) -> UUID:
    id_ = canon.new_id(now)
    Job.objects.create(id=id_, verb="count_mails", asked_by=by.name, asked_at=now)
    return id_


@action("officer")
def set_notice_aside(by: Actor, notice: PreparedNotice) -> Event:
    """Take a prepared announcement out of the way; nobody was told."""
    row = _locked(notice)
    row.set_aside_at, row.set_aside_by = clock.now(), by.name
    row.save(update_fields=["set_aside_at", "set_aside_by"])
    return Event("policy.notice_set_aside", {"notice": row.pk, "edition": row.edition.digest})


@action("officer")
def announce_prepared(by: Actor, notice: PreparedNotice) -> Event:
    """Announce what was prepared: by another officer, or by a single one after 24 hours."""
    row, now = _locked(notice), clock.now()
    alone = works_alone()
    second = publication.judge(
        by.name, prepared_by=row.prepared_by, prepared_at=row.prepared_at, now=now, single=alone
    )
    if policy_announce.asked()[1].pk != row.edition_id:
        raise WrongState(
            "another edition came into force meanwhile", "set it aside and prepare it again"
        )
    answers = {d.about: d.answer for d in row.made_decisions()}
    made, event = policy_announce.announced(by, answers=answers, mail=row.mail, second=second)
    row.announcement = made
    row.save(update_fields=["announcement"])
    return event


def _locked(notice: PreparedNotice) -> PreparedNotice:
    row = PreparedNotice.objects.select_for_update().get(pk=notice.pk)
    if row.announcement_id is not None or row.set_aside_at is not None:
        raise WrongState("this announcement does not wait any more", "look at the page again")
    return row
