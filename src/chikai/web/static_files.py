"""Addresses of static files that carry a digest of the content, so that browsers may keep them for a month."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class Versioned(StaticFilesStorage):
    """Serves files from where they lie in the wheel; `chikai.css` becomes `chikai.css?v=1a2b3c4d`."""

    def url(self, name: str | None) -> str:
        """The address of a file with the digest of its content."""
        return f"{super().url(name)}?v={_digest(name or '')}"


@cache
def _digest(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        return "0"
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8]
