"""A folder of CSV and XLSX files as a source: each file or sheet is a table, read in one picture.

The picture is the bytes of every file, taken together: when one of them changes while they are read, all are read again.
A change is prepared whole beside the files, then put in their place one by one, if none of them has become another
meanwhile. Folders know no transaction: after a crash between two files the step is simply made again.

Clauses: 5, 6.
Law: APPI Art. 23, APPI Art. 33(2), APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from chikai.errors import BadInput, ChikaiError, ConfigError, Disagrees, Unreachable
from chikai.sources import folder_files, names
from chikai.sources.catalogue import Catalogue, Column, Table
from chikai.sources.changing import ByRows, Edit
from chikai.sources.config import SourceConfig
from chikai.sources.folder_files import Listed
from chikai.sources.picture import Mark, Picture, mark
from chikai.sources.protocol import Applying, Health, Row

SUFFIXES: Final = (".csv", ".xlsx")
LOCK: Final = ".chikai.lock"
FRESH: Final = ".chikai-new"  # how the names end of files that are about to be put in place
LOCK_SECONDS: Final = 5
MOST_FILES: Final = 500
_TRIES: Final = 3  # readings until no file changed meanwhile
_KEYS: Final = {"id", "no", "number", "code", "key"}
_KEYS_JA: Final = ("番号", "コード", "ID", "No", "NO")


@dataclass(frozen=True)
class Shot:
    """All files as they were at one moment, with the tables in them."""

    name: str
    files: Mapping[Path, bytes]
    tables: Mapping[str, tuple[Path, Listed]]
    _index: dict[tuple[str, tuple[str, ...]], dict[Mark, list[Row]]] = field(default_factory=dict)

    @cached_property
    def shape(self) -> Catalogue:
        """The tables with their headings; every column is text and may be empty."""
        return Catalogue("folder", tuple(_described(t) for _, t in self.tables.values()))

    @cached_property
    def places(self) -> dict[int, tuple[str, int]]:
        """Table and position of every row, by the row itself."""
        return {
            id(row): (name, position)
            for name, (_, listed) in self.tables.items()
            for position, row in listed.rows
        }

    def rows(self, table: str) -> Iterator[Row]:
        """Every row of a table, as they stand in the file."""
        return (row for _, row in self._listed(table).rows)

    def where(self, table: str, columns: tuple[str, ...], marks: set[Mark]) -> Iterable[Row]:
        """The rows that hold one of the marks, by an index that is made once."""
        if (table, columns) not in self._index:
            made: dict[Mark, list[Row]] = defaultdict(list)
            for row in self.rows(table):
                made[tuple(mark(row[c]) for c in columns)].append(row)
            self._index[table, columns] = made
        index = self._index[table, columns]
        return [row for wanted in marks for row in index.get(wanted, ())]

    def same(self, table: str, row: Row) -> Hashable:  # noqa: ARG002  the place says the table too
        """Its place in the file."""
        return self.places[id(row)]

    def _listed(self, table: str) -> Listed:
        if table not in self.tables:
            raise Disagrees(
                f"table `{table}` is missing from the folder", "Look at its files.", self.name
            )
        return self.tables[table][1]


@dataclass
class FolderSource(ByRows):
    """A folder as a source. `secret` is what replacements are made from when rows are erased."""

    config: SourceConfig
    secret: bytes = b""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.config.name

    @property
    def folder(self) -> Path:
        """The folder itself."""
        return Path(self.config.path)

    def close(self) -> None:
        """Nothing stays open between two questions."""

    def check(self) -> Health:
        """Whether its files can be read, and whether we may write there; a fault is told, not raised."""
        try:
            shot = self._shot()
        except ChikaiError as told:
            return Health(reachable=False, dialect="folder", fault=told.what, do=told.do)
        may = os.access(self.folder, os.W_OK)
        others = [p.name for p in self._all() if p.suffix.lower() not in SUFFIXES]
        fault, do = "", ""
        if others:
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            fault = f"`{others[0]}`{more} in the folder is neither .csv nor .xlsx, and is not read"
            do = "Save it as one of them, or say in a manual source who looks it through."
        elif self.config.mode == "enforce" and not may:
            fault = f"source `{self.name}` is enforced, and our account may not write there"
            do = f"Give our account the right to write `{self.folder}`."
        seen = f"{len(shot.files)} files"
        return Health(
            True, "folder", seen, "write" if may else "select", len(shot.tables), fault, do
        )  # fmt: skip

    def picture(self) -> Picture:
        """All files at one moment."""
        return Picture(self._shot())

    def words(self, edit: Edit) -> str:
        """The file, and what happens to rows of it."""
        columns = ", ".join(f"`{name}`" for name in edit.values)
        return f"{edit.table}: " + ("take rows out" if edit.whole else f"write {columns} of rows")

    def make(self, edits: Sequence[Edit], picture: Picture, applying: Applying | None) -> None:  # noqa: ARG002
        """Put the files with these changes in the place of the old ones."""
        assert isinstance(picture.source, Shot)
        self._put(picture.source, edits)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one writer of ours at a time, and none while a person has a book open."""
        self._answer()
        for path in self._all(hidden=True):
            if path.name.startswith(("~$", ".~lock.")):
                raise Unreachable(
                    "a file of the folder is open in a spreadsheet program",
                    "Close it there; the step is tried again.",
                    self.name,
                )
        try:
            lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError:
            raise self._unwritable() from None
        try:
            _take(lock, self.name)
            self._clear()
            yield
        finally:
            os.close(lock)

    def _clear(self) -> None:
        """Remove what a writer of ours that was killed left beside the files: copies of everybody's rows."""
        for path in self.folder.glob(f".*{FRESH}"):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _put(self, shot: Shot, edits: Sequence[Edit]) -> None:
        """Write every changed file beside itself, then put them in place, those of identity tables last."""
        wanted: dict[Path, dict[str, dict[int, Mapping[str, str | None] | None]]] = {}
        for edit in edits:
            table, position = shot.places[id(edit.row)]
            path = shot.tables[table][0]
            values = {c: None if v is None else str(v) for c, v in edit.values.items()}
            # Put in anew for each edit, so that the file of the last table comes last.
            rows = wanted.pop(path, {})
            rows.setdefault(table, {})[position] = None if edit.whole else values
            wanted[path] = rows
        ready: list[tuple[Path, Path]] = []
        try:
            for path, tables in wanted.items():
                ready.append(
                    (_beside(path, folder_files.changed(shot.files[path], path, tables)), path)
                )
            for _, path in ready:
                self._refuse_moved(path, shot.files[path])
            for fresh, path in ready:
                self._refuse_moved(path, shot.files[path])
                fresh.replace(path)
            if ready:
                _sync(self.folder)
        except OSError as fault:
            raise self._unwritable(full=fault.errno in {28, 122}) from None
        finally:
            for fresh, _ in ready:
                with suppress(OSError):
                    fresh.unlink(missing_ok=True)

    def _refuse_moved(self, path: Path, known: bytes) -> None:
        if path.is_symlink() or _digest(path.read_bytes()) != _digest(known):
            raise Disagrees(
                f"somebody changed `{path.name}` meanwhile",
                "That file was left as it is; the step is counted and approved anew.",
                self.name,
            )

    def _shot(self) -> Shot:
        """Every file at one moment."""
        self._answer()
        for _ in range(_TRIES):
            before = self._listing()
            try:
                files = {path: path.read_bytes() for path in before}
            except FileNotFoundError:
                continue
            except OSError:
                raise ConfigError(
                    f"a file in `{self.folder}` may not be read",
                    "Give our account the right to read the files of the folder.",
                    self.name,
                ) from None
            if self._listing() == before:
                return Shot(self.name, files, self._tables(files))
        raise Unreachable(
            "the files of the folder change while they are read", "Try again later.", self.name
        )

    def _tables(self, files: Mapping[Path, bytes]) -> dict[str, tuple[Path, Listed]]:
        tables: dict[str, tuple[Path, Listed]] = {}
        for path, data in files.items():
            try:
                found = folder_files.read(data, path)
            except BadInput as told:
                raise Disagrees(
                    f"file `{path.name}`: {told.what}", f"{told.do.capitalize()}.", self.name
                ) from None
            for listed in found:
                if listed.name in tables:
                    raise ConfigError(
                        f"two files of the folder are called `{listed.name}`",
                        "Rename one of them.",
                        self.name,
                    )
                tables[listed.name] = (path, listed)
        return tables

    def _listing(self) -> dict[Path, tuple[int, int, int]]:
        found: dict[Path, tuple[int, int, int]] = {}
        for path in self._all():
            if path.suffix.lower() not in SUFFIXES:
                continue
            if path.is_symlink():
                raise ConfigError(
                    f"`{path.name}` in the folder is a link to another place",
                    "Put the file itself there, or take the link away.",
                    self.name,
                )
            with suppress(FileNotFoundError):
                stat = path.stat()
                found[path] = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if len(found) > MOST_FILES:
            raise ConfigError(
                f"the folder holds more than {MOST_FILES} files", "Divide it.", self.name
            )
        return found

    def _all(self, *, hidden: bool = False) -> list[Path]:
        return sorted(
            path
            for path in self.folder.iterdir()
            if hidden or not path.name.startswith((".", "~$"))
        )  # fmt: skip

    def _answer(self) -> None:
        try:
            os.listdir(self.folder)  # noqa: PTH208  it is asked whether it answers
        except OSError as fault:
            what = "is not there" if isinstance(fault, FileNotFoundError) else "cannot be opened"
            raise Unreachable(
                f"the folder `{self.folder}` {what}",
                "Check that it is mounted and that our account may read it.",
                self.name,
            ) from None

    def _unwritable(self, *, full: bool = False) -> Unreachable | ConfigError:
        if full:
            return Unreachable(
                "the disk of the folder is full", "Nothing was changed; make room.", self.name
            )
        return ConfigError(
            f"our account may not write into `{self.folder}`",
            "Nothing was changed; give it that right.",
            self.name,
        )


def _described(listed: Listed) -> Table:
    columns = tuple(Column(name, "text", raw="text") for name, _ in listed.headings)
    key = next((c.name for c in columns if _is_key(c.name, listed)), None)
    return Table(listed.name, columns, (key,) if key else (), rows=len(listed.rows))


def _is_key(column: str, listed: Listed) -> bool:
    """Whether a column is called like a key, and no value of it is empty or stands twice."""
    word = names.words(column)[-1:]
    if not (set(word) & _KEYS or column.endswith(_KEYS_JA)) or not listed.rows:
        return False
    values = [row[column] for _, row in listed.rows]
    return None not in values and len(set(values)) == len(values)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _beside(path: Path, data: bytes) -> Path:
    """The new bytes in a file beside, with the owner and the rights of the old one, safe on the disk."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}{FRESH}")
    stat = path.stat()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            with suppress(PermissionError):
                os.fchown(handle.fileno(), stat.st_uid, stat.st_gid)
            os.fchmod(handle.fileno(), stat.st_mode & 0o777)
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take(lock: int, source: str) -> None:
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise Unreachable(
                    "another step writes into the folder", "The step is tried again.", source
                ) from None
            time.sleep(0.05)
        else:
            return
