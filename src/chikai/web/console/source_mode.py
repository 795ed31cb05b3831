"""How far we may go in a source: what waits there with its counts, the way back, and the presses that move it.

Less is one press by one person, at once. Writing is asked for by one and begun by another; one officer alone waits a day.

Clauses: 5, 6.
Law: APPI Art. 23, APPI Art. 24.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chikai import clock
from chikai import home as homes
from chikai.errors import ChikaiError
from chikai.rights import approval
from chikai.web import fault_words
from chikai.web.actions import first_writes, of_staff
from chikai.web.console import sources
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.models import Order, SourceEpoch, Step
from chikai.web.models.installation import works_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from chikai.ledger.events import Event
    from chikai.sources.config import Mode, SourceConfig

LESS: Final[dict[str, Mode]] = {"observe": "observe", "shadow": "shadow"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an open request would change in a source: its number, what it does, and how many rows were counted."""

    number: str
    kind: str
    rows: int


def waiting(name: str) -> list[Waiting]:
    """What open requests would change there, as it was counted."""
    steps = Step.objects.filter(
        source=name, action__in=("count", "look"), request__state__in=("gathering", "review")
    )
    return [
        Waiting(s.request.number, s.request.kind, s.rows) for s in steps.select_related("request")
    ]


@require_safe
@staff_page(*sources.READERS)
def show(request: StaffRequest, name: str) -> HttpResponse:
    """The mode, what waits there, and the presses."""
    row = sources.row(name)
    known = SourceEpoch.objects.filter(source=name).first()
    context: dict[str, Any] = {
        "row": row,
        "wanted": known if known and known.wanted_at else None,
        "after": known.wanted_at + approval.WAIT if known and known.wanted_at else None,
        "alone": works_alone(),
        "waiting": waiting(name),
        "seen": bool(known and known.seen_at),
        "orders": Order.objects.of(name).count(),
        "may_write": row.config.opened and row.map is not None,
        "now": clock.now(),
    }
    return page(request, "console/source_mode.html", "sources", context)


@require_POST
@staff_page("officer", "engineer")
def move(request: StaffRequest, name: str, to: str) -> HttpResponse:
    """Go back at once, ask that it be written to, or begin to write."""
    config, by = sources.row(name).config, of_staff(request.user)
    try:
        if less := LESS.get(to):
            _write(config, less, lambda: first_writes.set_mode(by, config, less))
        elif to == "want":
            first_writes.want_writes(by, config)
        elif to == "enforce":
            _write(config, "enforce", lambda: first_writes.begin_writes(by, config))
        else:
            raise Http404
    except ChikaiError as fault:
        messages.error(request, fault_words.said(fault))
    except OSError:
        messages.error(request, _("`chikai.toml` cannot be written from the pages."))
    else:
        messages.success(request, _("It was done, and the ledger keeps it."))
    return redirect("source-mode", name)


def _write(config: SourceConfig, mode: Mode, verb: Callable[[], Event]) -> None:
    if not os.access(settings.HOME.path, os.W_OK):  # before anything is recorded
        raise PermissionError
    verb()
    homes.set_mode(settings.HOME, config.name, mode)
