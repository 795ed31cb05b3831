"""Who may open which page, and the frame that each page of the console stands in.

Clauses: 1.2, 6.
Law: APPI Art. 24.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chikai.web.console import counts, forms
from chikai.web.frame import installation
from chikai.web.models import Staff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrPromise

P = ParamSpec("P")
ANY: Final = ("officer", "desk", "engineer", "auditor")
READERS: Final[dict[str, tuple[str, ...]]] = {
    "desk": ANY,
    "desk-policy": ANY,
    "map": ("officer", "engineer", "auditor"),
    "sources": ("officer", "engineer", "auditor"),
    "people": ("officer", "desk", "auditor"),
    "requests": ("officer", "desk", "auditor"),
    "inquiries": ("officer", "desk", "auditor"),
    "partners": ("officer", "desk", "auditor"),
    "ledger": ("officer", "auditor"),
    "staff": ("officer", "auditor"),
}


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff."""

    user: Staff  # the decorator has sent everybody else away


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu."""

    name: str
    label: _StrPromise
    icon: str
    address: str = ""
    count: int = 0
    counted: str = ""
    hot: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines of the menu under a heading."""

    title: str
    items: list[Item]


def staff_page(
    *roles: str,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """A page for signed-in staff who hold one of these roles."""

    def make(
        view: Callable[Concatenate[StaffRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if installation() is None:
                return redirect("setup")
            user = request.user
            if not isinstance(user, Staff):
                return redirect_to_login(request.get_full_path(), reverse("sign-in"))
            if not user.has_role(*roles):
                raise PermissionDenied
            return view(cast("StaffRequest", request), *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", guarded)

    return make


def page(
    request: HttpRequest, template: str, here: str, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A page of the console with its menu; 422 where it gives a form back that cannot be read."""
    groups = menu(cast("Staff", request.user), request)
    frame = {
        "here": here,
        "menu_groups": groups,
        "menu": [item for group in groups for item in group.items],
    }
    context = context or {}
    status = forms.status(request, context)
    return render(request, template, {**frame, **context}, status=status)


def menu(staff: Staff, request: HttpRequest) -> list[Group]:
    """The pages that this member of staff may open."""
    open_columns, drifted = counts.map_notes()
    asked, asking = counts.inquiries(), counts.requests()
    lines = {
        "": [
            Item("desk", gettext_lazy("Overview"), "house"),
            Item(
                "requests",
                gettext_lazy("Requests"),
                "scroll-text",
                count=asking,
                counted=ngettext("request is open", "requests are open", asking),
            ),
            Item(
                "inquiries",
                gettext_lazy("Inquiries"),
                "mail",
                count=asked,
                counted=ngettext("inquiry waits", "inquiries wait", asked),
            ),
        ],
        _("Promise"): [
            Item("desk-policy", gettext_lazy("Policy"), "scroll-text"),
            Item(
                "map",
                gettext_lazy("Map of data"),
                "map",
                count=open_columns,
                counted=ngettext("column open", "columns open", open_columns),
            ),
            Item(
                "sources",
                gettext_lazy("Sources"),
                "database",
                count=drifted,
                counted=ngettext("source drifted", "sources drifted", drifted),
                hot=True,
            ),
            Item("people", gettext_lazy("Persons"), "users-round"),
            Item("partners", gettext_lazy("Partners"), "link"),
        ],
        _("Evidence"): [Item("ledger", gettext_lazy("Ledger"), "book-lock")],
        _("Installation"): [Item("staff", gettext_lazy("Staff"), "key-round")],
    }
    groups = []
    for title, items in lines.items():
        seen = [_placed(item) for item in items if staff.has_role(*READERS[item.name])]
        if seen:
            groups.append(Group(title, seen))
    return groups


def _placed(item: Item) -> Item:
    return Item(
        item.name, item.label, item.icon, reverse(item.name), item.count, item.counted, item.hot
    )
