"""The forms of a person beside a request: a message of its thread, and a document that the desk asked for.

Clauses: 6.
Law: APPI Art. 37(4).
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from chikai.web.actions.rights_asked import LONGEST


class Write(forms.Form):
    """One message of the thread."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandIn(forms.Form):
    """One document."""

    paper = forms.FileField(
        label=gettext_lazy("A document (PDF, PNG or JPEG, up to 5 MB)"),
        help_text=gettext_lazy("It is erased when your request is decided."),
        allow_empty_file=True,
    )
