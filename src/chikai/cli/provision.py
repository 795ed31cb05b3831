"""`chikai provision`: register a contract, and provide the least items of persons to a recipient under it.

Clauses: 4.1, 4.2.
Law: APPI Art. 25, APPI Art. 27(1).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from chikai.cli import own
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns


def add(nouns: Nouns) -> None:
    """Add the noun `provision`."""
    noun = nouns.add_parser("provision", help="contracts, and provisions to recipients")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    sign = verbs.add_parser("contract", help="register a contract", allow_abbrev=False)
    sign.add_argument("recipient", metavar="RECIPIENT", help="as the policy names it")
    sign.add_argument("--since", required=True, metavar="DAY", help="such as 2026-04-01")
    sign.add_argument("--until", default="", metavar="DAY", help="the last day; empty: no end")
    sign.add_argument("--secrecy", action="store_true", help="it binds to secrecy")
    sign.add_argument("--country", default="JP", metavar="CODE")
    sign.add_argument(
        "--route",
        default="",
        choices=("", "equal_country", "equal_system", "consent"),
        help="the way abroad, for a recipient in another country",
    )
    sign.set_defaults(run=_contract)
    make = verbs.add_parser(
        "make", help="provide the least items of persons to a recipient", allow_abbrev=False
    )
    make.add_argument("source", metavar="SOURCE", help="the source that is read")
    make.add_argument("--purpose", required=True, metavar="PURPOSE")
    make.add_argument("--to", required=True, metavar="RECIPIENT")
    make.add_argument(
        "--person", action="append", default=[], metavar="ID", help="one; without any: everybody"
    )
    make.set_defaults(run=_make)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("this is no day", "write it as 2026-04-01") from None


def _contract(args: argparse.Namespace) -> int:
    own.start()
    from chikai.provision.contract import Contract
    from chikai.web.actions import COMMAND
    from chikai.web.actions.provision import register_contract

    until = _day(args.until) if args.until else None
    contract = Contract(
        args.recipient, _day(args.since), until, args.secrecy, args.country, args.route
    )
    event = register_contract(COMMAND, contract)
    print(f"contract {event.facts['contract']} with {args.recipient} is registered")
    return 0


def _make(args: argparse.Namespace) -> int:
    home = own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.actions.provision import Flow
    from chikai.web.work import provision

    try:
        persons = [UUID(text) for text in args.person]
    except ValueError:
        raise BadInput("this is no id of a person", "see `chikai people find`") from None
    flow = Flow(home.source(args.source).service, args.purpose, args.to)
    events = provision.run(COMMAND, home, args.source, flow, persons)
    made = sum(event.kind == "provision.made" for event in events)
    print(f"provided for {made}, left out {len(events) - made}")
    return 0
