"""Mail of the example services: files in a folder, never the outside.

A file's name is the mail's own, so a mail that was written is not written again, also by a run that was killed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path


def write(folder: Path, name: str, *, to: str, subject: str, body: str, stop: str = "") -> bool:
    """Write one mail as `NAME.eml`; False when it is there already. `stop` is where such mails are stopped.

    The address stands in `To` alone; subject, name and Message-ID hold no personal value.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"{name}.eml"
    if place.exists():
        return False
    message = EmailMessage(policy=SMTP)
    message["From"] = "noreply@levii.example"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{hashlib.sha256(name.encode()).hexdigest()[:32]}@levii.example>"
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
    message.set_content(body)
    fresh = folder / f".{name}.{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(message.as_bytes())
    try:
        os.link(fresh, place)  # of two runs at once the first wins
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True
