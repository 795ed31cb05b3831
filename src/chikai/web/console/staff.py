"""Colleagues: who may sign in, with which roles, and inviting them.

Clauses: 1.2.
Law: APPI Art. 24.
"""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chikai.errors import BadInput, WrongState
from chikai.web import fault_words
from chikai.web.actions import of_staff
from chikai.web.actions import staff as actions
from chikai.web.console import forms, letters
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Staff


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer", "auditor")
def show(request: StaffRequest) -> HttpResponse:
    """Everybody with an account; an officer invites a colleague, who gets a link by mail."""
    form = forms.Invite(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request, form)
        except (BadInput, WrongState) as error:
            form.add_error(None, fault_words.said(error))
        else:
            messages.success(request, _("The invitation was sent."))
            return redirect("staff")
    people = Staff.objects.annotate(keys=Count("passkeys")).order_by("pk")
    context = {"form": form, "people": people, "role_names": forms.ROLE_NAMES}
    return page(request, "console/staff_show.html", "staff", context)


def _invite(request: StaffRequest, form: forms.Invite) -> None:
    by, data = of_staff(request.user), form.cleaned_data
    actions.invite(by, name=data["name"], email=data["email"], roles=data["roles"])
    staff = Staff.objects.get(email__iexact=data["email"])
    secret = actions.make_link(by, staff)
    with translation.override(staff.language):
        where = request.build_absolute_uri(reverse("sign-in-link", args=[secret]))
        letters.send_link(staff, where)
