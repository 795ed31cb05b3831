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
    "installation.backed_up": "somebody noted that a backup of our own database was taken on this day",
    "installation.started": "an installation was started, for one officer or more, as an example or not",
    "policy.published": "an edition with this digest was published, and these bytes were shown",
    "policy.drafted": "an officer changed this clause of the draft, or accepted this finding; the draft has this digest",
    "policy.prepared": "an officer put an edition with this digest forward, with decisions of this digest on its changes",
    "policy.set_aside": "a prepared edition was set aside before it was published",
    "source.added": "a source was connected in this mode, with these rights",
    "source.scanned": "the catalogue of a source was read, and this many columns were proposed",
    "source.mapped": "the map of a source with this digest came into force",
    "source.decided": "an engineer decided what a column holds, or whose the rows of a table are",
    "source.drifted": "a source no longer has the shape that its map says",
    "source.mode_set": "a source was put into this mode",
    "source.mode_wanted": "somebody asked that a source be put into this mode, which another officer begins",
    "source.first_write_seen": "an officer saw the statements of the first change of a source, with these counts",
    "source.restored": "a source stands at an older epoch than ours, so it was put into quarantine with so many orders",
    "source.replayed": "orders of a restored source were carried out again, so many stand, so many wait for a person",
    "source.lifted": "every order of a restored source was seen to stand, and its uses go on",
    "source.orders_ended": "so many orders of a source were removed, since no backup is left that they were kept for",
    "register.imported": "a register was read from a spreadsheet, this much of it understood",
    "people.synced": "the identity tables were read, and the set of links has this digest",
    "people.merged": "two persons were found to be one, on this verified identifier or by this officer",
    "people.parted": "an earlier merge was undone, or a link was taken from a person who is another, and out of so many orders for restored sources the one who had not asked was left",
    "people.kept_apart": "an officer found that two persons are not one",
    "rights.opened": "a person's request of this kind arrived by this channel, to be answered by this day; one that `follows` was opened for a registration that was found after an erasure",
    "rights.identified": "the person behind a request was identified by this kind of evidence",
    "rights.asker_found": "an officer found which of two parted persons a request is of, whether it moved to the other, and out of so many orders for restored sources the one who had not asked was left",
    "rights.planned": "a request was planned over this many places, and the plan has this digest",
    "rights.gathered": "one place was read for a request, and read again with the same rows and digest",
    "rights.carried_out": "one part of an approved request was carried out, and verified",
    "rights.searched": "a place was searched by hand for a request, and waits for a second look",
    "rights.searched_anew": "a second look found something amiss, and the place is searched by hand anew",
    "rights.done_by_hand": "what was approved was carried out by hand in one place, for this many records",
    "rights.stalled": "one step of a request failed, for this kind of fault, and waits for somebody",
    "rights.submitted": "everything was gathered for a request, and it waits for its decision",
    "rights.asked_back": "a request waits for the person's own answer",
    "rights.resumed": "a request that waited for the person goes on",
    "rights.message_written": "a message of this length was added to a request's thread, by the person or by staff",
    "rights.paper_received": "a document of this type was handed in for a request",
    "rights.paper_seen": "staff looked at what an agent handed in, and found it right or not",
    "rights.asked_by_hand": "whoever looks after a place was asked by mail to do there by hand what a request needs",
    "rights.agent_named": "the person is told that somebody asks in their name",
    "rights.paper_erased": "so many documents of a decided request were erased and their keys destroyed",
    "rights.extended": "the day of an answer was put off to this one, for a reason that was told",
    "rights.hurried": "officers were told that an open request is near this day of its answer",
    "rights.assigned": "a request was given to this member of staff",
    "rights.whom_shown": "staff saw whom a request is about, so many rows of the places that know the person",
    "rights.looked_through": "an officer read what was gathered for a request, this many rows of it",
    "rights.reviewed": "an officer said how much of a request's answer is blacked out or left out, and on which ground",
    "rights.recipient_told": "a recipient who held what a request changed was told so",
    "rights.paper_chosen": "the answer to a request goes on paper, since the person wants it or their mailbox is dead",
    "rights.opened_to_print": "staff opened this part of a package to print it for the person",
    "rights.handed_over": "an answer on paper went by post, or was handed over at the counter, on this day",
    "rights.told": "the desk told the person of a notice that no mail could carry, by this way on this day",
    "rights.fee_paid": "the desk noted that the fee of a request came on this day",
    "rights.approved": "an officer approved a request, as this one of so many approvals",
    "rights.approval_delayed": "a single officer approved a request, which waits 24 hours instead of a second pair of eyes",
    "rights.proposed": "what is to stand in so many fields of one place was written for a request, with this digest",
    "rights.refusal_proposed": "an officer proposed to refuse a request on this ground, and a second one has to confirm it",
    "rights.refused": "a request was refused on this ground, and this text was sent",
    "rights.withdrawn": "a person took a request back",
    "rights.answered": "a request was answered; a package with this digest was released until this moment",
    "rights.expired": "the package of a request was removed and its key destroyed",
    "rights.notified": "a notice about a request went by mail, or could not",
    "choices.stopped": "a person stopped this unit, and the feed told the services under this number",
    "choices.resumed": "a person let this unit go on, and the feed told the services under this number",
    "choices.consented": "a person agreed to what these words asked, under this edition",
    "choices.withdrawn": "a person took an agreement back, or answered a question with no",
    "gate.registered": "a service acquired data of a person and showed this notice",
    "gate.used": "a service used data for this purpose so many times within a minute, through the gate",
    "gate.refused": "a use for this purpose was refused by the gate, for these reasons",
    "gate.audience": "so many of so many people were let through for this purpose, at this feed number",
    "rights.disclosed": "a package with this digest was made about a person, with this many rows",
    "portal.linked": "a one-time link to the portal was made for a mailbox that so many persons hold",
    "portal.signed_in": "a person signed in to the portal by this means",
    "portal.signed_out": "a person signed out of the portal",
    "portal.refused": "a link, a hand-off or a choice at the portal's door was refused",
    "portal.counted": "what these sources hold about a person was counted, without reading a value",
    "portal.read": "what these sources hold about a person was read for the person's own page",
    "anonymise.standard_fixed": "a processing standard with this digest was fixed, for these items",
    "anonymise.made": "a table with this digest was made by that standard, without those who stopped the purpose",
    "anonymise.published": "the items of a table were put on the public register",
    "anonymise.released": "a table was released, after its items were public for the time that was fixed",
    "anonymise.method_opened": "an officer opened the sealed method of a table",
    "provision.contract_registered": "a contract with a recipient was registered, for these days, with or without secrecy",
    "provision.made": "these items of a person were provided to this recipient, on this basis, in a file with this digest",
    "provision.refused": "a provision was refused, for this reason",
    "inquiry.opened": "an inquiry of this kind arrived, to be answered first by this day",
    "inquiry.answered": "an inquiry was answered, in time or late",
    "inquiry.sent": "the answer to an inquiry left by mail",
    "policy.announced": "an edition was announced, with so many changes and so many questions",
    "policy.notice_prepared": "an officer put the announcement of an edition forward, with decisions of this digest",
    "policy.notice_set_aside": "a prepared announcement was set aside before anybody was told",
    "policy.notified": "a mail about an announcement was begun for a person",
    "policy.mailed": "the mails about an announcement ended, so many sent, so many left out",
    "policy.answered": "a person answered a question of an announcement, in these words",
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
