"""What the states, kinds and grounds of requests are called on pages.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from chikai import law
from chikai.policy.document import Text
from chikai.policy.kept import RIGHTS
from chikai.rights import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from chikai.rights.refusal import Ground
    from chikai.rights.request import Status

STATES: Final[Mapping[str, _StrPromise]] = {
    "received": _("waits for the identity"),
    "identified": _("is being planned"),
    "gathering": _("is being gathered"),
    "manual": _("waits for a search by hand"),
    "stalled": _("a place could not be read"),
    "review": _("waits for approval"),
    "acting": _("is being made"),
    "handing": _("waits to be handed over on paper"),
    "answered": _("answered"),
    "waiting_for_person": _("waits for the person"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
}
UNTOLD: Final = _("is done; the person is still to be told")
# What goes on after an approval, by kind: only an answer is made.
ACTING: Final[Mapping[str, _StrPromise]] = {
    "suspend": _("is being stopped"),
    "stop_provision": _("is being stopped"),
    "erase": _("is being erased"),
    "correct": _("is being put right"),
    "add": _("is being put right"),
    "delete": _("is being put right"),
}
HANDED: Final[Mapping[str, _StrPromise]] = {
    "post": _("by post"),
    "counter": _("at the counter"),
}
TOLD: Final[Mapping[str, _StrPromise]] = {
    "phone": _("by phone"),
    **HANDED,
    "service": _("through a service"),
}
CHANNELS: Final[Mapping[str, _StrPromise]] = {
    "portal": _("by the portal"),
    "service": _("through a service"),
    "phone": _("by phone"),
    "post": _("by post"),
    "counter": _("at the counter"),
}
EVIDENCES: Final[Mapping[str, _StrPromise]] = {
    "mail_link": _("a link in a mail was opened"),
    "sign_in": _("signed in through a service"),
    "officer": _("checked by staff"),
}
STEPS: Final[Mapping[str, _StrPromise]] = {
    "todo": _("waiting"),
    "doing": _("at work"),
    "verify": _("is being verified"),
    "done": _("done"),
    "failed": _("stopped"),
    "manual": _("to be done by hand"),
    "hand": _("by hand, after the approval"),
}
FIELDS: Final[Mapping[str, _StrPromise]] = {
    "items": _("Which information"),
    "services": _("In which service"),
    "recipients": _("To whom"),
    "wrong": _("What is wrong"),
    "right": _("What is right"),
    "note": _("What else was said"),
}
# The order in which the desk is offered the kinds: what is asked most stands first.
ORDER: Final = (
    *("disclose", "correct", "add", "delete", "suspend", "erase"),
    *("stop_provision", "notify_purpose", "disclose_records"),
)
MADE: Final[Mapping[str, _StrPromise]] = {
    "pdf": _("the letter (PDF)"),
    "package": _("the package"),
    "erase": _("the erasure"),
    "correct": _("the correction"),
    "stop": _("the stop"),
    "hand_over": _("handing it over on paper"),
}


def standing(name: str, status: Status) -> str:
    """How a request of a kind stands, in the words of the desk."""
    if status.next == "acting":
        return str(ACTING.get(name, STATES["acting"]))
    return str(STATES[status.next])


def kind(name: str) -> Text:
    """What a right is called, in both languages."""
    return {str(known): text for known, text in RIGHTS.items()}.get(name, Text(name, name))


def grounds(name: str, language: str) -> list[tuple[Ground, str]]:
    """The grounds of a refusal of this kind, each with its article in words."""
    return [(g, law.in_words(g.cite, language)) for g in refusal.grounds_of(name)]
