"""What the doctor looks at for requests: books, enough officers, and whether our own database stands behind the sources.

Law: APPI Art. 22, APPI Art. 35(2).
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Final, Literal

from chikai import clock, home
from chikai.errors import ConfigError
from chikai.sources import holding
from chikai.sources.config import BACKUP_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.home import Home
    from chikai.sources.map import Map
    from chikai.sources.protocol import Source

WAYS_ON: Final = (
    "invite another officer (`chikai staff invite`), or write `single_officer = true` under `[staff]` in "
    "chikai.toml and start anew: an approval then waits 24 hours"
)
EVERY: Final = 7  # days between two backups, where nobody says
Said = tuple[str, Literal["ok", "warn", "fail"], str, str]  # about, state, what, what to do


def books(installation: Home) -> Iterator[Said]:
    """How long the laws keep what maps hold back, by the business year that `chikai.toml` says."""
    from chikai.rights import holds
    from chikai.web.work.sources import map_in_force

    maps = [map_ for name in installation.sources if (map_ := map_in_force(name)) is not None]
    held = sorted({table.held.law for map_ in maps for table in map_.tables if table.held})
    if not held:
        return
    data = tomllib.loads((installation.path / home.FILE).read_text("utf-8"))
    month, today = installation.books.ends_in, clock.day_in_japan(clock.now())
    try:
        last = {name: holds.last_day(name, today, installation.books) for name in held}
    except ConfigError as fault:
        yield "books", "fail", fault.what, fault.do
        return
    until = ", ".join(f"{name} {day}" for name, day in last.items())
    says = f"a row of today stays until: {until}"
    if data.get("books"):
        years = len(installation.books.losses)
        yield (
            "books",
            "ok",
            f"the year ends in month {month}, {years} years with a loss; {says}",
            "",
        )
    else:
        do = f"write `[books]` with `ends_in` and `losses`; month {month} and no loss are taken now"
        yield "books", "warn", f"maps hold rows back and nobody said when the year ends; {says}", do


def backups(installation: Home) -> Iterator[Said]:
    """When the last backup of our own database was taken, and whether it is older than it should be."""
    from chikai.web.actions.installation import is_example, last_backup

    if is_example():
        return
    last, every = last_backup(), int(str(installation.own.get("backup_every", EVERY)))
    do = "take one, and let what takes it run `chikai backup note`"
    if last is None:
        yield "last backup", "warn", "nobody noted that a backup of our own database was taken", do
        return
    age = (clock.day_in_japan(clock.now()) - last).days
    said = f"{last}, {age} days ago; one is due every {every} days"
    yield "last backup", "ok" if age <= every else "warn", said, "" if age <= every else do


def unasked(map_: Map) -> Iterator[Said]:
    """The tables with money and days of which nobody has said whether a law keeps their rows."""
    asked = [f"`{table.name}`" for table in map_.tables if holding.is_asked(table)]
    if asked:
        what = (
            f"an erasure masks rows with money and days, and no law is named for {', '.join(asked)}"
        )
        do = 'write `hold = { law = "tax_books", since = "COLUMN" }` or `hold = "none"`, and adopt the map'
        yield f"map {map_.source}", "warn", what, do


def behind(installation: Home, name: str, source: Source) -> Iterator[Said]:
    """Whether more was changed in a source than our own database knows: then it is the older one, and orders are lost.

    The counter stands in the source, so the evidence outlives our database; who was changed stands in neither.
    """
    from chikai.web.models import SourceEpoch, Step

    if not hasattr(source, "epoch"):
        return
    stands, ours = source.epoch() or 0, SourceEpoch.objects.known(name)
    going = Step.objects.filter(source=name, state__in=("doing", "verify"))
    if stands > ours and not going.exists():  # what is being done is noted when it was verified
        days = installation.source(name).backup_days or BACKUP_DAYS
        what = (
            f"{stands - ours} changes stand there that our own database does not know: "
            "it was put back from an older backup"
        )
        do = (
            f"put the newest backup of it back; else look by hand at each backup of `{name}` that is "
            f"put back within {days} days, since what was erased since cannot be erased again"
        )
        yield f"source {name}", "fail", what, do


def eyes(installation: Home) -> Iterator[Said]:
    """Whether there are as many officers as the policy asks approvals of, or one who works alone."""
    from chikai.policy import load
    from chikai.web.models.installation import works_alone
    from chikai.web.models.staff import Staff

    if works_alone():
        yield "approvals", "ok", "one officer works alone: an approval waits 24 hours", ""
        return
    there = len(Staff.objects.names_of_officers())
    rights = load.read(installation.policy).document.rights
    stuck = [right for right in rights if right.approvals > there]
    if not stuck:
        says = f"{there} officers; nobody approves what they entered"
        yield "approvals", "ok", says, ""
        return
    needed = max(right.approvals for right in stuck)
    kinds = ", ".join(f"`{right.kind}`" for right in stuck)
    says = f"{kinds}: {needed} officers have to approve, and there is {there}"
    yield "approvals", "warn", says, WAYS_ON
