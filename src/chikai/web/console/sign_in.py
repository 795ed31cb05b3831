"""Signing in and out: a passkey, or a one-time link by mail. Nobody learns here who works for the operator.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chikai.errors import BadInput, Refused
from chikai.web import mail, sign_in
from chikai.web.actions import Actor, of_staff, passkeys
from chikai.web.actions import staff as staff_actions
from chikai.web.console import forms, letters
from chikai.web.frame import installation, language
from chikai.web.models import Staff

if TYPE_CHECKING:
    from django.http import HttpRequest

NOBODY = Actor("sign-in")
NEXT = "after-sign-in"
TRIES = {"times": 5, "seconds": 60 * 15}
TRIES_FROM_ONE_PLACE = {"times": 30, "seconds": 60 * 15}


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a POST asks for a link. A known and an unknown address get the same answer."""
    if installation() is None:
        return redirect("setup")
    if wanted := request.GET.get("next"):
        request.session[NEXT] = wanted
    form = forms.AskLink(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if _may_ask(request, address):
            _send_link(request, address)
        return render(request, "console/link_sent.html", {"address": address})
    context = {"form": form, "demo": _demo(request), "mail_leaves": mail.leaves()}
    status = forms.status(request, context)
    return render(request, "console/sign_in.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the mailed link leads: a page that asks for a press, since scanners of mail open every address."""
    if request.method != "POST":
        found = staff_actions.find_link(secret)
        template = "console/link_confirm.html" if found else "console/link_over.html"
        return render(request, template, {"form": forms.AskLink()}, status=200 if found else 410)
    try:
        staff = staff_actions.use_link(secret)
    except Refused:
        return render(request, "console/link_over.html", {"form": forms.AskLink()}, status=410)
    return redirect(_entered(request, staff))


@require_POST
def passkey_begin(request: HttpRequest) -> JsonResponse:
    """What the browser needs to prove a passkey."""
    if not sign_in.may_try("passkey", sign_in.address_of(request), times=60, seconds=900):
        return JsonResponse({}, status=429)
    return JsonResponse(passkeys.begin_signing_in(request))


@require_POST
def passkey(request: HttpRequest) -> JsonResponse:
    """The browser's answer: a session, or nothing."""
    try:
        found, counter = passkeys.holder(request, credential_of(request))
    except BadInput:
        return JsonResponse({}, status=400)
    passkeys.sign_in_by_passkey(of_staff(found.staff), found, counter)
    return JsonResponse({"next": _entered(request, found.staff)})


@require_POST
def demo(request: HttpRequest, number: int) -> HttpResponse:
    """Sign in as one of the example's staff by one press: only with the mark, only on this machine."""
    found = next((s for s in _demo(request) if s.pk == number), None)
    if found is None:
        raise Http404
    secret = staff_actions.make_link(NOBODY, found)
    return redirect(_entered(request, staff_actions.use_link(secret)))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("sign-in")


def credential_of(request: HttpRequest) -> dict[str, Any]:
    """The credential that the browser sent as JSON."""
    try:
        sent = json.loads(request.body)["credential"]
    except (ValueError, KeyError, TypeError):
        raise BadInput("this is no credential", "try once more") from None
    if not isinstance(sent, dict):
        raise BadInput("this is no credential", "try once more")
    return sent


def _may_ask(request: HttpRequest, address: str) -> bool:
    place = sign_in.address_of(request)
    return sign_in.may_try("link-from", place, **TRIES_FROM_ONE_PLACE) and sign_in.may_try(
        "link-to", address, **TRIES
    )


def _send_link(request: HttpRequest, address: str) -> None:
    staff = Staff.objects.filter(email__iexact=address, is_active=True).first()
    if staff is None:
        return
    secret = staff_actions.make_link(NOBODY, staff)
    with translation.override(staff.language):
        where = request.build_absolute_uri(reverse("sign-in-link", args=[secret]))
        letters.send_link(staff, where)


def _demo(request: HttpRequest) -> list[Staff]:
    mark = installation()
    if mark is None or not mark.example or not sign_in.from_loopback(request):
        return []
    return list(Staff.objects.filter(is_active=True).order_by("pk")[:8])


def _entered(request: HttpRequest, staff: Staff) -> str:
    """Open the session; where to go next, in the language that the page was in."""
    wanted = str(request.session.get(NEXT, ""))
    sign_in.enter(request, staff)
    request.session.pop(NEXT, None)
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    tongue = "en" if language() == "en" else "ja"
    with translation.override(tongue):
        return reverse("desk")
