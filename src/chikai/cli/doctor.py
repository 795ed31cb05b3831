"""`chikai doctor`: whether the installation is well, line by line, and what to do about each line that is not."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from chikai import clock, home
from chikai.cli import doctor_rights, own, printing
from chikai.cli.extras import EXTRAS
from chikai.errors import ChikaiError, PolicyErrors

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from chikai.cli.nouns import Nouns
    from chikai.home import Home
    from chikai.sources.config import SourceConfig
    from chikai.sources.protocol import Changeable

State = Literal["ok", "warn", "fail"]
MARKS: Final = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}
DRIVERS: Final = {"postgresql": ("psycopg", "postgres"), "mariadb": ("pymysql", "mysql")}
FONT_FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
)
CJK: Final = (
    "notosanscjk",
    "notoserifcjk",
    "notosansjp",
    "ipaex",
    "ipag",
    "takao",
    "vlgothic",
    "sourcehansans",
)
LEAST_FREE: Final = 1 * 2**30
CLOCK_APART: Final = timedelta(seconds=5)
SMTP_SECONDS: Final = 5
WORKER_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    about: str
    state: State
    says: str
    do: str = ""


def add(nouns: Nouns) -> None:
    """Add the noun `doctor`."""
    doctor = nouns.add_parser(
        "doctor", help="whether all is well, and what to do", allow_abbrev=False
    )
    printing.formats(doctor)
    doctor.set_defaults(run=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    lines = list(look())
    if args.format == "json":
        printing.as_json(
            [{"about": x.about, "state": x.state, "says": x.says, "do": x.do} for x in lines]
        )
    else:
        for line in lines:
            print(f"{MARKS[line.state]}  {line.about}: {line.says}")
            if line.do:
                print(f"        {line.do}")
        bad = sum(line.state == "fail" for line in lines)
        unsure = sum(line.state == "warn" for line in lines)
        print(f"\n{len(lines)} looked at, {bad} not well, {unsure} to look at")
    return 1 if any(line.state == "fail" for line in lines) else 0


def look() -> Iterator[Line]:
    """Everything, in the order in which one thing needs another."""
    yield from _python()
    installation = None
    try:
        installation = home.read(home.where(os.environ))
    except ChikaiError as fault:
        yield _fault("home", fault)
        return
    yield from _guarded("home", lambda: _home(installation))
    yield from _guarded("keys", lambda: _keys(installation))
    yield from _guarded("policy", lambda: _policy(installation))
    yield from _guarded("own database", lambda: _own(installation))
    for name in installation.sources:
        yield from _guarded(f"source {name}", lambda name=name: _source(installation, name))  # type: ignore[misc]
    yield from _guarded("mail", lambda: _mail(installation))
    yield from _guarded("fonts", _fonts)
    yield from _guarded("disk", lambda: _disk(installation))


def _fault(about: str, fault: ChikaiError) -> Line:
    if isinstance(fault, PolicyErrors):
        return Line(
            about, "fail", f"{len(fault.faults)} faults in its files", "see `chikai policy lint`"
        )
    return Line(about, "fail", fault.what, fault.do)


def _guarded(about: str, check: Callable[[], Iterator[Line]]) -> Iterator[Line]:
    """One check; whatever goes wrong in it is a line, and the others go on."""
    try:
        yield from check()
    except ChikaiError as fault:
        yield _fault(about, fault)
    except ModuleNotFoundError as missing:
        yield Line(
            about,
            "fail",
            f"the package `{missing.name}` is not installed",
            "install `chikai[server]`",
        )
    except Exception as fault:
        yield Line(
            about,
            "fail",
            f"could not be looked at (`{type(fault).__name__}`)",
            "run it with CHIKAI_DEBUG=1",
        )
        if os.environ.get("CHIKAI_DEBUG") == "1":
            raise


def _python() -> Iterator[Line]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Line("python", "ok", version)
    missing = sorted(
        {EXTRAS[name] for name in EXTRAS if util.find_spec(name) is None} - {"postgres", "mysql"}
    )
    missing = [extra for extra in missing if extra != "server" or util.find_spec("django") is None]
    if missing:
        yield Line(
            "extras",
            "warn",
            f"not installed: {', '.join(missing)}",
            f"run `pip install 'chikai[{','.join(missing)}]'`",
        )
    else:
        yield Line("extras", "ok", "all that the server needs is installed")


def _home(installation: Home) -> Iterator[Line]:
    mode = stat.S_IMODE(installation.path.stat().st_mode)
    if mode & 0o077:
        yield Line(
            "home",
            "fail",
            f"others may enter it (mode {mode:o})",
            f"run `chmod 700 {installation.path}`",
        )
    else:
        yield Line("home", "ok", str(installation.path))


def _keys(installation: Home) -> Iterator[Line]:
    folder = installation.path / "keys"
    missing = [name for name in home.KEYS if not (folder / name).exists()]
    opened = [f.name for f in sorted(folder.glob("[!.]*")) if f.stat().st_mode & 0o077]
    if missing:
        yield Line(
            "keys",
            "warn",
            f"not made yet: {', '.join(missing)}",
            "they are made when they are first needed",
        )
    for name in opened:
        yield Line(
            "keys", "fail", f"`{name}` can be read by others", f"run `chmod 600 {folder / name}`"
        )
    if not missing and not opened:
        yield Line("keys", "ok", f"{len(home.KEYS)} keys, readable by their owner only")


def _policy(installation: Home) -> Iterator[Line]:
    from chikai.policy import lint, load

    draft = load.read(installation.policy)
    found = lint.findings(draft)
    blocking = lint.blocking(found)
    if blocking:
        yield Line(
            "policy",
            "warn",
            f"{len(blocking)} findings block publication",
            "see `chikai policy lint`",
        )
    else:
        yield Line("policy", "ok", f"loads, {len(found)} findings that do not block")


def _own(installation: Home) -> Iterator[Line]:
    own.set_up()
    from django.db import connection

    try:
        connection.ensure_connection()
    except Exception as fault:
        yield Line(
            "own database",
            "fail",
            f"does not answer (`{type(fault).__name__}`)",
            "check `own.database` in chikai.toml and its password",
        )
        return
    if missing := own.missing_migrations():
        yield Line(
            "own database", "fail", f"{len(missing)} migrations are missing", "run `chikai migrate`"
        )
        return
    yield Line("own database", "ok", f"{connection.vendor}, all migrations applied")
    yield from _durable()
    yield from _clock()
    yield from _worker()
    yield from _published(installation)
    yield from (Line(*said) for said in doctor_rights.books(installation))
    yield from (Line(*said) for said in doctor_rights.eyes(installation))
    yield from _example(installation)


def _durable() -> Iterator[Line]:
    """Whether a commit that was acknowledged survives a power loss: the ledger needs that."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            journal = str(cursor.fetchone()[0])
            cursor.execute("PRAGMA synchronous")
            full = int(cursor.fetchone()[0]) >= 2
            good, says = (
                journal == "wal" and full,
                f"journal {journal}, synchronous {'full' if full else 'off'}",
            )
            do = "let Chikai open it by its own settings; a network file system cannot hold it"
        else:
            cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            fsync, commit = cursor.fetchone()
            good, says = (
                fsync == "on" and commit != "off",
                f"fsync {fsync}, synchronous_commit {commit}",
            )
            do = "set `fsync = on` and `synchronous_commit = on` in postgresql.conf"
    yield Line("durability", "ok" if good else "fail", says, "" if good else do)


