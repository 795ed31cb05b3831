"""What each kind of event says to a reader, in one short sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SENTENCES: Final[dict[str, _StrPromise]] = {
    "policy.published": _("An edition of the policy was published"),
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
    "rights.disclosed": _("A package was made for disclosure"),
    "work.asked": _("A piece of work was asked for"),
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
