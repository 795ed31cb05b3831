"""`chikai policy diff | publish | announce`: from one edition to the next. The last two need the server.

Clauses: 8.
Law: APPI Art. 17(2), APPI Art. 21(3).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chikai.cli import own, policy_pages, printing, tongue
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from chikai.cli.nouns import Nouns
    from chikai.policy.change import Decision


def add(verbs: Nouns) -> None:
    """Add the verbs of editions."""
    diff = verbs.add_parser(
        "diff",
        help="what differs between two policies, and what each change asks",
        allow_abbrev=False,
    )
    diff.add_argument(
        "old",
        type=Path,
        metavar="OLD",
        help="the older policy: its folder, or a file with its text",
    )
    diff.add_argument("new", type=Path, metavar="NEW", help="the newer policy")
    printing.formats(diff)
    diff.add_argument("--language", choices=("ja", "en"), default="ja")
    diff.set_defaults(run=_diff)
    publish = verbs.add_parser(
        "publish", help="publish the files as the next edition", allow_abbrev=False
    )
    policy_pages.folder(publish)
    publish.add_argument("--note", default="", help="why; the ledger keeps its digest")
    publish.add_argument(
        "--decide",
        action="append",
        default=[],
        metavar="CHANGE=ANSWER",
        help="what an officer found about a change that needs it; without it the command names them",
    )
    publish.add_argument(
        "--reason",
        action="append",
        default=[],
        metavar="TEXT",
        help="why, one for each `--decide` in their order; it is kept with the edition",
    )
    publish.add_argument(
        "--same",
        action="append",
        default=[],
        metavar="ID",
        help="a purpose, item or recipient that is the same under other words, or another under like ones",
    )
    publish.set_defaults(run=_publish)
    announce = verbs.add_parser(
        "announce", help="tell everybody what the newest edition changes", allow_abbrev=False
    )
    announce.add_argument(
        "--related",
        action="append",
        default=[],
        metavar="NAME",
        help="a new purpose or recipient that an officer found to be expected",
    )
    announce.add_argument("--no-mail", action="store_true", help="in the portal only")
    announce.set_defaults(run=_announce)


def _diff(args: argparse.Namespace) -> int:
    from chikai.policy import change, told

    if args.old.is_file() or args.new.is_file():
        from chikai.policy import sketch

        old, new = (sketch.of_path(path) for path in (args.old, args.new))
        new = sketch.alike(old, new)
        said = tongue.both(
            "文章として比べました。条、サービス、項目、利用目的、提供先だけを比べます",
            "compared as texts: clauses, services, items, purposes and recipients only",
        )
        print(f"chikai: {said}", file=sys.stderr)
    else:
        old, new = (own.document(folder) for folder in (args.old, args.new))
    changes = change.between(old, new)
    if args.format == "json":
        sys.stdout.write(told.as_json(changes, old, new))
    else:
        sys.stdout.write(told.as_text(changes, old, new, args.language))
    return 0


def _publish(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.policy_prepare import publish_decided

    decisions = _decisions(args.decide, args.reason)
    draft = own.draft(args.folder)
    event = publish_decided(COMMAND, draft, decisions, note=args.note, same=args.same)
    number, digest = event.facts["edition"], event.facts["digest"]
    print(
        tongue.both(
            f"第{number}版を公表しました：{digest}", f"published edition {number}: {digest}"
        )
    )
    return 0


def _decisions(decided: Sequence[str], reasons: Sequence[str]) -> list[Decision]:
    """What was decided, each with its reason."""
    from chikai.policy.change import ANSWERS, Decision

    if len(decided) != len(reasons):
        raise BadInput(
            f"{len(decided)} decisions have {len(reasons)} reasons", "give each its own `--reason`"
        )
    made = []
    for words, reason in zip(decided, reasons, strict=True):
        about, _, said = words.rpartition("=")
        answer = next((one for one in ANSWERS if one == said), None)
        if not about or answer is None:
            raise BadInput(
                f"`{words}` names no answer", f"write CHANGE= and one of {', '.join(ANSWERS)}"
            )
        made.append(Decision(about, answer, reason))
    return made


def _announce(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.policy_announce import announce

    facts = announce(COMMAND, related=args.related, mail=not args.no_mail).facts
    print(f"announced: {facts['changes']} changes, {facts['questions']} questions")
    return 0
