"""`chikai serve`, `chikai work`, `chikai migrate`: the server, the worker, and our own database."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

from chikai import address
from chikai import home as homes
from chikai.cli import own, printing, served
from chikai.errors import BadInput, ConfigError

if TYPE_CHECKING:
    from types import FrameType

    from chikai.cli.nouns import Nouns
    from chikai.web.work.engine import Work

END_SECONDS = 10  # a process that does not end by then is killed
THREADS = (
    4  # pages wait for our own database, not for the processor; SQLite writes one at a time anyway
)


def add(nouns: Nouns) -> None:
    """Add the nouns `serve`, `work` and `migrate`."""
    serve = nouns.add_parser("serve", help="serve the pages", allow_abbrev=False)
    serve.add_argument(
        "--port",
        type=printing.port,
        help=f"what `web.address` says on this machine, or {address.PORT}",
    )
    serve.add_argument("--host", default="127.0.0.1", help="what to listen on (127.0.0.1)")
    serve.add_argument("--workers", type=int, choices=(1, 2, 3, 4), default=1, help="processes (1)")
    serve.set_defaults(run=_serve)
    work = nouns.add_parser("work", help="do the work that pages ask for", allow_abbrev=False)
    work.add_argument("--once", action="store_true", help="do what waits, then end")
    work.set_defaults(run=_work)
    migrate = nouns.add_parser(
        "migrate", help="bring our own database to this version", allow_abbrev=False
    )
    migrate.set_defaults(run=_migrate)


def _serve(args: argparse.Namespace) -> int:
    home = _installed()
    args.port = args.port or address.port(home.web)
    from chikai.web import setup_code
    from chikai.web.actions.installation import check_example
    from chikai.web.models import Installation

    check_example(home, args.host)
    check_free(args.host, args.port)
    if not Installation.objects.exists():
        print(f"not started yet; the first page asks for this code: {setup_code.code(home)}")
    elif address.leads_elsewhere(home.web, args.port):
        print(f"links and mails carry {address.of(home.web)}; `web.address` in chikai.toml says so")
    from granian.constants import Interfaces
    from granian.server import Server

    own.let_go()  # the processes of the pages are forked, and each opens its own connections
    gc.collect()
    gc.freeze()  # what they share is not written to each time that one looks for circles
    print(f"look at http://{shown(args.host)}:{args.port}/  (Ctrl-C ends it)", flush=True)
    Server(
        "chikai.web.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=THREADS,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=END_SECONDS,
    ).serve(target_loader=served.pages)
    return 0


def _installed() -> homes.Home:
    """The installation; where there is none yet, an empty home whose first page starts one."""
    path = homes.where(os.environ)
    if (path / homes.FILE).exists():
        return own.start()
    homes.check_free(path)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    own.set_up()
    own.migrate()
    return homes.Home(path)


def shown(host: str) -> str:
    """A host as it stands in an address."""
    if host in {"127.0.0.1", "0.0.0.0", "::1", "::"}:  # noqa: S104  shown, not listened on
        return "localhost"
    return f"[{host}]" if ":" in host else host


def check_free(host: str, port: int) -> None:
    """Say that the port is taken before any process starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise BadInput(
                f"`{host}:{port}` cannot be listened on", "choose another with `--port` or `--host`"
            ) from None


def _awaited(*, once: bool) -> homes.Home:
    """The installation; a worker that is to stay waits for one that is not there yet, or not finished."""
    file = homes.where(os.environ) / homes.FILE
    if once or file.exists():
        return own.start()
    print(f"waiting for an installation in {file.parent}  (Ctrl-C ends it)", flush=True)
    while not file.exists():
        time.sleep(1)
    home = homes.read(file.parent)
    own.set_up()
    while own.missing_migrations():
        time.sleep(1)
    return home


def _work(args: argparse.Namespace) -> int:
    home = _awaited(once=args.once)
    from chikai.web.actions.installation import check_example
    from chikai.web.work import engine

    check_example(home)
    with engine.alone():
        if args.once:
            count = engine.drain(_say)
            print(f"{count} done" if count else "nothing waits")
            return 0
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        print("waiting for work  (Ctrl-C ends it after the piece in hand)", flush=True)
        engine.run(stop, _say)
    return 0


def _say(work: Work, state: str) -> None:
    print(f"{work.verb} {work.about.get('source', '')}: {state}", file=sys.stderr, flush=True)


def _migrate(_args: argparse.Namespace) -> int:
    own.start(migrated=False)
    before = own.missing_migrations()
    own.migrate()
    if left := own.missing_migrations():
        raise ConfigError(f"{len(left)} migrations were not applied", "see the log of the database")
    print(f"{len(before)} migrations applied" if before else "our own database is up to date")
    return 0
