"""`chikai gate decide | stop | resume | heard | token`: what the desk and an engineer ask of the gate on the server.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import clock
from chikai.cli import own, printing
from chikai.errors import BadInput, UseRefused

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns
    from chikai.web.models import Person

UNITS = "everything, purpose:NAME, item:NAME or cell:PURPOSE/ITEM"


def add(verbs: Nouns) -> None:
    """Add the verbs that need our own database."""
    decide = verbs.add_parser("decide", help="decide a use for one person", allow_abbrev=False)
    decide.add_argument("service", metavar="SERVICE")
    decide.add_argument("purpose", metavar="PURPOSE")
    decide.add_argument("key", metavar="KEY", help="the person's key in that service")
    decide.add_argument("--to", metavar="RECIPIENT", default="", help="with handing over")
    printing.formats(decide)
    decide.set_defaults(run=_decide)
    for name, says in (("stop", "stop a use for a person"), ("resume", "let it go on")):
        turn = verbs.add_parser(name, help=says, allow_abbrev=False)
        turn.add_argument("person", metavar="PERSON", help="an id, SOURCE:KEY, or SOURCE:TABLE:KEY")
        turn.add_argument("unit", metavar="UNIT", help=UNITS)
        turn.set_defaults(run=_turn)
    token = verbs.add_parser(
        "token", help="the file of a service's token, made on first use", allow_abbrev=False
    )
    token.add_argument("service", metavar="SERVICE")
    token.add_argument("--show", action="store_true", help="print the token itself")
    token.set_defaults(run=_token)
    heard = verbs.add_parser("heard", help="which services have heard", allow_abbrev=False)
    heard.add_argument("v", metavar="V", type=int, nargs="?", help="a number (the newest)")
    printing.formats(heard)
    heard.set_defaults(run=_heard)


def _decide(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import gate

    v, decision = gate.look(args.service, args.purpose, args.key, args.to)
    if args.format == "json":
        reasons = [gate.said(reason) for reason in decision.reasons]
        printing.as_json({"allowed": decision.allowed, "v": v, "reasons": reasons})
        return 0 if decision.allowed else 4
    if not decision.allowed:
        why = "; ".join(
            f"{r.unit} {' '.join(r.refs)} (clause {r.clause})".replace("  ", " ")
            for r in decision.reasons
        )
        raise UseRefused(f"not allowed: {why}", f"as of number {v} of the feed")
    print(f"allowed, as of number {v} of the feed")
    return 0


def _turn(args: argparse.Namespace) -> int:
    own.refuse_address(args.person)
    own.start()
    from chikai.web.actions import COMMAND, choices

    person = _person(args.person)
    turning = choices.stop if args.verb == "stop" else choices.resume
    event = turning(COMMAND, person.id, args.unit)
    done = "stopped" if args.verb == "stop" else "goes on"
    again = ", as it was before" if event.facts.get("again") else ""
    print(f"{done}{again}; number {event.facts['v']} of the feed says so")
    return 0


def _person(text: str) -> Person:
    from chikai.web.models import Link, Person

    found = Person.objects.find_person(text, surely=True)
    if not found and Link.objects.perhaps(text):
        raise BadInput(
            "no service has verified that of a registration",
            "find out whose it is (`chikai people find`), and name the person by id or SOURCE:TABLE:KEY",
        )
    if len(found) != 1:
        raise BadInput(
            "this means nobody" if not found else f"this means {len(found)} persons",
            "name one by id, as SOURCE:KEY, or as SOURCE:TABLE:KEY where a source has several tables of persons",
        )
    return found[0]


def _token(args: argparse.Namespace) -> int:
    home = own.read()
    from chikai.web import gate_token

    if own.document().service(args.service) is None:
        raise BadInput(f"the policy has no service `{args.service}`", "name it as the policy does")
    file = gate_token.make(home, args.service)
    print(file.read_text("utf-8") if args.show else file)
    return 0


def _heard(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models.choices import feed_number
    from chikai.web.models.switches import acknowledged

    found = acknowledged(feed_number() if args.v is None else args.v, clock.now())
    if args.format == "json":
        printing.as_json(
            {
                "v": found.v,
                "heard": found.k,
                "running": found.n,
                "places": {place.service: place.state for place in found.places},
            }
        )
        return 0
    print(f"{found.k} of {found.n} running services have heard of number {found.v}")
    for place in found.places:
        print(f"  {place.service}: {place.state.replace('_', ' ')}")
    return 0
