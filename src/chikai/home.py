"""The folder of one installation: `$CHIKAI_HOME`, its `chikai.toml`, its policy, its maps and its keys.

```
chikai.toml     operator, mail, own database, sources; secrets only as `*_file` or `*_env`
policy/         policy.toml, ja.md, en.md
maps/NAME.toml  one map a source
apis/NAME.toml  how an HTTP service is asked, one a source
keys/           made 0600 on first start
own.sqlite3     our own state, where it is not on PostgreSQL
```
"""

from __future__ import annotations

import difflib
import json
import os
import re
import secrets
import shutil
import stat
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai import address as addresses
from chikai import keyfile
from chikai.errors import BadInput, ConfigError, WrongState
from chikai.rights.holds import Books
from chikai.sources import config as source_config

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chikai.sources.config import SourceConfig

FILE: Final = "chikai.toml"
STALE_SECONDS: Final = 3600
# What losing each key means; said once, when they are made.
KEYS: Final = {
    "master": "sealed payloads of the ledger cannot be opened any more",
    "identifiers": "persons must be linked to their accounts anew",
    "sessions": "everybody is signed out",
    "erasing": "what stands in place of erased values is no longer known as ours, and checks take it for values",
    "orders": "a database that is restored from an old backup keeps what was erased or corrected since",
    "method": "sealed methods of anonymised tables cannot be opened any more",
    "ledger-signer": "checkpoints are signed by a new key, of which auditors must be told",
}
# What may stand in a folder before `chikai.toml` does: a process that looked for an installation left it.
OURS: Final = {
    *("keys", "ledger", "mail", "static", "wake.sock", "work.lock"),
    *("own.sqlite3", "own.sqlite3-wal", "own.sqlite3-shm"),
}
SECTIONS: Final = {
    "operator": {"ja", "en", "accredited"},
    "own": {"database", "password_file", "password_env", "backup_days", "backup_every"},
    "mail": {"host", "port", "user", "password_file", "password_env", "sender", "tls"},
    "staff": {"single_officer"},
    "books": {"ends_in", "losses"},
    "web": {"hosts", "address"},
    "source": None,
}


@dataclass(frozen=True)
class Home:
    """One installation's folder and what its `chikai.toml` says."""

    path: Path
    operator: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, object] = field(default_factory=dict)
    mail: Mapping[str, object] = field(default_factory=dict)
    web: Mapping[str, object] = field(default_factory=dict)
    single_officer: bool = False
    books: Books = field(default_factory=Books)
    sources: Mapping[str, SourceConfig] = field(default_factory=dict)

    @property
    def policy(self) -> Path:
        """The folder of the policy."""
        return self.path / "policy"

    def source(self, name: str) -> SourceConfig:
        """The source with this name; BadInput names those that there are."""
        if name in self.sources:
            return self.sources[name]
        near = difflib.get_close_matches(name, self.sources, 1)
        known = ", ".join(f"`{known}`" for known in self.sources)
        do = f"did you mean `{near[0]}`?" if near else f"the sources are {known}"
        raise BadInput(
            f"there is no source `{name}`", do if known else "add one with `chikai source add`"
        )

    def map_of(self, source: str) -> Path:
        """The file of a source's map."""
        return self.path / "maps" / f"{source}.toml"

    def key(self, name: str, size: int = 32) -> bytes:
        """A secret of this installation, made on first use, readable by its owner only.

        Losing `master` means that sealed payloads cannot be opened any more; losing `identifiers` means that people
        must be linked anew; losing `sessions` signs everybody out.
        """
        file = self.path / "keys" / name
        keyfile.make(file, secrets.token_bytes(size))
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
        name: source_config.placed(source_config.parse(name, table), path)
        for name, table in data.get("source", {}).items()
    }
    return Home(
        path,
        operator=data.get("operator", {}),
        own=data.get("own", {}),
        mail=data.get("mail", {}),
        web=data.get("web", {}),
        single_officer=bool(data.get("staff", {}).get("single_officer", False)),
        books=_books(data.get("books", {}), file),
        sources=sources,
    )


def _books(table: Mapping[str, object], file: Path) -> Books:
    """The company's business years, from which legal holds run."""
    ends_in, losses = table.get("ends_in", Books().ends_in), table.get("losses", [])
    if type(ends_in) is not int or not 1 <= ends_in <= 12:
        raise ConfigError("`books.ends_in` is no month", "give a number from 1 to 12", str(file))
    if not isinstance(losses, list) or any(type(year) is not int for year in losses):
        raise ConfigError(
            "`books.losses` is no list of years", "write it as [2024, 2025]", str(file)
        )
    return Books(ends_in, frozenset(losses))


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


_SQLITE: Final = {"database": "sqlite"}
_TEMPLATE: Final = """\
# What this installation is. Secrets never stand here: name a file (`password_file`) or a variable (`password_env`).
# Every key is explained in docs/reference/settings.md.

[operator]
ja = {ja}
en = {en}

[own]
# Our own state: "sqlite" (own.sqlite3 in this folder), or "postgresql://user@host/database" with a password_file.
{own}
# For how many days backups of it are kept: what is erased is gone for good when the last of them is.
# backup_days = 35
# Every how many days one is taken; `chikai backup note` says that it was, and the doctor when it is late.
# backup_every = 1

[mail]
# Without `host` no mail can be sent. An example keeps its mails in mails/ in this folder, and never sends any.
# host = "smtp.example"
# port = 587
# tls = "starttls"
# user = "chikai"
# password_file = "/etc/chikai/mail.password"
sender = {sender}

[staff]
# One officer alone: a second pair of eyes is replaced by a wait of 24 hours and an entry in the ledger.
single_officer = {single_officer}

[books]
# The month in which the business year ends, and the years (by that end) that closed with a loss: how long the law keeps books.
# ends_in = 3
# losses = [2025]

[web]
# Host names that the pages answer to, and the address that mails and links carry.
hosts = ["localhost", "127.0.0.1", "[::1]"]
address = {address}

# Sources stand below, one table each: [source.NAME]. `chikai source add NAME` writes them.
"""


