"""What an example service asks Chikai over its machine doors: a person's settings, and an inquiry for the desk.

Each request carries the service's own token. Nothing of an answer is logged.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS: Final = 10.0
_MOST: Final = 2**20


class AwayError(Exception):
    """Chikai did not answer, or not as it should; `status` is 0 when it did not answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"chikai answered with {status}" if status else "chikai did not answer")
        self.status = status


class Api:
    """The doors of one service. `token_file` holds its token."""

    def __init__(self, chikai: str, service: str, token_file: Path | None) -> None:
        self._chikai, self._service, self._token_file = chikai.rstrip("/"), service, token_file
        self._style = ""

    def settings(self, key: int, *, action: str, hidden: str) -> str:
        """The ready-made settings of a person as a fragment of HTML, its forms sent to `action` with our hidden field."""
        query = urllib.parse.urlencode({"action": action, "lang": "ja"})
        said = self._ask(f"choices/{self._service}/{key}?{query}")
        self._style = urllib.parse.urlsplit(str(said.get("style", ""))).path
        return str(said.get("html", "")).replace("</form>", f"{hidden}</form>")

    def style(self) -> bytes:
        """The style sheet of that fragment, from Chikai's own address; empty before a fragment was read."""
        if not self._style.startswith("/"):
            return b""
        try:
            with urllib.request.urlopen(f"{self._chikai}{self._style}", timeout=_SECONDS) as answer:  # noqa: S310 - the example's own address
                data: bytes = answer.read(_MOST)
                return data
        except OSError:
            return b""

    def press(self, key: int, unit: str, verb: str) -> dict[str, Any]:
        """Stop or resume a unit (`purpose:guidance`, `item:email`, `everything`)."""
        return self._ask(f"choices/{self._service}/{key}", {"unit": unit, "verb": verb})

    def inquire(self, inquiry: Mapping[str, str], once: str) -> dict[str, Any]:
        """Hand an inquiry to the desk; the same `once` is taken once."""
        return self._ask("inquiries", inquiry, once)

    def _ask(
        self, path: str, body: Mapping[str, str] | None = None, once: str = ""
    ) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - the example's own address
            f"{self._chikai}/api/v1/{path}",
            data=None if body is None else json.dumps(dict(body)).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        if once:
            request.add_header("Idempotency-Key", once)
        if self._token_file is not None and self._token_file.exists():
            token = self._token_file.read_text("utf-8").strip()
            request.add_unredirected_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                said: dict[str, Any] = json.loads(answer.read(_MOST) or b"{}")
                return said
        except urllib.error.HTTPError as fault:
            fault.close()
            raise AwayError(fault.code) from None
        except (OSError, ValueError):
            raise AwayError(0) from None
