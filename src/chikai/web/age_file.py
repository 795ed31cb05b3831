"""A package as an age file, for a person who names their own age key: nobody on the way, and nobody later, opens it but them.

The file is made while it is fetched, from the sealed package, and only what is encrypted already touches the disk.

Clauses: 1.2, 6.
Law: APPI Art. 23, APPI Art. 33(2).
"""

from __future__ import annotations

import io
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

from chikai import clock
from chikai.errors import BadInput, ConfigError, WrongState
from chikai.web import packages
from chikai.web.actions.rights import key_of

if TYPE_CHECKING:
    from chikai.web.models import Request

LONGEST: Final = 200  # signs of a key; age's own have 62


def make(request: Request, key: str) -> IO[bytes]:
    """The released package, encrypted to an age key such as `age1...`; BadInput for what is no such key."""
    try:
        import pyrage
    except ImportError:
        raise ConfigError("age files need pyrage", "install `chikai[server]`") from None
    age: Any = pyrage
    try:
        recipient = age.x25519.Recipient.from_str(key.strip())
    except age.RecipientError:
        raise BadInput("this is no age key", "give the line that begins with `age1`") from None
    if not request.ready(clock.now()):
        raise WrongState("there is no package to fetch", "look at the state of the request")
    out = TemporaryFile(dir=packages.spool())  # noqa: SIM115  the answer closes it when it was sent
    with packages.reading(request, request.package_file, key_of(request)) as file:
        age.encrypt_io(io.BufferedReader(file), out, [recipient])
    out.seek(0)
    return out