def _clock() -> Iterator[Line]:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%S', 'now')")
            theirs = datetime.fromisoformat(str(cursor.fetchone()[0])).replace(tzinfo=UTC)
        else:
            cursor.execute("SELECT clock_timestamp()")
            theirs = cursor.fetchone()[0]
    apart = abs(clock.now() - theirs)
    if clock.now().year < 2025:
        yield Line(
            "clock",
            "fail",
            "this machine's clock is years behind",
            "set it, and let it be kept by NTP",
        )
    elif apart > CLOCK_APART:
        yield Line(
            "clock",
            "fail",
            f"the database's clock is {apart.total_seconds():.0f} s apart",
            "let both be kept by NTP",
        )
    else:
        yield Line(
            "clock", "ok", f"{clock.written(clock.day_in_japan(clock.now()))}, the database agrees"
        )


def _worker() -> Iterator[Line]:
    """Whether a worker was here in the last minute, and how many events of the ledger wait for it."""
    from chikai.web.models.ledger import Pending
    from chikai.web.work import engine

    seen, waiting = engine.seen(), Pending.objects.count()
    here = seen is not None and seen < WORKER_SECONDS
    if here:
        yield Line("worker", "ok", f"seen {seen:.0f} s ago")
    else:
        yield Line("worker", "warn", "none was seen in the last minute", "start `chikai work`")
    says = f"{waiting} events wait for their entries" if waiting else "no event waits"
    state: State = "ok" if here or not waiting else "warn"
    yield Line("ledger", state, says, "" if state == "ok" else "a worker gives them their entries")


