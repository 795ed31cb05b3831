"""What each kind of event says to a reader, in one short sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SENTENCES: Final[dict[str, _StrPromise]] = {
    "policy.published": _("An edition of the policy was published"),
    "policy.drafted": _("The draft of the policy was changed"),
    "policy.prepared": _("An edition of the policy was prepared"),
    "policy.set_aside": _("A prepared edition was set aside"),
    "source.added": _("A source was connected"),
    "source.scanned": _("The catalogue of a source was read"),
    "source.mapped": _("A map of a source came into force"),
    "source.decided": _("A column or a table was decided"),
    "source.drifted": _("A source no longer had the shape of its map"),
    "register.imported": _("A register was read from a spreadsheet"),
    "people.synced": _("The identity tables were read"),
    "people.merged": _("Two persons were found to be one"),
    "people.parted": _("An earlier merge was undone"),
    "people.kept_apart": _("Two persons were found not to be one"),
    "rights.opened": _("A request of a person arrived"),
    "rights.identified": _("The person of a request was identified"),
    "rights.planned": _("A request was planned"),
    "rights.gathered": _("A place was read for a request"),
    "rights.stalled": _("A step of a request waits for somebody"),
    "rights.submitted": _("A request waits for its decision"),
    "rights.asked_back": _("A request waits for the person"),
    "rights.resumed": _("A request goes on"),
    "rights.message_written": _("A message about a request was written"),
    "rights.paper_received": _("A document was handed in for a request"),
    "rights.paper_seen": _("An agent's document was looked at"),
    "rights.paper_erased": _("Documents of a request were erased"),
    "rights.extended": _("The day of an answer was put off"),
    "rights.assigned": _("A request was given to a member of staff"),
    "rights.approved": _("An officer approved a request"),
    "rights.approval_delayed": _("An approval waits 24 hours"),
    "rights.refused": _("A request was refused"),
    "rights.withdrawn": _("A request was withdrawn"),
    "rights.answered": _("A request was answered"),
    "rights.expired": _("The package of a request was removed"),
    "rights.notified": _("A notice about a request was sent"),
    "choices.stopped": _("A person stopped a use"),
    "choices.resumed": _("A person let a use go on"),
    "choices.consented": _("A person agreed to a use"),
    "choices.withdrawn": _("A person did not agree, or agrees no longer"),
    "gate.registered": _("A service acquired data and showed its notice"),
    "gate.used": _("A service used data through the gate"),
    "gate.refused": _("The gate refused a use"),
    "gate.audience": _("The gate named the people for a use"),
    "rights.disclosed": _("A package was made for disclosure"),
    "portal.linked": _("A link to sign in to the portal was made"),
    "portal.signed_in": _("A person signed in to the portal"),
    "portal.signed_out": _("A person signed out of the portal"),
    "portal.refused": _("A link or a hand-off to the portal was refused"),
    "portal.counted": _("What is held about a person was counted"),
    "portal.read": _("What is held about a person was read for their own page"),
    "work.asked": _("A piece of work was asked for"),
    "anonymise.standard_fixed": _("A processing standard was fixed"),
    "anonymise.made": _("Anonymised information was made"),
    "anonymise.published": _("Items of anonymised information were published"),
    "anonymise.released": _("Anonymised information was released"),
    "anonymise.method_opened": _("A sealed method was opened"),
    "provision.contract_registered": _("A contract with a recipient was registered"),
    "provision.made": _("Data was provided to a recipient"),
    "provision.refused": _("A provision was refused"),
    "inquiry.opened": _("An inquiry arrived"),
    "inquiry.answered": _("An inquiry was answered"),
    "inquiry.sent": _("An answer to an inquiry was sent"),
    "policy.announced": _("A change of the policy was announced"),
    "policy.notified": _("A person was written to about a change"),
    "policy.mailed": _("The mails about a change were sent"),
    "policy.answered": _("A person answered a question about a change"),
    "staff.linked": _("A one-time link to sign in was made"),
    "staff.invited": _("A member of staff was invited"),
    "staff.signed_in": _("A member of staff signed in"),
    "staff.refused": _("A sign-in or an act of staff was refused"),
    "staff.passkey_added": _("A member of staff added a passkey"),
    "staff.passkey_removed": _("A member of staff removed a passkey"),
    "keys.rotated": _("The master key was renewed"),
    "keys.destroyed": _("A key was destroyed for good"),
    "ledger.restarted": _("A new log followed a closed one"),
    "installation.started": _("This installation was started"),
}


def sentence(kind: str) -> str:
    """The sentence of a kind; the kind itself where a newer programme wrote it."""
    return str(SENTENCES.get(kind, kind))
