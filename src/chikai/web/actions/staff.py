"""Inviting members of staff, and the one-time links by which they sign in.

A link is 32 random bytes; only its SHA-256 is kept. It opens once, within 24 hours, and only by a confirming press,
because mail scanners open every address that they see.

Clauses: 1.2.
Law: APPI Art. 23, APPI Art. 24.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from chikai import clock
from chikai.errors import BadInput, Refused, WrongState
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action
from chikai.web.models import SignInLink, Staff
from chikai.web.models.staff import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LASTS: Final = timedelta(hours=24)
SIZE: Final = 32
_BY_LINK: Final = Actor("link")  # whoever holds the link; it says whom it was made for


@action("officer")
def invite(
    by: Actor, *, name: str, email: str, roles: Iterable[str], language: str = "ja"
) -> Event:
    """Give somebody an account with these roles; they sign in by a link that `make_link` makes."""
    return new_member(name=name, email=email, roles=roles, language=language)


def new_member(*, name: str, email: str, roles: Iterable[str], language: str) -> Event:
    """Add a member of staff in the transaction that is open, and give the event of it."""
    email, name = email.strip(), " ".join(name.split())
    held = sorted(set(roles), key=lambda r: ROLES.index(r) if r in ROLES else -1)
    try:
        validate_email(email)
    except ValidationError:
        raise BadInput("this is no mail address", "write it as name@company.example") from None
    if not name or len(name) > 100:
        raise BadInput(
            "the name is empty or longer than 100 signs", "write the name of the colleague"
        )
    if not held or (unknown := [role for role in held if role not in ROLES]):
        said = f"`{unknown[0]}` is no role" if held else "no role was given"
        raise BadInput(said, f"the roles are {', '.join(f'`{role}`' for role in ROLES)}")
    if Staff.objects.filter(email__iexact=email).exists():
        raise WrongState(
            "this address has an account already", "make a link with `chikai staff link`"
        )
    staff = Staff(
        email=email,
        name=name,
        roles=held,
        language="en" if language == "en" else "ja",
        invited_at=clock.now(),
    )
    staff.set_unusable_password()
    staff.save()
    return Event("staff.invited", {"staff": staff.pk, "roles": " ".join(held)})


def make_link(by: Actor, staff: Staff, *, lasts: timedelta = LASTS) -> str:
    """A new one-time link for a member of staff: the secret part of its address, which is nowhere else."""
    secret = secrets.token_urlsafe(SIZE)
    _keep_link(by, staff, digest=_digest(secret), expires_at=clock.now() + lasts)
    return secret


@action()
def _keep_link(by: Actor, staff: Staff, *, digest: str, expires_at: datetime) -> Event:
    if not staff.is_active:
        raise Refused(
            "this account is closed",
            "ask an officer",
            evidence=Event("staff.refused", {"staff": staff.pk}),
        )
    SignInLink.objects.filter(expires_at__lt=clock.now() - LASTS).delete()
    SignInLink.objects.create(staff=staff, digest=digest, expires_at=expires_at)
    return Event("staff.linked", {"staff": staff.pk})


def find_link(secret: str) -> SignInLink | None:
    """The link that is still good, for the page that asks for the press; it stays unused."""
    found = SignInLink.objects.select_related("staff").filter(
        digest=_digest(secret), used_at=None, expires_at__gt=clock.now(), staff__is_active=True
    )
    return found.first()


def use_link(secret: str) -> Staff:
    """Use a link up, and give the member of staff that it was made for; Refused when it is used, old or unknown."""
    event = _use_link(_BY_LINK, _digest(secret))
    return Staff.objects.get(pk=int(str(event.facts["staff"])))


@action()
def _use_link(by: Actor, digest: str) -> Event:
    now = clock.now()
    # One statement without a join decides: PostgreSQL looks at its conditions again after it waited for the row.
    used = SignInLink.objects.filter(digest=digest, used_at=None, expires_at__gt=now).update(
        used_at=now
    )
    staff = SignInLink.objects.get(digest=digest).staff if used else None
    if staff is None or not staff.is_active:
        raise Refused(
            "this link was used already, is older than 24 hours, or was never made",
            "ask for a new one",
            evidence=Event("staff.refused", {"by": "link"}),
        )
    return Event("staff.signed_in", {"staff": staff.pk, "by": "link"})


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
