"""The sources: how each is, what it lets us do, its work, and connecting a new one.

No page opens a source: a worker does, and the page shows how far it is.

Clauses: 1.2, 2.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chikai import home
from chikai.errors import BadInput, WrongState
from chikai.sources import grants, mapfile
from chikai.sources.catalogue import Catalogue, Table
from chikai.web import fault_words
from chikai.web.actions import of_staff, work
from chikai.web.actions.sources import add_source
from chikai.web.console import counts, forms
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.frame import installed
from chikai.web.models import Job, MapEdition, SourceEpoch

if TYPE_CHECKING:
    from chikai.sources.config import SourceConfig

READERS: Final = ("officer", "engineer", "auditor")
VERBS: Final = {
    "scan": work.ask_scan,
    "drift": work.ask_drift,
    "sync": work.ask_sync,
    "replay": work.ask_replay,
    "lift": work.ask_lift,
    "restored": work.ask_restored,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One source with its map in force and its last work."""

    config: SourceConfig
    map: MapEdition | None
    job: Job | None
    proposed: bool

    @property
    def decided(self) -> int:
        """How many columns of the map in force are decided."""
        return max(0, self.map.columns - self.map.undecided) if self.map else 0

    @property
    def health(self) -> str:
        """One word for the page: `failed`, `running`, `drifted`, `open`, `good`, or `new`."""
        if self.job and self.job.state in ("todo", "running"):
            return "running"
        if self.job and self.job.state == "failed":
            return "failed"
        if self.map is None:
            return "proposed" if self.proposed else "new"
        if self.map.drift:
            return "drifted"
        return "open" if self.map.undecided else "good"


def rows() -> list[Row]:
    """Every source of `chikai.toml`."""
    maps, here = counts.maps(), installed()
    last = {str(job.about.get("source")): job for job in Job.objects.order_by("asked_at")}
    return [
        Row(config, maps.get(name), last.get(name), here.map_of(name).exists())
        for name, config in here.sources.items()
    ]


def row(name: str) -> Row:
    """One source; 404 where there is none of this name."""
    found = next((row for row in rows() if row.config.name == name), None)
    if found is None:
        raise Http404
    return found


@require_safe
@staff_page(*READERS)
def show_all(request: StaffRequest) -> HttpResponse:
    """Every source with mode and health."""
    return page(request, "console/source_list.html", "sources", {"sources": rows()})


@require_safe
@staff_page(*READERS)
def show(request: StaffRequest, name: str) -> HttpResponse:
    """One source: where it is, the grants that it needs, and its work."""
    found = row(name)
    context = {
        "row": found,
        "grants": granted(found.config),
        "advice": advised(found.config),
        "standing": SourceEpoch.objects.quarantined().filter(source=name).first(),
        "jobs": Job.objects.filter(about__source=name).order_by("-asked_at")[:10],
    }
    return page(request, "console/source_show.html", "sources", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("engineer")
def connect(request: StaffRequest) -> HttpResponse:
    """Name a database, see the statements that make its least role, then connect it."""
    form = forms.Connect(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "sure" not in request.POST:
            source = form.source
            seen = {"form": form, "config": source, "grants": granted(source)}
            seen["advice"] = advised(source)
            return page(request, "console/source_confirm.html", "sources", seen)
        try:
            return redirect("job", _connected(request, form))
        except (BadInput, WrongState) as error:
            form.add_error(None, fault_words.said(error))
    services = counts.services()
    context = {"form": form, "services": services}
    return page(request, "console/source_connect.html", "sources", context)


@require_POST
@staff_page("officer", "engineer")
def ask(request: StaffRequest, name: str, verb: str) -> HttpResponse:
    """Ask for work about a source: read it, compare it, or read its identity tables."""
    if verb not in VERBS:
        raise Http404
    config = row(name).config
    if verb == "restored" and "sure" not in request.POST:
        messages.error(request, _("Tick that you are sure: uses of this service stop at once."))
        return redirect("source-mode", config.name)
    return redirect("job", VERBS[verb](of_staff(request.user), name))


def granted(config: SourceConfig) -> list[str]:
    """The statements for the role that the address names: exact once a map is in force, enough to scan before."""
    if config.kind != "sql":
        return []
    edition = MapEdition.objects.current(config.name)
    map_ = mapfile.parse(edition.text, where=config.name) if edition else None
    known = tuple(Table(t.name, ()) for t in map_.tables) if map_ else ()
    try:
        lines = grants.statements(
            Catalogue(config.dialect, known), map_, role=_role(config), mode=config.mode,
            dialect=config.dialect, schema=config.schema,
            database=unquote(urlsplit(config.url).path.strip("/")),
        )  # fmt: skip
    except BadInput:
        return []
    return [f"{line};" for line in lines]


def advised(config: SourceConfig) -> tuple[str, ...]:
    """What remains to be done by hand."""
    if config.kind != "sql":
        return ()
    return grants.advice(role=_role(config), mode=config.mode, dialect=config.dialect)


def _role(config: SourceConfig) -> str:
    return unquote(urlsplit(config.url).username or "") or grants.ROLE


def _connected(request: StaffRequest, form: forms.Connect) -> object:
    by, data = of_staff(request.user), form.cleaned_data
    config = form.source
    table = {"service": config.service, "url": config.url, "mode": config.mode}
    if data["password_file"]:
        table["password_file"] = data["password_file"]
    add_source(by, config, None)
    home.add_source(installed(), config.name, table)
    messages.success(request, _("The source was added. Its catalogue is being read."))
    return work.ask_scan(by, config.name)
