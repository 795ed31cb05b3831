"""`chikai backup note`: say that a backup of our own database was taken, so that the doctor knows how old the last one is.

No backup is made here: how a database is copied, and where to, is known to whoever keeps it. The note is an entry of the
ledger with its day; a script that copies calls it last.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chikai.cli import own
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(nouns: Nouns) -> None:
    """Add the noun `backup`."""
    noun = nouns.add_parser("backup", help="when our own database was backed up last")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    note = verbs.add_parser("note", help="a backup was taken", allow_abbrev=False)
    note.add_argument("--on", metavar="DAY", help="2026-11-26, instead of today")
    note.set_defaults(run=_note)


def _note(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.installation import note_backup

    try:
        on = date.fromisoformat(args.on) if args.on else None
    except ValueError:
        raise BadInput("this is no day", "write it as 2026-11-26") from None
    print(f"noted: a backup was taken on {note_backup(COMMAND, on).facts['on']}")
    return 0
