"""The folder of one installation: `$CHIKAI_HOME`, its `chikai.toml`, its policy, its maps and its keys.

```
chikai.toml     operator, mail, own database, sources; secrets only as `*_file` or `*_env`
policy/         policy.toml, ja.md, en.md
maps/NAME.toml  one map a source
keys/           made 0600 on first start
own.sqlite3     our own state, where it is not on PostgreSQL
```
"""

from __future__ import annotations

import os
import secrets
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai.errors import ConfigError
from chikai.sources import config as source_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chikai.sources.config import SourceConfig

FILE: Final = "chikai.toml"
SECTIONS: Final = {
    "operator": {"ja", "en"},
    "own": {"database", "password_file", "password_env"},
    "mail": {"host", "port", "user", "password_file", "password_env", "sender", "tls"},
    "staff": {"single_officer"},
    "web": {"hosts", "address"},
    "source": None,
}


@dataclass(frozen=True)
class Home:
    """One installation's folder and what its `chikai.toml` says."""

    path: Path
    operator: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    mail: Mapping[str, object] = field(default_factory=dict)
    web: Mapping[str, object] = field(default_factory=dict)
    single_officer: bool = False
    sources: Mapping[str, SourceConfig] = field(default_factory=dict)

    @property
    def policy(self) -> Path:
        """The folder of the policy."""
        return self.path / "policy"

    def map_of(self, source: str) -> Path:
        """The file of a source's map."""
        return self.path / "maps" / f"{source}.toml"

    def key(self, name: str, size: int = 32) -> bytes:
        """A secret of this installation, made on first use, readable by its owner only.

        Losing `master` means that sealed payloads cannot be opened any more; losing `identifiers` means that people
        must be linked anew; losing `sessions` signs everybody out.
        """
        folder = self.path / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / name
        fresh = folder / f".{name}.{secrets.token_hex(4)}"
        if not file.exists():
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(secrets.token_bytes(size))
                handle.flush()
                os.fsync(handle.fileno())
            try:  # two processes that start together agree on one key: the first link wins
                os.link(fresh, file)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ConfigError(
                f"the key `{name}` can be read by others", f"run `chmod 600 {file}`", str(file)
            )
        return file.read_bytes()


def where(environ: Mapping[str, str]) -> Path:
    """The folder that the environment names, or `./chikai-home`."""
    return Path(environ.get("CHIKAI_HOME", "chikai-home")).absolute()


def read(path: Path) -> Home:
    """The installation in a folder; ConfigError when there is none or its file is wrong."""
    file = path / FILE
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(
            "there is no installation here",
            "run `chikai init`, or set CHIKAI_HOME to the folder that holds `chikai.toml`",
            str(file),
        ) from None
    except UnicodeDecodeError:
        raise ConfigError("the file is not UTF-8", "save it as UTF-8", str(file)) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"not valid TOML: {fault}", "mend the line", str(file)) from None
    for section, table in data.items():
        known = SECTIONS.get(section, set())
        unknown = set() if known is None else set(table) - known
        if section not in SECTIONS or unknown:
            name = section if section not in SECTIONS else f"{section}.{min(unknown)}"
            raise ConfigError(
                f"`{name}` is not a setting", "see docs/reference/settings.md", str(file)
            )
    sources = {
        name: source_config.parse(name, table) for name, table in data.get("source", {}).items()
    }
    return Home(
        path,
        operator=data.get("operator", {}),
        own=data.get("own", {}),
        mail=data.get("mail", {}),
        web=data.get("web", {}),
        single_officer=bool(data.get("staff", {}).get("single_officer", False)),
        sources=sources,
    )


def secret(table: Mapping[str, object], environ: Mapping[str, str], what: str) -> str | None:
    """The secret that a table names by `password_file` or `password_env`; ConfigError when it is not there."""
    if name := table.get("password_env"):
        if str(name) not in environ:
            raise ConfigError(f"{what}: the variable `{name}` is not set", "set it")
        return environ[str(name)]
    if name := table.get("password_file"):
        file = Path(str(name))
        try:
            if stat.S_IMODE(file.stat().st_mode) & 0o077:
                raise ConfigError(
                    f"{what}: the password file can be read by others", f"run `chmod 600 {file}`"
                )
            return file.read_text("utf-8").rstrip("\n")
        except OSError:
            raise ConfigError(
                f"{what}: the password file cannot be read", "check its path", str(file)
            ) from None
    return None
