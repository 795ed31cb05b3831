"""`chikai ledger show | checkpoint | export | disclose | receipt | restart`: the ledger, read and handed out.

Clauses: 6.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from chikai.cli import own, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns

_REASONS = ("restored", "replaced", "lost")


def add(nouns: Nouns) -> None:
    """Add the noun `ledger`."""
    noun = nouns.add_parser("ledger", help="what took effect, and what proves it")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    show = verbs.add_parser("show", help="the newest entries", allow_abbrev=False)
    show.add_argument("--last", type=int, default=20, metavar="N", help="how many (default 20)")
    show.add_argument("--kind", default="", metavar="KIND", help="only events of this kind")
    printing.formats(show)
    show.set_defaults(run=_show)
    signed = verbs.add_parser("checkpoint", help="sign now, and print it", allow_abbrev=False)
    signed.add_argument("--key", action="store_true", help="print the verifier's key instead")
    signed.set_defaults(run=_checkpoint)
    export = verbs.add_parser(
        "export", help="write the ledger's files, for `chikai verify`", allow_abbrev=False
    )
    export.add_argument("folder", type=Path, metavar="DIR")
    export.set_defaults(run=_export)
    disclose = verbs.add_parser(
        "disclose", help="write what an auditor is shown of the entries", allow_abbrev=False
    )
    disclose.add_argument("file", type=Path, metavar="FILE")
    disclose.add_argument(
        "entries",
        type=int,
        nargs="*",
        metavar="ENTRY",
        help="open these (default: all about nobody)",
    )
    disclose.set_defaults(run=_disclose)
    receipt = verbs.add_parser(
        "receipt", help="write a person's or an event's receipt", allow_abbrev=False
    )
    receipt.add_argument("about", metavar="PERSON|EVENT|ENTRY")
    receipt.add_argument("--out", type=Path, required=True, metavar="FILE")
    receipt.set_defaults(run=_receipt)
    restart = verbs.add_parser(
        "restart", help="close a log that forked, and begin its successor", allow_abbrev=False
    )
    restart.add_argument("--because", choices=_REASONS, required=True)
    restart.set_defaults(run=_restart)


def _show(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models.ledger import Events

    rows = [
        {
            "entry": "waiting" if row.index is None else row.index,
            "at": f"{row.at:%Y-%m-%dT%H:%M:%SZ}",
            "kind": row.kind,
            "by": row.actor,
        }
        for row in Events(args.kind)[0 : max(0, args.last)]
    ]
    printing.listing(args.format, ("entry", "at", "kind", "by"), rows, "the ledger is empty")
    return 0


def _checkpoint(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.work import ledger_files

    print(ledger_files.verifier_key() if args.key else ledger_files.sign_now().rstrip("\n"))
    return 0


def _export(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.work import ledger_files

    made = ledger_files.write_export(args.folder)
    print(f"{args.folder}: {made.size} entries, root {made.root.hex()}")
    print(f"verify them with `chikai verify {args.folder} --key KEY`, the key being")
    print(ledger_files.verifier_key())
    return 0


def _disclose(args: argparse.Namespace) -> int:
    own.start()
    from chikai.ledger import disclosure
    from chikai.web.work import ledger_files

    shown = ledger_files.shown(set(args.entries) or None)
    _write(args.file, "".join(disclosure.write(shown)))
    kinds = [type(what) for what in shown.entries.values()]
    counts = (f"{kinds.count(k)} {k.__name__.lower()}" for k in disclosure.CLASSES)
    print(f"{args.file}: {', '.join(counts)}, {shown.size - len(kinds)} missing")
    return 0


def _receipt(args: argparse.Namespace) -> int:
    own.start()
    from chikai.ledger import receipt
    from chikai.web.work import ledger_files

    made = ledger_files.receipts(args.about)
    _write(args.out, receipt.join(made))
    print(f"{args.out}: {len(made)} entries; verify it with `chikai verify {args.out}`")
    return 0


def _restart(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.checkpoint import restart_ledger
    from chikai.web.work import ledger_files

    event = restart_ledger(COMMAND, because=args.because)
    ledger_files.sign_now()
    print(f"`{event.facts['log']}` is closed at {event.facts['size']} entries; its successor is")
    print(ledger_files.verifier_key())
    return 0


def _write(file: Path, text: str) -> None:
    """Write a new file that only its owner can read: payloads are in it."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput("the file exists", "name one that does not exist yet", str(file)) from None
    except OSError:
        raise BadInput("the file cannot be written", "check its folder", str(file)) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
