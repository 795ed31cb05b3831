"""`chikai people`: the links between accounts and persons. Names and addresses are asked for, never kept.

Clauses: 5, 6.
Law: APPI Art. 37(2).
"""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING
from uuid import UUID

from chikai.cli import own, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns
    from chikai.ledger.events import Event


def add(nouns: Nouns) -> None:
    """Add the noun `people`."""
    noun = nouns.add_parser("people", help="who is who in the services")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    sync = verbs.add_parser("sync", help="read the identity tables anew", allow_abbrev=False)
    sync.add_argument("source", nargs="*", metavar="SOURCE", help="these sources; all without one")
    sync.add_argument(
        "--believe", action="store_true", help="take a table at its word that lost more than half"
    )
    printing.formats(sync)
    sync.set_defaults(run=_sync)
    count = verbs.add_parser(
        "count", help="how many persons and links there are", allow_abbrev=False
    )
    printing.formats(count)
    count.set_defaults(run=_count)
    find = verbs.add_parser(
        "find",
        help="find a person",
        description="Find a person by an id, `source:key`, a mail address or a telephone number. An address is never "
        "an argument: without WHO it is asked for, or read from standard input, and stands in no history. `sure` says "
        "whether somebody verified it: anybody may have written what no service verified, so make sure who it is "
        "before anything is handed out or turned.",
        allow_abbrev=False,
    )
    find.add_argument("who", nargs="?", metavar="WHO")
    printing.formats(find)
    find.set_defaults(run=_find)
    waiting = verbs.add_parser(
        "candidates", help="pairs that an officer must decide", allow_abbrev=False
    )
    printing.formats(waiting)
    waiting.set_defaults(run=_candidates)
    merge = verbs.add_parser("merge", help="find two persons to be one", allow_abbrev=False)
    merge.add_argument("one", metavar="PERSON")
    merge.add_argument("other", metavar="PERSON")
    merge.set_defaults(run=_merge)
    part = verbs.add_parser(
        "part",
        help="undo a merge, or take one account out",
        description="Undo a merge by the person that was merged into another; or give an account that a sync joined to "
        "somebody by mistake to a person of its own, by `source:key` or `source:table:key`. No sync joins them again.",
        allow_abbrev=False,
    )
    part.add_argument("person", metavar="PERSON|SOURCE:KEY")
    part.set_defaults(run=_part)


def _sync(args: argparse.Namespace) -> int:
    home = own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.work import people

    synced = people.sync_sources(COMMAND, home, args.source, believe=args.believe)
    facts = dict(synced.event.facts)
    tables = [
        {"source": t.source, "table": t.table, "rows": t.rows, "fault": t.fault}
        for t in synced.tables
    ]
    if args.format == "json":
        printing.as_json({**facts, "tables": tables})
    else:
        heads = ("source", "table", "rows", "fault")
        printing.listing("text", heads, tables, "no map in force names an identity table")
        print(
            f"\n{facts['links']} links: {facts['new']} new, {facts['gone']} gone, {facts['returned']} returned; "
            f"{facts['merged']} persons merged, {facts['waiting']} pairs wait for an officer"
        )
    return 5 if synced.faults else 0


def _count(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models import Person

    counts = Person.objects.registry_counts()
    if args.format == "json":
        printing.as_json(
            {
                "persons": counts.persons,
                "links": dict(counts.links),
                "verified": counts.verified,
                "gone": counts.gone,
                "waiting": dict(counts.waiting),
            }
        )
        return 0
    print(
        f"{counts.persons} persons, {sum(counts.links.values())} links ({counts.verified} verified)"
    )
    for source, number in counts.links.items():
        print(f"  {source}: {number}")
    if counts.gone:
        print(f"{counts.gone} links are gone")
    if counts.waiting:
        print(f"{sum(counts.waiting.values())} pairs wait: see `chikai people candidates`")
    return 0


def _find(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models import Person
    from chikai.web.models.people import keys_of

    if args.who and not _plain(args.who):
        raise BadInput(
            "an address would stand in the list of processes",
            "leave it out and type it when asked, or pipe it",
        )
    # getpass, because what is typed is a personal value and a terminal keeps what it shows.
    who = args.who or (
        getpass.getpass("who (not shown): ") if sys.stdin.isatty() else sys.stdin.readline()
    )
    found = Person.objects.find_person(who)
    sure = Person.objects.find_person(who, surely=True)
    rows = [
        {
            "person": str(person.pk),
            "sure": person in sure,
            "links": [
                f"{source}:{table}:{key}"
                for source, tables in keys_of(person).items()
                for table, keys in tables.items()
                for key in keys
            ],
        }
        for person in found
    ]
    printing.listing(args.format, ("person", "sure", "links"), rows, "nobody is known by this")
    return 0 if found else 2


def _plain(who: str) -> bool:
    """Whether the words may stand on the command line: an id, or `source:key` without an address in it."""
    try:
        return bool(UUID(who))
    except ValueError:
        source, colon, _ = who.partition(":")
        return bool(colon) and source in own.read().sources and "@" not in who


def _candidates(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models import Candidate

    waiting = Candidate.objects.waiting().select_related("a", "b").order_by("id")
    rows = [
        {
            "number": pair.pk,
            "reason": pair.reason,
            "one": str(pair.a.person_id),
            "other": str(pair.b.person_id),
            "places": [f"{link.source}:{link.table}:{link.key}" for link in (pair.a, pair.b)],
        }
        for pair in waiting
    ]
    heads = ("number", "reason", "one", "other", "places")
    printing.listing(args.format, heads, rows, "no pair waits for a decision")
    return 0


def _merge(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND, people

    event = people.merge(COMMAND, _id(args.one), _id(args.other))
    print(f"{event.subject} stays; {event.facts['gone']} now points to it")
    print(f"undo it with `chikai people part {event.facts['gone']}`")
    return 0


def _part(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.actions import COMMAND, people
    from chikai.web.models import Merge

    if ":" in args.person:
        return _told(people.part_link(COMMAND, _link(args.person)))
    merge = Merge.objects.filter(gone=_id(args.person), undone_at=None).order_by("-id").first()
    if merge is None:
        raise BadInput("this person was not merged into another", "name the one that was")
    return _told(people.part(COMMAND, merge.pk))


def _link(named: str) -> int:
    """The link of an account, by `source:key` or `source:table:key`."""
    from chikai.web.models import Link

    source, *table, key = named.split(":", 2)
    found = Link.objects.filter(source=source, key=key, person__isnull=False)
    links = list(found.filter(table=table[0]) if table else found)
    if not links:
        raise BadInput(
            "no account of a person is called so", "see `chikai people find`; the key stands there"
        )
    if len(links) > 1:
        raise BadInput("accounts of several tables are called so", "name it `source:table:key`")
    return links[0].pk


def _told(event: Event) -> int:
    print(f"{event.subject} stands apart again")
    if unsure := event.facts["unsure"]:
        print(
            f"{unsure} requests came while they were one, and nobody can say who asked: see the desk"
        )
    return 0


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("this is no id of a person", "see `chikai people find`") from None
