"""`chikai source mode | preview`: how far we may go in a source, and what the first change there would run.

Clauses: 5, 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import home as homes
from chikai.cli import own, printing
from chikai.errors import BadInput
from chikai.sources import config as configs

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns

_MEANS = {
    "observe": "it is read, and what requests change there is changed by hand",
    "shadow": "what requests would change is counted and shown, and nothing is written",
    "enforce": "approved requests are carried out there; an officer looks at the first change before it runs",
}


def add(verbs: Nouns) -> None:
    """Add the verbs to the noun `source`."""
    mode = verbs.add_parser(
        "mode",
        help="observe a source, plan changes without writing (shadow), or write (enforce)",
        description="Put a source into a mode. The way back is the same command, at any time.",
        allow_abbrev=False,
    )
    mode.add_argument("name", metavar="NAME")
    mode.add_argument("mode", choices=configs.MODES)
    mode.set_defaults(run=_mode)
    preview = verbs.add_parser(
        "preview",
        help="the statements and counts of the first change that a request would make",
        description="Show what the first change of a request would run in places that were never written to, "
        "with counts. An officer confirms on the request's page that it was looked at.",
        allow_abbrev=False,
    )
    preview.add_argument("name", metavar="NAME")
    preview.add_argument("--request", required=True, metavar="NUMBER", help="such as 2026-0187")
    printing.formats(preview)
    preview.set_defaults(run=_preview)


def _mode(args: argparse.Namespace) -> int:
    installation = own.start()
    config = installation.source(args.name)
    from chikai.web.actions import COMMAND, first_writes

    if config.mode == args.mode:
        print(f"`{config.name}` is in `{config.mode}` mode already")
        return 0
    first_writes.set_mode(COMMAND, config, args.mode)
    homes.set_mode(installation, config.name, args.mode)
    print(f"`{config.name}`: `{config.mode}` -> `{args.mode}`; {_MEANS[args.mode]}")
    if config.kind == "sql" and args.mode == "enforce":
        print(f"next: chikai source grants {config.name}")
    print(f"back: chikai source mode {config.name} {config.mode}")
    return 0


def _preview(args: argparse.Namespace) -> int:
    own.start().source(args.name)
    from chikai.web.models import Request

    row = Request.objects.filter(number=args.request).first()
    if row is None:
        raise BadInput(f"there is no request `{args.request}`", "name its number")
    said = [
        {"table": table, "rows": rows, "sql": sql}
        for step in row.steps.filter(source=args.name).order_by("-ord")[:1]
        for table, sql, rows in step.found.get("sql", ())
    ]
    empty = "nothing is kept to show: it is not counted yet, or was looked at before"
    printing.listing(args.format, ("table", "rows", "sql"), said, empty)
    return 0
