"""`chikai verify PATH`: an export or a receipt, verified offline, without the server and without trusting it.

Clauses: 1.1, 6.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chikai.cli import printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns
    from chikai.ledger.disclosure import Disclosure
    from chikai.ledger.note import VerifierKey
    from chikai.ledger.verify import Report


def add(nouns: Nouns) -> None:
    """Add the word `verify`."""
    word = nouns.add_parser(
        "verify",
        help="verify an export of the ledger, or a receipt",
        description="Steps are numbered as in docs/reference/ledger.md. The first fault ends it, with exit code 6.",
        allow_abbrev=False,
    )
    word.add_argument(
        "path", type=Path, metavar="PATH", help="the folder of an export, or a receipt"
    )
    word.add_argument(
        "--key",
        metavar="KEY",
        help="the verifier's key (or a file of it) that you have from elsewhere",
    )
    word.add_argument(
        "--from",
        type=Path,
        dest="old",
        metavar="CHECKPOINT",
        help="an older checkpoint that you kept",
    )
    word.add_argument(
        "--disclosed", type=Path, metavar="FILE", help="what `chikai ledger disclose` wrote"
    )
    printing.formats(word)
    word.set_defaults(run=_verify)


def _verify(args: argparse.Namespace) -> int:
    from chikai.ledger import verify

    key = None if args.key is None else _key(args.key)
    if args.path.is_dir():
        shown = None if args.disclosed is None else _shown(args.disclosed)
        old = None if args.old is None else _bytes(args.old)
        report = verify.verify_folder(args.path, key=key, old=old, shown=shown)
    elif args.old is not None or args.disclosed is not None:
        raise BadInput("a receipt takes neither `--from` nor `--disclosed`", "name a folder")
    else:
        report = verify.verify_receipt(_bytes(args.path), key=key)
    if args.format == "json":
        printing.as_json(_facts(report))
    else:
        _print(report, verify.STEPS)
    return 0


def _key(text: str) -> VerifierKey:
    from chikai.ledger.note import VerifierKey

    if "+" not in text:
        text = _bytes(Path(text)).decode("utf-8", "replace").strip()
    return VerifierKey.parse(text)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise BadInput("the file cannot be read", "check its path", str(file)) from None


def _shown(file: Path) -> Disclosure:
    from chikai.ledger import disclosure

    try:
        with file.open(encoding="utf-8", newline="\n") as lines:
            return disclosure.parse(lines)
    except (OSError, UnicodeDecodeError):
        raise BadInput("the file cannot be read", "check its path", str(file)) from None


def _facts(report: Report) -> dict[str, object]:
    return {
        "sound": True,
        "origin": report.origin,
        "size": report.size,
        "root": report.root.hex(),
        "key": report.key,
        "key_from_elsewhere": report.trusted,
        "grew_from": report.grew_from,
        "opened": [{"entry": p.index, "payload": p.payload} for p in report.opened],
        "sealed": report.sealed,
        "erased": report.erased,
        "steps": list(report.steps),
    }


def _print(report: Report, steps: dict[int, str]) -> None:
    for step in report.steps:
        print(f"{step:>2}  ok  {steps[step]}")
    print(f"\n{report.origin}: {report.size} entries, root {report.root.hex()}")
    if report.grew_from is not None:
        print(f"it holds the {report.grew_from} entries of the older checkpoint unchanged")
    if 9 in report.steps:
        print(f"opened {len(report.opened)}, sealed {report.sealed}, erased {report.erased}")
    for proved in report.opened[:20]:
        print(
            f"  entry {proved.index}: {proved.entry.kind}, {proved.entry.at:%Y-%m-%d %H:%M:%S} UTC"
        )
    if len(report.opened) > 20:
        print(f"  and {len(report.opened) - 20} more, see --format json")
    if not report.trusted:
        print(
            f"\nthe key came with what it verifies; compare it with the one you were given:\n{report.key}"
        )
