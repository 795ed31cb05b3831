"""`chikai source replay | lift`: what happens when an old backup was put back in a source.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.cli import own

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(verbs: Nouns) -> None:
    """Add the verbs to the noun `source`."""
    replay = verbs.add_parser(
        "replay",
        help="carry out again what a restored source has lost, then lift it",
        description="Say that an old backup was put back in a source, if that was not noticed yet, carry out again "
        "what was decided since, look whether it stands, and let its uses go on.",
        allow_abbrev=False,
    )
    replay.add_argument("name", metavar="NAME")
    replay.set_defaults(run=_replay)
    lift = verbs.add_parser(
        "lift",
        help="let the uses of a restored source go on, once everything stands there",
        description="Look whether everything stands that was decided since the backup, change nothing, and let the "
        "uses of the source go on. It is refused while anything is missing.",
        allow_abbrev=False,
    )
    lift.add_argument("name", metavar="NAME")
    lift.set_defaults(run=_lift)


def _replay(args: argparse.Namespace) -> int:
    installation = own.start()
    config = installation.source(args.name)
    from chikai.web.actions import COMMAND
    from chikai.web.models import SourceEpoch
    from chikai.web.work import restored

    if not SourceEpoch.objects.names([config.name]):
        restored.declare(COMMAND, config.name)
        print(f"`{config.name}` is in quarantine: no use of `{config.service}` goes on")
    found = restored.carry_out(config.name)
    print(f"{found['orders'] - found['waiting']} of {found['orders']} orders stand again")
    if found["waiting"]:
        print(f"{found['waiting']} wait for a person, and `{config.name}` stays in quarantine")
        print(f"next: mend their rows by hand, then run `chikai source lift {config.name}`")
        return 5
    print(f"`{config.name}` is lifted: its uses go on")
    return 0


def _lift(args: argparse.Namespace) -> int:
    installation = own.start()
    config = installation.source(args.name)
    from chikai.web.actions import COMMAND
    from chikai.web.work import restored

    orders = restored.lift(COMMAND, config.name)
    print(f"{orders} orders were looked at and stand; the uses of `{config.service}` go on")
    return 0
