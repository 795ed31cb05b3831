"""The map of data: sources, their tables, their columns, and deciding what nobody has decided.

Clauses: 2.2, 4.1.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chikai.errors import ChikaiError, MapError, WrongState
from chikai.web.actions import maps, of_staff
from chikai.web.actions.sources import adopt_map
from chikai.web.console import drafts, forms, mapped, sources
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.frame import installed
from chikai.web.models import MapEdition

if TYPE_CHECKING:
    from chikai.sources.map import Map, TableMap

READERS: Final = ("officer", "engineer", "auditor")
A_PAGE: Final = 40


@require_safe
@staff_page(*READERS)
def show_all(request: StaffRequest) -> HttpResponse:
    """Every source, and how much of its map is decided."""
    return page(request, "console/map_list.html", "map", {"sources": sources.rows()})


@require_safe
@staff_page(*READERS)
def show_source(request: StaffRequest, name: str) -> HttpResponse:
    """The tables of one map, forty a page; only the open or the personal ones, or those with a word, where asked."""
    map_, edition = _map(name), MapEdition.objects.current(name)
    found = mapped.tables(map_, drafts.read().document)
    asked = request.GET
    only = "open" if "open" in asked else "personal" if "personal" in asked else ""
    q = asked.get("q", "").strip()
    shown = [t for t in found if _fits(t, only, q.lower())]
    context = {
        "source": name,
        "edition": edition,
        "in_force": edition is not None and edition.digest == map_.digest,
        "may_edit": request.user.has_role("engineer"),
        "only": only,
        "q": q,
        "counts": _counts(found),
        "tables": Paginator(shown, A_PAGE).get_page(asked.get("page")),
        "about": f"{only}=1&" if only else f"q={q}&" if q else "",
    }
    return page(request, "console/map_source.html", "map", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(*READERS)
def show_table(request: StaffRequest, name: str, table: str) -> HttpResponse:
    """One table with its columns; an engineer decides a column, or whose the rows are."""
    map_ = _map(name)
    found = _table(map_, table)
    if request.method == "POST":
        if not request.user.has_role("engineer"):
            raise PermissionDenied
        return _decide(request, name, found)
    document = drafts.read().document
    context = {
        "source": name,
        "table": mapped.table_of(map_, found, document),
        "columns": mapped.columns(map_, found, document),
        "items": document.categories if document else (),
        "why": maps.why(map_, table),
        "whose": forms.Whose(initial={"whose": found.whose}),
        "may_edit": request.user.has_role("engineer"),
    }
    return page(request, "console/map_table.html", "map", context)


@require_POST
@staff_page("engineer")
def adopt(request: StaffRequest, name: str) -> HttpResponse:
    """Put the map of the file into force. What is open stays open, and the ledger says how much."""
    map_ = _map(name)
    text = installed().map_of(name).read_text("utf-8")
    try:
        adopt_map(of_staff(request.user), map_, text, unfinished=True)
    except (MapError, WrongState) as error:
        messages.error(request, error.what)
    else:
        messages.success(request, _("The map is in force, and the ledger has its entry."))
    return redirect("map-source", name)


def _decide(request: StaffRequest, name: str, table: TableMap) -> HttpResponse:
    by, path = of_staff(request.user), installed().map_of(name)
    column = request.POST.get("column", "")
    try:
        if column:
            maps.decide_column(by, path, name, table.name, column, request.POST.get("category", ""))
        else:
            maps.decide_whose(by, path, name, table.name, request.POST.get("whose", ""))
    except ChikaiError as error:
        messages.error(request, error.what)
        return redirect("map-table", name, table.name)
    if column and request.headers.get("HX-Request"):
        return _column(request, name, table.name, column)
    messages.success(request, _("Your decision stands in the map's file."))
    where = reverse("map-table", args=[name, table.name])
    return redirect(f"{where}#col-{column}" if column else where)


def _column(request: StaffRequest, name: str, table: str, column: str) -> HttpResponse:
    map_, document = _map(name), drafts.read().document
    found = _table(map_, table)
    context: dict[str, Any] = {
        "source": name,
        "table": mapped.table_of(map_, found, document),
        "column": next(c for c in mapped.columns(map_, found, document) if c.map.name == column),
        "items": document.categories if document else (),
        "may_edit": True,
        "said": _("%(column)s is decided.") % {"column": column},
    }
    return render(request, "console/map_column.html", context)


def _map(name: str) -> Map:
    sources.row(name)
    found = maps.read(installed().map_of(name))
    if found is None:
        raise Http404
    return found


def _table(map_: Map, table: str) -> TableMap:
    if table not in map_.by_name:
        raise Http404
    return map_.by_name[table]


def _fits(table: mapped.Table, only: str, word: str) -> bool:
    if only == "open" and not table.undecided:
        return False
    if only == "personal" and not table.map.personal:
        return False
    named = [table.map.name, *(column.name for column in table.map.columns)]
    return not word or any(word in name.lower() for name in named)


def _counts(found: list[mapped.Table]) -> dict[str, int]:
    return {
        "all": len(found),
        "open": sum(table.open + (table.map.whose == "unknown") for table in found),
        "personal": sum(table.map.personal for table in found),
    }
