"""What a notice about a request says, in the portal and by mail: its number, and nothing else of the person.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chikai import clock, law
from chikai.policy.kept import RIGHTS
from chikai.rights import handing
from chikai.web.frame import installed, language, operator_name
from chikai.web.models import Person
from chikai.web.models.people import doubts_about

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from chikai.web.models import Outbox, Request

TITLES: Final[Mapping[str, _StrPromise]] = {
    "received": gettext_lazy("Your request has arrived: %(kind)s (%(number)s)"),
    "answered": gettext_lazy("The answer to your request is ready: %(kind)s (%(number)s)"),
    "refused": gettext_lazy("About your request: %(kind)s (%(number)s)"),
    "withdrawn": gettext_lazy("Your request was taken back: %(kind)s (%(number)s)"),
    "asked_back": gettext_lazy("A question about your request: %(kind)s (%(number)s)"),
    "message": gettext_lazy("A message about your request: %(kind)s (%(number)s)"),
    "extended": gettext_lazy("Your request takes longer: %(kind)s (%(number)s)"),
    "found_more": gettext_lazy("A further registration of yours was found: %(kind)s (%(number)s)"),
    "named": gettext_lazy("Somebody asks in your name (%(number)s)"),
    "named_answered": gettext_lazy("What was asked in your name was answered (%(number)s)"),
}
# The same to a mailbox that others read: not even what was asked.
HIDDEN_TITLES: Final[Mapping[str, _StrPromise]] = {
    "received": gettext_lazy("Your request has arrived (%(number)s)"),
    "answered": gettext_lazy("The answer to your request is ready (%(number)s)"),
    "refused": gettext_lazy("About your request (%(number)s)"),
    "withdrawn": gettext_lazy("Your request was taken back (%(number)s)"),
    "asked_back": gettext_lazy("A question about your request (%(number)s)"),
    "message": gettext_lazy("A message about your request (%(number)s)"),
    "extended": gettext_lazy("Your request takes longer (%(number)s)"),
    "found_more": gettext_lazy("A further registration of yours was found (%(number)s)"),
}
TO_PERSON: Final = (
    "named",
    "named_answered",
)  # what a person hears of a request that another made for them
BODIES: Final[Mapping[str, _StrPromise]] = {
    "received": gettext_lazy("We have received it, and answer by %(due)s."),
    "refused": gettext_lazy(
        "We cannot do as you asked. The portal shows the ground and the reason."
    ),
    "withdrawn": gettext_lazy(
        "If this was not you, please ask again in the portal, or tell our desk."
    ),
    "asked_back": gettext_lazy(
        "We need an answer of yours before we can go on. Please see the portal."
    ),
    "named": gettext_lazy(
        "Our desk has checked their document. The portal shows who asks for what. If you know nothing of it, tell our desk."
    ),
    "named_answered": gettext_lazy("The portal shows what was asked and answered."),
    "message": gettext_lazy("Our desk has written to you. Please read it in the portal."),
    "extended": gettext_lazy("We now answer by %(due)s. The portal shows the reason."),
    "found_more": gettext_lazy(
        "It was not known to be yours when we answered your erasure. We erase it as well, by %(due)s."
    ),
}
# What was done, by kind: nobody whose data was erased reads that a copy is ready.
DONE: Final[Mapping[str, _StrPromise]] = {
    "disclose": gettext_lazy(
        "You can receive it in the portal. What was released is kept 14 days."
    ),
    "notify_purpose": gettext_lazy(
        "You can receive it in the portal. What was released is kept 14 days."
    ),
    "disclose_records": gettext_lazy(
        "You can receive it in the portal. What was released is kept 14 days."
    ),
    "correct": gettext_lazy("We put it right. The portal shows what stands there now."),
    "add": gettext_lazy("We added it. The portal shows what stands there now."),
    "delete": gettext_lazy("We took it out. The portal shows what stands there now."),
    "suspend": gettext_lazy("We stopped the use. The portal shows what was stopped."),
    "stop_provision": gettext_lazy(
        "We stopped giving it to others. The portal shows what was stopped."
    ),
    "erase": gettext_lazy("We erased it. The portal shows what was erased."),
}
FOR_THE_PERSON: Final = gettext_lazy("The answer is for the person, who receives it.")
ON_PAPER: Final = gettext_lazy("We handed it over on paper. The portal shows how and when.")
MAYBE_MORE: Final = gettext_lazy(
    "We are still making sure whether a further registration is yours. If it is, we erase it as well."
)
KEPT: Final = gettext_lazy(
    "Some records stay, by %(laws)s. The portal shows which, and until when."
)
HIDDEN: Final = gettext_lazy(
    "Several people read this mailbox. Sign in through the service to see more, or turn to our desk."
)
SHORT: Final[Mapping[str, _StrPromise]] = {
    "received": gettext_lazy("We have received your request"),
    "refused": gettext_lazy("We refused your request, and said why"),
    "withdrawn": gettext_lazy("Your request was taken back"),
    "asked_back": gettext_lazy("The desk has a question for you"),
    "extended": gettext_lazy("We need longer, and said why"),
    "message": gettext_lazy("Our desk wrote to you"),
    "found_more": gettext_lazy("We found a further registration, and erase it as well"),
    "named": gettext_lazy("We told the person that somebody asks in their name"),
    "named_answered": gettext_lazy("We told the person of the answer"),
}
SHORT_DONE: Final[Mapping[str, _StrPromise]] = {
    "disclose": gettext_lazy("Your copy is ready"),
    "notify_purpose": gettext_lazy("We told you the purposes"),
    "disclose_records": gettext_lazy("The records are ready"),
    "correct": gettext_lazy("We put it right"),
    "add": gettext_lazy("We added it"),
    "delete": gettext_lazy("We took it out"),
    "suspend": gettext_lazy("We stopped the use"),
    "stop_provision": gettext_lazy("We stopped giving it to others"),
    "erase": gettext_lazy("We erased it"),
}
SHORT_ON_PAPER: Final = gettext_lazy("We handed it over on paper")


def short(notice: Outbox) -> str:
    """What a notice said, in a few words."""
    if notice.kind != "answered":
        return str(SHORT.get(notice.kind, notice.kind))
    request = notice.request
    return str(SHORT_ON_PAPER if _is_on_paper(request) else SHORT_DONE[request.kind])


def _is_on_paper(request: Request) -> bool:
    return request.steps.filter(action=handing.ACTION, state="done").exists()


def _kept(request: Request) -> str:
    """By which laws something of an erasure stays, where something does; the portal says what and until when."""
    steps = request.steps.filter(action="erase") if request.kind == "erase" else ()
    laws = sorted({kept[2] for step in steps for kept in step.found.get("kept", ())})
    said = "、" if language() == "ja" else ", "
    named = said.join(law.keeping_in_words(name, language()) for name in laws)
    return str(KEPT) % {"laws": named} if laws else ""


def _may_be_more(request: Request) -> bool:
    """Whether an erasure left out a registration that may be the person's: it is not answered as if that were all."""
    return request.kind == "erase" and bool(doubts_about(Person.resolve(request.person_id)))


