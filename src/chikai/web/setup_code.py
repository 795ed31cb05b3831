"""The code that proves whoever opens the first-run page also sees the terminal of the server.

`chikai serve` and `chikai init` print it while the installation is not started; afterwards it opens nothing.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chikai.home import Home

BYTES: Final = 10
KEY: Final = "setup"


def code(home: Home) -> str:
    """The code in groups of four, such as `ABCD-EFGH-IJKL-MNOP`."""
    text = base64.b32encode(home.key(KEY, BYTES)).decode()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def matches(home: Home, given: str) -> bool:
    """Whether somebody typed the code, in any letter case, with or without its hyphens."""
    said = "".join(sign for sign in given.upper() if sign.isalnum())
    return hmac.compare_digest(said.encode(), code(home).replace("-", "").encode())
