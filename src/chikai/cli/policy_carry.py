"""`chikai policy carry`: the files of a policy that was begun from a text take the ids of the edition in force.

What persons chose stands under these ids. The pairs are printed for a second look; what is only worded alike is marked.

Clauses: 5, 8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.cli import own, policy_pages, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from chikai.cli.nouns import Nouns
    from chikai.policy.carried import Pair


def add(verbs: Nouns) -> None:
    """Add the verb `carry` to the noun `policy`."""
    carry = verbs.add_parser(
        "carry",
        help="give the files the ids of the edition in force, so that choices go on",
        allow_abbrev=False,
    )
    policy_pages.folder(carry)
    carry.add_argument(
        "--apart",
        action="append",
        default=[],
        metavar="ID",
        help="an id of the edition in force whose thing has gone, whatever is worded like it",
    )
    carry.add_argument(
        "--same",
        action="append",
        default=[],
        metavar="ID",
        help="an id of the edition in force whose thing goes on under like words, though persons chose about it",
    )
    printing.formats(carry)
    carry.set_defaults(run=_carry)


def _carry(args: argparse.Namespace) -> int:
    home = own.start()
    from chikai.policy import mend
    from chikai.web import going_on

    folder = args.folder or home.policy
    document = own.draft(folder).document
    over, pairs = going_on.under_known_ids(document, apart=args.apart)
    waiting = going_on.undecided(pairs, args.same)
    if over != document and not waiting:
        mend.restructure(folder, document.digest, lambda _: over)
    rows = [(one, going_on.chosen(one.kind, one.id)) for one in pairs]
    if args.format == "json":
        printing.as_json({"pairs": [_pair(one, persons) for one, persons in rows]})
    elif rows:
        _print(rows)
    else:
        print("no edition is in force; the files stay as they are")
    if waiting:
        names = ", ".join(f"`{one.id}`" for one in waiting)
        what = (
            f"persons chose about {names}, and nobody has said whether the like words mean the same"
        )
        raise BadInput(what, "name each with `--same` or `--apart`; nothing was written")
    return 0


def _print(rows: Sequence[tuple[Pair, int]]) -> None:
    printing.columns(
        ("", "id", "kind", "before", "now", "persons"),
        [
            (
                "" if one.is_sure else f"{one.likeness:.2f}?",
                one.id,
                one.kind,
                one.old.ja if one.old else "-",
                one.new.ja if one.new else "-",
                str(persons),
            )
            for one, persons in rows
        ],
    )
    print("\nlook at the lines with `?`: where it is another thing, carry again with `--apart ID`")


def _pair(one: Pair, persons: int) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "before": one.old.ja if one.old else None,
        "now": one.new.ja if one.new else None,
        "likeness": one.likeness,
        "sure": one.is_sure,
        "persons": persons,
    }
