"""The desk's form: a question, a complaint or a word about a procedure, kept sealed and answered by mail.

It asks for a text and an address and nothing else. One field is there for programmes that fill in everything; a person who
filled it in by mistake is told so, and nothing is lost.

Clauses: 7.
Law: APPI Art. 40(1).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chikai.errors import BadInput, WrongState
from chikai.inquiry import desk
from chikai.web import sign_in
from chikai.web.actions import Actor
from chikai.web.actions.inquiry import open_inquiry
from chikai.web.frame import installation, language
from chikai.web.models.inquiry import Inquiry

if TYPE_CHECKING:
    from django.http import HttpRequest

    from chikai.inquiry.desk import Message

ANYBODY: Final = Actor("contact")
KINDS: Final = [
    ("request", gettext_lazy("A procedure (disclosure, correction, stopping a use)")),
    ("question", gettext_lazy("A question")),
    ("complaint", gettext_lazy("A complaint")),
]


class Ask(forms.Form):
    """What the desk needs in order to answer."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about?"), choices=KINDS, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=desk.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    mail = forms.EmailField(
        label=gettext_lazy("Mail address for the answer"),
        max_length=desk.LONGEST_MAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        """Refuse what only a programme fills in."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave the last field empty, then send it once more."))
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The form; a POST opens an inquiry and shows its number."""
    if installation() is None:
        return redirect("policy")
    form = Ask(request.POST or None, initial={"once": secrets.token_urlsafe(12)})
    if request.method != "POST" or not form.is_valid():
        return _page(request, {"form": form}, status=422 if request.method == "POST" else 200)
    if not sign_in.may_try("contact", sign_in.address_of(request), times=10, seconds=900):
        form.add_error(None, _("Too many messages came from your connection. Try again later."))
        return _page(request, {"form": form}, status=429)
    data = form.cleaned_data
    try:
        message = desk.read(data["kind"], data["text"], data["mail"])
    except BadInput:
        form.add_error("mail", _("Write the address as name@company.example."))
        return _page(request, {"form": form}, status=422)
    row = Inquiry.objects.get(number=_opened(message, data["once"]))
    return _page(request, {"number": row.number, "due": row.due_on}, status=200)


def _opened(message: Message, once: str) -> str:
    """The number of the inquiry; of two presses of one form the second hears of the first."""
    try:
        event = open_inquiry(ANYBODY, message, language=language(), once=once and f"form {once}")
    except WrongState as known:
        if not known.where:
            raise
        return known.where
    return str(event.facts["number"])


def _page(request: HttpRequest, context: dict[str, object], *, status: int) -> HttpResponse:
    return render(request, "public/contact.html", {"here": "contact", **context}, status=status)
