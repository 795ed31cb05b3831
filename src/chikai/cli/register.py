"""`chikai register import FILE`: read a register from a spreadsheet, say what was understood, compare it with the policy.

Clauses: 3.2, 4.1.
Law: APPI Art. 25.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from chikai.cli import own, printing

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from chikai.cli.nouns import Nouns
    from chikai.sources.reconcile import Finding
    from chikai.sources.registers import Register


def add(nouns: Nouns) -> None:
    """Add the noun `register`."""
    noun = nouns.add_parser("register", help="registers that are kept by hand")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    imported = verbs.add_parser(
        "import", help="read a register from .xlsx or CSV", allow_abbrev=False
    )
    imported.add_argument("file", type=Path, metavar="FILE")
    imported.add_argument(
        "--kind",
        choices=("handling", "processors"),
        required=True,
        help="handling: 個人情報管理台帳; processors: 委託先一覧",
    )
    imported.add_argument("--dry-run", action="store_true", help="only read and report")
    printing.formats(imported)
    imported.set_defaults(run=_import)


def _import(args: argparse.Namespace) -> int:
    from chikai.sources import reconcile, registers

    register = registers.read(args.file, args.kind)
    home = own.read()
    findings = reconcile.against(register, own.document(), home.sources)
    if not args.dry_run:
        own.start()
        from chikai.web.actions import COMMAND
        from chikai.web.actions.sources import import_register

        import_register(COMMAND, register)
    if args.format == "json":
        printing.as_json(_facts(register, findings, kept=not args.dry_run))
    else:
        _print(register, findings, kept=not args.dry_run)
    return 0


def _facts(register: Register, findings: Sequence[Finding], *, kept: bool) -> dict[str, object]:
    good, cells = register.understood()
    return {
        "kind": register.kind,
        "how": register.how,
        "kept": kept,
        "rows": len(register.rows),
        "cells": cells,
        "understood": good,
        "columns": dict(register.columns),
        "extra": list(register.extra),
        "notes": [asdict(note) for note in register.notes],
        "findings": [asdict(finding) for finding in findings],
    }


def _print(register: Register, findings: Sequence[Finding], *, kept: bool) -> None:
    good, cells = register.understood()
    print(f"read {len(register.rows)} rows ({register.how}); {good} of {cells} cells understood\n")
    printing.columns(("heading", "understood as"), list(register.columns.items()))
    if register.notes:
        print(f"\nnot understood ({len(register.notes)}):")
        for note in register.notes:
            print(f"  {note.where}: {note.says}")
    states: Counter[str] = Counter(finding.state for finding in findings)
    print("\nagainst the policy:")
    for state, says in (
        ("named", "named by the policy"),
        ("partly", "partly named"),
        ("not-named", "not named by the policy"),
        ("unread", "say nothing that was understood"),
    ):
        if states[state]:
            print(f"  {states[state]} rows: {says}")
    for finding in findings:
        if finding.missing:
            place = (
                f"`{finding.sheet}`, row {finding.row}" if finding.sheet else f"row {finding.row}"
            )
            print(f"  {place}: not in the policy: {', '.join(finding.missing)}; {finding.do}")
    if kept:
        print(
            "\nkept. Columns that are not known are kept under their own headings; nothing was dropped."
        )
    else:
        print("\nnothing was kept (--dry-run)")
