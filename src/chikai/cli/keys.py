"""`chikai keys show | rotate`: which master key wraps how many subjects' keys, and a new one.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.cli import own, printing

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(nouns: Nouns) -> None:
    """Add the noun `keys`."""
    noun = nouns.add_parser("keys", help="the keys that seal what the ledger holds")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    show = verbs.add_parser("show", help="master keys and what they wrap", allow_abbrev=False)
    printing.formats(show)
    show.set_defaults(run=_show)
    rotate = verbs.add_parser("rotate", help="wrap everything under a new one", allow_abbrev=False)
    rotate.set_defaults(run=_rotate)


def _show(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models.ledger import SubjectKey

    rows = [
        {"master": _file(version), "state": state, "subjects": count}
        for version, state, count in SubjectKey.objects.counted()
    ]
    printing.listing(args.format, ("master", "state", "subjects"), rows, "no key was used yet")
    return 0


def _rotate(_: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.keys import rotate_master

    facts = rotate_master(COMMAND).facts
    print(
        f"`keys/{_file(int(str(facts['version'])))}` wraps the keys of {facts['subjects']} subjects"
    )
    print("the older file may go when `chikai keys show` no longer names it as active")
    return 0


def _file(version: int) -> str:
    return "master" if version == 1 else f"master-{version}"