def make(
    path: Path,
    *,
    ja: str,
    en: str,
    desk_mail: str,
    desk_address: str = "",
    single_officer: bool = False,
    address: str = addresses.HERE,
    policy: Callable[[Path], object] | None = None,
    own: Mapping[str, str] | None = None,
) -> Home:
    """Make an installation's folder (0700) with its `chikai.toml`, its policy and its keys; all of it or nothing.

    `policy` fills the folder of the policy; without it the skeleton does, with the operator's names and desk. `own`
    says where our own state is, when it is not the file in the folder.
    WrongState when there is an installation already, or when the folder holds anything that is not ours.
    """
    _check_words(ja=ja, en=en, desk_mail=desk_mail)
    check_free(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.parent / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}"
    fresh.mkdir(mode=0o700)
    try:
        (fresh / "maps").mkdir(mode=0o700)
        if policy is not None:
            policy(fresh / "policy")
        else:
            _skeleton(fresh / "policy", ja, en, desk_mail, desk_address)
        text = _TEMPLATE.format(
            ja=_quoted(ja),
            en=_quoted(en),
            sender=_quoted(desk_mail),
            single_officer="true" if single_officer else "false",
            address=_quoted(address),
            own="\n".join(f"{k} = {_quoted(v)}" for k, v in (own or _SQLITE).items()),
        )
        write(fresh / FILE, text)
        read(fresh)
        _move(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    made = read(path)
    for name in KEYS:
        made.key(name)
    return made


def sweep(path: Path) -> None:
    """Remove what a `make` that was killed left beside the folder: of a process that is gone, or an hour old."""
    pattern = re.compile(rf"\.{re.escape(path.name)}\.(?:(\d+)-)?[0-9a-f]{{8}}")
    for left in path.parent.iterdir() if path.parent.is_dir() else ():
        found = pattern.fullmatch(left.name)
        if found is None or left.is_symlink() or not left.is_dir():
            continue
        old = time.time() - left.stat().st_mtime > STALE_SECONDS
        if old or (found[1] and not _lives(int(found[1]))):
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def check_free(path: Path) -> None:
    """WrongState when an installation, or anything that is not ours, stands in the folder."""
    if (path / FILE).exists():
        raise WrongState(
            "there is an installation here already", "name another folder", str(path / FILE)
        )
    if path.exists() and not path.is_dir():
        raise WrongState("this is not a folder", "name another", str(path))
    if path.exists() and (foreign := sorted({p.name for p in path.iterdir()} - OURS)):
        raise WrongState(
            f"the folder is not empty: it holds `{foreign[0]}`",
            "name a new or an empty one",
            str(path),
        )


def _check_words(**words: str) -> None:
    for name, text in words.items():
        if not text.strip() or any(ord(sign) < 32 for sign in text):
            raise BadInput(
                f"`{name}` is empty or holds a control character", "write it in one line"
            )
    mail = words["desk_mail"]
    if mail.count("@") != 1 or any(sign.isspace() for sign in mail) or not all(mail.split("@")):
        raise BadInput("`desk_mail` is no mail address", "write it as desk@company.example")


def _skeleton(folder: Path, ja: str, en: str, mail: str, address: str) -> None:
    from chikai.policy import skeleton
    from chikai.policy.document import Desk, Text

    skeleton.make(folder, name=Text(ja, en), desk=Desk(mail=mail), address=Text(address, address))


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, but for one sign that JSON leaves alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _move(fresh: Path, path: Path) -> None:
    """Put the new folder in its place; into a folder that is there, `chikai.toml` comes last."""
    if not path.exists() or not any(path.iterdir()):
        fresh.rename(path)  # replaces an empty folder, and fails if somebody filled it meanwhile
        return
    path.chmod(0o700)
    for part in sorted(fresh.iterdir(), key=lambda p: p.name == FILE):
        part.rename(path / part.name)


def write(file: Path, text: str) -> None:
    """Write a whole file or nothing, readable by its owner only."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def set_mode(home: Home, name: str, mode: str) -> Home:
    """Write the mode of a source into `chikai.toml`, with its comments and its order kept; the installation read anew."""
    import tomlkit

    file = home.path / FILE
    document = tomlkit.parse(file.read_text("utf-8"))
    document["source"][name]["mode"] = mode
    write(file, tomlkit.dumps(document))
    return read(home.path)


def add_source(home: Home, name: str, table: Mapping[str, str | int | bool]) -> Home:
    """Add `[source.NAME]` to `chikai.toml`, with its comments and its order kept; the installation read anew."""
    try:
        import tomlkit
    except ImportError:
        raise ConfigError(
            "writing `chikai.toml` needs the extra `policy`", "install `chikai[policy]`"
        ) from None
    source_config.parse(name, table)
    if name in home.sources:
        raise WrongState(f"there is a source `{name}` already", "choose another name")
    file = home.path / FILE
    document = tomlkit.parse(file.read_text("utf-8"))
    sources = document.get("source")
    if sources is None:
        sources = tomlkit.table(is_super_table=True)
        document.append("source", sources)
    added = tomlkit.table()
    for key, value in table.items():
        if value:
            added.add(key, value)
    sources.append(name, added)
    text = tomlkit.dumps(document)
    tomllib.loads(text)
    write(file, text)
    return read(home.path)
