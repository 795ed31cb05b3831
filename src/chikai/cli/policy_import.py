"""`chikai policy import`: the reading of a company's own text, and a policy folder that begins with it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chikai.cli import printing, tongue

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(verbs: Nouns) -> None:
    """Add the verb `import` to the noun `policy`."""
    parser = verbs.add_parser(
        "import", help="read a company's own policy from its text", allow_abbrev=False
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="text, Markdown or HTML, in order"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="begin a policy folder with it")
    parser.add_argument("--report", action="store_true", help="print the clauses as they were read")
    printing.formats(parser)
    tongue.option(parser)
    parser.set_defaults(run=_import)


def _import(args: argparse.Namespace) -> int:
    from chikai.policy.importing import files, report

    outline = files.outline(args.files)
    if args.format == "json":
        # Printed first: whoever reads it has it, whatever becomes of the folder.
        printing.as_json(report.as_value(outline))
    files.accept(outline, args.files)
    todo: tuple[str, ...] = ()
    if args.out:
        from chikai.policy.importing import drafting

        todo = drafting.folder(outline, args.out)
    if args.format != "json" and (args.report or not args.out):
        sys.stdout.write(report.as_text(outline, tongue.language(), tongue.sentence))
    if args.out and args.format == "text":
        print(
            tongue.both(
                f"ポリシーの下書きを {args.out} に始めました。そこにまだ書くこと：",
                f"the policy begins in {args.out}; still to be written there:",
            )
        )
        for what in todo:
            print(f"  {tongue.sentence(what)}")
        for note in outline.notes:
            print(f"{tongue.both('注意：', 'note: ')}{tongue.sentence(note)}")
    return 0
