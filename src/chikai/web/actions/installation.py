"""Starting an installation: its one row, its mark, and the first member of staff.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

import ipaddress
from datetime import date
from typing import TYPE_CHECKING, Final

from chikai import clock
from chikai.errors import BadInput, ConfigError, WrongState
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action
from chikai.web.actions.ledger import facts_of
from chikai.web.actions.staff import new_member
from chikai.web.models import Installation
from chikai.web.models.ledger import Events

if TYPE_CHECKING:
    from chikai.home import Home

BACKUPS_READ: Final = 20  # of the newest notes: one of an earlier day may have come later


@action()
def start(
    by: Actor,
    *,
    staff_name: str,
    staff_email: str,
    single_officer: bool = False,
    example: bool = False,
) -> tuple[Event, Event]:
    """Start this installation once, with its first member of staff as officer, engineer and desk."""
    if Installation.objects.exists():
        raise WrongState(
            "the installation is started already", "invite staff with `chikai staff invite`"
        )
    Installation.objects.create(
        example=example, single_officer=single_officer, started_at=clock.now()
    )
    invited = new_member(
        name=staff_name, email=staff_email, roles=("officer", "engineer", "desk"), language="ja"
    )
    started = Event("installation.started", {"example": example, "single_officer": single_officer})
    return started, invited


@action()
def note_backup(by: Actor, on: date | None = None) -> Event:
    """Note that a backup of our own database was taken, today or on another day."""
    today = clock.day_in_japan(clock.now())
    if on is not None and on > today:
        raise BadInput("the day lies ahead", "write the day on which it was taken")
    return Event("installation.backed_up", {"on": (on or today).isoformat()})


def last_backup() -> date | None:
    """The day of the last backup that somebody noted; None where nobody ever did."""
    found = Events("installation.backed_up")[:BACKUPS_READ]
    days = [date.fromisoformat(str(facts_of(one)["on"])) for one in found]
    return max(days, default=None)


def is_example() -> bool:
    """Whether the database carries the mark of an example."""
    return Installation.objects.filter(example=True).exists()


def check_example(home: Home, host: str | None = None) -> None:
    """Hold an example to what it may do: no mail leaves the machine, and only this machine reaches its pages.

    ConfigError when the database is marked as an example and `mail.host` is another machine, or `host` (what the
    server would listen on) is not loopback. Without the mark nothing is asked.
    """
    if not is_example():
        return
    if (mail := str(home.mail.get("host", ""))) and not _is_loopback(mail):
        raise ConfigError(
            "the database is marked as an example, and `mail.host` would send real mail",
            "take `mail.host` out of chikai.toml, or start an installation of your own",
            "chikai.toml [mail]",
        )
    if host is not None and not _is_loopback(host):
        raise ConfigError(
            f"the database is marked as an example, and `{host}` can be reached from elsewhere",
            "listen on `127.0.0.1`",
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
