"""Publishing an edition of the policy.

Clauses: 1.1, 8.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai import canon, clock
from chikai.errors import PolicyError, WrongState
from chikai.ledger.events import Event
from chikai.policy import lint, render
from chikai.web import going_on, registers
from chikai.web.actions import Actor, action, choices
from chikai.web.models.policy import Edition

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chikai.choices.registry import Unrelated
    from chikai.policy.load import Draft
    from chikai.web.going_on import Doubt

SHOWN: Final = 10  # findings that a refusal names


@action("officer")
def publish_edition(
    by: Actor,
    draft: Draft,
    *,
    note: str = "",
    unrelated: Collection[Unrelated] = (),
    same: Collection[str] = (),
) -> Event:
    """Publish a draft as the next edition at once, whatever it changes; `publish_decided` asks for decisions first.

    `unrelated` are the uses that nobody could expect: older persons are bound by them once they agree. `same` are ids
    whose thing is the same under other words. WrongState where what a person chose would stand for something else.
    """
    if broken := [one for one in going_on.doubts(draft.document, same=same) if one.persons]:
        raise WrongState(said(broken), "run `chikai policy carry`, or name the id with `--same`")
    return published(draft, note=note, unrelated=unrelated)[1]


def said(broken: Sequence[Doubt]) -> str:
    """Why an edition would change what persons chose about."""
    lines = [f"\n  {one.sentence}; persons who chose: {one.persons}" for one in broken[:SHOWN]]
    return f"choices of persons would stand for something else:{''.join(lines)}"


def published(
    draft: Draft,
    *,
    note: str = "",
    unrelated: Collection[Unrelated] = (),
    second: bool | None = None,
) -> tuple[Edition, Event]:
    """Make the next edition: document, pages, digest, toggles and compiled table, in the action's transaction.

    `v` in the event's facts is the number of the feed from which services decide by this edition. PolicyError when a
    finding blocks publication; WrongState when this very document is the current edition.
    """
    document = draft.document
    findings = registers.findings(draft)
    if blocking := lint.blocking(findings):
        lines = [f"\n  {f.place}: `{f.rule}` ({f.clause or '-'})" for f in blocking[:SHOWN]]
        more = f"\n  and {len(blocking) - SHOWN} more" if len(blocking) > SHOWN else ""
        raise PolicyError(
            f"the policy cannot be published, {len(blocking)} findings block it:{''.join(lines)}{more}",
            "mend each finding, or accept it with a reason under `[[accepted]]`",
        )
    current = Edition.objects.current()
    if current is not None and current.digest == document.digest:
        raise WrongState("this document is the current edition already", "change it, then publish")
    number = (current.number if current else 0) + 1
    accepted = [{"rule": a.rule, "clause": a.clause} for a in draft.accepted]
    edition = Edition.objects.create(
        number=number,
        name=document.edition or str(number),
        digest=document.digest,
        canonical=document.bytes,
        ja=render.html(document, "ja"),
        en=render.html(document, "en"),
        accepted=accepted,
        published_at=clock.now(),
    )
    v = choices.allocate(edition, document, unrelated)
    return edition, Event(
        "policy.published",
        {
            "v": v,
            "edition": number,
            "digest": document.digest,
            "ja": canon.digest_bytes(edition.ja.encode()),
            "en": canon.digest_bytes(edition.en.encode()),
            "accepted": len(accepted),
            "supersedes": current.digest if current else None,
            "note": canon.digest_bytes(note.encode()) if note else None,
            # Whether an officer published what another had prepared; None where it came from the shell.
            "second_pair_of_eyes": second,
        },
    )
