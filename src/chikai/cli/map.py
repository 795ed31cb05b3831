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
    from pathlib import Path

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
        help="replace the file although an engineer may have changed it",
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
    why.add_argument("table", metavar="TABLE")
    why.set_defaults(run=_why)
    show = verbs.add_parser("show", help="the map as a table", allow_abbrev=False)
    show.add_argument("name", metavar="NAME")
    printing.formats(show)
    show.set_defaults(run=_show)


def _scan(args: argparse.Namespace) -> int:
    installation = own.start()
    from chikai.web.actions import COMMAND, sources
    from chikai.web.work import sources as work

    config = installation.source(args.name)
    file = installation.map_of(args.name)
    proposal = work.scan_source(
        installation,
        args.name,
        printing.Progress(f"scanning {config.name}"),
        rows=max(args.rows, 0),
    )
    sources.record_scan(COMMAND, proposal.map)
    written = not file.exists() or args.over
    if written:
        work.write_proposal(installation, args.name, proposal)
    if args.format == "json":
        printing.as_json({**proposal_facts(proposal), "file": str(file), "written": written})
    else:
        print_proposal(proposal, file, written=written)
    if args.adopt:
        return _adopted(installation, args.name, unfinished=False)
    return 0


def proposal_facts(proposal: Proposal) -> dict[str, object]:
    """A proposal as JSON: sizes and findings, never a value."""
    from chikai.web.actions.sources import size_of

    return {
        "size": asdict(size_of(proposal.map)),
        "catalogue": proposal.map.catalogue,
        "findings": [asdict(finding) for finding in proposal.findings],
    }


def print_proposal(proposal: Proposal, file: Path, *, written: bool = True) -> None:
    """Print how much a scan decided, what it left, and what to do next."""
    from chikai.web.actions.sources import size_of

    size = size_of(proposal.map)
    whose = Counter(table.whose for table in proposal.map.tables)
    said = ", ".join(f"{number} {name}" for name, number in whose.most_common())
    print(f"{size.tables} tables ({said}), {size.columns} columns, {size.undecided} undecided")
    _print_findings(proposal.findings[:SHOWN])
    if len(proposal.findings) > SHOWN:
        print(
            f"  and {len(proposal.findings) - SHOWN} more: chikai map check {proposal.map.source}"
        )
    name = proposal.map.source
    if written:
        print(f"\nproposed in {file}")
    else:
        print(f"\n{file} stays as it is; `--over` replaces it by what was found now")
    print(
        f"next: decide what is left in the file, then `chikai map check {name}` and `chikai map adopt {name}`"
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
    event = adopt_map(COMMAND, map_, text, unfinished=unfinished)
    size = size_of(map_)
    left = f", {size.undecided} still undecided: shown as unfinished" if size.undecided else ""
    print(f"the map of `{name}` is in force: {size.tables} tables, {size.columns} columns{left}")
    print(event.facts["digest"])
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
            if config.kind == "sql" and map_in_force(config.name) is not None
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

    print(why.why(_read(own.read(), args.name), args.table))
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
