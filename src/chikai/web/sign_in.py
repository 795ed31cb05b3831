"""Who may sign in, and how often somebody may try.

There is no password anywhere: a passkey or a one-time link proves the member of staff, and then `enter` opens the session.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.contrib.auth import login
from django.contrib.auth.backends import BaseBackend
from django.core.cache import cache

from chikai.web.models import Staff

if TYPE_CHECKING:
    from django.http import HttpRequest

LOOPBACK: Final = ("127.0.0.1", "::1")
LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")


class StaffBackend(BaseBackend):
    """Finds the signed-in member of staff again. It never authenticates: there is nothing to type in."""

    def get_user(self, user_id: int) -> Staff | None:
        """The member of staff of a session, while the account is active."""
        return Staff.objects.filter(pk=user_id, is_active=True).first()


def enter(request: HttpRequest, staff: Staff) -> None:
    """Open a session for somebody who has proved to be this member of staff."""
    login(request, staff, backend="chikai.web.sign_in.StaffBackend")


def address_of(request: HttpRequest) -> str:
    """The address that a request came from; behind a proxy, the one that the proxy saw last."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    own = request.META.get("REMOTE_ADDR", "")
    return forwarded.rpartition(",")[2].strip() if forwarded and own in LOOPBACK else own


def from_loopback(request: HttpRequest) -> bool:
    """Whether the request was made on this very machine and by a name of this machine."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return address_of(request) in LOOPBACK and host in LOOPBACK_HOSTS


def may_try(what: str, who: str, *, times: int, seconds: int) -> bool:
    """Take one of the tries that `who` has; False when all are taken. The names are kept as digests only."""
    name = hashlib.sha256(f"{what}|{who.strip().lower()}".encode()).hexdigest()
    # `add` is atomic in the database, so two processes cannot take the same try.
    return any(cache.add(f"try:{name}:{number}", 1, seconds) for number in range(times))
