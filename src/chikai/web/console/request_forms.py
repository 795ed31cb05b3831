"""The forms of requests at the desk.

Clauses: 6.
Law: APPI Art. 36, APPI Art. 37(1).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chikai.rights import extension, identity, refusal
from chikai.web import request_words as words
from chikai.web.actions.rights import LONGEST_NOTE
from chikai.web.frame import language


class Register(forms.Form):
    """A request that did not come through the portal."""

    person = forms.CharField(
        label=gettext_lazy("Whose request is it?"),
        help_text=gettext_lazy("Id, source:key, mail address or phone number. It is not kept."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    unknown = forms.BooleanField(
        label=gettext_lazy("Nobody is known by that"),
        help_text=gettext_lazy("They get an answer too: that we hold nothing about them."),
        required=False,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How did it come?"),
        choices=[(c, words.CHANNELS[c]) for c in ("phone", "post", "counter")],
    )
    note = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Mail address for notices"),
        help_text=gettext_lazy(
            "Without one, the address that a service verified is used. Where there is none, tell the person yourself."
        ),
        required=False,
    )
    agency = forms.ChoiceField(label=gettext_lazy("Who asks?"), required=False)
    agent = forms.CharField(
        label=gettext_lazy("Name and address of who acts for the person"),
        help_text=gettext_lazy("Only where somebody acts for the person. It is kept sealed."),
        max_length=400,
        required=False,
    )
    identified = forms.BooleanField(
        label=gettext_lazy("The identity was checked"),
        help_text=gettext_lazy("Gathering begins at once. Keep no copy of a document."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = [(name, text.in_(language())) for name, text in identity.AGENCIES.items()]
        agency = self.fields["agency"]
        agency.choices = [("", _("The person")), *who]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Either somebody is named, or it is said that nobody is known."""
        data = super().clean() or {}
        if not data.get("person") and not data.get("unknown"):
            self.add_error("person", _("Name the person, or say that nobody is known."))
        return data


class Refuse(forms.Form):
    """A ground of the Act, and the explanation."""

    ground = forms.ChoiceField(label=gettext_lazy("Ground"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Explanation for the person"),
        max_length=refusal.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tongue = language()
        choices = [(g.id, f"{g.says.in_(tongue)}（{a}）") for g, a in words.grounds(kind, tongue)]
        self.fields["ground"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class Manual(forms.Form):
    """What a search by hand gave."""

    rows = forms.IntegerField(
        label=gettext_lazy("Records found"), min_value=0, max_value=10_000_000, initial=0
    )
    note = forms.CharField(
        label=gettext_lazy("What was found; it goes into the package"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    proof = forms.FileField(
        label=gettext_lazy("Proof (PDF, PNG or JPEG, up to 5 MB)"), required=False
    )


class Write(forms.Form):
    """A message to the person."""

    text = forms.CharField(
        label=gettext_lazy("Message to the person"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HandIn(forms.Form):
    """A document that came by post or over the counter."""

    paper = forms.FileField(
        label=gettext_lazy("A document (PDF, PNG or JPEG, up to 5 MB)"),
        help_text=gettext_lazy("It is erased when the request is decided."),
        allow_empty_file=True,
    )


class Extend(forms.Form):
    """A later day, and why."""

    until = forms.DateField(
        label=gettext_lazy("New day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the person"),
        max_length=extension.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
