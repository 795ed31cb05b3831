"""Partners: each recipient of the policy with its contract, its last day, and what went to it.

Clauses: 4.1, 4.2.
Law: APPI Art. 25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.policy import stored
from chikai.policy.kept import RECIPIENTS
from chikai.provision.contract import Contract
from chikai.web import fault_words
from chikai.web.actions import of_staff
from chikai.web.actions import provision as actions
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.frame import language
from chikai.web.models import Edition
from chikai.web.models.provision import ProvisionRecord, RegisteredContract

if TYPE_CHECKING:
    from chikai.policy.document import Document

SOON: Final = 60  # days
ROUTES: Final = [
    ("", gettext_lazy("in Japan: none is needed")),
    ("equal_country", gettext_lazy("a country that the rules name as equal")),
    ("equal_system", gettext_lazy("an equal system, which we have checked")),
    ("consent", gettext_lazy("the person's consent to provision abroad")),
]


class Sign(forms.Form):
    """A contract as it was signed."""

    recipient = forms.ChoiceField(label=gettext_lazy("Recipient"))
    since = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("This day counts. Empty: until it is ended."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    secrecy = forms.BooleanField(
        label=gettext_lazy("The contract binds the recipient to secrecy"), required=False
    )
    route = forms.ChoiceField(label=gettext_lazy("Way abroad"), choices=ROUTES, required=False)
    paper = forms.CharField(
        label=gettext_lazy("Where the signed paper lies"), max_length=200, required=False
    )

    def offer(self, policy: Document) -> None:
        """Offer the recipients of the policy."""
        named = [(r.id, r.name.in_(language())) for r in policy.recipients]
        self.fields["recipient"].choices = named  # type: ignore[attr-defined]


@require_safe
@staff_page("officer", "desk", "auditor")
def show(request: StaffRequest) -> HttpResponse:
    """Every recipient of the policy, with the contract that counts today."""
    policy = _policy()
    context = {"partners": _partners(policy) if policy else []}
    return page(request, "console/partner_list.html", "partners", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def sign(request: StaffRequest) -> HttpResponse:
    """Register a contract."""
    policy = _policy()
    if policy is None:
        return redirect("partners")
    form = Sign(request.POST or None)
    form.offer(policy)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        country = next(r.country for r in policy.recipients if r.id == data["recipient"])
        contract = Contract(
            data["recipient"], data["since"], data["until"], data["secrecy"], country, data["route"]
        )
        try:
            actions.register_contract(of_staff(request.user), contract, paper=data["paper"])
        except (BadInput, WrongState) as fault:
            form.add_error(None, fault_words.said(fault))
        else:
            messages.success(request, _("The contract was registered."))
            return redirect("partners")
    return page(request, "console/partner_sign.html", "partners", {"form": form})


def _policy() -> Document | None:
    edition = Edition.objects.current()
    return stored.document(bytes(edition.canonical)) if edition else None


def _partners(policy: Document) -> list[dict[str, Any]]:
    today = clock.day_in_japan(clock.now())
    names = {c.id: c.name for c in policy.categories}
    made = {
        row["recipient"]: row
        for row in ProvisionRecord.objects.values("recipient").annotate(
            n=Count("pk"), last=Max("at")
        )
    }
    held = {row.recipient: row for row in RegisteredContract.objects.order_by("number")}
    found = []
    for recipient in policy.recipients:
        row = held.get(recipient.id)
        rule = row.as_rule() if row else None
        left = rule.days_left(today) if rule else None
        found.append(
            {
                "recipient": recipient,
                "basis": RECIPIENTS[recipient.kind],
                "contract": row,
                "in_force": bool(rule and rule.in_force(today)),
                "left": left,
                "soon": left is not None and 0 <= left <= SOON,
                "items": [names[c] for c in recipient.categories],
                "made": made.get(recipient.id),
            }
        )
    return found
