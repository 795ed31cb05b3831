"""Rights of persons and the meaning of clauses in the draft: how a right is handled here, what a clause is, what keeps it.

Clauses: 2.2, 5, 6.
Law: APPI Art. 32(1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chikai.policy import edit, kept, load
from chikai.policy.document import Clause, ClauseId, Right, RightKind, Text
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.console.policy_structure import keep, with_draft
from chikai.web.console.policy_structure_forms import called, clauses, words
from chikai.web.frame import language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chikai.policy.document import Document
    from chikai.policy.load import Draft
    from chikai.web.console.drafts import Read


class RightForm(forms.Form):
    """A right of persons as it is handled here."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=71)
    kind = forms.ChoiceField(label=gettext_lazy("Right"), choices=[])
    clause = forms.ChoiceField(
        label=gettext_lazy("Clause"), help_text=gettext_lazy("Where the policy says it.")
    )
    approvals = forms.IntegerField(
        label=gettext_lazy("How many officers approve"), min_value=0, max_value=2, initial=1
    )
    fee_yen = forms.IntegerField(
        label=gettext_lazy("Fee in yen"), min_value=0, max_value=1_000_000, initial=0
    )
    target_days = forms.IntegerField(
        label=gettext_lazy("Answered within days"), min_value=1, max_value=365, initial=14
    )
    identity_ja = words(gettext_lazy("How identity is checked, in Japanese"), required=False)
    identity_en = words(gettext_lazy("How identity is checked, in English"), required=False)
    agents = forms.BooleanField(
        label=gettext_lazy("An agent may ask for it"), required=False, initial=True
    )

    def offer(self, policy: Document, own: str) -> None:
        """Offer the clauses, and the rights that the policy does not tell yet."""
        self.fields["clause"].choices = clauses(policy)  # type: ignore[attr-defined]
        told = {right.kind for right in policy.rights} - {own}
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (k, kept.RIGHTS[k].in_(language())) for k in load.RIGHT_KINDS if k not in told
        ]

    @staticmethod
    def start(one: Right) -> dict[str, Any]:
        """Every field of the right."""
        return {
            "kind": one.kind,
            "clause": one.clause,
            "approvals": one.approvals,
            "fee_yen": one.fee_yen,
            "target_days": one.target_days,
            "identity_ja": one.identity.ja,
            "identity_en": one.identity.en,
            "agents": one.agents,
        }

    def made(self) -> Right:
        """The right that was meant."""
        data = self.cleaned_data
        return Right(
            kind=cast("RightKind", data["kind"]),
            clause=ClauseId(data["clause"]),
            approvals=data["approvals"],
            fee_yen=data["fee_yen"],
            identity=Text(data["identity_ja"], data["identity_en"]),
            agents=data["agents"],
            target_days=data["target_days"],
        )


class ClauseForm(forms.Form):
    """What a clause is about, and the parts of the product that keep it."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=71)
    kind = forms.ChoiceField(
        label=gettext_lazy("What the clause is about"), choices=[], required=False
    )
    by = forms.MultipleChoiceField(
        label=gettext_lazy("What keeps it"),
        help_text=gettext_lazy(
            "Tick nothing where nothing does yet: the page of the policy says so."
        ),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, clause: Clause) -> None:
        """Offer the kinds of clauses, and every mechanism with its sentence."""
        tongue = language()
        known = dict.fromkeys((*clause.by, *kept.MECHANISMS))
        offered = {
            "kind": [(str(kind), kept.MEANINGS[kind].in_(tongue)) for kind in load.CLAUSE_KINDS],
            "by": [(m, f"{kept.words_of(m).in_(tongue)} ({m})") for m in known],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
@with_draft
def right(request: StaffRequest, read: Read, kind: str = "") -> HttpResponse:
    """How one right is handled here, or one that the policy did not tell; a POST keeps it or takes it out."""
    policy = cast("Draft", read.draft).document
    before = next((one for one in policy.rights if one.kind == kind), None)
    if kind and before is None:
        raise Http404
    form = RightForm(request.POST or None, initial={"seen": policy.digest})
    form.offer(policy, kind)
    if before is not None:
        form.initial.update(form.start(before))
    if request.method == "POST" and request.POST.get("says") == "remove" and before is not None:
        return _changed(request, form, lambda policy: edit.with_right(policy, kind, None), {})
    context = {
        "noun": "right",
        "title": _("Add a right"),
        "one": {"name": kept.RIGHTS[before.kind]} if before else None,
        "follows": 0,
    }
    if request.method == "POST" and form.is_valid():
        made = form.made()
        return _changed(request, form, lambda policy: edit.with_right(policy, kind, made), context)
    return page(request, "console/policy_thing.html", "desk-policy", {**context, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
@with_draft
def meaning(request: StaffRequest, read: Read, clause: str) -> HttpResponse:
    """What one clause is about, and what keeps it."""
    policy = cast("Draft", read.draft).document
    found = next((one for one in policy.clauses if one.id == clause), None)
    if found is None:
        raise Http404
    start = {"seen": policy.digest, "kind": found.kind, "by": found.by}
    form = ClauseForm(request.POST or None, initial=start)
    form.offer(found)
    context = {"noun": "clause", "title": called(found)}
    if request.method == "POST" and form.is_valid():
        kind, ticked = form.cleaned_data["kind"], form.cleaned_data["by"]
        by = (*(m for m in found.by if m in ticked), *(m for m in ticked if m not in found.by))
        made = replace(found, kind=kind, by=by)
        return _changed(request, form, lambda policy: edit.with_clause(policy, made), context)
    return page(request, "console/policy_thing.html", "desk-policy", {**context, "form": form})


def _changed(
    request: StaffRequest,
    form: Any,
    change: Callable[[Document], Document],
    context: Mapping[str, object],
) -> HttpResponse:
    """Keep the change and go back, or show what went wrong on the form."""
    if keep(request, form, change):
        messages.success(request, _("The draft was changed. Nothing is published yet."))
        return redirect("policy-structure")
    return page(request, "console/policy_thing.html", "desk-policy", {**context, "form": form})
