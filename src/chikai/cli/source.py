"""`chikai source`: connect the places where personal data lives, with the least rights, and list what there is.

Clauses: 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from chikai import home as homes
from chikai.cli import describing, own, printing, source_mode, source_restored
from chikai.errors import BadInput, ChikaiError, ConfigError, Unreachable, WrongState
from chikai.sources import config as configs
from chikai.sources.grants import advice, role_for, statements

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns
    from chikai.home import Home
    from chikai.sources.catalogue import Catalogue
    from chikai.sources.config import SourceConfig
    from chikai.sources.map import Map
    from chikai.sources.protocol import Health
    from chikai.sources.scan import Proposal

Table = dict[str, str | int | bool]
NO_SCHEMA = "there is no schema"


def add(nouns: Nouns) -> None:
    """Add the noun `source`."""
    noun = nouns.add_parser("source", help="the places where personal data lives")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_add(verbs)
    listed = verbs.add_parser("list", help="the sources of this installation", allow_abbrev=False)
    printing.formats(listed)
    listed.set_defaults(run=_list)
    check = verbs.add_parser(
        "check", help="whether they answer, and what we may do there", allow_abbrev=False
    )
    check.add_argument("name", nargs="*", metavar="NAME")
    printing.formats(check)
    check.set_defaults(run=_check)
    grants = verbs.add_parser(
        "grants", help="print the SQL of the least role a source needs", allow_abbrev=False
    )
    grants.add_argument("name", metavar="NAME")
    grants.add_argument("--role", help="the role's name; without it the account in the URL")
    grants.add_argument("--mode", choices=configs.MODES, help="without it the mode of the source")
    grants.set_defaults(run=_grants)
    source_mode.add(verbs)
    source_restored.add(verbs)


def _add_add(verbs: Nouns) -> None:
    add_ = verbs.add_parser(
        "add",
        help="connect a database, a service or a folder, scan it, propose its map",
        description="Connect a database, an HTTP service or a folder, or note a place that people work by hand. "
        "A password is read from a file or a variable, never from the command line.",
        allow_abbrev=False,
    )
    add_.add_argument("name", metavar="NAME", help="your name for it, such as `shop`")
    add_.add_argument(
        "--service", required=True, help="the service of the policy whose data it holds"
    )
    add_.add_argument(
        "--kind", choices=configs.KINDS, help="without it what the other options say; else `sql`"
    )
    add_.add_argument(
        "--url",
        help="sqlite:////file, postgresql://user@host/db, mariadb://user@host/db; http: https://host/path",
    )
    add_.add_argument(
        "--password-file", type=Path, metavar="FILE", help="a file with the password, mode 0600"
    )
    add_.add_argument(
        "--password-env", metavar="VARIABLE", help="a variable that holds the password"
    )
    add_.add_argument("--password", help="refused: it would stand in the list of processes")
    add_.add_argument(
        "--schema", default="", help="PostgreSQL: the schema, when it is not `public`"
    )
    add_.add_argument("--mode", choices=configs.MODES, default="observe")
    add_.add_argument(
        "--template", choices=describing.TEMPLATES, help="http: begin with this description"
    )
    add_.add_argument("--api", type=Path, metavar="FILE", help="http: begin with your description")
    add_.add_argument("--path", type=Path, metavar="FOLDER", help="folder: the CSV and XLSX files")
    add_.add_argument("--owner", default="", help="manual: who looks there")
    add_.add_argument("--instruction", default="", help="manual: how it is looked up")
    add_.add_argument("--days", type=int, default=7, help="manual: within how many days")
    add_.add_argument(
        "--second-look", action="store_true", help="manual: another person looks again"
    )
    add_.add_argument("--anyway", action="store_true", help="add it although it does not answer")
    printing.formats(add_)
    add_.set_defaults(run=_add)


def _add(args: argparse.Namespace) -> int:
    table = _table(args)
    config = configs.parse(args.name, table)
    installation = own.start()
    if args.name in installation.sources:
        raise WrongState(f"there is a source `{args.name}` already", "choose another name")
    _check_service(installation, args.service)
    if config.kind == "manual":
        _record(installation, config, table, None, None)
        print(f"added `{args.name}`, which {config.owner} works by hand")
        return 0
    if config.kind == "http":
        return _add_http(args, installation, config, table)
    return _connected(args, installation, config, table)


def _add_http(
    args: argparse.Namespace, installation: Home, config: SourceConfig, table: Table
) -> int:
    """With a description of its own below the home, which stays only when the source does."""
    file = installation.path / config.api
    had = file.exists()
    if not had:
        describing.put(file, describing.text_of(args.template, args.api))
    try:
        return _connected(args, installation, configs.placed(config, installation.path), table)
    except BaseException:
        if not had:
            file.unlink()
        raise


def _connected(
    args: argparse.Namespace, installation: Home, config: SourceConfig, table: Table
) -> int:
    health, catalogue = _tried(config)
    if health.fault.startswith(NO_SCHEMA):
        raise ConfigError(health.fault, health.do, config.name)
    if args.format == "text":
        _print_grants(config, health, catalogue)
    if not health.reachable and not args.anyway:
        raise Unreachable(
            health.fault or "the source does not answer",
            f"{health.do} Nothing was written; `--anyway` adds it as it is.".strip(),
            config.name,
        )
    proposal = _proposed(installation, config) if _readable(health) else None
    installation = _record(installation, config, table, health, proposal)
    if args.format == "json":
        printing.as_json(_facts(installation, config, health, proposal))
    else:
        _print_added(installation, config, health, proposal)
    return 0


def _kind(args: argparse.Namespace) -> str:
    """What the options say: each kind has one that no other has."""
    if args.kind:
        return str(args.kind)
    if args.path:
        return "folder"
    if args.template or args.api or (args.url or "").startswith(("http://", "https://")):
        return "http"
    return "manual" if args.owner or args.instruction else "sql"


def _table(args: argparse.Namespace) -> Table:
    """The table of chikai.toml, from the options; a password among them is refused and never repeated."""
    instead = (
        "write it into a file of mode 0600 and pass `--password-file FILE`, "
        "or set a variable and pass `--password-env VARIABLE`; change the password that was typed"
    )
    if args.password is not None:
        raise BadInput("a password stands on the command line", instead)
    kind = _kind(args)
    table: dict[str, str | int | bool] = {"kind": kind, "service": args.service}
    if kind == "manual":
        table |= {"owner": args.owner, "instruction": args.instruction, "days": args.days}
        return table | ({"second_look": True} if args.second_look else {})
    if kind == "folder":
        path = args.path.absolute() if args.path else ""
        return table | {"path": str(path), "mode": args.mode}
    if not args.url:
        raise BadInput(
            "`--url` is missing", "pass it, or `--kind manual` for a place that people work by hand"
        )
    if _holds_password(args.url):
        plain = _without_password(args.url)
        raise BadInput("the URL holds a password", f"{instead}; the URL then is `{plain}`")
    url = args.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        url = f"sqlite:////{Path(url.removeprefix('sqlite:///')).absolute().relative_to('/')}"
    table |= {"url": url, "mode": args.mode}
    if kind == "sql":
        del table["kind"]
        table["schema"] = args.schema
    elif not args.template and not args.api:
        known = ", ".join(f"`{name}`" for name in describing.TEMPLATES)
        raise BadInput(
            "nothing says how this service is asked",
            f"pass `--template` with one of {known}, or `--api FILE` with your own description",
        )
    else:
        table["api"] = f"apis/{args.name}.toml"
    if args.password_file:
        table["password_file"] = str(args.password_file.absolute())
    if args.password_env:
        table["password_env"] = args.password_env
    return {key: value for key, value in table.items() if value}


def _holds_password(url: str) -> bool:
    parts = urlsplit(url)
    options = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return ":" in parts.netloc.rpartition("@")[0] or bool(options & {"password", "passwd"})


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    before, at, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{before.partition(':')[0]}{at}{place}", query="").geturl()


def _check_service(installation: Home, service: str) -> None:
    policy = own.document(installation.policy)
    if policy.service(service) is None:
        known = ", ".join(f"`{s.id}`" for s in policy.services) or "none"
        raise BadInput(
            f"the policy has no service `{service}`",
            f"its services are {known}; add it to policy.toml, or name one of them",
        )


def _tried(config: SourceConfig) -> tuple[Health, Catalogue]:
    """What the source says of itself; an empty catalogue where it does not answer."""
    from chikai.sources import opening
    from chikai.sources.catalogue import Catalogue

    source = opening.connect(config, environ=os.environ)
    try:
        health = source.check()
        return health, source.catalogue() if health.reachable else Catalogue(config.dialect, ())
    finally:
        source.close()


def _readable(health: Health) -> bool:
    """Whether a scan would read more than names: a map made from names alone looks as if it were read."""
    blind = health.privileges == "none" or not health.tables
    return health.reachable and (health.dialect in ("sqlite", "folder") or not blind)


def _proposed(installation: Home, config: SourceConfig) -> Proposal:
    from chikai.sources import opening, scan
    from chikai.web.work.sources import name_fields

    for said in name_fields(config):
        print(f"named in its description: {said}", file=sys.stderr)
    source = opening.connect(config, environ=os.environ)
    try:
        progress = printing.Progress(f"scanning {config.name}")
        policy = own.document(installation.policy)
        return scan.scan(
            source, policy, config.service, progress=lambda done, of, _table: progress(done, of)
        )
    finally:
        source.close()


def _record(
    installation: Home,
    config: SourceConfig,
    table: Table,
    health: Health | None,
    proposal: Proposal | None,
) -> Home:
    """Write the map, chikai.toml and the events: all of them or none; the installation as it then is."""
    from django.db import transaction

    from chikai.web.actions import COMMAND, sources
    from chikai.web.work.sources import write_proposal

    toml = installation.path / homes.FILE
    before = toml.read_bytes()
    map_file = installation.map_of(config.name)
    had = map_file.read_bytes() if map_file.exists() else None
    try:
        with transaction.atomic():
            sources.add_source(COMMAND, config, health)
            if proposal is not None:
                sources.record_scan(COMMAND, proposal.map)
                write_proposal(installation, config.name, proposal)
            return homes.add_source(installation, config.name, table)
    except BaseException:
        if toml.read_bytes() != before:
            toml.write_bytes(before)
        if had is None:
            map_file.unlink(missing_ok=True)
        else:
            map_file.write_bytes(had)
        raise


def _facts(
    installation: Home, config: SourceConfig, health: Health, proposal: Proposal | None
) -> dict[str, object]:
    facts: dict[str, object] = {
        "source": config.name,
        "service": config.service,
        "mode": config.mode,
        "reachable": health.reachable,
        "dialect": health.dialect,
        "server": health.server,
        "privileges": health.privileges,
    }
    if proposal is not None:
        from chikai.cli.map import scanned

        facts |= scanned(installation, proposal)
    return facts


def _print_grants(config: SourceConfig, health: Health, catalogue: Catalogue) -> None:
    if config.kind != "sql":
        print(describing.needed(config), end="\n\n")
        return
    role, why = role_for(
        account(config), privileges=health.privileges, mode=config.mode, dialect=config.dialect
    )
    lines = _statements(config, catalogue, None, role, config.mode)
    if lines:
        print("the least role that it needs, to be run there by an administrator:")
        if why:
            print(f"  -- {why}")
        for line in lines:
            print(f"  {line};")
    for said in advice(role=role, mode=config.mode, dialect=config.dialect):
        print(f"  {'-- ' if lines else ''}{said}")
    print()


def _statements(
    config: SourceConfig, catalogue: Catalogue, map_: Map | None, role: str, mode: configs.Mode
) -> tuple[str, ...]:
    return statements(
        catalogue, map_, role=role, mode=mode, dialect=config.dialect,
        schema=config.schema, database=unquote(urlsplit(config.url).path.strip("/")),
    )  # fmt: skip


def account(config: SourceConfig) -> str:
    """The account in a source's URL, if it names one."""
    return unquote(urlsplit(config.url).username or "")