def title(notice: Outbox, *, hidden: bool = False) -> str:
    """The title of a notice in the language of the moment."""
    said = HIDDEN_TITLES.get(notice.kind) if hidden else None
    return str(said or TITLES[notice.kind]) % _words(notice)


def body(notice: Outbox) -> str:
    """The sentence of a notice in the language of the moment."""
    if notice.kind == "answered":
        asked = getattr(notice.request, "asked", None)
        if asked is not None and asked.agency and not asked.shows_answer:
            return str(FOR_THE_PERSON)
        on_paper = _is_on_paper(notice.request)
        said = str(ON_PAPER if on_paper else DONE[notice.request.kind])
        more = [_kept(notice.request)]
        more += [str(MAYBE_MORE)] if _may_be_more(notice.request) else []
        return "\n".join(filter(None, [said, *more]))
    return str(BODIES[notice.kind]) % _words(notice)


def letter(notice: Outbox, *, read_by_others: bool = False) -> tuple[str, str]:
    """Subject and text of the mail, in the language of the request; where others read the mailbox not even its kind."""
    with translation.override(notice.request.language):
        operator = operator_name(installed(), language())
        about = title(notice, hidden=read_by_others)
        subject = _("[%(operator)s] %(title)s") % {"operator": operator, "title": about}
        closing = _("This mail holds no personal data beside the number. Do not reply to it.")
        says = body(notice)
        if read_by_others:
            says = f"{says}\n{HIDDEN}" if notice.kind == "withdrawn" else str(HIDDEN)
        lines = [about, "", says, "", settings.ADDRESS, "", closing, operator]
        return subject, "\n".join(lines) + "\n"


def _words(notice: Outbox) -> dict[str, str]:
    request, tongue = notice.request, language()
    names = {str(kind): text for kind, text in RIGHTS.items()}
    kind = names[request.kind].ja if tongue == "ja" else names[request.kind].en
    return {"kind": kind, "number": request.number, "due": clock.written(request.due_on, tongue)}
