"""The officer's look through what was gathered: other people in free text, what stays back and why, and the approval.

Reading is an entry in the ledger. What is ticked is blacked out, and each find is ticked beforehand.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 36.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from chikai import law
from chikai.rights import refusal, review
from chikai.web import gathered
from chikai.web.actions import of_staff, reviewing
from chikai.web.actions import rights as actions
from chikai.web.frame import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chikai.rights.review import Left, Review
    from chikai.web.console.access import StaffRequest
    from chikai.web.gathered import Gathered
    from chikai.web.models import Request


class Leave(forms.Form):
    """Further words, and the ground and reason for what is left out."""

    more = forms.CharField(
        label=gettext_lazy("More words to black out"),
        help_text=gettext_lazy("One on a line, as it stands in the text."),
        required=False,
        max_length=review.MOST_WORDS * 10,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground for what is left out"),
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Explanation for the person"),
        required=False,
        max_length=refusal.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [refusal.BY_ID[name] for name in review.GROUNDS]
        tongue = language()
        choices = [(g.id, f"{g.says.in_(tongue)}（{law.in_words(g.cite, tongue)}）") for g in found]
        ground = self.fields["ground"]
        ground.choices = choices  # type: ignore[attr-defined]  # a ChoiceField, as written above


def is_reviewed_here(row: Request) -> bool:
    """Whether a request is one whose gathered files an officer looks through."""
    return row.kind == "disclose" and row.state == "review" and row.approve_after is None


def shown(request: StaffRequest, row: Request) -> dict[str, Any]:
    """What the page of an approval shows of what was gathered; that an officer read it is recorded."""
    found = gathered.of_request(row)
    reviewing.record_look(of_staff(request.user), row, rows=found.rows)
    before = reviewing.stored(row, actions.key_of(row))
    proposed = {word.text for word in found.words}
    ticked = proposed if before is None else set(before.words)
    more = sorted(ticked - proposed)
    initial = {"more": "\n".join(more)}
    if before is not None:
        initial |= {"ground": before.ground, "text": before.text}
    left = {gathered.key_of_left(one) for one in before.left} if before else set()
    return {
        "gathered": found,
        "ticked": ticked,
        "left": left,
        "leave": Leave(request.POST or None, initial=initial),
    }


def said(post: Mapping[str, Any], found: Gathered, data: Mapping[str, str]) -> Review:
    """What the form says, as the rules take it."""
    lists: Any = post
    words = (*lists.getlist("word"), *data.get("more", "").splitlines())
    known = {gathered.key_of_left(one): one for one in found.known}
    left: tuple[Left, ...] = tuple(
        known.get(key, ("", key, "")) for key in map(_same, lists.getlist("left"))
    )
    return review.Review(words, left, data.get("ground", ""), data.get("text", ""))


def _same(key: str) -> str:
    try:
        return gathered.key_of_left(json.loads(key))
    except ValueError:
        return key


def keep(request: StaffRequest, row: Request) -> None:
    """Keep what the form says; BadInput when something is left out without a ground, and nothing is kept then."""
    found, form = gathered.of_request(row), Leave(request.POST)
    data = form.cleaned_data if form.is_valid() else {}
    decided = said(request.POST, found, data)
    by = of_staff(request.user)
    reviewing.review_request(by, row, decided, known=found.known, found=len(found.words))