def _print_added(
    installation: Home, config: SourceConfig, health: Health, proposal: Proposal | None
) -> None:
    if not health.reachable:
        print(f"added `{config.name}` without reaching it: {health.fault}")
        print(f"next: chikai map scan {config.name}")
        return
    print(
        f"connected: {health.dialect} {health.server}, {health.tables} tables, our account: {health.privileges}"
    )
    if not _readable(health):
        print(f"added `{config.name}`; our account may not read any table of it, so it has no map")
        print(f"next: run the statements above there, then run `chikai map scan {config.name}`")
        return
    if config.mode == "observe" and health.privileges in {"write", "more"}:
        holds = "is a superuser or the owner" if health.privileges == "more" else "may write"
        print(f"chikai: our account {holds}, and the source is only observed", file=sys.stderr)
        print("  use the role above instead; nothing will be written either way", file=sys.stderr)
    elif health.fault:
        print(f"chikai: {health.fault}\n  {health.do}", file=sys.stderr)
    if proposal is not None:
        from chikai.cli.map import print_scanned

        print_scanned(installation, proposal)


def _list(args: argparse.Namespace) -> int:
    installation = own.read()
    rows = [
        {
            "name": config.name,
            "service": config.service,
            "kind": config.kind,
            "mode": config.mode,
            "dialect": config.dialect,
            "where": config.where,
            "map": installation.map_of(config.name).exists(),
        }
        for config in installation.sources.values()
    ]
    heads = ("name", "service", "kind", "mode", "dialect", "where", "map")
    printing.listing(args.format, heads, rows, "no source yet: `chikai source add NAME`")
    return 0


