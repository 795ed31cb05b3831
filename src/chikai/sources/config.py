"""How one source is reached: a table of `chikai.toml` read into a value, with no secret in it.

Clauses: 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from chikai.errors import ConfigError

Mode = Literal["observe", "shadow", "enforce"]
Kind = Literal["sql", "http", "folder", "manual"]
MODES: Final = ("observe", "shadow", "enforce")
KINDS: Final = ("sql", "http", "folder", "manual")
# What people write before `://`, and the dialect it means. MySQL and MariaDB speak one language here.
SCHEMES: Final = {
    "sqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgresql+psycopg": "postgresql",
    "mariadb": "mariadb",
    "mariadb+pymysql": "mariadb",
    "mysql": "mariadb",
    "mysql+pymysql": "mariadb",
}
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_COMMON: Final = {"service", "kind", "mode", "backup_days", "key_table"}
_KEYS: Final = {
    "sql": _COMMON | {"url", "password_file", "password_env", "schema"},
    "http": _COMMON | {"url", "password_file", "password_env", "api"},
    "folder": _COMMON | {"path"},
    "manual": _COMMON - {"backup_days", "key_table"}
    | {"owner", "instruction", "days", "second_look"},
}
_NEEDED: Final = {
    "sql": ("service", "url"),
    "http": ("service", "url", "api"),
    "folder": ("service", "path"),
    "manual": ("service", "owner", "instruction"),
}
# What is no text: a number of days and the most that it may be, and yes or no.
_TRUTHS: Final = {"second_look"}
BACKUP_DAYS: Final = 90
_NUMBERS: Final = {"days": 365, "backup_days": 3650}
# Plain HTTP is for what never leaves this machine.
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One source as `chikai.toml` names it; the password itself is never part of it."""

    name: str
    service: str
    kind: Kind = "sql"
    mode: Mode = "observe"
    url: str = field(default="", repr=False)
    password_file: str = ""
    password_env: str = ""
    schema: str = ""
    api: str = ""
    path: str = ""
    owner: str = ""
    instruction: str = ""
    days: int = 7
    second_look: bool = False
    backup_days: int = 0  # 0: nobody has said
    key_table: str = ""

    @property
    def opened(self) -> bool:
        """Whether a program opens it; people work the others by hand."""
        return self.kind != "manual"

    @property
    def dialect(self) -> str:
        """`sqlite`, `postgresql`, `mariadb`, `http`, `folder`, or nothing for a source that people work by hand."""
        if self.kind in ("http", "folder"):
            return self.kind
        return SCHEMES[self.url.partition("://")[0]] if self.url else ""

    @property
    def file(self) -> Path | None:
        """The file of a SQLite source."""
        if self.dialect != "sqlite":
            return None
        # Three slashes are a relative path and four an absolute one, as SQLAlchemy reads them.
        return Path(unquote(self.url.partition("://")[2].partition("?")[0].removeprefix("/")))

    @property
    def where(self) -> str:
        """The place as messages name it: host and database, or the file; no account, no options."""
        if self.dialect == "sqlite":
            return str(self.file)
        if self.kind in ("folder", "manual"):
            return self.path or self.owner
        parts = urlsplit(self.url)
        host = parts.hostname or dict(parse_qsl(parts.query)).get("host", "") or "localhost"
        return f"{host}{f':{_port(parts.netloc)}' if _port(parts.netloc) else ''}{parts.path}"


def parse(name: str, table: Mapping[str, object]) -> SourceConfig:
    """Read the table `[source.NAME]`.

    Raises:
        ConfigError: a key is unknown, missing, of the wrong form, or holds a secret; the message names it.
    """
    where = f"chikai.toml [source.{name}]"
    if not _NAME.fullmatch(name):
        raise ConfigError(
            f"`{name}` is no name for a source",
            "Use lower-case letters, digits, `-` and `_`, beginning with a letter, at most 40.",
            where,
        )
    for key, value in table.items():
        _check_form(key, value, where)
    texts = cast("Mapping[str, str]", table)
    kind = texts.get("kind", "sql")
    _one_of(kind, KINDS, "kind", where)
    _one_of(texts.get("mode", "observe"), MODES, "mode", where)
    for key in texts:
        if key not in _KEYS[kind]:
            known = ", ".join(f"`{k}`" for k in sorted(_KEYS[kind]))
            raise ConfigError(
                f"`{key}` is not a key of a `{kind}` source", f"Known are {known}.", where
            )
    for key in _NEEDED[kind]:
        if not texts.get(key, "").strip():
            raise ConfigError(f"`{key}` is missing", f'Add `{key} = "..."`.', where)
    config = SourceConfig(name=name, **texts)  # type: ignore[arg-type]  # the keys were checked above
    if kind == "sql":
        _check_url(config, where)
        _check_password(config, where)
    elif kind == "http":
        _check_address(config, where)
        _check_password(config, where)
    return config


