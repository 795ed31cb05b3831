"""A released package, opened for the person's page: it opens no source.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai import clock
from chikai.errors import WrongState
from chikai.rights import sealed
from chikai.web import packages
from chikai.web.actions.rights import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.web.models import Request


def open_package(request: Request) -> Iterator[bytes]:
    """The bytes of a released package; WrongState at once when it is not ready or its days are over."""
    if not request.ready(clock.now()):
        raise WrongState("there is no package to fetch", "look at the state of the request")
    try:
        handle = (packages.folder(request) / request.package_file).open("rb")
    except FileNotFoundError:
        raise WrongState("the package is gone", "ask the desk") from None

    def chunks() -> Iterator[bytes]:
        with handle:
            yield from sealed.stream(
                handle, key_of(request), packages.context(request, request.package_file)
            )

    return chunks()
