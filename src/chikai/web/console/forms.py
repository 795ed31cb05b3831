"""The forms of the console: each asks the least that its action needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chikai.errors import ConfigError
from chikai.sources import config as source_config
from chikai.web import fault_words
from chikai.web.models.staff import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

LONGEST: Final = 200
ROLE_NAMES: Final = {
    "officer": gettext_lazy("Officer"),
    "desk": gettext_lazy("Desk"),
    "engineer": gettext_lazy("Engineer"),
    "auditor": gettext_lazy("Auditor"),
}


def status(request: HttpRequest, context: Mapping[str, Any]) -> int:
    """The status of a page: 422 where a form on it was sent and cannot be read."""
    given_back = (one for one in context.values() if isinstance(one, forms.BaseForm))
    wrong = bool(context.get("fault")) or any(one.errors for one in given_back)
    return 422 if wrong and request.method == "POST" else 200


class AskLink(forms.Form):
    """A mail address that asks for a sign-in link."""

    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "inputmode": "email"}),
    )


class SetupCode(forms.Form):
    """The code that the terminal printed."""

    code = forms.CharField(
        label=gettext_lazy("Setup code"),
        help_text=gettext_lazy("It stands in the terminal where Chikai was started."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class Operator(forms.Form):
    """Who answers for the data, and the desk."""

    ja = forms.CharField(label=gettext_lazy("Name in Japanese"), max_length=LONGEST)
    en = forms.CharField(label=gettext_lazy("Name in English"), max_length=LONGEST)
    desk_mail = forms.EmailField(
        label=gettext_lazy("Mail address of the desk"),
        help_text=gettext_lazy("It is published in the policy. Persons write to it."),
        max_length=LONGEST,
    )


class FirstStaff(forms.Form):
    """The first member of staff, who is officer, engineer and desk."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        help_text=gettext_lazy("Sign-in links go to this address."),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    single_officer = forms.BooleanField(
        label=gettext_lazy("I am the only officer"),
        help_text=gettext_lazy(
            "Where a second pair of eyes is asked for, Chikai waits 24 hours and records it instead."
        ),
        required=False,
    )


class Invite(forms.Form):
    """A colleague and their roles."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("Mail address"), max_length=LONGEST)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=[(role, ROLE_NAMES[role]) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
    )


class Connect(forms.Form):
    """A database: where it is and as whom we log in. The password stays in its file."""

    name = forms.RegexField(
        r"^[a-z][a-z0-9_-]{0,39}$",
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Lower-case letters and digits, such as billing."),
        max_length=40,
    )
    service = forms.CharField(
        label=gettext_lazy("Service"),
        help_text=gettext_lazy("The id of a service of the policy."),
        max_length=100,
    )
    url = forms.CharField(
        label=gettext_lazy("Address, without a password"),
        help_text=gettext_lazy("Such as postgresql://chikai@db.internal/billing"),
        max_length=500,
    )
    password_file = forms.CharField(
        label=gettext_lazy("File that holds the password"),
        help_text=gettext_lazy("On the server, readable by Chikai only (mode 0600)."),
        max_length=500,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Read it as `chikai.toml` would be read, so that every rule stands in one place."""
        data = super().clean() or {}
        if self.errors:
            return data
        table = {k: data[k] for k in ("service", "url", "password_file") if data.get(k)}
        try:
            self.source = source_config.parse(data["name"], {**table, "mode": "observe"})
        except ConfigError as error:
            raise forms.ValidationError(fault_words.said(error)) from None
        return data


class Decide(forms.Form):
    """What one column holds."""

    column = forms.CharField(max_length=LONGEST)
    category = forms.CharField(max_length=100)


class Whose(forms.Form):
    """Whose row a row of a table is."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Whose row is it?"),
        choices=[
            ("person", gettext_lazy("one person's")),
            ("shared", gettext_lazy("the shared work of several")),
            ("customer", gettext_lazy("our customer's, we only hold it")),
            ("none", gettext_lazy("nobody's")),
            ("unknown", gettext_lazy("not decided yet")),
        ],
    )


def wrong_code() -> str:
    """What the page says to a code that is not the one."""
    return _("This is not the code that the terminal printed.")
