"""`chikai policy`: the noun, and what is asked of a folder: what the lint finds, what the policy grants.

Clauses: 1.1.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chikai import law
from chikai.cli import own, policy_carry, policy_editions, policy_import, policy_pages, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from chikai.cli.nouns import Nouns
    from chikai.policy.document import Document
    from chikai.policy.findings import Finding


def add(nouns: Nouns) -> None:
    """Add the noun `policy`."""
    noun = nouns.add_parser(
        "policy", help="the policy: import, lint, show, diff, carry, publish, announce, build"
    )
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    lint = verbs.add_parser(
        "lint", help="what must be mended before publication", allow_abbrev=False
    )
    lint.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="FOLDER|FILE",
        help="a policy folder, or the texts of one policy; the installation's policy/ otherwise",
    )
    printing.formats(lint, "github", "sarif")
    lint.add_argument("--language", choices=("ja", "en"), default="ja")
    lint.add_argument(
        "--profile",
        default=law.PROFILE,
        help=f"the law as of a day, `appi@YYYY-MM-DD` (default {law.PROFILE})",
    )
    lint.set_defaults(run=_lint)
    show = verbs.add_parser("show", help="what the policy grants, in a table", allow_abbrev=False)
    policy_pages.folder(show)
    printing.formats(show)
    show.set_defaults(run=_show)
    policy_import.add(verbs)
    policy_editions.add(verbs)
    policy_carry.add(verbs)
    policy_pages.add(verbs)


def _lint(args: argparse.Namespace) -> int:
    from chikai.policy import lint

    found, unjudged = _findings(args.paths, args.profile)
    asleep = lint.asleep(args.profile)
    forms: dict[str, Callable[[Sequence[lint.Finding]], str]] = {
        "text": lambda all_: lint.as_text(all_, args.language, asleep, unjudged),
        "json": lambda all_: lint.as_json(all_, asleep=asleep, unjudged=unjudged),
        "github": lambda all_: lint.as_github(_placed(all_, args.paths), language=args.language),
        "sarif": lambda all_: lint.as_sarif(
            _placed(all_, args.paths), language=args.language, asleep=asleep, unjudged=unjudged
        ),
    }
    text = forms[args.format](found)
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    return 2 if lint.blocking(found) else 0


def _placed(found: Sequence[Finding], paths: Sequence[Path]) -> list[Finding]:
    """The findings under the paths from where the command runs: the root of the repository in a workflow."""
    from chikai.policy.importing import files

    texts = paths if paths and not paths[0].is_dir() else ()
    known = dict(zip(files.named(texts), texts, strict=True))
    folder = paths[0] if paths else own.read().policy
    return [
        replace(one, place=f"{_from_here(known.get(one.file, folder / one.file))}:{one.line}")
        for one in found
    ]


def _from_here(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


def _findings(paths: Sequence[Path], profile: str) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings in a folder, in named texts or in the installation's policy, and the rules that a text is not for."""
    from chikai.policy import lint
    from chikai.policy.importing import files

    lint.day_of(profile)
    if paths and not paths[0].is_dir():
        outline = files.read(paths)
        return lint.of_text(outline, profile=profile), lint.unjudged(outline)
    if len(paths) > 1:
        raise BadInput("more than one folder was named", "name one folder, or files")
    draft = own.draft(paths[0] if paths else None, halves=True)
    return lint.findings(draft, profile=profile), ()


def _show(args: argparse.Namespace) -> int:
    document = own.document(args.folder)
    if args.format == "json":
        printing.as_json(_facts(document))
        return 0
    print(f"{document.title.in_('ja')}  {document.controller.name.in_('ja')}")
    print(f"edition {document.edition or '-'}  {document.digest}\n")
    printing.columns(
        ("purpose", "clause", "stop", "service", "categories"),
        [
            (p.id, _number(document, p.clause), p.stop, use.service, " ".join(use.categories))
            for p in document.purposes
            for use in p.uses
        ],
    )
    if document.recipients:
        print()
        printing.columns(
            ("recipient", "kind", "country", "categories"),
            [(r.id, r.kind, r.country, " ".join(r.categories)) for r in document.recipients],
        )
    return 0


def _number(document: Document, clause: str) -> str:
    found = document.clause(clause)
    return found.number if found else clause


def _facts(document: Document) -> dict[str, object]:
    return {
        "title": {"ja": document.title.ja, "en": document.title.en},
        "edition": document.edition,
        "digest": document.digest,
        "services": [s.id for s in document.services],
        "categories": [c.id for c in document.categories],
        "purposes": [
            {
                "id": p.id,
                "clause": p.clause,
                "stop": p.stop,
                "uses": {use.service: list(use.categories) for use in p.uses},
            }
            for p in document.purposes
        ],
        "recipients": [
            {"id": r.id, "kind": r.kind, "country": r.country, "categories": list(r.categories)}
            for r in document.recipients
        ],
    }
