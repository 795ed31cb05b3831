"""`chikai staff`: who works with this installation, and their one-time links to sign in.

Clauses: 1.2.
Law: APPI Art. 24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai import address
from chikai.cli import own, printing
from chikai.errors import BadInput

if TYPE_CHECKING:
    import argparse

    from chikai.cli.nouns import Nouns
    from chikai.home import Home
    from chikai.web.models import Staff


LINK: Final = "/sign-in/link/"  # as `web.urls` has it; a test compares


def add(nouns: Nouns) -> None:
    """Add the noun `staff`."""
    noun = nouns.add_parser("staff", help="who works with this installation")
    verbs = noun.add_subparsers(dest="verb", metavar="VERB", required=True)
    invite = verbs.add_parser(
        "invite", help="give somebody an account and a link", allow_abbrev=False
    )
    invite.add_argument("mail", metavar="MAIL")
    invite.add_argument("--name", required=True)
    invite.add_argument(
        "--role",
        action="append",
        required=True,
        help="officer, desk, engineer, auditor; several with commas",
    )
    invite.add_argument("--language", choices=("ja", "en"), default="ja")
    invite.set_defaults(run=_invite)
    link = verbs.add_parser(
        "link", help="print a new one-time link for somebody", allow_abbrev=False
    )
    link.add_argument("mail", metavar="MAIL")
    link.set_defaults(run=_link)
    listed = verbs.add_parser("list", help="list the accounts", allow_abbrev=False)
    printing.formats(listed)
    listed.set_defaults(run=_list)


def _invite(args: argparse.Namespace) -> int:
    home = own.start()
    from chikai.web.actions import COMMAND, staff

    roles = [role.strip() for given in args.role for role in given.split(",") if role.strip()]
    staff.invite(COMMAND, name=args.name, email=args.mail, roles=roles, language=args.language)
    print_link(home, _find(args.mail))
    return 0


def _link(args: argparse.Namespace) -> int:
    home = own.start()
    print_link(home, _find(args.mail))
    return 0


def _find(mail: str) -> Staff:
    from chikai.web.models import Staff

    found = Staff.objects.filter(email__iexact=mail.strip()).first()
    if found is None:
        raise BadInput("nobody has this address", "see `chikai staff list`")
    return found


def print_link(home: Home, staff: Staff) -> None:
    """Make a one-time link and print it; it is nowhere else."""
    from chikai.web.actions import COMMAND
    from chikai.web.actions.staff import make_link

    secret = make_link(COMMAND, staff)
    print(f"a link to sign in, good once and for 24 hours:\n  {address.of(home.web)}{LINK}{secret}")


def _list(args: argparse.Namespace) -> int:
    own.start()
    from chikai.web.models import Staff

    rows = [
        {"number": s.pk, "name": s.name, "mail": s.email, "roles": s.roles, "active": s.is_active}
        for s in Staff.objects.order_by("pk")
    ]
    printing.listing(
        args.format,
        ("number", "name", "mail", "roles", "active"),
        rows,
        "nobody yet: `chikai staff invite MAIL`",
    )
    return 0