def placed(config: SourceConfig, folder: Path) -> SourceConfig:
    """The source with the files that it names by a relative path found in this folder."""
    found = {
        key: str(folder / Path(value).expanduser())
        for key in ("api", "path")
        if (value := getattr(config, key))
    }
    return replace(config, **found)  # type: ignore[arg-type]  # both are texts


def password(config: SourceConfig, environ: Mapping[str, str]) -> str | None:
    """The password, read now from its file or from the environment that is handed in.

    Raises:
        ConfigError: the file or the variable is not there, or everybody may read the file.
    """
    where = f"chikai.toml [source.{config.name}]"
    if config.password_env:
        if config.password_env not in environ:
            raise ConfigError(
                f"the variable `{config.password_env}` that `password_env` names is not set",
                "Set it for the process, or use `password_file`.",
                where,
            )
        return environ[config.password_env]
    if not config.password_file:
        return None
    _check_password(config, where)
    try:
        return Path(config.password_file).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"the file `{config.password_file}` that `password_file` names cannot be read",
            "Create it with one line, owned by this account, mode 0600.",
            where,
        ) from None


def _check_form(key: str, value: object, where: str) -> None:
    if key in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _NUMBERS[key]:
            most = _NUMBERS[key]
            raise ConfigError(
                f"`{key}` is no number of days from 1 to {most}", f"Write `{key} = 7`.", where
            )
    elif key in _TRUTHS:
        if not isinstance(value, bool):
            raise ConfigError(f"`{key}` is neither yes nor no", f"Write `{key} = true`.", where)
    elif not isinstance(value, str):
        raise ConfigError(f"`{key}` is not a text", "Put it into quotation marks.", where)


def _check_address(config: SourceConfig, where: str) -> None:
    parts = urlsplit(config.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            "`url` is no address of an HTTP service", 'Write `url = "https://host/path"`.', where
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            "`url` holds an account, a key or options",
            "Keep host and path; put the key into a file and name it by `password_file`.",
            where,
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigError(
            "`url` is not encrypted", "Write `https://`; only this machine may do without.", where
        )
    port = _port(parts.netloc)
    if port and not port.isdigit():
        raise ConfigError("the port in `url` is not a number", "Write `host:8443`.", where)


def _one_of(value: str, allowed: tuple[str, ...], key: str, where: str) -> None:
    if value not in allowed:
        known = ", ".join(f"`{a}`" for a in allowed)
        raise ConfigError(f"`{key}` cannot be `{value}`", f"Use one of {known}.", where)


def _port(netloc: str) -> str:
    return netloc.rpartition("@")[2].rpartition("]")[2].partition(":")[2]


def _check_url(config: SourceConfig, where: str) -> None:
    scheme, separator, rest = config.url.partition("://")
    if not separator or scheme not in SCHEMES:
        # The text is not repeated: what is no URL may well be a password.
        raise ConfigError(
            "`url` does not begin with a dialect that is known",
            "Use `sqlite:///file`, `postgresql://user@host/database` or `mariadb://user@host/database`.",
            where,
        )
    if scheme.startswith("sqlite"):
        if not rest.removeprefix("/").partition("?")[0] or ":memory:" in rest:
            raise ConfigError("`url` names no file", "Write `sqlite:////folder/file.db`.", where)
        return
    parts = urlsplit(config.url)
    options = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if parts.password is not None or options & {"password", "passwd", "sslpassword"}:
        raise ConfigError(
            "`url` holds a password",
            "Take it out of `url`, put it into a file and name it by `password_file`.",
            where,
        )
    port = _port(parts.netloc)
    if port and not port.isdigit():
        raise ConfigError("the port in `url` is not a number", "Write `host:5432`.", where)
    if not parts.path.strip("/"):
        raise ConfigError("`url` names no database", "Write `.../database` at its end.", where)
    if config.schema and SCHEMES[scheme] != "postgresql":
        raise ConfigError("`schema` is for PostgreSQL only", "Leave `schema` out.", where)


def _check_password(config: SourceConfig, where: str) -> None:
    if config.password_file and config.password_env:
        raise ConfigError(
            "`password_file` and `password_env` are both given", "Keep one of them.", where
        )
    if not config.password_file:
        return
    try:
        mode = Path(config.password_file).expanduser().stat().st_mode
    except OSError:
        return  # whoever needs the password says that it is missing
    if mode & 0o007:
        raise ConfigError(
            f"everybody on this machine may read the file `{config.password_file}`",
            f"Run `chmod 600 {config.password_file}` and change the password.",
            where,
        )