def _health(config: SourceConfig) -> Health:
    """How a source is; one that cannot even be asked, for want of its password say, is told like one that is away."""
    from chikai.sources import opening
    from chikai.sources.protocol import Health

    try:
        source = opening.connect(config, environ=os.environ)
    except ChikaiError as told:
        return Health(reachable=False, dialect=config.dialect, fault=told.what, do=told.do)
    try:
        return source.check()
    finally:
        source.close()


def _check(args: argparse.Namespace) -> int:
    installation = own.read()
    asked = [installation.source(name) for name in args.name] or list(installation.sources.values())
    rows: list[dict[str, object]] = []
    for config in asked:
        if config.kind == "manual":
            rows.append(
                {"name": config.name, "reachable": None, "says": f"by hand: {config.owner}"}
            )
            continue
        health = _health(config)
        said = health.fault or f"{health.dialect} {health.server}"
        rows.append(
            {
                "name": config.name,
                "reachable": health.reachable,
                "privileges": health.privileges,
                "tables": health.tables,
                "says": said,
                "do": health.do,
            }
        )
    heads = ("name", "reachable", "privileges", "tables", "says", "do")
    printing.listing(args.format, heads, rows, "no source yet: `chikai source add NAME`")
    return 5 if any(row["reachable"] is False for row in rows) else 0


def _grants(args: argparse.Namespace) -> int:
    installation = own.start()
    from chikai.web.work.sources import map_in_force

    config = installation.source(args.name)
    if config.kind != "sql":
        raise BadInput(
            f"`{args.name}` is no database",
            "rights are given where the service or the folder is kept",
        )
    mode, name = args.mode or config.mode, args.role or account(config)
    health, catalogue = _tried(config)
    if health.fault.startswith(NO_SCHEMA):
        raise ConfigError(health.fault, health.do, config.name)
    held = health.privileges if name == account(config) else "none"
    role, why = role_for(name, privileges=held, mode=mode, dialect=config.dialect)
    for said in (why, "" if health.reachable else f"{health.fault}: its tables are not known yet"):
        if said:
            print(f"-- {said}")
    for line in _statements(config, catalogue, map_in_force(args.name), role, mode):
        print(f"{line};")
    for said in advice(role=role, mode=mode, dialect=config.dialect):
        print(f"-- {said}")
    return 0
