"""The first run: operator, first member of staff, policy, first database.

Until the installation is started, whoever has the code of the terminal goes on; then only signed-in staff do.

Clauses: 1.1, 1.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from chikai import home
from chikai.errors import BadInput, WrongState
from chikai.web import fault_words, setup_code, sign_in
from chikai.web.actions import Actor
from chikai.web.actions.installation import start
from chikai.web.console import drafts, forms
from chikai.web.console.access import StaffRequest, staff_page
from chikai.web.frame import installation, installed
from chikai.web.models import Staff

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest

OPENED: Final = "setup-opened"
TERMINAL: Final = Actor("setup")  # whoever saw the terminal; there is no account yet


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The step that is due: the code, the operator, or the first member of staff."""
    if installation() is not None:
        return redirect("setup-policy" if isinstance(request.user, Staff) else "sign-in")
    if not request.session.get(OPENED):
        return _ask_code(request)
    if not (settings.HOME.path / home.FILE).exists():
        return _ask_operator(request)
    return _ask_staff(request)


@require_safe
@staff_page("officer", "engineer")
def policy(request: StaffRequest) -> HttpResponse:
    """Step 3: the policy that was made, and what the lint says of it."""
    return _step(request, "console/setup_policy.html", 3, {"draft": drafts.read()})


def _ask_code(request: HttpRequest) -> HttpResponse:
    form = forms.SetupCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        place = sign_in.address_of(request)
        may = sign_in.may_try("setup", place, times=10, seconds=900)
        if may and setup_code.matches(installed(), form.cleaned_data["code"]):
            request.session.cycle_key()
            request.session[OPENED] = True
            return redirect("setup")
        form.add_error("code", forms.wrong_code())
    return _step(request, "console/setup_code.html", 0, {"form": form})


def _ask_operator(request: HttpRequest) -> HttpResponse:
    form = forms.Operator(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            address = f"{request.scheme}://{request.get_host()}"
            home.make(settings.HOME.path, address=address, **form.cleaned_data)
        except (BadInput, WrongState) as error:
            form.add_error(None, fault_words.said(error))
        else:
            return redirect("setup")
    return _step(request, "console/setup_operator.html", 1, {"form": form})


def _ask_staff(request: HttpRequest) -> HttpResponse:
    form = forms.FirstStaff(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        start(
            TERMINAL,
            staff_name=data["name"],
            staff_email=data["email"],
            single_officer=data["single_officer"],
        )
        sign_in.enter(request, Staff.objects.get(email=data["email"]))
        return redirect("setup-policy")
    return _step(request, "console/setup_staff.html", 2, {"form": form})


def _step(
    request: HttpRequest, template: str, step: int, context: dict[str, Form | Any]
) -> HttpResponse:
    return render(
        request, template, {"step": step, **context}, status=forms.status(request, context)
    )
