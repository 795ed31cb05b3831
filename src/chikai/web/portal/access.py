"""Who may open the portal's pages, and the frame that each of them stands in.

A person's session is a row of its own with a cookie of its own, apart from the sessions of staff. It ends after two
hours, and each sign-in makes a new one.

Clauses: 5, 6.
Law: APPI Art. 23, APPI Art. 37(2).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from chikai.web.actions import PERSON
from chikai.web.actions import portal as actions
from chikai.web.frame import installation
from chikai.web.models import Edition
from chikai.web.models.portal import PortalSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrPromise

    from chikai.web.models import Person

P = ParamSpec("P")
COOKIE: Final = "chikai-me"
BROWSER: Final = "chikai-asked"  # which browser asked for a link
NEXT: Final = "next"


class MeRequest(HttpRequest):
    """A request of a signed-in person. `token` opens what a worker sealed to this session."""

    me: PortalSession
    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class Item:
    """One page of the navigation."""

    name: str
    label: _StrPromise
    address: str
    count: int = 0


PAGES: Final[tuple[tuple[str, _StrPromise], ...]] = (
    ("me", gettext_lazy("Home")),
    ("me-held", gettext_lazy("What is held")),
    ("me-settings", gettext_lazy("Settings of use")),
    ("me-given", gettext_lazy("Given to others")),
    ("me-requests", gettext_lazy("Requests")),
    ("me-notices", gettext_lazy("Notices")),
)


def session_of(request: HttpRequest) -> PortalSession | None:
    """The person's session that the cookie names, while it is good."""
    token = request.COOKIES.get(COOKIE, "")
    return actions.find_session(token) if token else None


def person_page(
    view: Callable[Concatenate[MeRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page for a signed-in person; anybody else is led to the sign-in, and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if installation() is None or not Edition.objects.exists():
            return redirect("policy")
        session = session_of(request)
        if session is None:
            wanted = request.get_full_path() if request.method == "GET" else reverse("me")
            return redirect(f"{reverse('me-sign-in')}?{urlencode({NEXT: wanted})}")
        if session.person is None:
            return redirect("me-which")
        known = cast("MeRequest", request)
        known.me, known.person, known.token = session, session.person, request.COOKIES[COOKIE]
        return view(known, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", guarded)


def own_of(request: MeRequest) -> UUID:
    """As whom somebody presses: see `actions.portal.own_of`."""
    return actions.own_of(request.me) or request.person.pk


def page(
    request: HttpRequest,
    template: str,
    here: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of the portal with its navigation; `here` names the page that is marked in it."""
    frame = {"here": here, "pages": menu(), "me": getattr(request, "me", None)}
    return render(request, template, {**frame, **(context or {})}, status=status)


def menu() -> list[Item]:
    """The pages of the navigation, those that this version has."""
    found = []
    for name, label in PAGES:
        try:
            found.append(Item(name, label, reverse(name)))
        except NoReverseMatch:
            continue
    return found


def let_in(request: HttpRequest, response: HttpResponse, entered: actions.Entered) -> None:
    """Hand the new session's cookie out. A session that this browser had before is over, and forms get a new token."""
    old = session_of(request)
    if old is not None:
        actions.sign_out(PERSON, old)
    rotate_token(request)
    lasts = int(actions.SESSION_LASTS.total_seconds())
    _cookie(response, COOKIE, entered.token, lasts)


def show_out(response: HttpResponse) -> None:
    """Take the session's cookie back."""
    response.delete_cookie(COOKIE, samesite="Lax")


def browser_of(request: HttpRequest) -> str:
    """What this browser is known by while it waits for a link; a new one where it has none."""
    known = request.COOKIES.get(BROWSER, "")
    return known if len(known) == len(secrets.token_urlsafe(actions.SIZE)) else ""


def know_browser(request: HttpRequest, response: HttpResponse) -> str:
    """Know this browser again when it opens its link, also after it was closed."""
    known = browser_of(request) or secrets.token_urlsafe(actions.SIZE)
    _cookie(response, BROWSER, known, int(actions.LINK_LASTS.total_seconds()))
    return known


def _cookie(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SECURE
    )
