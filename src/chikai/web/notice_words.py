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

from chikai import clock
from chikai.policy.kept import RIGHTS
from chikai.web.frame import installed, language, operator_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from chikai.web.models import Outbox

TITLES: Final[Mapping[str, _StrPromise]] = {
    "received": gettext_lazy("Your request has arrived: %(kind)s (%(number)s)"),
    "answered": gettext_lazy("The answer to your request is ready: %(kind)s (%(number)s)"),
    "refused": gettext_lazy("About your request: %(kind)s (%(number)s)"),
    "asked_back": gettext_lazy("A question about your request: %(kind)s (%(number)s)"),
    "message": gettext_lazy("A message about your request: %(kind)s (%(number)s)"),
    "extended": gettext_lazy("Your request takes longer: %(kind)s (%(number)s)"),
}
BODIES: Final[Mapping[str, _StrPromise]] = {
    "received": gettext_lazy("We have received it, and answer by %(due)s."),
    "answered": gettext_lazy(
        "You can receive it in the portal. What was released is kept 14 days."
    ),
    "refused": gettext_lazy(
        "We cannot do as you asked. The portal shows the ground and the reason."
    ),
    "asked_back": gettext_lazy(
        "We need an answer of yours before we can go on. Please see the portal."
    ),
    "message": gettext_lazy("Our desk has written to you. Please read it in the portal."),
    "extended": gettext_lazy("We now answer by %(due)s. The portal shows the reason."),
}


def title(notice: Outbox) -> str:
    """The title of a notice in the language of the moment."""
    return str(TITLES[notice.kind]) % _words(notice)


def body(notice: Outbox) -> str:
    """The sentence of a notice in the language of the moment."""
    return str(BODIES[notice.kind]) % _words(notice)


def letter(notice: Outbox) -> tuple[str, str]:
    """Subject and text of the mail, in the language of the request."""
    with translation.override(notice.request.language):
        operator = operator_name(installed(), language())
        subject = _("[%(operator)s] %(title)s") % {"operator": operator, "title": title(notice)}
        closing = _("This mail holds no personal data beside the number. Do not reply to it.")
        lines = [title(notice), "", body(notice), "", settings.ADDRESS, "", closing, operator]
        return subject, "\n".join(lines) + "\n"


def _words(notice: Outbox) -> dict[str, str]:
    request, tongue = notice.request, language()
    names = {str(kind): text for kind, text in RIGHTS.items()}
    kind = names[request.kind].ja if tongue == "ja" else names[request.kind].en
    return {"kind": kind, "number": request.number, "due": clock.written(request.due_on, tongue)}
