"""Every kind of event, and what its entry proves.

An event has at most one subject: a person's id, never a name. `facts` hold ids, counts and digests; personal values and
free text stay out (a test plants markers and looks for them). Actions return events; the ledger appends them in the same
transaction as the change that they prove.

Clauses: 1.1, 6, 8.
Law: APPI Art. 23, APPI Art. 29(1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

# What the entry of each kind proves, in one sentence.
KINDS: Final[dict[str, str]] = {
    "installation.started": "an installation was started, for one officer or more, as an example or not",
    "policy.published": "an edition with this digest was published, and these bytes were shown",
    "source.added": "a source was connected in this mode, with these rights",
    "source.scanned": "the catalogue of a source was read, and this many columns were proposed",
    "source.mapped": "the map of a source with this digest came into force",
    "source.decided": "an engineer decided what a column holds, or whose the rows of a table are",
    "source.drifted": "a source no longer has the shape that its map says",
    "register.imported": "a register was read from a spreadsheet, this much of it understood",
    "people.synced": "the identity tables were read, and the set of links has this digest",
    "people.merged": "two persons were found to be one, on this verified identifier or by this officer",
    "people.parted": "an earlier merge was undone, or a link was taken from a person who is another",
    "people.kept_apart": "an officer found that two persons are not one",
    "rights.disclosed": "a package with this digest was made about a person, with this many rows",
    "keys.destroyed": "one person's keys were destroyed, and the payloads of these entries deleted",
    "keys.rotated": "the keys of this many subjects were wrapped under a new master key",
    "ledger.restarted": "an earlier log was closed at this head, for this reason, and this one begun",
    "work.asked": "a piece of work with this verb was asked for",
    "staff.linked": "a one-time link to sign in was made for a member of staff",
    "staff.invited": "a member of staff was given these roles",
    "staff.signed_in": "a member of staff signed in by this means",
    "staff.passkey_added": "a member of staff added a passkey, and now has this many",
    "staff.passkey_removed": "a member of staff removed a passkey, and now has this many",
    "staff.refused": "a sign-in or an act of staff was refused",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that took effect.

    `act` joins the events of one action on several people. `subject` is the id of the one person it is about.
    """

    kind: str
    facts: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    subject: UUID | None = None
    act: UUID | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"no event kind `{self.kind}`; add it to `ledger/events.py` with what it proves"
            )