def _published(installation: Home) -> Iterator[Line]:
    from chikai.policy import load
    from chikai.web.models import Edition

    current = Edition.objects.current()
    if current is None:
        yield Line("edition", "warn", "no edition is published", "run `chikai policy publish`")
        return
    try:
        same = load.read(installation.policy).document.digest == current.digest
    except ChikaiError:
        return  # the line about the policy says it already
    if same:
        yield Line("edition", "ok", f"edition {current.number} is what the files say")
    else:
        yield Line(
            "edition",
            "warn",
            f"the files differ from edition {current.number}",
            "publish them, or put them back",
        )


def _example(installation: Home) -> Iterator[Line]:
    from chikai.web.actions.installation import check_example, is_example
    from chikai.web.models import Installation

    if not Installation.objects.exists():
        yield Line(
            "installation", "fail", "it is not started", "run `chikai init`, or open the first page"
        )
        return
    check_example(installation)
    if is_example():
        yield Line(
            "installation",
            "warn",
            "this is an example: no real data, no real mail",
            "start one of your own with `chikai init`",
        )
    else:
        yield Line("installation", "ok", "started")


def _source(installation: Home, name: str) -> Iterator[Line]:
    about = f"source {name}"
    config = installation.source(name)
    if config.kind == "manual":
        yield Line(about, "ok", f"worked by hand by {config.owner}")
        return
    if (needs := DRIVERS.get(config.dialect)) and util.find_spec(needs[0]) is None:
        yield Line(
            about,
            "fail",
            f"the driver `{needs[0]}` is not installed",
            f"run `pip install 'chikai[{needs[1]}]'`",
        )
        return
    from chikai.sources import opening

    source = opening.connect(config, environ=os.environ)
    try:
        health = source.check()
        if not health.reachable:
            yield Line(about, "fail", health.fault or "it does not answer", health.do)
            return
        seen = f"{health.dialect} {health.server}, {health.tables} tables, our account: {health.privileges}"
        yield Line(about, "warn" if health.fault else "ok", health.fault or seen, health.do)
        yield from _restored(name)
        yield from _marked(config, cast("Changeable", source))
        yield from (Line(*said) for said in doctor_rights.behind(installation, name, source))
        yield from _map(installation, name)
        yield from _key_table(installation, name)
    finally:
        source.close()


def _restored(name: str) -> Iterator[Line]:
    from chikai.web.models import SourceEpoch
    from chikai.web.work import restored

    if not restored.look(name):
        return
    row = SourceEpoch.objects.get(source=name)
    says = f"it was restored from an old backup: {row.replayed} of {row.orders} orders stand again"
    waits = f"{row.waiting} wait for a person. " if row.waiting else ""
    do = row.do or f"run `chikai source replay {name}`"
    yield Line(
        f"source {name}", "fail", says, f"{waits}{row.fault}. {do}" if row.fault else f"{waits}{do}"
    )


def _marked(config: SourceConfig, source: Changeable) -> Iterator[Line]:
    """Whether a database that we write to has a place for the epoch: only then is a restored backup noticed."""
    if config.kind != "sql" or config.mode != "enforce" or source.epoch() is not None:
        return
    yield Line(
        f"source {config.name}",
        "warn",
        "it has no tables for our markers: a restored backup is not noticed there",
        f"run the statements of `chikai source grants {config.name}`",
    )


