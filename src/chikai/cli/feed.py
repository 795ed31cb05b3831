"""`chikai feed`: the process that tells services what people chose."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from chikai.cli import own, printing
from chikai.cli.serve import check_free, shown

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns

PORT = 8401


def add(nouns: Nouns) -> None:
    """Add the noun `feed`."""
    noun = nouns.add_parser(
        "feed",
        help="tell services what people chose, and take what they hand over",
        allow_abbrev=False,
    )
    noun.add_argument("--port", type=printing.port, default=PORT)
    noun.add_argument("--host", default="127.0.0.1", help="what to listen on (127.0.0.1)")
    noun.set_defaults(run=_feed)


def _feed(args: argparse.Namespace) -> int:
    home = own.start()
    from chikai.web import feed
    from chikai.web.actions.installation import check_example

    check_example(home, args.host)
    check_free(args.host, args.port)
    print(
        f"telling services at http://{shown(args.host)}:{args.port}/  (Ctrl-C ends it)", flush=True
    )
    asyncio.run(feed.serve(args.host, args.port))
    sys.stdout.flush()
    sys.stderr.flush()
    # A thread of the server's that calls into Python while the interpreter is taken down would abort the process.
    os._exit(0)
