"""One's own account: language, roles, passkeys.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chikai.web.actions import of_staff, passkeys
from chikai.web.console.access import ANY, StaffRequest, page, staff_page
from chikai.web.console.sign_in import credential_of

if TYPE_CHECKING:
    from typing import Final

MOST_NAME: Final = 60


@require_safe
@staff_page(*ANY)
def show(request: StaffRequest) -> HttpResponse:
    """Who is signed in, with which roles and which passkeys."""
    keys = request.user.passkeys.all()
    return page(request, "console/account_show.html", "account", {"passkeys": keys})


@require_POST
@staff_page(*ANY)
def passkey_begin(request: StaffRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return JsonResponse(passkeys.begin_adding(request, request.user))


@require_POST
@staff_page(*ANY)
def passkey_add(request: StaffRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    name = str(json.loads(request.body).get("name", ""))[:MOST_NAME].strip()
    passkeys.add_passkey(
        of_staff(request.user), request, request.user, name=name, credential=credential_of(request)
    )
    messages.success(request, _("The passkey was added."))
    return JsonResponse({"next": reverse("account")})


@require_POST
@staff_page(*ANY)
def passkey_remove(request: StaffRequest, number: int) -> HttpResponse:
    """Forget a passkey."""
    passkey = get_object_or_404(request.user.passkeys, pk=number)
    passkeys.remove_passkey(of_staff(request.user), passkey)
    messages.success(request, _("The passkey was removed."))
    return redirect("account")
