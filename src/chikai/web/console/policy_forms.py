"""The forms of the policy's pages.

Clauses: 8.
Law: APPI Art. 17(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy

from chikai.policy import change
from chikai.web.frame import language

if TYPE_CHECKING:
    from chikai.policy.change import Change, Decision

LONGEST: Final = 20_000
REASON: Final = 1_000


class Accept(forms.Form):
    """Why a finding is published with."""

    ja = forms.CharField(
        label=gettext_lazy("Reason in Japanese"),
        help_text=gettext_lazy("It stays beside the finding and goes into the file of the policy."),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    en = forms.CharField(
        label=gettext_lazy("Reason in English"),
        max_length=REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Reword(forms.Form):
    """The words of one clause in both languages, as the files have them."""

    ja = forms.CharField(
        label=gettext_lazy("Words in Japanese"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    en = forms.CharField(
        label=gettext_lazy("Words in English"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "en"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=71)


class Decide(forms.Form):
    """One answer and one reason for each purpose or recipient whose change an officer decides."""

    def offer(self, changes: tuple[Change, ...], *, published: bool = False) -> None:
        """Ask about every change that is open; two changes of one purpose are one question.

        Consent is asked for by a publication: what is published already can only be found to be expected.
        """
        self.about: list[str] = []
        for one in change.open_decisions(changes):
            if one.key in self.about:
                continue
            self.about.append(one.key)
            number = len(self.about)
            words = change.ANSWERS
            offered = [
                (a, words[a].in_(language()))
                for a in change.answers_to(changes, one.key)
                if not (published and a == "unrelated")
            ]
            self.fields[f"answer{number}"] = forms.ChoiceField(
                label=f"{change.WORDS[one.kind].in_(language())}: {one.name.in_(language())}",
                choices=offered,
                widget=forms.RadioSelect,
            )
            self.fields[f"reason{number}"] = forms.CharField(
                label=gettext_lazy("Reason"),
                max_length=REASON,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The answer and the reason of each question."""
        return [
            (self[f"answer{number}"], self[f"reason{number}"])
            for number in range(1, len(self.about) + 1)
        ]

    def decisions(self) -> list[Decision]:
        """What was decided."""
        data = self.cleaned_data
        return [
            change.Decision(about, data[f"answer{number}"], data[f"reason{number}"])
            for number, about in enumerate(self.about, 1)
        ]


class Announce(Decide):
    """Whether mails go, with the decisions that nobody made before the publication."""

    mail = forms.BooleanField(
        label=gettext_lazy("Write a mail as well"),
        help_text=gettext_lazy(
            "To whom a service may write about changes. Everybody reads it in the portal."
        ),
        required=False,
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=71)
