"""Signing a person in and out: a one-time link by mail, or a signed hand-off from a service. There is no password.

A known and an unknown address get the same answer, and no sooner one than the other.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chikai import spelling
from chikai.errors import BadInput, Refused
from chikai.web import mail, sign_in
from chikai.web.actions import PERSON
from chikai.web.actions import portal as actions
from chikai.web.frame import installation
from chikai.web.models import Edition
from chikai.web.models.people import keys_of
from chikai.web.portal import access, forms, letters, services

if TYPE_CHECKING:
    from django.http import HttpRequest

TRIES: Final = {"times": 5, "seconds": 60 * 15}
TRIES_FROM_ONE_PLACE: Final = {"times": 30, "seconds": 60 * 15}
ANSWERS_AFTER: Final = 0.25  # seconds: longer than a link takes to make


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a POST asks for a link."""
    if installation() is None or not Edition.objects.exists():
        return redirect("policy")
    form = forms.AskLink(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {
            "form": form,
            "wanted": request.GET.get(access.NEXT, ""),
            "leaves": mail.leaves(),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "portal/sign_in.html", context, status=status)
    began = time.monotonic()
    address = form.cleaned_data["email"]
    response = render(request, "portal/link_sent.html", {"address": address})
    browser = access.know_browser(request, response)
    if _may_ask(request, address):
        _send_link(request, address, browser)
    time.sleep(max(0.0, ANSWERS_AFTER - (time.monotonic() - began)))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the mailed link leads: a page that asks for a press, since scanners of mail open every address."""
    browser = access.browser_of(request)
    standing = actions.link_standing(secret, browser)
    if request.method != "POST" or standing != "good":
        return _link_page(request, standing)
    try:
        entered = actions.use_link(secret, browser)
    except Refused:
        return _link_page(request, "over")
    return _entered(request, entered, request.GET.get(access.NEXT, ""))


@require_GET
def handed(request: HttpRequest) -> HttpResponse:
    """Where a service sends the person whom it has signed in."""
    place = sign_in.address_of(request)
    try:
        if not sign_in.may_try("handoff", place, times=60, seconds=900):
            raise BadInput("too many tries", "wait a quarter of an hour")
        entered = actions.enter(request.GET.get("token", ""))
    except (BadInput, Refused):
        context = {"form": forms.AskLink()}
        return render(request, "portal/handoff_over.html", context, status=410)
    return _entered(request, entered, "")


@require_http_methods(["GET", "HEAD", "POST"])
def which(request: HttpRequest) -> HttpResponse:
    """Where several persons hold one mailbox: as which of them to go on. Only services and days are shown."""
    session = access.session_of(request)
    if session is None or session.mailbox is None:
        return redirect("me-sign-in")
    holders = actions.persons_of(bytes(session.mailbox))
    if request.method == "POST":
        chosen = request.POST.get("which", "")
        person = next((p for n, p in enumerate(holders, 1) if str(n) == chosen), None)
        if person is None:
            raise Http404
        actions.choose(PERSON, session, person)
        return redirect("me")
    shown = [{"person": p, "services": services.names(keys_of(p))} for p in holders]
    return render(request, "portal/which.html", {"holders": shown})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out: the session ends here and now, also for a copy of its cookie."""
    session = access.session_of(request)
    if session is not None:
        actions.sign_out(PERSON, session)
    messages.success(request, _("You are signed out."))
    response = redirect("me-sign-in")
    access.show_out(response)
    return response


def _may_ask(request: HttpRequest, address: str) -> bool:
    place = sign_in.address_of(request)
    return sign_in.may_try("me-from", place, **TRIES_FROM_ONE_PLACE) and sign_in.may_try(
        "me-to", address, **TRIES
    )


def _send_link(request: HttpRequest, address: str, browser: str) -> None:
    # The mail goes to the very spelling that was compared: two addresses that only look alike never meet.
    spelt = spelling.mail(address)
    secret = actions.make_link(actions.DOOR, spelt, browser) if spelt else None
    if secret is None or spelt is None:
        return
    where = request.build_absolute_uri(reverse("me-link", args=[secret]))
    letters.send_link(spelt, where)


def _link_page(request: HttpRequest, standing: str) -> HttpResponse:
    template = "portal/link_confirm.html" if standing == "good" else "portal/link_over.html"
    context = {"form": forms.AskLink(), "standing": standing}
    return render(request, template, context, status=200 if standing == "good" else 410)


def _entered(request: HttpRequest, entered: actions.Entered, wanted: str) -> HttpResponse:
    """Open the session, have the worker count, and lead on."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    response = redirect(wanted if safe else reverse("me"))
    access.let_in(request, response, entered)
    person = entered.session.person
    if person is not None and actions.needs_count(person):
        actions.ask_count(PERSON, person)
    return response
