"""What an erasure comes to, as pages show it: rows by place and table, and what other laws keep until which day.

Before the decision it is what was counted, afterwards what was done.

Clauses: 5, 6.
Law: APPI Art. 22, APPI Art. 35(2), APPI Art. 35(6), APPI Art. 35(7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from chikai import clock
from chikai.errors import WrongState
from chikai.policy.document import Text
from chikai.rights import holds
from chikai.sources.protocol import Kept
from chikai.web import maps
from chikai.web.actions import forgetting
from chikai.web.actions.rights import is_written
from chikai.web.models import Edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chikai.web.models import Request, Step

SHOWN: Final = 2  # of the information in a table, as much as a sentence carries


@dataclass(frozen=True, slots=True)
class Place:
    """What an erasure takes from one place: rows by table where they were counted, and whether people do it there.

    `said` is how many records somebody wrote down of a place that no program reads.
    """

    source: str
    tables: tuple[tuple[str, int], ...] = ()
    by_hand: bool = False
    said: int | None = None

    @property
    def rows(self) -> int:
        """How many records there are."""
        return sum(n for _, n in self.tables) if self.said is None else self.said


@dataclass(frozen=True, slots=True)
class Days:
    """The three facts of an erasure of everything, each with its day; `key` may lie ahead, `key_done` says whether it does.

    `backups` is the day of the last backup of the services, `own` that of our own, None where nobody has set how long.
    """

    services: date
    key: date
    key_done: bool
    backups: date | None
    own: date | None


@dataclass(frozen=True, slots=True)
class Erased:
    """Each place, whether what was there is gone, a sentence for each kind of rows that a law keeps, and the days.

    `referred` says of which rows the person must ask the service's customer, for whom we only hold them.
    """

    places: tuple[Place, ...]
    kept: tuple[Text, ...]
    is_done: bool
    days: Days | None = None
    referred: tuple[Text, ...] = ()


def of_request(request: Request) -> Erased | None:
    """What an erasure takes, or has taken; None for every other request, and before the count."""
    if request.kind != "erase":
        return None
    steps = sorted(request.steps.all(), key=lambda step: step.ord)
    after = [s for s in steps if s.action in ("erase", "manual")]
    shown = after or [s for s in steps if s.action in ("count", "hand") and s.state == "done"]
    if not shown:
        return None
    is_done = bool(after) and all(step.state == "done" for step in after)
    kept = tuple(_said(*kept, whole=request.whole) for kept in _by_law(shown))
    days = _days(request, shown) if is_done and request.forget_on else None
    return Erased(tuple(map(_place, shown)), kept, is_done, days, tuple(_referred(steps)))


def _referred(steps: Iterable[Step]) -> Iterator[Text]:
    """The rows that are held for whoever has the contract for the service, such as a person's company."""
    found: dict[tuple[str, str], tuple[Step, int]] = {}
    for step in steps:
        for table, rows in step.found.get("referred", {}).items():
            found[step.source, table] = step, rows
    for (_, table), (step, rows) in sorted(found.items(), key=lambda one: one[0]):
        named = _named(step, table)
        yield Text(
            f"{named.ja}のうち{rows}件は、サービスをご契約の会社などのためにお預かりしているものです。"
            "わたしたちは消去できませんので、そのご契約者にお申し出ください。",
            f"{rows} of {named.en} are held for whoever has the contract for the service, such as your company. "
            "We may not erase these; please ask them.",
        )


def _days(request: Request, steps: list[Step]) -> Days | None:
    if request.forget_on is None:
        return None
    ends = [clock.day_in_japan(step.done_at) for step in steps if step.done_at]
    gone, done = max(ends), request.forgotten_at
    key = clock.day_in_japan(done) if done else request.forget_on + timedelta(days=1)
    read = [step.source for step in steps if step.file or step.action == "erase"]
    return Days(
        services=gone,
        key=key,
        key_done=done is not None,
        backups=forgetting.last_backup_of(read, gone),
        own=forgetting.last_backup(key),
    )


def _place(step: Step) -> Place:
    unread = step.action == "hand" or (step.action == "manual" and not step.file)
    if unread:
        said = step.rows if step.action == "manual" and step.state == "done" else None
        return Place(step.source, by_hand=True, said=said)
    by_hand = step.action == "manual" or (step.action == "count" and not is_written(step))
    return Place(step.source, tuple(_rows(step).items()), by_hand)


def _rows(step: Step) -> dict[str, int]:
    found: dict[str, int] = step.found.get("erased") or step.found.get("rows", {})
    return found


def _by_law(steps: list[Step]) -> list[tuple[Kept, Text]]:
    """What is kept of each table by each law until each day: one day for all would keep some too long."""
    found: dict[tuple[str, str, str, str], int] = {}
    names: dict[tuple[str, str], Text] = {}
    for step in steps:
        for table, rows, law, until in step.found.get("kept", ()):
            at = (step.source, table, law, until)
            found[at] = found.get(at, 0) + rows
            names[step.source, table] = _named(step, table)
    return [
        (Kept(table, rows, law, date.fromisoformat(until)), names[source, table])
        for (source, table, law, until), rows in sorted(found.items())
    ]


def _named(step: Step, table: str) -> Text:
    """The rows of a table in the words of the policy: the service, and which information stands in them."""
    policy = Edition.objects.document()
    config = settings.HOME.sources.get(step.source)
    service = config.service if config else step.service or step.source
    known = policy.service(service) if policy else None
    name = known.name if known else Text(service, service)
    try:
        held = maps.map_named(step.source, step.plan_digest).by_name.get(table)
    except WrongState:  # the map is gone that the plan was made for
        held = None
    stays = {*held.hold.columns} if held and held.hold else set()
    ids = dict.fromkeys(
        c.category for c in (held.columns if held else ()) if not stays or c.name in stays
    )
    items = [found.name for id_ in ids if policy and (found := policy.category(id_))]
    if not items:
        return Text(f"{name.ja}の記録", f"the records of {name.en}")
    more = len(items) > SHOWN
    ja = "、".join(item.ja for item in items[:SHOWN]) + ("など" if more else "")
    en = ", ".join(item.en for item in items[:SHOWN]) + (" and more" if more else "")
    return Text(f"{name.ja}の記録（{ja}）", f"the records of {name.en} ({en})")


def _said(kept: Kept, named: Text, *, whole: bool) -> Text:
    ja, en = (holds.in_words(kept, named, tongue, stopped=whole) for tongue in ("ja", "en"))
    return Text(ja, en)
