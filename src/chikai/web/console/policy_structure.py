"""The structure of the draft, changed in the console: services, items, purposes, recipients, who answers, and uses.

Only the draft in the folder is written. What is published stays as it is until two officers publish another edition.

Clauses: 2.2, 2.3.
Law: APPI Art. 17(1).
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from chikai.errors import ChikaiError
from chikai.policy import edit, kept, pairing
from chikai.web.actions import of_staff, policy_draft
from chikai.web.console import drafts
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.console.policy import said
from chikai.web.console.policy_operator import OperatorForm
from chikai.web.console.policy_structure_forms import FORMS, called

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    from chikai.policy.document import Document
    from chikai.policy.edit import Noun, Thing
    from chikai.policy.findings import Finding
    from chikai.policy.load import Draft
    from chikai.web.console.drafts import Read

P = ParamSpec("P")
NAMES: Final[dict[Noun, tuple[_StrPromise, _StrPromise]]] = {
    "service": (gettext_lazy("Services"), gettext_lazy("Add a service")),
    "category": (gettext_lazy("Data items"), gettext_lazy("Add a data item")),
    "purpose": (gettext_lazy("Purposes"), gettext_lazy("Add a purpose")),
    "recipient": (gettext_lazy("Recipients"), gettext_lazy("Add a recipient")),
}
BESIDE: Final = 5  # findings that stand beside the structure


def with_draft(
    view: Callable[Concatenate[StaffRequest, Read, P], HttpResponse],
) -> Callable[Concatenate[StaffRequest, P], HttpResponse]:
    """A page about a draft that reads; where the files do not, the page of the policy says why."""

    @wraps(view)
    def asked(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        read = drafts.read()
        if read.draft is None:
            return redirect("desk-policy")
        return view(request, read, *args, **kwargs)

    return cast("Callable[Concatenate[StaffRequest, P], HttpResponse]", asked)


@require_safe
@staff_page("officer")
@with_draft
def show(request: StaffRequest, read: Read) -> HttpResponse:
    """Everything that the structure holds, with what the lint says beside it, and what it still lacks."""
    policy = _policy(read)
    waiting = [f for f in read.waiting if f.severity != "info"]
    context = {
        "policy": policy,
        "groups": [_group(noun, read) for noun in edit.NOUNS],
        "rights": [
            (r, kept.RIGHTS[r.kind], pairing.called(policy.clause(r.clause))) for r in policy.rights
        ],
        "clauses": [
            (c, called(c), kept.MEANINGS[c.kind] if c.kind else "") for c in policy.clauses
        ],
        "unused": edit.unused(policy),
        "waiting": waiting[:BESIDE],
        "more": max(0, len(waiting) - BESIDE),
    }
    return page(request, "console/policy_structure.html", "desk-policy", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
@with_draft
def thing(request: StaffRequest, read: Read, noun: Noun, id_: str = "") -> HttpResponse:
    """One thing of the structure, or a new one where there is no id; a POST keeps it or takes it out."""
    policy = _policy(read)
    before = edit.thing(policy, noun, id_) if noun in FORMS else None
    if noun not in FORMS or (id_ and before is None):
        raise Http404
    form = FORMS[noun](request.POST or None, initial={"seen": policy.digest})
    form.offer(policy)
    if before is not None:
        form.initial.update(form.start(before))
    if request.method == "POST" and request.POST.get("says") == "remove" and before is not None:
        return _remove(request, noun, id_)
    if request.method == "POST" and form.is_valid():
        made = form.made(id_ or edit.free_id(policy, noun), before)
        if keep(request, form, lambda policy: edit.put(policy, noun, made)):
            messages.success(request, _("The draft was changed. Nothing is published yet."))
            return redirect("policy-structure")
    context = {
        "form": form,
        "noun": noun,
        "title": NAMES[noun][1],
        "one": before,
        "findings": _about(read, noun, before) if before else [],
        "follows": _follows(policy, noun, id_) if before else 0,
    }
    return page(request, "console/policy_thing.html", "desk-policy", context)


def _remove(request: StaffRequest, noun: Noun, id_: str) -> HttpResponse:
    """Take a thing out of the draft; where the draft changed meanwhile, show the thing again."""
    try:
        policy_draft.restructure(
            of_staff(request.user),
            seen=request.POST.get("seen", ""),
            change=lambda policy: edit.without(policy, noun, id_),
        )
    except ChikaiError as fault:
        messages.error(request, " ".join(said(fault)))
        return redirect("policy-thing", noun, id_)
    messages.success(request, _("It was taken out of the draft."))
    return redirect("policy-structure")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
@with_draft
def operator(request: StaffRequest, read: Read) -> HttpResponse:
    """Who answers, how the desk is reached, and the days that the policy names."""
    policy = _policy(read)
    start = {**OperatorForm.start(policy), "seen": policy.digest}
    form = OperatorForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and keep(request, form, form.changed):
        messages.success(request, _("The draft was changed. Nothing is published yet."))
        return redirect("policy-structure")
    return page(request, "console/policy_thing.html", "desk-policy", {"form": form})


def keep(request: StaffRequest, form: Any, change: Callable[[Document], Document]) -> bool:
    """Write the change of the draft that the page showed; what went wrong is said on the form."""
    seen = request.POST.get("seen", "")
    try:
        policy_draft.restructure(of_staff(request.user), seen=seen, change=change)
    except ChikaiError as fault:
        form.add_error(None, said(fault))
        return False
    return True


def _policy(read: Read) -> Document:
    return cast("Draft", read.draft).document


def _group(noun: Noun, read: Read) -> dict[str, Any]:
    """The things of one kind, each with its clause and how many findings wait about it."""
    policy = _policy(read)
    title, add = NAMES[noun]
    rows = []
    for one in edit.things(policy, noun):
        clause = policy.clause(getattr(one, "clause", ""))
        waits = [f for f in _about(read, noun, one) if not f.is_accepted and f.severity != "info"]
        rows.append(
            {
                "one": one,
                "clause": pairing.called(clause),
                "findings": len(waits),
                "unused": noun == "purpose" and one in edit.unused(policy),
            }
        )
    return {"noun": noun, "title": title, "add": add, "rows": rows}


def _about(read: Read, noun: Noun, one: Thing) -> list[Finding]:
    """What the lint finds about a thing, by its place in the file, or about its clause."""
    place = cast("Draft", read.draft).places.get(f"{noun}:{one.id}")
    clause = getattr(one, "clause", "")
    return [f for f in read.findings if f.place == place or (clause and f.clause == clause)]


def _follows(policy: Document, noun: Noun, id_: str) -> int:
    """How many other things name this one, and would no longer."""
    left = edit.without(policy, noun, id_)
    pairs = (
        *zip(
            (p for p in policy.purposes if (noun, p.id) != ("purpose", id_)),
            left.purposes,
            strict=True,
        ),
        *zip(
            (r for r in policy.recipients if (noun, r.id) != ("recipient", id_)),
            left.recipients,
            strict=True,
        ),
    )
    return sum(was != now for was, now in pairs)
