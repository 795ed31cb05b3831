"""A released package, opened for the person's page, or for the desk that prints it: it opens no source.

Clauses: 6.
Law: APPI Art. 33(1), APPI Art. 33(2).
"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

from chikai import clock
from chikai.errors import WrongState
from chikai.rights import handing, sealed
from chikai.web import packages
from chikai.web import request_words as words
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


def archive_to_print(request: Request) -> zipfile.ZipFile:
    """The package of a request that is to be printed, approved and made, though not yet released."""
    made = request.steps.filter(action="package", state="done").first()
    name = made.file if made else request.package_file
    try:
        handle = (packages.folder(request) / name).open("rb")
    except FileNotFoundError:
        raise WrongState("the package is gone", "ask the desk") from None
    file = sealed.Unsealing(handle, key_of(request), packages.context(request, name))
    return zipfile.ZipFile(io.BufferedReader(file))


def handed_of(request: Request) -> dict[str, Any] | None:
    """By which way, on which day and by whom an answer on paper was handed over; None while it was not."""
    step = request.steps.filter(action=handing.ACTION, state="done").first()
    if step is None:
        return None
    on = date.fromisoformat(step.found["on"])
    return {"way": words.HANDED[step.found["way"]], "on": on, "by": step.done_by}
