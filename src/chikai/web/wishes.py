"""What a request asks, as one form for the portal and the desk: the fields that `rights.asking` allows for its kind.

At the desk somebody writes down another person's words, so nothing is chosen beforehand: whoever means everything says
everything.

Clauses: 5, 6.
Law: APPI Art. 33(1), APPI Art. 37(2), APPI Art. 37(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _

from chikai.rights import asking, reasons
from chikai.web import request_words as words
from chikai.web.frame import language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chikai.policy.document import DataCategory, Document, Recipient, Service
    from chikai.rights.asking import Field

ALL: Final = "*"  # the desk's word for everything, which the rules know as an empty field
_LISTS: Final = ("items", "services", "recipients")
_ONE: Final = ("correct", "add", "delete")  # a change is about one item


class Wish(forms.Form):
    """What one kind of request asks; a person fills in what they know, and the desk asks back for the rest."""

    def __init__(
        self, *args: Any, kind: str, policy: Document, at_desk: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in asking.asking(kind).fields:
            # What somebody said at the desk has its own field there, for every kind.
            if not (at_desk and name == "note"):
                self.fields[name] = _field(name, kind, policy, at_desk=at_desk)

    def given(self) -> dict[str, str]:
        """The fields as the rules take them."""
        found = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        return {name: "" if said == ALL else said for name, said in found.items()}


def in_words(
    kind: str, asked: Mapping[str, str], policy: Document | None
) -> list[tuple[object, str]]:
    """What was asked, field by field, with the names of the policy; whoever named no item or place asks for all of them."""
    tongue = language()
    found: list[tuple[object, str]] = []
    for name in asking.asking(kind).fields:
        said = asked.get(name, "")
        if name in _LISTS:
            rows = () if policy is None else _rows(name, policy)
            named = next((row.name.in_(tongue) for row in rows if row.id == said), said)
            found.append((words.FIELDS[name], named or _whole(name)))
        elif said:
            found.append((words.FIELDS[name], said))
    return found


def _field(name: Field, kind: str, policy: Document, *, at_desk: bool) -> forms.Field:
    if name in ("wrong", "right", "note"):
        return _words(name)
    if name == "reason":
        rows = [(r.id, r.says.in_(language())) for r in reasons.reasons_of(kind)]
        none = ("", _("Nothing was said about it") if at_desk else _("I say nothing about it"))
        label = _("Why? It need not be said.") if at_desk else _("Why? You need not say.")
        return _pick(label, [none, *rows], widget=forms.RadioSelect)
    if name == "form":
        return _form(at_desk=at_desk)
    return _of_policy(name, kind, policy, at_desk=at_desk)


def _form(*, at_desk: bool) -> forms.ChoiceField:
    """How the answer is wanted; the desk asks, and chooses nothing for the person."""
    if at_desk:
        ways = [("file", _("As a file on the person's page")), ("paper", _("On paper"))]
        label = _("How does the person want it?")
        return _pick(label, ways, required=True, widget=forms.RadioSelect)
    ways = [("file", _("As a file on this page")), ("paper", _("On paper, by post"))]
    return _pick(_("How do you want it?"), ways, widget=forms.RadioSelect, initial="file")


def _rows(name: str, policy: Document) -> Sequence[DataCategory | Service | Recipient]:
    known: dict[str, Sequence[DataCategory | Service | Recipient]] = {
        "items": policy.categories,
        "services": policy.services,
        "recipients": policy.recipients,
    }
    return known[name]


def _whole(name: str) -> str:
    known = {
        "items": _("Everything"),
        "services": _("In every service"),
        "recipients": _("To everybody"),
    }
    return known[name]


def _of_policy(name: Field, kind: str, policy: Document, *, at_desk: bool) -> forms.Field:
    """A list from the policy in force: data items, services or recipients."""
    labels = {
        "items": _("Which information?"),
        "services": _("In which service?"),
        "recipients": _("To whom?"),
    }
    choices = [(str(row.id), row.name.in_(language())) for row in _rows(name, policy)]
    if kind in _ONE and not at_desk:
        return _pick(labels[name], choices, required=True)
    if at_desk:
        whole = [] if kind in _ONE else [(ALL, _whole(name))]
        first = ("", _("Choose what was said"))
        return _pick(labels[name], [first, *choices, *whole], required=True)
    return _pick(labels[name], [("", _whole(name)), *choices])


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