def _map(installation: Home, name: str) -> Iterator[Line]:
    from chikai.sources import drift, opening
    from chikai.sources.sql import SqlSource
    from chikai.web.work.sources import map_in_force

    about = f"map {name}"
    current = map_in_force(name)
    if current is None:
        yield Line(about, "warn", "no map is in force", f"run `chikai map adopt {name}`")
        return
    source = opening.connect(installation.source(name), environ=os.environ)
    try:
        changes = drift.drift(current, source.catalogue())
        lacking = source.lacking(current) if isinstance(source, SqlSource) and not changes else ()
    finally:
        source.close()
    if lacking:
        what = f"our account lacks `{lacking[0]}`"
        more = f" and {len(lacking) - 1} more rights" if len(lacking) > 1 else ""
        yield Line(about, "fail", what + more, f"run `chikai source grants {name}`")
    if changes:
        yield Line(
            about,
            "fail",
            f"the source differs in {len(changes)} places",
            f"see `chikai map drift {name}`",
        )
    else:
        yield Line(about, "ok", "the source has the shape that the map says")
    yield from (Line(*said) for said in doctor_rights.unasked(current))


def _key_table(installation: Home, name: str) -> Iterator[Line]:
    from chikai.web.models.people import IdentityTable, key_table

    config = installation.source(name)
    hands_over = (installation.path / "keys" / f"handoff-{config.service}").exists()
    tables = {*IdentityTable.objects.filter(source=name).values_list("table", flat=True)}
    if config.key_table and tables and config.key_table not in tables:
        what = f"`key_table` names `{config.key_table}`, which is no table of persons here"
        yield Line(f"keys of {name}", "fail", what, f"name one of {', '.join(sorted(tables))}")
    elif tables and hands_over and key_table(config.service) is None:
        yield Line(
            f"keys of {name}",
            "warn",
            f"`{config.service}` has several tables of persons: it can hand nobody over to the portal",
            f'if its program signs persons in, say which: `key_table = "TABLE"` in `[source.{name}]`',
        )


def _mail(installation: Home) -> Iterator[Line]:
    host = str(installation.mail.get("host", ""))
    if not host:
        yield Line(
            "mail",
            "warn",
            "no mail server is set: no mail leaves this installation",
            "set `mail.host` in chikai.toml",
        )
        return
    import smtplib

    port = int(str(installation.mail.get("port", 587)))
    secure = installation.mail.get("tls") == "ssl"
    try:
        with (smtplib.SMTP_SSL if secure else smtplib.SMTP)(
            host, port, timeout=SMTP_SECONDS
        ) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as fault:
        yield Line(
            "mail",
            "fail",
            f"`{host}:{port}` does not answer (`{type(fault).__name__}`)",
            "check `mail.host`, `mail.port` and `mail.tls`",
        )
        return
    home.secret(installation.mail, os.environ, "mail")
    yield Line("mail", "ok", f"`{host}:{port}` answers")


def _fonts() -> Iterator[Line]:
    names = (
        unicodedata.normalize("NFC", name).lower()
        for folder in FONT_FOLDERS
        for _, _, files in os.walk(Path(folder).expanduser())
        for name in files
    )
    found = next(
        (name for name in names if any(mark in name.replace("-", "") for mark in CJK)), None
    )
    if found:
        yield Line("fonts", "ok", f"Japanese: {found}")
    else:
        yield Line(
            "fonts",
            "warn",
            "no Japanese font is installed",
            "on Debian: `apt-get install fonts-noto-cjk`",
        )


def _disk(installation: Home) -> Iterator[Line]:
    usage = shutil.disk_usage(installation.path)
    free = f"{usage.free / 2**30:.1f} GB free"
    if usage.free < LEAST_FREE:
        yield Line(
            "disk", "fail", free, "make room: a database that cannot write refuses everything"
        )
    else:
        yield Line("disk", "ok", free)
    days = installation.own.get("backup_days")
    yield from (Line(*said) for said in doctor_rights.backups(installation))
    if days is None:
        yield Line(
            "backups",
            "warn",
            "how long backups are kept is not set",
            "set `own.backup_days`: erasure ends with the last backup",
        )
    else:
        yield Line("backups", "ok", f"kept for {days} days")
