"""`chikai policy build | html | text | pdf | schema | upgrade`: the policy as pages, and its format.

Clauses: 1.1.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chikai import clock, home
from chikai.cli import own, tongue
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(verbs: Nouns) -> None:
    """Add the verbs that make pages."""
    build = verbs.add_parser(
        "build",
        help="make the published editions' pages as a folder of files",
        description="Make a folder of files: each published edition at its lasting address, for printing and as PDF (where this"
        " machine has a Japanese font), and what changed between editions. Where FOLDER is named or nothing is published,"
        " one page a language from the policy's files, without PDF, which says so.",
        allow_abbrev=False,
    )
    folder(build)
    build.add_argument(
        "--draft", action="store_true", help="from the policy's files, whatever is published"
    )
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    build.set_defaults(run=_build)
    for name, says in (("html", "HTML"), ("text", "plain text"), ("pdf", "sheets of A4, as PDF")):
        made = verbs.add_parser(name, help=f"print the policy as {says}", allow_abbrev=False)
        folder(made)
        made.add_argument("--language", choices=("ja", "en"), default="ja")
        made.add_argument(
            "--out",
            type=Path,
            metavar="FILE",
            required=name == "pdf",
            help="" if name == "pdf" else "instead of standard output",
        )
        made.set_defaults(run=_print)
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
    if args.out.exists() and not args.out.is_dir():
        raise BadInput("`--out` is not a folder", "name a new folder", str(args.out))
    try:
        if args.folder or args.draft or not _is_published():
            _build_draft(args)
        else:
            _build_published(args.out)
    except OSError as fault:
        raise BadInput(
            f"the folder cannot be written ({fault.strerror})", "name another", str(args.out)
        ) from None
    index = args.out / "index.html"
    print(
        tongue.both(
            f"ページは {args.out} にあります。{index} を開いてください",
            f"the pages are in {args.out}; open {index}",
        )
    )
    return 0


def _is_published() -> bool:
    """Whether there is an installation, and an edition in it."""
    if not (home.where(os.environ) / home.FILE).exists():
        return False
    own.start()
    from chikai.web.models import Edition

    return Edition.objects.exists()


def _build_draft(args: argparse.Namespace) -> None:
    from chikai.policy import lint, site

    draft = own.draft(args.folder)
    if blocking := lint.blocking(lint.findings(draft)):
        said = f"{len(blocking)} findings would block publication; see `chikai policy lint`"
        print(f"chikai: {tongue.sentence(said)}", file=sys.stderr)
    site.build(draft.document, args.out, styles=styles(), now=clock.now())
    print(
        tongue.both(
            "公表した版からではなく、ポリシーのファイルから作りました。ページにもそう書きました",
            "made from the policy's files, not from a published edition; the pages say so",
        )
    )


def _build_published(out: Path) -> None:
    from chikai.web.public import folder as site

    count, no_pdf = site.build(out)
    print(
        tongue.both(
            f"公表した版から作りました：{count}、いちばん新しい版がいまの版です",
            f"made from the published editions: {count}, the newest in force",
        )
    )
    if no_pdf:
        print(f"{tongue.both('PDF はありません：', 'without PDF: ')}{tongue.sentence(no_pdf)}")


def styles() -> dict[str, bytes]:
    """The style sheets of the server's own pages, in their order."""
    folder = Path(__file__).parents[1] / "web" / "static" / "chikai"
    return {name: (folder / name).read_bytes() for name in ("chikai.css", "policy.css")}


def _print(args: argparse.Namespace) -> int:
    from chikai.policy import prose, render

    draft, language = own.draft(args.folder), args.language
    document = draft.document
    if args.verb == "pdf":
        from chikai.web import typeset

        return _written(args.out, typeset.policy(document, language, clock.now()))
    if args.verb == "html":
        made = render.html(document, language)
    else:
        made = prose.own_text(draft.ja if language == "ja" else draft.en)
    if args.out is None:
        sys.stdout.write(made)
        return 0
    return _written(args.out, made.encode())


def _written(file: Path, data: bytes) -> int:
    """Write a file beside its place and let it take it; BadInput where that cannot be."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        beside.write_bytes(data)
        beside.replace(file)
    except OSError as fault:
        raise BadInput(
            f"the file cannot be written ({fault.strerror})", "name another", str(file)
        ) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
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
