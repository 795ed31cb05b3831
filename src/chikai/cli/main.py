"""`chikai`: reads the words, calls one noun, and says in one place what went wrong.

Only argparse is needed to start: Django and the drivers are imported by the commands that use them, so a policy is
linted and a decision is asked for with the bare wheel. Exit codes: 0 done, 1 a fault of ours, 2 what was handed in is
wrong (or, for `map drift` and `map check`, there is something to do), 3 the installation, 4 refused, 5 a source,
6 evidence does not hold, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from chikai.cli import (
    anonymise,
    backup,
    doctor,
    feed,
    gate,
    init,
    keys,
    ledger,
    map,  # noqa: A004  the noun is `map` on every floor
    people,
    policy,
    provision,
    register,
    rights,
    serve,
    source,
    staff,
    tongue,
    verify,
)
from chikai.cli.extras import EXTRAS
from chikai.errors import BadInput, ChikaiError, ConfigError, exit_code

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE: Final = Path(__file__).parents[1]
NOUNS: Final = (
    *(
        init,
        doctor,
        policy,
        source,
        map,
        gate,
        people,
        rights,
        register,
        ledger,
        verify,
        keys,
        backup,
    ),
    *(staff, serve, feed),
    *(anonymise, provision),
)


class Parser(argparse.ArgumentParser):
    """A parser that never repeats what it did not understand: it may be a password."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words, without their values."""
        if message.startswith("unrecognized arguments:"):
            words = message.partition(":")[2].split()
            options = [w.partition("=")[0] for w in words if w.startswith("-")]
            message = f"not understood: {' '.join(options) or f'{len(words)} words too many'}"
        raise BadInput(message, f"see `{self.prog} --help`")


def parser() -> Parser:
    """The whole command line, as `--help` and docs/reference/cli.md show it."""
    from chikai import __version__

    top = Parser(
        prog="chikai",
        description="A Japanese privacy policy, made enforceable.",
        epilog="Every noun explains itself: `chikai policy --help`.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"chikai {__version__}")
    top.add_argument(
        "--home", metavar="DIR", help="the folder of the installation, instead of CHIKAI_HOME"
    )
    nouns = top.add_subparsers(dest="noun", metavar="NOUN", required=True, title="nouns")
    for noun in NOUNS:
        noun.add(nouns)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    try:
        return _run(argv)
    except BrokenPipeError:
        # Whoever read has seen enough. Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = parser().parse_args(argv)
        if args.home:
            os.environ["CHIKAI_HOME"] = args.home
        if getattr(args, "tongue", None):
            os.environ[tongue.VARIABLE] = args.tongue
        code: int = args.run(args)
        sys.stdout.flush()
    except SystemExit as end:  # argparse ends `--help` and `--version` so
        return end.code if isinstance(end.code, int) else 2
    except KeyboardInterrupt:
        print("chikai: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        raise
    except ChikaiError as error:
        show(error)
        return exit_code(error)
    except ModuleNotFoundError as missing:
        lacking = _extra(missing)
        if lacking is None:
            return _unexpected(missing)
        show(lacking)
        return exit_code(lacking)
    except Exception as fault:
        return _unexpected(fault)
    return code


def show(error: ChikaiError) -> None:
    """Print an error: what happened, what to do, where."""
    faults = getattr(error, "faults", ())  # a policy and a map tell all their faults at once
    if faults:
        for fault in faults:
            show(fault)
        return
    print(f"chikai: {tongue.sentence(error.what)}", file=sys.stderr)
    if error.do:
        print(f"  {tongue.sentence(error.do)}", file=sys.stderr)
    if error.where:
        print(f"  {tongue.both('場所：', 'at ')}{error.where}", file=sys.stderr)
    if os.environ.get("CHIKAI_DEBUG") == "1":
        traceback.print_exception(error, file=sys.stderr)


def _extra(missing: ModuleNotFoundError) -> ConfigError | None:
    package = (missing.name or "").partition(".")[0]
    if package not in EXTRAS:
        return None
    extra = EXTRAS[package]
    return ConfigError(
        f"this command needs the extra `{extra}`, which is not installed",
        f"run `pip install 'chikai[{extra}]'`",
    )


def _unexpected(fault: Exception) -> int:
    """A fault that nobody foresaw. Its text may quote a row of somebody's database, so only its kind is printed."""
    if type(fault).__module__.startswith("django.db"):
        problem = ConfigError(
            f"our own database answered with a fault (`{type(fault).__name__}`)",
            "run `chikai doctor`; after an upgrade, `chikai migrate`",
        )
        show(problem)
        return exit_code(problem)
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(PACKAGE)]
    # The last line of ours; where Python itself is installed is nobody's concern.
    place = f"{Path(ours[-1].filename).relative_to(PACKAGE)}:{ours[-1].lineno}" if ours else ""
    show(
        ChikaiError(
            f"an unexpected fault of the kind `{type(fault).__name__}`",
            "run it again with CHIKAI_DEBUG=1 to see the whole of it; that may print personal values",
            place,
        )
    )
    if os.environ.get("CHIKAI_DEBUG") == "1":
        traceback.print_exception(fault, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
