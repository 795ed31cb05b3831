"""The forms of the draft's structure: each reads one thing of the document, and makes the thing that was meant.

What a form does not ask stays as it is.

Clauses: 2.2, 2.3.
Law: APPI Art. 17(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chikai.policy import kinds, load, pairing
from chikai.policy.document import (
    CategoryId,
    ClauseId,
    DataCategory,
    Purpose,
    PurposeId,
    Recipient,
    RecipientId,
    Service,
    ServiceId,
    Text,
)
from chikai.policy.kept import RECIPIENTS
from chikai.web.frame import language

if TYPE_CHECKING:
    from chikai.policy.document import Clause, Document
    from chikai.policy.edit import Noun, Thing

LONGEST: Final = 2_000
SHOWN: Final = 28  # signs of a clause's words in a list
STOPS: Final = {
    "switch": gettext_lazy("At once, by a switch"),
    "ends_service": gettext_lazy("With the service that it carries"),
    "law": gettext_lazy("Not: a law asks for the use"),
}
CARE: Final = {
    "no": gettext_lazy("No"),
    "possible": gettext_lazy("It may be among it"),
    "yes": gettext_lazy("Yes"),
}


def words(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A field for some words of the policy."""
    return forms.CharField(label=label, max_length=LONGEST, required=required, help_text=help_text)


def _flag(label: Any, help_text: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class Named(forms.Form):
    """A name in both languages, and the digest of the draft that was looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=71)
    ja = words(gettext_lazy("Name in Japanese"))
    en = words(gettext_lazy("Name in English"))

    def offer(self, policy: Document) -> None:
        """Offer what the document has to choose from."""

    def start(self, one: Any) -> dict[str, Any]:
        """What stands in the fields at first."""
        return {"ja": one.name.ja, "en": one.name.en}

    def made(self, id_: str, before: Any) -> Thing:
        """The thing that was meant."""
        raise NotImplementedError

    def text(self, name: str) -> Text:
        """Words in both languages from a pair of fields."""
        lead = f"{name}_" if name else ""
        return Text(self.cleaned_data[f"{lead}ja"], self.cleaned_data[f"{lead}en"])


class Placed(Named):
    """What stands in a clause."""

    clause = forms.ChoiceField(
        label=gettext_lazy("Clause"), help_text=gettext_lazy("Where the policy says it.")
    )

    def offer(self, policy: Document) -> None:
        """Offer the clauses, each with the beginning of its words."""
        self.fields["clause"].choices = clauses(policy)  # type: ignore[attr-defined]

    def start(self, one: Any) -> dict[str, Any]:
        """Name and clause."""
        return {**super().start(one), "clause": one.clause}


def clauses(policy: Document) -> list[tuple[str, str]]:
    """The clauses to choose from, each with the beginning of its words."""
    return [("", "—"), *((clause.id, called(clause)) for clause in policy.clauses)]


def called(clause: Clause) -> str:
    """How a list calls a clause: its number and the beginning of its words."""
    said = pairing.whole(clause, language()).replace("\n", " ")
    short = f"{said[:SHOWN]}…" if len(said) > SHOWN else said
    return f"{pairing.called(clause).in_(language())} {short}".strip()


class ServiceForm(Named):
    """A service in scope."""

    def made(self, id_: str, before: Service | None) -> Service:
        """The service that was meant."""
        return Service(ServiceId(id_), self.text(""), before.kind if before else "")


class ItemForm(Placed):
    """A data item."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it covers in a database"),
        help_text=gettext_lazy("A column of these kinds belongs to this item."),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    special_care = forms.ChoiceField(
        label=gettext_lazy("Special-care information"), choices=CARE, initial="no"
    )
    not_personal = _flag(gettext_lazy("It is no personal information by itself"))
    open_ended = _flag(gettext_lazy("Its words are open, such as 等"))
    observed = _flag(gettext_lazy("Nobody hands it over: it is recorded"))

    def offer(self, policy: Document) -> None:
        """Offer the clauses and the kinds of content."""
        super().offer(policy)
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind.id, kind.en if language() == "en" else kind.ja) for kind in kinds.KINDS
        ]

    def start(self, one: DataCategory) -> dict[str, Any]:
        """Every field of the item."""
        return {
            **super().start(one),
            "kinds": one.kinds,
            "special_care": one.special_care,
            "not_personal": not one.personal,
            "open_ended": one.open_ended,
            "observed": one.observed,
        }

    def made(self, id_: str, before: DataCategory | None) -> DataCategory:
        """The item that was meant; kinds in the order in which they stood."""
        data, was = self.cleaned_data, before.kinds if before else ()
        wanted = [*(k for k in was if k in data["kinds"])]
        wanted += [k for k in data["kinds"] if k not in wanted]
        return DataCategory(
            id=CategoryId(id_),
            name=self.text(""),
            clause=ClauseId(data["clause"]),
            kinds=tuple(wanted),
            personal=not data["not_personal"],
            special_care=data["special_care"],
            open_ended=data["open_ended"],
            observed=data["observed"],
        )


