"""`chikai policy build | html | schema | upgrade`: the policy as pages, and its format.

Clauses: 1.1.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chikai import clock
from chikai.cli import own
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(verbs: Nouns) -> None:
    """Add the verbs that make pages."""
    build = verbs.add_parser(
        "build", help="make the policy's pages as a folder of files", allow_abbrev=False
    )
    folder(build)
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    build.set_defaults(run=_build)
    html = verbs.add_parser("html", help="print the policy as HTML", allow_abbrev=False)
    folder(html)
    html.add_argument("--language", choices=("ja", "en"), default="ja")
    html.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    html.set_defaults(run=_html)
    schema = verbs.add_parser(
        "schema", help="print the JSON Schema of policy.toml", allow_abbrev=False
    )
    schema.set_defaults(run=_schema)
    upgrade = verbs.add_parser(
        "upgrade", help="bring a policy of an older format to this one", allow_abbrev=False
    )
    folder(upgrade)
    upgrade.set_defaults(run=_upgrade)


def folder(parser: argparse.ArgumentParser) -> None:
    """Give a command an optional folder."""
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="instead of the installation's policy/",
    )


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


def _schema(_: argparse.Namespace) -> int:
    from chikai.policy import schema

    sys.stdout.write(schema.text())
    return 0


def _upgrade(args: argparse.Namespace) -> int:
    from chikai.policy import upgrade

    before, after = upgrade.folder(args.folder or own.read().policy)
    if before == after:
        print(f"the policy is in format {after}, the newest that this version knows")
    else:
        print(f"the policy was in format {before} and is in format {after} now")
    return 0
