"""`chikai init`: start an installation, with its folder, its keys, its own database and its first member of staff.

Clauses: 1.2.
Law: APPI Art. 23, APPI Art. 32(1).
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from chikai import address, home
from chikai.cli import own, printing
from chikai.errors import BadInput, ConfigError, WrongState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from chikai.cli.nouns import Nouns
    from chikai.home import Home

QUESTIONS = (
    ("name_ja", "name of the company in Japanese", ""),
    ("name_en", "name of the company in English", ""),
    ("desk_mail", "mail address of the desk that persons write to", ""),
    ("desk_address", "postal address of the desk (may stay empty)", ""),
    ("staff_name", "your name", ""),
    ("staff_mail", "your mail address", ""),
)


def add(nouns: Nouns) -> None:
    """Add the noun `init`."""
    init = nouns.add_parser(
        "init",
        help="start an installation",
        description="Start an installation. On a terminal it asks for what is not given.",
        allow_abbrev=False,
    )
    init.add_argument("dir", nargs="?", type=Path, metavar="DIR", help="instead of CHIKAI_HOME")
    for name, says, _ in QUESTIONS:
        init.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=says)
    init.add_argument(
        "--single-officer",
        action="store_true",
        help="one officer works alone; waits replace a second look",
    )
    source = init.add_mutually_exclusive_group()
    source.add_argument("--policy", type=Path, metavar="FOLDER", help="copy this policy")
    source.add_argument(
        "--from-skeleton",
        action="store_true",
        help="begin with the skeleton of a policy (the default)",
    )
    init.add_argument(
        "--example",
        action="store_true",
        help="mark the database as an example: no mail leaves, loopback only",
    )
    init.add_argument(
        "--port",
        type=printing.port,
        default=address.PORT,
        help=f"of the pages on this machine ({address.PORT}); `web.address` keeps it, for links and for `chikai serve`",
    )
    init.add_argument(
        "--database",
        metavar="URL",
        help="our own state: sqlite (the default) or postgresql://user@host/database",
    )
    init.add_argument(
        "--database-password-file", type=Path, metavar="FILE", help="its password, mode 0600"
    )
    init.set_defaults(run=_init)


def _init(args: argparse.Namespace) -> int:
    path = (args.dir or home.where(os.environ)).absolute()
    own_state = _own_state(args)
    home.sweep(path)
    os.environ["CHIKAI_HOME"] = str(path)
    if (path / home.FILE).exists():
        return _finish(path, args, own_state)
    home.check_free(path)  # before anybody answers six questions
    _answer(args)
    policy = _copied(args.policy) if args.policy else None
    before = {p.name for p in path.iterdir()} if path.exists() else None
    try:
        made = home.make(
            path,
            ja=args.name_ja,
            en=args.name_en,
            desk_mail=args.desk_mail,
            desk_address=args.desk_address,
            single_officer=args.single_officer,
            address=f"http://localhost:{args.port}",
            policy=policy,
            own=own_state,
        )
        _start(args)
    except BaseException as fault:
        _undo(path, before)
        _explain(fault)
        raise
    _say(made, args)
    return 0


def _finish(path: Path, args: argparse.Namespace, own_state: dict[str, str]) -> int:
    """Finish an installation that was begun and never started; WrongState for one that was started."""
    made = home.read(path)
    if own_state and dict(made.own) | own_state != dict(made.own):
        raise WrongState(
            "`chikai.toml` names another database than the options",
            "edit `own.database` there, then run `chikai init` without `--database`",
            str(path / home.FILE),
        )
    own.set_up()
    own.reach()
    if own.started():
        raise WrongState(
            "there is an installation here already", "name another folder", str(path / home.FILE)
        )
    for name in home.KEYS:
        made.key(name)
    args.single_officer = args.single_officer or made.single_officer
    for name, held in (("name_ja", "ja"), ("name_en", "en")):
        setattr(args, name, getattr(args, name) or made.operator.get(held, ""))
    args.desk_mail = args.desk_mail or str(made.mail.get("sender", ""))
    _answer(args)
    try:
        _start(args)
    except BaseException as fault:
        _explain(fault)
        raise
    _say(made, args)
    return 0


def _own_state(args: argparse.Namespace) -> dict[str, str]:
    """What `[own]` is to say, by the options; a password among them is refused and never repeated."""
    if args.database is None:
        if args.database_password_file:
            raise BadInput("`--database-password-file` without `--database`", "pass both")
        return {}
    parts = urlsplit(args.database)
    if parts.password is not None or "password" in parse_qs(parts.query):
        raise BadInput(
            "the URL of `--database` holds a password",
            "write it into a file of mode 0600 and pass `--database-password-file FILE`",
        )
    if args.database != "sqlite" and parts.scheme not in {"postgres", "postgresql"}:
        raise BadInput(
            "`--database` is no database that is known",
            "use `sqlite` or `postgresql://user@host/database`",
        )
    state = {"database": args.database}
    if args.database_password_file:
        state["password_file"] = str(args.database_password_file.absolute())
    home.secret(state, os.environ, "own.database")
    return state


def _undo(path: Path, before: set[str] | None) -> None:
    """Take away what was made: nothing was ever kept in it, so the same command can be given again."""
    if before is None:
        shutil.rmtree(path, ignore_errors=True)
        return
    for part in path.iterdir():
        if part.name in before:
            continue
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def _explain(fault: BaseException) -> None:
    """A fault that is no sentence becomes one; the kind of ours is left to whoever prints it."""
    if isinstance(fault, KeyboardInterrupt):
        print("chikai: nothing was started; the same command can be given again", file=sys.stderr)
    elif isinstance(fault, Exception) and type(fault).__module__.startswith("django.db"):
        raise ConfigError(
            f"our own database answered with a fault (`{type(fault).__name__}`)",
            "nothing was started; check `own.database`, then give the same command again",
        ) from None
    elif isinstance(fault, OSError):
        raise ConfigError(
            f"the folder cannot be made ({fault.strerror})", "name another, or mend its rights"
        ) from None


def _answer(args: argparse.Namespace) -> None:
    """Ask for what the options did not say; BadInput names the options where nobody can answer."""
    missing = [n for n, _, _ in QUESTIONS if not getattr(args, n) and n != "desk_address"]
    if missing and not sys.stdin.isatty():
        options = " ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise BadInput(f"missing: {options}", "pass them, or run `chikai init` on a terminal")
    for name, says, default in QUESTIONS:
        given = getattr(args, name)
        if given is None:
            asks = missing and (name in missing or name == "desk_address")
            given = printing.ask(says, default) if asks else default
        if not given and name in missing:
            raise BadInput(f"{says}: empty", "it is needed; begin again")
        setattr(args, name, given)


def _copied(folder: Path) -> Callable[[Path], object]:
    """Copy a policy folder, once it loads."""
    from chikai.policy import load

    load.read(folder)

    def copy(to: Path) -> None:
        to.mkdir(mode=0o700)
        for name in ("policy.toml", "ja.md", "en.md"):
            if (folder / name).exists():
                shutil.copyfile(folder / name, to / name)

    return copy


def _start(args: argparse.Namespace) -> None:
    own.set_up()
    own.reach()
    own.migrate()
    from chikai.web.actions import COMMAND, installation

    installation.start(
        COMMAND,
        staff_name=args.staff_name,
        staff_email=args.staff_mail,
        single_officer=args.single_officer,
        example=args.example,
    )


def _say(made: Home, args: argparse.Namespace) -> None:
    from chikai.cli import doctor_rights
    from chikai.cli.staff import print_link
    from chikai.web.models import Staff

    print(f"the installation is in {made.path}\n")
    print("its keys are in keys/. Keep a copy apart from the backups; when a key is lost,")
    for name, loss in home.KEYS.items():
        print(f"  {name}: {loss}")
    print()
    print_link(made, Staff.objects.get(email__iexact=args.staff_mail.strip()))
    for _about, state, says, do in doctor_rights.eyes(made):
        print(f"\napprovals: {says}" + (f"\n  {do}" if state == "warn" else ""))
    where = (
        ""
        if os.environ.get("CHIKAI_HOME") == "chikai-home"
        else f"export CHIKAI_HOME={made.path}\n  "
    )
    print(
        f"\nnext:\n  {where}chikai policy lint          what the policy still lacks\n"
        "  chikai source add NAME      connect a database and scan it\n"
        f"  chikai serve                the pages, on {address.of(made.web)}\n"
        "  chikai work                 the worker, beside them\n"
        "  chikai doctor               whether all is well"
    )
