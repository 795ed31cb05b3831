"""The forms of the portal: each asks the least that it needs, and the sign-in asks one thing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

LONGEST = 254


class AskLink(forms.Form):
    """The mail address that a service knows the person by."""

    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
