"""`chikai map`: propose, check, adopt and explain the map of a source, and see how the source drifts from it.

`map drift` and `map check` end with 2 when there is something to do, 1 on a fault, 0 when all is decided.

Clauses: 2.2, 5.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from chikai.cli import own, printing
from chikai.errors import BadInput, WrongState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from chikai.cli.nouns import Nouns
    from chikai.home import Home
    from chikai.sources.map import Map
    from chikai.sources.scan import Finding, Proposal

SHOWN = 40  # findings on a terminal; `map check` shows all


def add(nouns: Nouns) -> None:
    """Add the noun `map`."""
    noun = nouns.add_parser("map", help="which column holds what, and whose each row is")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    scan = verbs.add_parser("scan", help="read a source and propose its map", allow_abbrev=False)
    scan.add_argument("name", metavar="NAME")
    scan.add_argument(
        "--adopt", action="store_true", help="put the map into force at once, if it is finished"
    )
    scan.add_argument(
        "--over",
        action="store_true",
        help="make the file anew, and lose what was decided in it",
    )
    scan.add_argument(
        "--rows", type=int, default=200, help="rows sampled of each table; 0 reads names only"
    )
    printing.formats(scan)
    scan.set_defaults(run=_scan)
    adopt = verbs.add_parser("adopt", help="put the map of the file into force", allow_abbrev=False)
    adopt.add_argument("name", metavar="NAME")
    adopt.add_argument("--unfinished", action="store_true", help="although columns are undecided")
    adopt.set_defaults(run=_adopt)
    check = verbs.add_parser("check", help="what an engineer must still decide", allow_abbrev=False)
    check.add_argument("name", metavar="NAME")
    printing.formats(check)
    check.set_defaults(run=_check)
    drift = verbs.add_parser(
        "drift", help="how sources differ from their maps in force", allow_abbrev=False
    )
    drift.add_argument("name", nargs="*", metavar="NAME", help="all sources without one")
    drift.add_argument(
        "--exit-code", action="store_true", help="the default: 0 none, 1 a fault, 2 changes"
    )
    printing.formats(drift)
    drift.set_defaults(run=_drift)
    why = verbs.add_parser("why", help="explain a table or a column of a map", allow_abbrev=False)
    why.add_argument("name", metavar="NAME")
    why.add_argument("what", metavar="TABLE[.COLUMN]")
    why.set_defaults(run=_why)
    show = verbs.add_parser("show", help="the map as a table", allow_abbrev=False)
    show.add_argument("name", metavar="NAME")
    printing.formats(show)
    show.set_defaults(run=_show)


def _scan(args: argparse.Namespace) -> int:
    installation = own.start()
    from chikai.web.actions import COMMAND, sources
    from chikai.web.work import sources as work

    installation.source(args.name)
    proposal = work.scan_source(
        installation,
        args.name,
        printing.Progress(f"scanning {args.name}"),
        rows=max(args.rows, 0),
    )
    sources.record_scan(COMMAND, proposal.map)
    work.write_proposal(installation, args.name, proposal, over=args.over)
    if args.format == "json":
        printing.as_json(scanned(installation, proposal))
    else:
        print_scanned(installation, proposal)
    if args.adopt:
        return _adopted(installation, args.name, unfinished=False)
    return 0


def _left(installation: Home, proposal: Proposal) -> tuple[Map, list[Finding]]:
    """The map that the file holds after a scan, and what is left to decide or to look at."""
    map_ = _read(installation, proposal.map.source)
    from chikai.sources import mapfile

    seen = [f for f in proposal.findings if f.code in {"guarded", "unreadable"}]
    return map_, [*mapfile.check(map_, own.document(installation.policy)), *seen]


def scanned(installation: Home, proposal: Proposal) -> dict[str, object]:
    """What a scan left in the file, as JSON: sizes and findings, never a value."""
    from chikai.web.actions.sources import size_of

    map_, left = _left(installation, proposal)
    return {
        "source": map_.source,
        "size": asdict(size_of(map_)),
        "catalogue": map_.catalogue,
        "findings": [asdict(finding) for finding in left],
        "file": str(installation.map_of(map_.source)),
    }


def print_scanned(installation: Home, proposal: Proposal) -> None:
    """Print how much of a source is decided, what is left, and what to do next."""
    from chikai.web.actions.sources import size_of

    map_, left = _left(installation, proposal)
    size, name = size_of(map_), map_.source
    whose = Counter(table.whose for table in map_.tables)
    said = ", ".join(f"{number} {word}" for word, number in whose.most_common())
    print(f"{size.tables} tables ({said}), {size.columns} columns, {size.undecided} undecided")
    _print_findings(left[:SHOWN])
    if len(left) > SHOWN:
        print(f"  and {len(left) - SHOWN} more: chikai map check {name}")
    print(f"\nthe map is in {installation.map_of(name)}")
    if size.undecided:
        print(f"next: decide what is left in the file, then `chikai map check {name}`")
    print(
        f"next: chikai map adopt {name}" if not size.undecided else f"then: chikai map adopt {name}"
    )


def _print_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        print(f"  {finding.where}: {finding.what}")
        if finding.do:
            print(f"    {finding.do}")


def _read(installation: Home, name: str) -> Map:
    """The map of the file; BadInput when the source has none yet."""
    from chikai.sources import mapfile

    installation.source(name)
    file = installation.map_of(name)
    if not file.exists():
        raise BadInput(f"`{name}` has no map yet", f"run `chikai map scan {name}`", str(file))
    return mapfile.read(file)


def _adopt(args: argparse.Namespace) -> int:
    return _adopted(own.start(), args.name, unfinished=args.unfinished)


def _adopted(installation: Home, name: str, *, unfinished: bool) -> int:
    from chikai.web.actions import COMMAND
    from chikai.web.actions.sources import adopt_map, size_of

    map_ = _read(installation, name)
    text = installation.map_of(name).read_text("utf-8")
    findings = _findings(installation, name)
    lost = [finding for finding in findings if finding.code == "missing"]
    if lost and not unfinished:
        more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
        raise WrongState(
            f"{lost[0].what}{more}", f"{lost[0].do}; `chikai map check {name}` names all"
        )
    event = adopt_map(COMMAND, map_, text, unfinished=unfinished)
    size = size_of(map_)
    left = f", {size.undecided} still undecided: shown as unfinished" if size.undecided else ""
    print(f"the map of `{name}` is in force: {size.tables} tables, {size.columns} columns{left}")
    print(event.facts["digest"])
    _print_findings(finding for finding in findings if finding.code == "hold")
    return 0


def _check(args: argparse.Namespace) -> int:
    installation = own.read()
    findings = _findings(installation, args.name)
    if args.format == "json":
        printing.as_json([asdict(finding) for finding in findings])
    elif findings:
        _print_findings(findings)
        print(f"\n{len(findings)} to decide in {installation.map_of(args.name)}")
    else:
        print(
            f"the map of `{args.name}` is finished; `chikai map adopt {args.name}` puts it into force"
        )
    return 2 if any(finding.error for finding in findings) else 0


def _findings(installation: Home, name: str) -> Sequence[Finding]:
    from chikai.sources import mapfile

    map_ = _read(installation, name)
    return mapfile.check(map_, own.document(installation.policy))


def _drift(args: argparse.Namespace) -> int:
    installation = own.start()
    from chikai.web.actions import COMMAND
    from chikai.web.work.sources import drift_of, map_in_force

    asked = [installation.source(name) for name in args.name]
    if not asked:
        asked = [
            config
            for config in installation.sources.values()
            if config.opened and map_in_force(config.name) is not None
        ]
    found = {config.name: drift_of(COMMAND, installation, config.name) for config in asked}
    if args.format == "json":
        printing.as_json({name: list(changes) for name, changes in found.items()})
    elif not asked:
        raise WrongState("no map is in force", "run `chikai map adopt NAME` first")
    else:
        for name, changes in found.items():
            print(f"{name}: {len(changes)} changes" if changes else f"{name}: as its map says")
            for change in changes:
                print(f"  {change}")
            if changes:
                print(
                    f"  next: chikai map scan {name}, decide what is new, chikai map adopt {name}"
                )
    return 2 if any(found.values()) else 0


def _why(args: argparse.Namespace) -> int:
    from chikai.sources import why

    print(why.why(_read(own.read(), args.name), args.what))
    return 0


def _show(args: argparse.Namespace) -> int:
    map_ = _read(own.read(), args.name)
    rows = [
        {
            "table": table.name,
            "whose": table.whose,
            "through": [f"{','.join(e.columns)}->{e.table}" for e in table.edges]
            or (["identity"] if table.identity else []),
            "personal": sum(c.category not in {"-", "?"} for c in table.columns),
            "undecided": sum(c.category == "?" for c in table.columns),
            "columns": len(table.columns),
        }
        for table in map_.tables
    ]
    heads = ("table", "whose", "through", "personal", "undecided", "columns")
    printing.listing(args.format, heads, rows, "the map has no table")
    return 0
