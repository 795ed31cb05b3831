"""`chikai policy`: lint, show, publish, announce and build the policy. `publish` and `announce` need the server.

Clauses: 1.1, 8.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chikai import clock
from chikai.cli import own, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from chikai.choices.registry import Unrelated
    from chikai.cli.nouns import Nouns
    from chikai.policy.document import Document


def add(nouns: Nouns) -> None:
    """Add the noun `policy`."""
    noun = nouns.add_parser("policy", help="the policy: lint, show, publish, announce, build")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    lint = verbs.add_parser(
        "lint", help="what must be mended before publication", allow_abbrev=False
    )
    _folder(lint)
    printing.formats(lint, "github", "sarif")
    lint.add_argument("--language", choices=("ja", "en"), default="ja")
    lint.set_defaults(run=_lint)
    show = verbs.add_parser("show", help="what the policy grants, in a table", allow_abbrev=False)
    _folder(show)
    printing.formats(show)
    show.set_defaults(run=_show)
    publish = verbs.add_parser(
        "publish", help="publish the files as the next edition", allow_abbrev=False
    )
    _folder(publish)
    publish.add_argument("--note", default="", help="why; the ledger keeps its digest")
    publish.add_argument(
        "--unrelated",
        action="append",
        default=[],
        metavar="PURPOSE",
        help="a new purpose that nobody could expect: older persons must agree first",
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
    build = verbs.add_parser(
        "build", help="make the policy's pages as a folder of files", allow_abbrev=False
    )
    _folder(build)
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    build.set_defaults(run=_build)
    html = verbs.add_parser("html", help="print the policy as HTML", allow_abbrev=False)
    _folder(html)
    html.add_argument("--language", choices=("ja", "en"), default="ja")
    html.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    html.set_defaults(run=_html)


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="instead of the installation's policy/",
    )


def _lint(args: argparse.Namespace) -> int:
    from chikai.policy import lint

    found = lint.findings(own.draft(args.folder))
    forms: dict[str, Callable[[Sequence[lint.Finding]], str]] = {
        "text": lambda all_: lint.as_text(all_, args.language),
        "json": lint.as_json,
        "github": lint.as_github,
        "sarif": lint.as_sarif,
    }
    text = forms[args.format](found)
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    return 2 if lint.blocking(found) else 0


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


def _publish(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.policy import publish_edition

    draft = own.draft(args.folder)
    unrelated = _unrelated(draft.document, args.unrelated)
    event = publish_edition(COMMAND, draft, note=args.note, unrelated=unrelated)
    print(f"published edition {event.facts['edition']}: {event.facts['digest']}")
    return 0


def _unrelated(document: Document, purposes: Sequence[str]) -> list[Unrelated]:
    from chikai.choices.registry import Unrelated

    found = []
    for id_ in purposes:
        purpose = document.purpose(id_)
        if purpose is None:
            raise BadInput(f"the policy has no purpose `{id_}`", "see `chikai policy show`")
        found += [Unrelated(use.service, id_) for use in purpose.uses]
    return found


def _announce(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.policy_announce import announce

    facts = announce(COMMAND, related=args.related, mail=not args.no_mail).facts
    print(f"announced: {facts['changes']} changes, {facts['questions']} questions")
    return 0


def _build(args: argparse.Namespace) -> int:
    from chikai.policy import lint, site

    draft = own.draft(args.folder)
    if blocking := lint.blocking(lint.findings(draft)):
        print(
            f"chikai: {len(blocking)} findings would block publication; see `chikai policy lint`",
            file=sys.stderr,
        )
    if args.out.exists() and not args.out.is_dir():
        raise BadInput("`--out` is not a folder", "name a new folder", str(args.out))
    try:
        site.build(draft.document, args.out, styles=styles(), now=clock.now())
    except OSError as fault:
        raise BadInput(
            f"the folder cannot be written ({fault.strerror})", "name another", str(args.out)
        ) from None
    print(f"the pages are in {args.out}; open {args.out / 'index.html'}")
    return 0


def styles() -> dict[str, bytes]:
    """The style sheets of the server's own pages, in their order."""
    folder = Path(__file__).parents[1] / "web" / "static" / "chikai"
    return {name: (folder / name).read_bytes() for name in ("chikai.css", "policy.css")}


def _html(args: argparse.Namespace) -> int:
    from chikai.policy import render

    text = render.html(own.document(args.folder), args.language)
    if args.out is None:
        sys.stdout.write(text)
        return 0
    try:
        args.out.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise BadInput(
            f"the file cannot be written ({fault.strerror})", "name another", str(args.out)
        ) from None
    return 0
