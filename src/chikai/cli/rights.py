"""`chikai rights disclose PERSON --out FILE`: one package of everything that is held about a person.

Clauses: 5, 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from chikai.cli import own, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(nouns: Nouns) -> None:
    """Add the noun `rights`."""
    noun = nouns.add_parser("rights", help="what persons may ask for")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    disclose = verbs.add_parser(
        "disclose", help="make the package of one person", allow_abbrev=False
    )
    disclose.add_argument(
        "person", metavar="PERSON", help="the id that `chikai people find` printed"
    )
    disclose.add_argument("--out", type=Path, required=True, metavar="FILE")
    disclose.add_argument(
        "--partial", action="store_true", help="name sources that do not answer instead of stopping"
    )
    disclose.add_argument(
        "--words",
        type=Path,
        metavar="FILE",
        help="you have read the free text; black out these words, one a line (the file may be empty)",
    )
    printing.formats(disclose)
    disclose.set_defaults(run=_disclose)


def _disclose(args: argparse.Namespace) -> int:
    own.refuse_address(args.person)
    home = own.start()
    from chikai.web.work import disclose

    try:
        if (folder := args.out.absolute().parent).is_dir():
            tempfile.TemporaryFile(dir=folder).close()  # before anybody's data is read
        words = _words(args.words)
        made = disclose.run(home, args.person, args.out, partial=args.partial, words=words)
    except OSError as fault:
        raise BadInput(
            f"the package cannot be written ({fault.strerror})", "name another `--out`"
        ) from None
    if args.format == "json":
        printing.as_json(
            {"file": str(made.file), "digest": made.digest, "rows": made.manifest["rows"]}
        )
    else:
        print(f"{made.file}: {made.manifest['rows']} rows\n{made.digest}")
    return 0


def _words(file: Path | None) -> list[str] | None:
    """The words of a file, one a line; None where no officer has read anything."""
    if file is None:
        return None
    try:
        return file.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput("the file of words is no text", "save it as UTF-8") from None
    except OSError as fault:
        raise BadInput(
            f"the file of words cannot be read ({fault.strerror})", "name another `--words`"
        ) from None
