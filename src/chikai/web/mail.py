"""Mail: by the operator's server, or into files where none is set; an example never uses a server.

Clauses: 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from chikai import clock, home
from chikai.web.frame import installation, installed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from django.core.mail import EmailMessage

LINK: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Kept:
    """One mail of the folder."""

    subject: str
    to: str
    at: datetime
    body: str
    links: tuple[str, ...]


def folder() -> Path:
    """Where mails stand as files."""
    path: Path = settings.HOME.path / "mail"
    return path


class Backend(BaseEmailBackend):
    """Chooses at the moment of sending, since the mark of an example stands in the database."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send them, or keep them as files."""
        if leaves():
            return _server().send_messages(email_messages) or 0
        for message in email_messages:
            _keep(message.message().as_bytes())
        return len(email_messages)


def leaves() -> bool:
    """Whether mail goes to a server; otherwise it stands in files, readable by whoever runs Chikai."""
    mark = installation()
    return bool(installed().mail.get("host")) and not (mark and mark.example)


def _server() -> Any:
    mail = installed().mail
    tls = str(mail.get("tls", "starttls"))
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=str(mail["host"]),
        port=int(str(mail.get("port", 587))),
        username=str(mail.get("user", "")),
        password=home.secret(mail, os.environ, "mail") or "",
        use_tls=tls == "starttls",
        use_ssl=tls == "ssl",
        timeout=20,
    )


def _keep(data: bytes) -> None:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}.eml"
    descriptor = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(data)


def kept() -> list[Kept]:
    """The mails of the folder, newest first."""
    files = sorted(folder().glob("*.eml"), reverse=True) if folder().exists() else []
    return [_read(file) for file in files[:200]]


def _read(file: Path) -> Kept:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    part = message.get_body(("plain",))
    body = str(part.get_content()) if part else ""
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Kept(str(message["subject"]), str(message["to"]), at, body, tuple(LINK.findall(body)))
