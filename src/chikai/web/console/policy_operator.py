"""The form of who answers: the operator, how the desk is reached, and the days that the policy names.

Clauses: 7.
Law: APPI Art. 32(1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from chikai.policy.document import Controller, Dates, Desk, Text
from chikai.web.console.policy_structure_forms import words

if TYPE_CHECKING:
    from chikai.policy.document import Document


class OperatorForm(forms.Form):
    """Who answers, how the desk is reached, and the days that the policy names."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=71)
    name_ja = words(gettext_lazy("Name of the company in Japanese"))
    name_en = words(gettext_lazy("Name of the company in English"))
    address_ja = words(gettext_lazy("Address in Japanese"), required=False)
    address_en = words(gettext_lazy("Address in English"), required=False)
    representative_ja = words(gettext_lazy("Representative in Japanese"), required=False)
    representative_en = words(gettext_lazy("Representative in English"), required=False)
    desk_ja = words(gettext_lazy("Desk in Japanese"), required=False)
    desk_en = words(gettext_lazy("Desk in English"), required=False)
    mail = forms.EmailField(
        label=gettext_lazy("Mail address of the desk"), max_length=200, required=False
    )
    phone = words(gettext_lazy("Telephone of the desk"), required=False)
    hours_ja = words(gettext_lazy("Hours in Japanese"), required=False)
    hours_en = words(gettext_lazy("Hours in English"), required=False)
    made_on = forms.DateField(
        label=gettext_lazy("First made on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    updated_on = forms.DateField(
        label=gettext_lazy("Updated on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("In force on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @staticmethod
    def start(policy: Document) -> dict[str, Any]:
        """What stands in the fields at first."""
        who, desk = policy.controller, policy.controller.desk
        both = {
            "name": who.name,
            "address": who.address,
            "representative": who.representative,
            "desk": desk.name,
            "hours": desk.hours,
        }
        found = {f"{name}_ja": text.ja for name, text in both.items()}
        found |= {f"{name}_en": text.en for name, text in both.items()}
        days = {name: getattr(policy.dates, name) for name in Dates.__slots__}
        return {**found, "mail": desk.mail, "phone": desk.phone, **days}

    def changed(self, policy: Document) -> Document:
        """The document with what was written here."""
        data = self.cleaned_data

        def text(name: str) -> Text:
            return Text(data[f"{name}_ja"], data[f"{name}_en"])

        was = policy.controller
        desk = Desk(text("desk"), was.desk.address, data["mail"], data["phone"], text("hours"))
        who = Controller(text("name"), was.kind, text("address"), text("representative"), desk)
        dates = Dates(data["made_on"], data["updated_on"], data["effective_on"])
        return replace(policy, controller=who, dates=dates)
