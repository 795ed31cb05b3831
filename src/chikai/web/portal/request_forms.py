"""The forms of a person's requests: the fields that `rights.asking` allows for a kind, and no other.

Clauses: 5, 6.
Law: APPI Art. 37(2), APPI Art. 37(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chikai.rights import asking, reasons
from chikai.web.actions.rights_asked import LONGEST
from chikai.web.frame import language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.document import DataCategory, Document, Recipient, Service
    from chikai.rights.asking import Field


class Wish(forms.Form):
    """What one kind of request asks; a person fills in what they know, and the desk asks back for the rest."""

    def __init__(self, *args: Any, kind: str, policy: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in asking.asking(kind).fields:
            self.fields[name] = _field(name, kind, policy)

    def given(self) -> dict[str, str]:
        """The fields as the rules take them."""
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}


def _field(name: Field, kind: str, policy: Document) -> forms.Field:
    if name in ("wrong", "right", "note"):
        return _words(name)
    if name == "reason":
        rows = [(r.id, r.says.in_(language())) for r in reasons.reasons_of(kind)]
        none = ("", _("I say nothing about it"))
        return _pick(_("Why? You need not say."), [none, *rows], widget=forms.RadioSelect)
    if name == "form":
        ways = [("file", _("As a file on this page")), ("paper", _("On paper, by post"))]
        return _pick(_("How do you want it?"), ways, widget=forms.RadioSelect, initial="file")
    return _of_policy(name, kind, policy)


def _of_policy(name: Field, kind: str, policy: Document) -> forms.Field:
    """A list from the policy in force: data items, services or recipients."""
    one = kind in ("correct", "add", "delete")  # a change is about one item
    known: dict[str, tuple[str, str, Sequence[DataCategory | Service | Recipient]]] = {
        "items": (_("Which information?"), _("Everything"), policy.categories),
        "services": (_("In which service?"), _("In every service"), policy.services),
        "recipients": (_("To whom?"), _("To everybody"), policy.recipients),
    }
    label, whole, rows = known[name]
    choices = [(str(row.id), row.name.in_(language())) for row in rows]
    return _pick(label, choices if one else [("", whole), *choices], required=one)


def _pick(
    label: str, choices: list[tuple[str, str]], *, required: bool = False, **more: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required, **more)


def _words(name: str) -> forms.CharField:
    labels = {
        "wrong": _("What is wrong?"),
        "right": _("What is right?"),
        "note": _("Anything else that helps us"),
    }
    return forms.CharField(
        label=labels[name],
        required=name != "note",
        max_length=asking.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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
