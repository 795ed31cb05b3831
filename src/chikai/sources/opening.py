"""Opening a source of whichever kind `chikai.toml` says it is.

Clauses: 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from chikai.errors import ConfigError
from chikai.sources import http
from chikai.sources.config import SourceConfig
from chikai.sources.folder import FolderSource
from chikai.sources.protocol import Source


class Open(Source, Protocol):
    """A source that is ready to be asked, and is closed afterwards."""

    def close(self) -> None:
        """Give back what was opened."""
        ...


def connect(config: SourceConfig, *, environ: Mapping[str, str], secret: bytes = b"") -> Open:
    """The source; nothing is opened before it is asked.

    Args:
        config: what `chikai.toml` says about it.
        environ: the environment, for `password_env` and a proxy.
        secret: what replacements are made from when rows are erased.

    Raises:
        ConfigError: it is worked by hand, its password cannot be read, or what it needs is not installed.
    """
    if config.kind == "folder":
        return FolderSource(config, secret)
    if config.kind == "http":
        return http.connect(config, environ=environ, secret=secret)
    if config.kind == "sql":
        from chikai.sources import sql  # needs the extra `db`

        return sql.connect(config, environ=environ, secret=secret)
    raise ConfigError(
        f"source `{config.name}` is worked by hand", "No program opens it.", config.name
    )
