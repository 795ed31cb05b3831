"""What shows today that a clause is kept: its state in words and its newest entry of the ledger, beside its mechanisms.

The mechanisms stand in the published bytes; this is put beside them when the page is asked for, and the stored bytes
stay as they are. Evidence of a clause are the events of the verbs that its `by` names. A clause is failing while
something of it is late, has drifted or does not hold together, whatever else went well.

Clauses: 1.1.
Law: APPI Art. 21(1), APPI Art. 32(1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chikai import clock
from chikai.web import event_words, traces
from chikai.web.models import Inquiry, Request
from chikai.web.models.ledger import Log, counted
from chikai.web.models.sources import MapEdition
from chikai.web.templatetags.pages import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

    from chikai.policy.document import Document
    from chikai.web.models.ledger import Counted

_HOW: Final = re.compile(
    r'id="c-(?P<clause>[^"]+)">'
    r'|(?P<head><details class="kept"><summary>[^<]*)(?P<rest><span class="vh">[^<]*</span></summary>\n)'
)
WORDS: Final[Mapping[str, tuple[str, _StrPromise]]] = {
    "working": ("ok", gettext_lazy("working")),
    "none": ("", gettext_lazy("no evidence yet")),
    "failing": ("danger", gettext_lazy("failing")),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The state of a clause, its newest kind of event with its count, and what fails."""

    state: str
    newest: Counted | None
    count: int
    fails: tuple[str, ...]


def of_clauses(policy: Document, now: datetime) -> dict[str, Evidence]:
    """The evidence of each clause that names a mechanism."""
    entries, faults = counted(), _faults(now)
    return {
        clause.id: _of(policy.kept_by(clause), entries, faults)
        for clause in policy.clauses
        if policy.kept_by(clause)
    }


def _of(modules: Iterable[str], entries: Iterable[Counted], faults: Mapping[str, str]) -> Evidence:
    named = {*modules}
    mine = traces.left_by(named, entries)
    newest = max(mine, key=lambda e: e.last, default=None)
    fails = tuple(said for module, said in faults.items() if module in named and said)
    state = "failing" if fails else "working" if newest else "none"
    return Evidence(state, newest, sum(e.count for e in mine), fails)


def _faults(now: datetime) -> dict[str, str]:
    """What fails today, by the module whose verbs would mend it."""
    today = clock.day_in_japan(now)
    late = Request.objects.open().filter(due_on__lt=today).exists()
    unanswered = Inquiry.objects.waiting().filter(due_on__lt=today).exists()
    newest = {row.source: row.drift for row in MapEdition.objects.defer("text").order_by("id")}
    log = Log.objects.current()
    return {
        "web.actions.rights": _("a request is past its day") if late else "",
        "web.actions.inquiry": _("an inquiry is past its day") if unanswered else "",
        "web.actions.maps": _("a source has left its map") if any(newest.values()) else "",
        "web.actions.ledger": _("the record is closed and is looked into")
        if log is not None and log.closed_at
        else "",
    }


def put(fragment: str, policy: Document, now: datetime) -> str:
    """A page of the policy with the state and the newest evidence beside the mechanisms of each clause."""
    found, at = of_clauses(policy, now), [""]

    def beside(match: re.Match[str]) -> str:
        if match["clause"]:
            at[0] = match["clause"]
            return match[0]
        one = found.get(at[0])
        return match[0] if one is None else f"{match['head']}{_tag(one)}{match['rest']}{_line(one)}"

    return _HOW.sub(beside, fragment)


def _tag(one: Evidence) -> SafeString:
    name, word = WORDS[one.state]
    return format_html(' <span class="tag {}">{}</span>', name, word)


def _line(one: Evidence) -> SafeString:
    parts = [format_html("{}", said) for said in one.fails]
    if one.newest is None:
        parts.append(format_html("{}", _("Nothing stands in the ledger for it yet.")))
    else:
        newest = format_html(
            "{}: {}, {}",
            _("Newest evidence"),
            event_words.sentence(one.newest.kind),
            moment(one.newest.last),
        )
        entries = _("%(n)s entries in all") % {"n": f"{one.count:,}"}
        parts.append(format_html("{} ({})", newest, entries))
    joint = mark_safe("<br>")
    said = joint.join(parts)
    return format_html('<p class="shown">{}</p>\n', mark_safe(said))  # noqa: S308 - escaped parts
