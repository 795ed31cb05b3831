"""What the environment says, read once: at most fifteen variables, each an override of `chikai.toml`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from chikai import home
from chikai.errors import ConfigError

VARIABLES: Final = {
    "CHIKAI_HOME": "the folder of the installation",
    "CHIKAI_DATABASE_URL": "our own state, instead of `own.database`",
    "CHIKAI_HOSTS": "host names that pages answer to, separated by commas, instead of `web.hosts`",
    "CHIKAI_LANG": "the language in which commands speak, `ja` or `en`, instead of the locale's",
    "CHIKAI_DEBUG": "`1` shows tracebacks on error pages; never where real data is",
}


@dataclass(frozen=True)
class Config:
    """The installation and the overrides."""

    home: home.Home
    database: dict[str, object]
    hosts: list[str]
    debug: bool


def read(environ: dict[str, str] | None = None) -> Config:
    """The configuration of this process. Without an installation the home is empty: the first-run page says what to do."""
    env = dict(os.environ) if environ is None else environ
    path = home.where(env)
    installation = home.read(path) if (path / home.FILE).exists() else home.Home(path)
    hosts = env.get("CHIKAI_HOSTS") or ",".join(
        str(h) for h in _list(installation.web.get("hosts", ["localhost", "127.0.0.1", "[::1]"]))
    )
    return Config(
        home=installation,
        database=database(_own_url(installation, env), path),
        hosts=[h.strip() for h in hosts.split(",") if h.strip()],
        debug=env.get("CHIKAI_DEBUG") == "1",
    )


class Live:
    """The installation as its file says it at this moment: a source that was added is there without a restart."""

    def __init__(self, first: home.Home) -> None:
        self._home = first
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = (self._home.path / home.FILE).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def __getattr__(self, name: str) -> Any:
        stamp = self._stamp()
        if stamp is not None and stamp != self._seen:
            self._home, self._seen = home.read(self._home.path), stamp
        return getattr(self._home, name)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _own_url(installation: home.Home, env: dict[str, str]) -> str:
    url = env.get("CHIKAI_DATABASE_URL") or str(installation.own.get("database", "sqlite"))
    password = home.secret(installation.own, env, "own.database")
    if password is None or url.startswith("sqlite"):
        return url
    parts = urlsplit(url)
    user = quote(unquote(parts.username or ""), safe="")
    place = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}").geturl()


def close(settings: dict[str, object]) -> None:
    """Make the file of our own state before SQLite does, so that only its owner may read it."""
    file = Path(str(settings["NAME"]))
    if "sqlite3" in str(settings["ENGINE"]) and file.parent.is_dir() and not file.exists():
        file.touch(mode=0o600)


def database(url: str, path: Path) -> dict[str, object]:
    """Django's settings for our own state: SQLite in the home, or PostgreSQL."""
    if url == "sqlite" or url.startswith("sqlite:"):
        name = urlsplit(url).path if ":" in url else str(path / "own.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "CONN_MAX_AGE": None,  # opening SQLite anew costs a third of a simple page
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: an acknowledged commit survives a power loss, and the ledger needs that
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA cache_size=-20000",
            },
        }
    parts = urlsplit(url)
    if parts.scheme in ("postgres", "postgresql"):
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}, **query},
        }
    raise ConfigError(
        f"`own.database` has the scheme `{parts.scheme}`", "use `sqlite` or `postgresql://...`"
    )