class PurposeForm(Placed):
    """A purpose of use; what is used for it stands on the pages of the services."""

    stop = forms.ChoiceField(
        label=gettext_lazy("How a person stops it"), choices=STOPS, widget=forms.RadioSelect
    )
    effect_ja = words(gettext_lazy("What ends with it, in Japanese"), required=False)
    effect_en = words(gettext_lazy("What ends with it, in English"), required=False)
    law = words(
        gettext_lazy("The law that asks for it"),
        required=False,
        help_text=gettext_lazy("Only where it cannot be stopped, such as APPI Art. 27(1)."),
    )
    third_party = _flag(gettext_lazy("Data goes to third parties for it"))
    marketing = _flag(gettext_lazy("It is marketing"))

    def start(self, one: Purpose) -> dict[str, Any]:
        """Every field of the purpose."""
        return {
            **super().start(one),
            "stop": one.stop,
            "effect_ja": one.stop_effect.ja,
            "effect_en": one.stop_effect.en,
            "law": one.law,
            "third_party": one.third_party,
            "marketing": one.marketing,
        }

    def clean(self) -> dict[str, Any]:
        """What ends is said in both languages where it can be stopped, and the law where it cannot."""
        data = super().clean() or {}
        by_law = data.get("stop") == "law"
        for name in ("law",) if by_law else ("effect_ja", "effect_en"):
            if not data.get(name):
                self.add_error(name, _("Write it: the portal shows it beside the switch."))
        if not by_law and data.get("law"):
            self.add_error("law", _("A use that can be stopped names no law."))
        return data

    def made(self, id_: str, before: Purpose | None) -> Purpose:
        """The purpose that was meant, with the uses that it had."""
        data = self.cleaned_data
        return Purpose(
            id=PurposeId(id_),
            name=self.text(""),
            clause=ClauseId(data["clause"]),
            uses=before.uses if before else (),
            stop=data["stop"],
            stop_effect=self.text("effect"),
            law=data["law"],
            third_party=data["third_party"],
            marketing=data["marketing"],
        )


class RecipientForm(Placed):
    """Who receives data, for what, and the least of it."""

    kind = forms.ChoiceField(label=gettext_lazy("On what basis"), choices=[])
    country = forms.CharField(
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("Two letters: JP is Japan, US the United States."),
        min_length=2,
        max_length=2,
        initial="JP",
    )
    task_ja = words(gettext_lazy("What it does, in Japanese"), required=False)
    task_en = words(gettext_lazy("What it does, in English"), required=False)
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("For which purposes"),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("The least that is handed over"),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, policy: Document) -> None:
        """Offer the clauses, the bases, the purposes and the items."""
        super().offer(policy)
        tongue = language()
        offered: dict[str, list[tuple[str, str]]] = {
            "kind": [(str(kind), RECIPIENTS[kind].in_(tongue)) for kind in load.RECIPIENT_KINDS],
            "purposes": [(p.id, p.name.in_(tongue)) for p in policy.purposes],
            "categories": [(c.id, c.name.in_(tongue)) for c in policy.categories],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def start(self, one: Recipient) -> dict[str, Any]:
        """Every field of the recipient."""
        return {
            **super().start(one),
            "kind": one.kind,
            "country": one.country,
            "task_ja": one.task.ja,
            "task_en": one.task.en,
            "purposes": one.purposes,
            "categories": one.categories,
        }

    def clean_country(self) -> str:
        """Capital letters."""
        return str(self.cleaned_data["country"]).upper()

    def made(self, id_: str, before: Recipient | None) -> Recipient:
        """The recipient that was meant."""
        data = self.cleaned_data
        return Recipient(
            id=RecipientId(id_),
            name=self.text(""),
            kind=data["kind"],
            clause=ClauseId(data["clause"]),
            purposes=tuple(PurposeId(p) for p in data["purposes"]),
            categories=tuple(CategoryId(c) for c in data["categories"]),
            country=data["country"],
            task=self.text("task"),
            sample=before.sample if before else False,
        )


FORMS: Final[dict[Noun, type[Named]]] = {
    "service": ServiceForm,
    "category": ItemForm,
    "purpose": PurposeForm,
    "recipient": RecipientForm,
}
