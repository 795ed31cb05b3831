"""Which events the verbs of a module leave in the ledger: what evidence of a clause is made of.

A module that is not named here leaves none of its own, such as a rule that others ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chikai.web.models.ledger import Counted

# Which kinds of events the verbs of a module leave; a kind that ends with a dot stands for its room.
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "web.actions.policy": ("policy.published",),
    "web.actions.policy_draft": ("policy.drafted",),
    "web.actions.policy_prepare": ("policy.prepared", "policy.set_aside"),
    "web.actions.policy_notice": ("policy.notice_prepared", "policy.notice_set_aside"),
    "web.actions.policy_announce": ("policy.announced", "policy.mailed", "policy.answered"),
    "web.actions.choices": ("choices.",),
    "web.actions.gate": ("gate.",),
    "web.actions.maps": ("source.mapped", "source.decided"),
    "web.actions.sources": (
        "source.added",
        "source.scanned",
        "source.drifted",
        "source.mode_wanted",
        "source.mode_set",
        "source.first_write_seen",
    ),
    "web.actions.orders": (
        *("source.restored", "source.replayed", "source.lifted", "source.orders_ended"),
    ),
    "web.actions.people": ("people.merged", "people.parted", "people.kept_apart"),
    "web.actions.people_sync": ("people.synced",),
    "web.actions.rights": ("rights.",),
    "web.actions.taking_back": ("rights.withdrawn",),
    "web.actions.portal": ("portal.",),
    "web.actions.anonymise": ("anonymise.",),
    "web.actions.provision": ("provision.",),
    "web.actions.inquiry": ("inquiry.",),
    "web.actions.installation": ("installation.",),
    "web.actions.keys": ("keys.",),
    "web.actions.ledger": ("ledger.",),
    "policy.document": ("policy.published",),
}


def left_by(modules: Collection[str], entries: Iterable[Counted]) -> list[Counted]:
    """Those kinds of events that these modules leave."""
    kinds = {kind for module in modules for kind in EVENTS.get(module, ())}
    return [e for e in entries if e.kind in kinds or f"{e.kind.partition('.')[0]}." in kinds]
