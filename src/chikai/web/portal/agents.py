"""Asking for somebody else, as a parent, a guardian or by mandate: who acts, for whom, what is asked, and one document.

Whoever acts has opened a link in their own mailbox. They follow this one request as if it were theirs, and hear by mail how
it goes on; of the other person nothing else is shown to them. The desk looks at the document, finds whom it is about, and
tells the person. The answer opens to a statutory agent, and to a mandated one whose mandate says so. The document is
erased at the decision.

Clauses: 6.
Law: APPI Art. 37(3), APPI Art. 37(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chikai.errors import BadInput, WrongState
from chikai.rights import identity, paper
from chikai.web import fault_words, sign_in
from chikai.web.actions import PERSON, rights
from chikai.web.actions import portal as actions
from chikai.web.actions import rights_asked as care
from chikai.web.frame import language
from chikai.web.models import Person, Request
from chikai.web.models.people import own_id
from chikai.web.portal import access, services
from chikai.web.portal.requests import KINDS
from chikai.web.wishes import Wish

if TYPE_CHECKING:
    from chikai.web.portal.access import MeRequest

LONGEST: Final = 400
TRIES: Final = {"times": 5, "seconds": 60 * 60}


class ForAnother(forms.Form):
    """Who acts, as what, for whom, and the document that shows it; no more is asked."""

    agency = forms.ChoiceField(label=gettext_lazy("You act as"), widget=forms.RadioSelect)
    agent = forms.CharField(label=gettext_lazy("Your name"), max_length=LONGEST)
    whom = forms.CharField(
        label=gettext_lazy("For whom?"),
        help_text=gettext_lazy("The name, and how our services know them, such as a mail address."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    paper = forms.FileField(
        label=gettext_lazy("The document that shows it (PDF, PNG or JPEG, up to 5 MB)"),
        help_text=gettext_lazy("It is erased when the request is decided."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tongue = language()
        ways: Any = self.fields["agency"]
        ways.choices = [
            (name, f"{says.in_(tongue)}：{identity.PAPERS[name].in_(tongue)}")
            for name, says in identity.AGENCIES.items()
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@access.person_page
def new(request: MeRequest) -> HttpResponse:
    """First what is asked, then by whom and for whom."""
    policy = services.document()
    kind = request.POST.get("kind", "") or request.GET.get("kind", "")
    known = {str(r.kind): r for r in policy.rights if r.agents} if policy else {}
    kinds = [(name, label) for name, label in KINDS.items() if name in known]
    if not kind:
        return access.page(request, "portal/agent_kinds.html", "me-requests", {"kinds": kinds})
    if kind not in known or kind not in KINDS or policy is None:
        raise Http404
    form = ForAnother(request.POST or None, request.FILES or None)
    wish = Wish(request.POST or None, kind=kind, policy=policy)
    if request.method == "POST" and form.is_valid() and wish.is_valid():
        try:
            return _open(request, kind, form, wish)
        except (BadInput, WrongState) as fault:
            form.add_error(None, fault_words.said(fault))
    shown = {"kind": KINDS[kind], "id": kind, "form": form, "wish": wish, "right": known[kind]}
    status = 422 if request.method == "POST" else 200
    return access.page(request, "portal/agent_new.html", "me-requests", shown, status=status)


def _open(request: MeRequest, kind: str, form: ForAnother, wish: Wish) -> HttpResponse:
    if not sign_in.may_try("for-another", str(request.person.pk), **TRIES):
        raise BadInput("too many requests came from you", "try again in an hour, or ask the desk")
    address = actions.address_of(request.me, request.token)
    if not address:
        raise BadInput("nothing tells us where to write to you", "sign in by mail, then ask again")
    said, file = form.cleaned_data, form.cleaned_data["paper"]
    own = own_id(request.person, request.me.links)
    with transaction.atomic():
        events = rights.open_request(
            PERSON,
            person=None,
            kind=kind,
            note=said["whom"],
            reply_to=address,
            language=language(),
            asked=wish.given(),
            agency=said["agency"],
            agent=said["agent"],
            acts=Person.objects.get(pk=own) if own else None,
            acts_through=request.me.links,
            made_in=request.me.digest if request.me.shared else "",
        )
        row = Request.objects.get(number=events[0].facts["number"])
        care.hand_in_paper(PERSON, row, file.read(paper.LARGEST + 1), person=row.person)
    number = {"number": row.number}
    messages.success(request, _("We have received your request no. %(number)s.") % number)
    messages.info(request, _("Our desk looks at the document, and writes to your mail address."))
    return redirect("me-request", row.number)
