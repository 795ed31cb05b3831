"""`chikai anonymise`: fix a standard, make a table by it, publish its items, release it. No command prints the method.

Clauses: 3.1, 3.3.
Law: APPI Art. 43(1), APPI Art. 43(3).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from chikai.cli import own, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(nouns: Nouns) -> None:
    """Add the noun `anonymise`."""
    noun = nouns.add_parser("anonymise", help="anonymised information and its register")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    fix = verbs.add_parser(
        "standard", help="fix a processing standard before data is read", allow_abbrev=False
    )
    fix.add_argument("file", type=Path, metavar="FILE", help="a standard in TOML")
    fix.set_defaults(run=_standard)
    make = verbs.add_parser("make", help="make a table by a fixed standard", allow_abbrev=False)
    make.add_argument("standard", metavar="NAME", help="the name of the standard")
    make.set_defaults(run=_make)
    publish = verbs.add_parser(
        "publish", help="put the items of a table on the public register", allow_abbrev=False
    )
    publish.add_argument("number", type=int, metavar="NUMBER")
    publish.add_argument("--manner-ja", default="", help="how third parties receive it")
    publish.add_argument("--manner-en", default="", help="the same in English")
    publish.set_defaults(run=_publish)
    release = verbs.add_parser(
        "release", help="let a table be used, after its items were public", allow_abbrev=False
    )
    release.add_argument("number", type=int, metavar="NUMBER")
    release.set_defaults(run=_release)
    show = verbs.add_parser("show", help="the tables and where each stands", allow_abbrev=False)
    printing.formats(show)
    show.set_defaults(run=_show)


def _standard(args: argparse.Namespace) -> int:
    own.start()
    from chikai.anonymise.standard import Standard
    from chikai.web.actions import COMMAND
    from chikai.web.actions.anonymise import propose_standard

    try:
        data = tomllib.loads(args.file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise BadInput(
            f"the standard cannot be read ({type(fault).__name__})", "mend it", str(args.file)
        ) from None
    event = propose_standard(COMMAND, Standard.from_file(data))
    print(f"fixed {event.facts['standard']}: {event.facts['items']}")
    return 0


def _make(args: argparse.Namespace) -> int:
    home = own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.models.anonymise import ProcessingStandard
    from chikai.web.work import anonymise

    row = ProcessingStandard.objects.filter(name=args.standard).order_by("-fixed_at").first()
    if row is None:
        raise BadInput("no such standard is fixed", "run `chikai anonymise standard FILE` first")
    table = anonymise.make(COMMAND, home, row)
    print(f"table {table.number}: {table.rows} rows, not on the register yet")
    return 0


def _publish(args: argparse.Namespace) -> int:
    own.start()
    from chikai.policy.document import Text
    from chikai.web.actions import COMMAND
    from chikai.web.actions import anonymise as actions

    actions.publish(COMMAND, args.number, manner=Text(args.manner_ja, args.manner_en))
    print(f"the items of table {args.number} are on the public register")
    return 0


def _release(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions import anonymise as actions

    actions.release(COMMAND, args.number)
    print(f"table {args.number} may be used")
    return 0


def _show(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models.anonymise import AnonymisedTable

    rows = [
        {
            "number": row.number,
            "service": row.standard.service,
            "items": " ".join(row.items),
            "rows": row.rows,
            "state": _state(row.published_at is not None, row.released_at is not None),
        }
        for row in AnonymisedTable.objects.select_related("standard").order_by("number")
    ]
    if args.format == "json":
        printing.as_json({"tables": rows})
    elif not rows:
        print("none has been made so far")
    else:
        header = ("number", "service", "items", "rows", "state")
        printing.columns(header, [tuple(str(row[name]) for name in header) for row in rows])
    return 0


def _state(is_published: bool, is_released: bool) -> str:  # noqa: FBT001 - two facts, one word
    if is_released:
        return "released"
    return "published" if is_published else "made"
